"""What is pushed, and to whom."""
