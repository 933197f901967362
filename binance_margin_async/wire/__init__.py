"""What goes over the wire: rows, parameters, signatures, requests, replies and frames; no I/O."""
