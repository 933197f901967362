"""Subscribers of one client: those that behave, and those that are slow, raise, call back or leave."""

import asyncio
import contextlib
from dataclasses import dataclass, field

from binance_margin_async import ExecutionReport, MarginError
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import AssetBalance, OrderUpdate

ORDERS = (OrderUpdate, ExecutionReport)
# Small, so that a slow consumer has too much.
SMALL = 4


@dataclass
class Stay:
    """
    What one subscriber was given while it stayed.

    Attributes:
        policy: ``"all"`` must have been given everything in order; ``"some"`` may have lost what was counted.
        begun, ended: Places in the log of everything.
        left: Whether it left with events still queued.
    """

    name: str
    kinds: tuple
    policy: str
    begun: int
    ended: int | None = None
    left: bool = False
    given: list = field(default_factory=list)
    lost: int = 0
    replaced: int = 0
    high_water: int = 0
    capacity: int = 10_000


class Consumers:
    """
    Attributes:
        log: Everything that was published, in order.
        stays: What each subscriber was given.
        raised: How often a handler raised.
    """

    def __init__(self, client, moods):
        self._client, self._moods = client, moods
        self.log = []
        self.stays = []
        self.raised = 0
        self.failures = []

    async def enter(self, stack):
        """Subscribe everybody, the log first."""
        bus = self._client.bus
        await stack.enter_async_context(bus.on(Event, handler=self.log.append, name="log"))
        await self._handle(stack, "raiser", self._raise, "all")
        await self._handle(stack, "caller", self._call, "all")
        await self._read(stack, "steady", ORDERS, "fail", 10_000)
        await self._read(stack, "sluggish", ORDERS, "drop_oldest", SMALL)
        await self._read(stack, "newest", (AssetBalance,), "coalesce", 1_000)
        task = asyncio.create_task(self._come_and_go(), name="leaver")
        stack.push_async_callback(_end, task)

    # -- loops --

    async def _read(self, stack, name, kinds, policy, capacity):
        subscription = await stack.enter_async_context(
            self._client.bus.subscribe(*kinds, policy=policy, capacity=capacity, name=name)
        )
        stay = self._stay(name, kinds, "all" if policy == "fail" else "some")
        stay.capacity = capacity
        task = asyncio.create_task(self._take(subscription, stay), name=name)
        stack.push_async_callback(_end, task)
        stack.callback(self._count, subscription, stay)

    async def _take(self, subscription, stay):
        try:
            async for event in subscription:
                stay.given.append(event)
                while stay.name == "sluggish" and self._moods["consumer_slow"] > 0:  # noqa: ASYNC110  # slow in itself
                    await asyncio.sleep(1.0)
        except MarginError as problem:
            self.failures.append(f"{stay.name}: {problem!r}")

    def _count(self, subscription, stay):
        now = subscription.statistics()
        stay.lost, stay.replaced, stay.high_water = now.dropped, now.replaced, now.high_water
        stay.ended = len(self.log)

    async def _come_and_go(self):
        while True:
            async with self._client.bus.subscribe(*ORDERS, name="leaver") as subscription:
                stay = self._stay("leaver", ORDERS, "all")
                reader = asyncio.create_task(self._take(subscription, stay))
                try:
                    while self._moods["consumer_leaves"] <= 0:  # noqa: ASYNC110  # it leaves when it looks next
                        await asyncio.sleep(7.0)
                finally:
                    stay.ended, stay.left = len(self.log), True
                    await _end(reader)
            await asyncio.sleep(3.0)

    # -- handlers --

    async def _handle(self, stack, name, handler, policy):
        stay = self._stay(name, ORDERS, policy)

        async def take(event):
            stay.given.append(event)
            await handler(event)

        await stack.enter_async_context(self._client.bus.on(*ORDERS, handler=take, name=name))
        stack.callback(lambda: setattr(stay, "ended", len(self.log)))

    async def _raise(self, _event):
        if self._moods["consumer_raises"] > 0:
            self.raised += 1
            raise ValueError("a consumer failed")

    async def _call(self, event):
        if self._moods["consumer_calls"] > 0 and isinstance(event, OrderUpdate):
            with contextlib.suppress(MarginError):  # it takes no for an answer
                await self._client.trade.open_orders(event.symbol, account=event.account)

    def _stay(self, name, kinds, policy):
        stay = Stay(name, kinds, policy, len(self.log))
        self.stays.append(stay)
        return stay


async def _end(task):
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
