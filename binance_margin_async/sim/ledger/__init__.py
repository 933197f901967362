"""Whose money is where, and the one place where it changes hands."""
