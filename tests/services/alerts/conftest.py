"""Messages, channels that do as they are told, and a delivery on the running loop."""

import asyncio

import pytest

from binance_margin_async.clock import Clock
from binance_margin_async.errors import DeliveryError
from binance_margin_async.models.account import CROSS
from binance_margin_async.models.alerts import AlertTopic, Ring, RingKind, Urgency
from binance_margin_async.services.alerts.delivery import Delivery
from binance_margin_async.services.supervisor import Supervisor

EPOCH = 1_795_564_800.0


def ring_of(*channels, number=1, kind=RingKind.RAISED, text="CROSS is MARGIN_CALL", **changes):
    settings = {
        "key": "CROSS/level",
        "topic": AlertTopic.LEVEL,
        "urgency": Urgency.URGENT,
        "crossed": ("MARGIN_CALL",),
        "time_ms": int(EPOCH * 1000),
    }
    return Ring(number=number, kind=kind, text=text, channels=channels, account=CROSS, **settings | changes)


class Scripted:
    """A channel that plays a script, and remembers when it was asked to send what."""

    def __init__(self, name, *script, fallback=None):
        self.name, self.fallback = name, fallback
        self.sent, self.opened, self.closed = [], 0, 0
        self._script = list(script)

    async def open(self, _clock, /):
        self.opened += 1

    async def send(self, ring):
        loop = asyncio.get_running_loop()
        self.sent.append((loop.time(), ring.number))
        step = self._script.pop(0) if self._script else "take"
        if step == "hang":
            await asyncio.sleep(1e6)
        elif step == "slow":
            await asyncio.sleep(3.0)
        elif step == "bug":
            raise RuntimeError("a fault of our own")
        elif step != "take":
            raise DeliveryError(step)

    async def close(self):
        self.closed += 1


class Post:
    """A delivery with a clock and a supervisor; what it published is kept with its second."""

    def __init__(self, *channels):
        self.loop = asyncio.get_running_loop()
        self.clock = Clock(self.loop.time)
        self.clock.adjust(EPOCH - self.loop.time(), 0.001)
        self.begun = self.loop.time()
        self.events, self.changes = [], []
        self.supervisor = Supervisor(clock=self.clock, on_event=self.note)
        self.delivery = Delivery(
            channels,
            clock=self.clock,
            supervisor=self.supervisor,
            publish=self.note,
            on_change=lambda: self.changes.append(self.now),
        )

    @property
    def now(self):
        return self.loop.time() - self.begun

    def note(self, event):
        self.events.append((self.now, event))

    def told(self):
        """Of undelivered messages: when, which channel, whom instead, and whether it was given up."""
        return [(at, event.channel, event.fallback, event.final) for at, event in self.events]

    async def __aenter__(self):
        await self.delivery.__aenter__()
        return self

    async def __aexit__(self, *_):
        await self.delivery.__aexit__(None, None, None)
        await self.supervisor.close()


@pytest.fixture(scope="session")
def ring():
    """Return the maker of messages: ``ring("phone", number=3)``."""
    return ring_of


@pytest.fixture(scope="session")
def scripted():
    """Return the maker of channels: ``scripted("phone", "busy", "hang", fallback="mail")``."""
    return Scripted


@pytest.fixture(scope="session")
def post():
    """Return the maker of deliveries."""
    return Post
