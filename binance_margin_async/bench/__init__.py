"""Measuring on this computer: what an order and an event take, and where."""
