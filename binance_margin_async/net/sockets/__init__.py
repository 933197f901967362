"""WebSockets on the websockets library, opened without a trace of their address; dead links are noticed."""

from binance_margin_async.net.sockets.opening import Dial, open_socket
from binance_margin_async.net.sockets.socket import LARGEST_FRAME, OnFrame, Socket, log

__all__ = ["LARGEST_FRAME", "Dial", "OnFrame", "Socket", "log", "open_socket"]
