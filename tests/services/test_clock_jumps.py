"""Clocks that are set and computers that sleep, as client and exchange live through them."""

import asyncio
from urllib.parse import urlsplit

import pytest

from binance_margin_async import (
    CROSS,
    ClockError,
    LimitOrder,
    MarginClient,
    OrderUpdate,
    Outcome,
    SimulatedExchange,
)
from binance_margin_async.models.health import HealthState
from binance_margin_async.sim import Fault
from binance_margin_async.sim.messages import Delivery, HttpReply
from binance_margin_async.testing import WallClock, virtual

JUMPS = [5.5, -5.0, 3600.0, -3600.0]
RESTING = LimitOrder("BTCUSDT", "BUY", quantity="0.001", price="30000")


class Watched:
    """A client and an exchange with a clock of its own; ``refused`` counts -1021 for each call."""

    def __init__(self):
        self.wall = WallClock(asyncio.get_running_loop().time, skew=1_795_312_000.0)
        self.exchange = SimulatedExchange("calm", clock=self.wall)
        self.client = MarginClient(sim=self.exchange, accounts=[CROSS])
        self.refused = []
        handle = self.exchange.core.handle

        def watching(request, now):
            reply = handle(request, now)
            if b"-1021" in reply.body:
                self.refused.append(request.target.partition("?")[0])
            return reply

        self.exchange.core.handle = watching

    def jump(self, seconds):
        """Let the clock that clients see, and that their timestamps are held against, jump."""
        self.exchange.inject(Fault("clock_shift", shift_s=seconds))

    @property
    def shown(self):
        """What that clock shows, in seconds."""
        return (self.exchange._now() + self.exchange.core.venue.conditions.clock_shift_ms) / 1000

    @property
    def on_exchange(self):
        return [order.client_id for order in self.exchange.core.venue.trading.orders.values()]


@pytest.mark.parametrize("hours", [-24, -1, 0, 1, 24])
@virtual
async def test_whatever_the_exchanges_clock_shows_at_the_start_nothing_is_refused(hours):
    """Promise T1: the first signed call waits for a measurement, and no date of the computer is asked."""
    at = Watched()
    at.jump(hours * 3600.0 + 0.5)
    async with at.client as client:
        await client.account.cross()
        order = await client.orders.place(RESTING)
        await asyncio.sleep(300.0)
        await client.orders.cancel(order)
    assert [] == at.refused


@pytest.mark.parametrize("jump", JUMPS)
@virtual
async def test_after_a_jump_one_request_is_refused_and_no_order_is_lost(jump):
    """Promise T3: a refused timestamp proves that nothing was done, so the desk makes one new attempt."""
    at = Watched()
    async with at.client as client:
        first = await client.orders.place(RESTING)
        await asyncio.sleep(5.0)
        at.jump(jump)
        placed = [first, *[await client.orders.place(RESTING) for _ in range(5)]]

        assert ["/sapi/v1/margin/order"] == at.refused
        assert {Outcome.ACCEPTED} == {order.outcome for order in placed}
        assert [order.client_order_id for order in placed] == at.on_exchange
        assert at.shown == pytest.approx(client.clock.now() + client.clock.offset, abs=0.01)


@pytest.mark.parametrize("jump", JUMPS)
@virtual
async def test_after_a_jump_the_first_call_may_be_any(jump):
    """Promise T3: a read is made again and a cancel too; a plain write says that nothing was done."""
    for first in ("read", "cancel", "write"):
        at = Watched()
        async with at.client as client:
            order = await client.orders.place(RESTING)
            at.jump(jump)
            if first == "read":
                await client.account.cross()
            elif first == "cancel":
                await client.orders.cancel(order)
            else:
                with pytest.raises(ClockError) as caught:
                    await client.trade.new_order(RESTING)
                assert Outcome.REFUSED is caught.value.outcome
                await client.trade.new_order(RESTING)
            await client.account.cross()
            await client.orders.place(RESTING)
        assert 1 == len(at.refused)


@virtual
async def test_a_small_step_of_the_exchanges_clock_goes_unnoticed():
    """Promise T3: inside the receive window nothing is refused, and the next measurement follows."""
    at = Watched()
    async with at.client as client:
        for jump in (0.3, -0.3, 0.9, -0.9, 4.0, -0.9):
            at.jump(jump)
            await client.orders.place(RESTING)
            await asyncio.sleep(70.0)
            assert at.shown == pytest.approx(client.clock.now() + client.clock.offset, abs=0.02)
    assert [] == at.refused


@pytest.mark.parametrize("jump", [30.0, 3600.0])
@virtual
async def test_a_jump_ahead_does_not_make_a_missing_order_a_refused_one(jump):
    """
    Promises O3 and T3: the receive window ends with the jump, the engine's time does not.

    The order was forwarded just before; the clock is measured anew before its reply is lost, and the engine takes its
    time. Questions that miss it meanwhile prove nothing.
    """
    at = Watched()
    loop = asyncio.get_running_loop()
    handle, conditions = at.exchange.core.handle, at.exchange.core.venue.conditions
    since_checked_ms = round(jump * 1000) + 12_000

    def act_late(request):
        conditions.clock_shift_ms -= since_checked_ms  # it was in time when it was checked
        handle(request, at.exchange._now())
        conditions.clock_shift_ms += since_checked_ms

    def take(request, now):
        if request.method == "POST" and request.target.startswith("/sapi/v1/margin/order"):
            loop.call_later(12.0, act_late, request)
            return HttpReply(504, {}, b"", Delivery(delay_s=3.0, ending="reset"))
        return handle(request, now)

    async with at.client as client:
        await client.rules.of("BTCUSDT")
        at.exchange.core.handle = take
        placing = asyncio.ensure_future(client.orders.place(RESTING))
        await asyncio.sleep(0.5)
        at.jump(jump)
        await client.account.cross()
        assert at.shown == pytest.approx(client.clock.now() + client.clock.offset, abs=0.01)

        order = await placing
        assert (Outcome.ACCEPTED, [order.client_order_id]) == (order.outcome, at.on_exchange)


@pytest.mark.parametrize("hours", [0.5, 3, 30])
@virtual
async def test_after_hours_of_sleep_everything_is_well_within_30_seconds(hours):
    """
    Promise T6: while the computer slept the exchange went on, and everything it had granted ran out.

    From inside nothing happened: the exchange is suddenly hours ahead, and no connection answers.
    """
    at = Watched()
    loop = asyncio.get_running_loop()
    told = []
    async with at.client as client, client.on(OrderUpdate, handler=told.append):
        order = await client.orders.place(RESTING)
        for port in {urlsplit(url).port for url in (at.exchange.rest_url, at.exchange.risk_url)}:
            for connection in loop.network.connections(port):
                connection.black_hole()
        at.wall.jump(hours * 3600.0)
        at.exchange.set_price("BTCUSDT", "29000")
        await asyncio.sleep(30.0)

        assert (HealthState.HEALTHY, ()) == (client.health().state, client.health().problems)
        assert "FILLED" == str(order.status)
        assert "FILLED" in [str(update.status) for update in told if update.client_order_id == order.client_order_id]
        assert len(at.refused) <= 1
