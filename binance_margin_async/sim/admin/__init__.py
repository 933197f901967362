"""The exchange from behind the counter: what it holds, and what whoever runs it may change."""
