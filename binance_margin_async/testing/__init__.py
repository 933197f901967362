"""
Virtual time for tests: a deterministic event loop and an in-memory network for real asyncio programs.

``run_virtual`` runs a program, ``@virtual`` a test. Waiting takes no real time, a seed repeats a run, and a program
that can never go on raises ``Deadlock`` instead of hanging. The real aiohttp and websockets, client and server, run
on it unmodified. The running loop's ``network`` cuts, slows, silences and garbles connections on demand.
"""

from binance_margin_async.testing.cancel import CancelAt
from binance_margin_async.testing.conditions import Conditions, torn
from binance_margin_async.testing.connection import Connection
from binance_margin_async.testing.link import Link
from binance_margin_async.testing.loop import Deadlock, VirtualLoop
from binance_margin_async.testing.names import Names
from binance_margin_async.testing.network import Network
from binance_margin_async.testing.run import LeftoverError, run_virtual, virtual
from binance_margin_async.testing.wall import WallClock

__all__ = [
    "CancelAt",
    "Conditions",
    "Connection",
    "Deadlock",
    "LeftoverError",
    "Link",
    "Names",
    "Network",
    "VirtualLoop",
    "WallClock",
    "run_virtual",
    "torn",
    "virtual",
]
