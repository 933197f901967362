"""When to create, keep alive, renew and reconnect; no I/O and no clock."""
