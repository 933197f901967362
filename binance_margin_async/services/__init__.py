"""Long-running work above the clients: supervision, clock keeping, meeting of REST and stream, the monitor."""
