"""Ending a connection without a word."""

import asyncio
import socket
import struct
import sys

# On, and no seconds to linger: closing then resets. Without it, a system says goodbye in order where nothing is unread.
_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


def reset(transport: asyncio.Transport) -> None:
    """Reset the connection of *transport*, which must be one of a stream."""
    link = transport.get_extra_info("socket")
    if hasattr(link, "setsockopt"):
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
    transport.abort()
