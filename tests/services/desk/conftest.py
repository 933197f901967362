"""A client with a desk on a simulated exchange, and ways to lose what passes between them."""

import asyncio
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from binance_margin_async import CROSS, ExecutionReport, MarginClient
from binance_margin_async.journal import MemoryJournal
from binance_margin_async.models.events import OutcomeUpdate
from binance_margin_async.sim import SimulatedExchange


class Counter:
    """
    The desk's client and its exchange.

    Args:
        client: Open.
        exchange: Running.
    """

    def __init__(self, client, exchange):
        self.client = client
        self.exchange = exchange
        self.core = exchange.core
        self.port = urlsplit(exchange.rest_url).port
        self.told = []

    @property
    def desk(self):
        return self.client.orders

    @property
    def now(self):
        return asyncio.get_running_loop().time()

    @property
    def on_exchange(self):
        """Client order ids of all orders that the exchange ever took."""
        return [order.client_id for order in self.core.venue.trading.orders.values()]

    def _connections(self):
        return asyncio.get_running_loop().network.connections(self.port)

    def lose_replies(self):
        """The next reply on each connection is lost after the exchange acted."""
        for connection in self._connections():
            connection.reset_after(down=1)

    def lose_requests(self):
        """The next request on each connection is cut in two and never acted on."""
        for connection in self._connections():
            connection.reset_after(up=1)


@pytest.fixture
def counter():
    @asynccontextmanager
    async def enter(*, streams=False, journal=None, exchange=None):
        exchange = exchange or SimulatedExchange("calm")
        client = MarginClient(sim=exchange, accounts=[CROSS], journal=journal or MemoryJournal())
        async with client:
            made = Counter(client, exchange)
            await client.rules.of("BTCUSDT")  # so that the next request is the order's
            async with client.bus.on(OutcomeUpdate, handler=made.told.append):
                if not streams:
                    yield made
                    return
                async with client.events(ExecutionReport, policy="drop_oldest"):
                    yield made

    return enter
