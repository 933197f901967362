"""When an account is to be protected, and by how much of what."""
