"""When people are told of something, how often, and until when."""
