"""Pure rules: what should happen, decided without a clock, a task or a socket."""
