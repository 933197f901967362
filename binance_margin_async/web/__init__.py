"""A monitor's page and metrics over HTTP, only to be looked at."""
