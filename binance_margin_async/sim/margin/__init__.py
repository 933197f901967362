"""Loans, interest, margin levels, calls and liquidations."""
