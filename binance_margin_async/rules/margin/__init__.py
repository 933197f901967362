"""Margin arithmetic: levels, bars, prices at a bar, room, interest, states and the alert machine."""
