"""The sockets: one file each network library."""
