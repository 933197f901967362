"""The answer to each call, a file a group."""
