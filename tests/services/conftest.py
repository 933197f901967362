"""A monitored client on an exchange whose price falls when told to; everything the monitor says is kept."""

import asyncio
from contextlib import AsyncExitStack
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from binance_margin_async import CROSS, MarginClient
from binance_margin_async.models.events import StreamHealth, StreamStatus
from binance_margin_async.models.margin import AlertKind, MarginAlert, MarginReading, MarginState, Source
from binance_margin_async.sim import Fault, Holding, IsolatedOpening, Scenario, ScriptedPrice, SimulatedExchange

# Owed per bitcoin so that at 60,000 nothing rings and at 46,000 both accounts are in their margin call.
CROSS_OPENING = {"BTC": Holding(free=Decimal(1)), "USDT": Holding(borrowed=Decimal(37_500))}
ISOLATED_OPENING = IsolatedOpening(
    {"BTC": Holding(free=Decimal("0.2")), "USDT": Holding(borrowed=Decimal(7_816))}, leverage=5
)
HIGH, LOW = "60000", "46000"


class Vigil:
    """
    Client, exchange and monitor, all running while entered.

    Args:
        prices: (second, price) of BTCUSDT from the start.
        accounts: Whom to watch.
    """

    def __init__(self, prices, *, accounts=(CROSS,)):
        scenario = Scenario(
            "vigil",
            pairs=("BTCUSDT",),
            prices={"BTCUSDT": ScriptedPrice("BTCUSDT", prices)},
            cross=CROSS_OPENING,
            isolated={"BTCUSDT": ISOLATED_OPENING},
            hourly_rate=Decimal(0),
            duration_s=None,
        )
        self.exchange = SimulatedExchange(scenario)
        self.core = self.exchange.core
        self.client = MarginClient(sim=self.exchange, accounts=accounts)
        self.seen = []
        self.begun = 0.0
        self._exit = AsyncExitStack()

    async def __aenter__(self):
        self.begun = self.now
        await self._exit.enter_async_context(self.client)
        listening = self.client.bus.on(MarginAlert, MarginReading, StreamStatus, handler=self.seen.append)
        await self._exit.enter_async_context(listening)
        await self._exit.enter_async_context(self.client.monitor())
        return self

    async def __aexit__(self, *_):
        await self._exit.aclose()

    @property
    def now(self):
        return asyncio.get_running_loop().time()

    async def until(self, second):
        """Sleep until *second* after the start of the exchange."""
        await asyncio.sleep(self.begun + second - self.now)

    # -- faults --

    def fail(self, *routes, status=500, body='{"code":-1000,"msg":"planted"}'):
        for route in routes:
            self.exchange.inject(Fault("reply", target=route, status=status, body=body, times="always"))

    def heal(self, *routes):
        for route in routes:
            self.core.faults.clear(route)

    def mute(self, *streams):
        """Let nothing arrive from ``"market"``, ``"risk"`` or ``"trade"`` streams, as if nothing happened there."""
        for stream in streams:
            self.exchange.inject(Fault("event_drop", target=stream, times="always"))

    @property
    def rest_port(self):
        return urlsplit(self.exchange.rest_url).port

    @property
    def socket_port(self):
        return urlsplit(self.exchange.risk_url).port

    def unplug(self, *ports):
        """Refuse and reset everything on *ports*."""
        network = asyncio.get_running_loop().network
        for port in ports:
            network.refuse(port)
            for link in network.connections(port):
                link.reset()

    def plug(self, *ports):
        for port in ports:
            asyncio.get_running_loop().network.accept(port)

    def expire(self):
        """End every token and the listen key."""
        self.exchange.inject(Fault("token_expires"))
        self.exchange.inject(Fault("key_expires"))

    # -- what was said; times are seconds after the start of the exchange --

    def rings(self, state, account=CROSS):
        """When *state* was raised."""
        return self._when(
            lambda event: (
                isinstance(event, MarginAlert)
                and event.account == account
                and (event.kind, event.state) == (AlertKind.RAISED, state)
            )
        )

    def alerts(self, account=CROSS):
        return [event for event in self.seen if isinstance(event, MarginAlert) and event.account == account]

    def confirmed(self, account=CROSS):
        """When the account was read by REST."""
        return self._when(
            lambda event: isinstance(event, MarginReading) and event.account == account and event.source is Source.REST
        )

    def stale(self):
        """When each stream and account was first told stale."""
        return self._first(StreamHealth.STALE)

    def live_since(self, second):
        """When each stream and account first came back after *second*."""
        return self._first(StreamHealth.LIVE, second)

    def unknown_is_justified(self, account=CROSS):
        """Tell whether, whenever nobody could see the account, it had not been read for fifteen seconds or longer."""
        readings = self.confirmed(account)
        return all(
            at - max(read for read in readings if read < at) >= 15.0 for at in self.rings(MarginState.UNKNOWN, account)
        )

    def _when(self, chosen):
        return [event.received_at - self.begun for event in self.seen if chosen(event)]

    def _first(self, health, second=0.0):
        found = {}
        for event in self.seen:
            at = event.received_at - self.begun
            if isinstance(event, StreamStatus) and event.health is health and at >= second:
                found.setdefault((event.stream, event.account), at)
        return found


@pytest.fixture(scope="session")
def vigil():
    """Return the maker of vigils: ``vigil([(0, "60000"), (130, "46000")])``."""
    return Vigil
