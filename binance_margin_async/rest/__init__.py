"""The exchange's REST calls as methods."""
