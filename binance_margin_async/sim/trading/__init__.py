"""Orders, from their parameters to their fills."""
