"""What can be traded, and how its price moves."""
