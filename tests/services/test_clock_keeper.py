"""The exchange's time: measured at the start, every ten minutes, and when a timestamp was refused."""

import asyncio
import logging

import orjson
import pytest

from binance_margin_async.clock import Clock
from binance_margin_async.config import Config
from binance_margin_async.errors import NotSentError
from binance_margin_async.rest.executor import Executor
from binance_margin_async.rest.gate import Gate
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rules.limits import Limiter
from binance_margin_async.rules.limits.retry import RetryPolicy
from binance_margin_async.services.clock_keeper import PERIOD, RETRY, SAMPLES, ClockKeeper
from binance_margin_async.testing import virtual
from binance_margin_async.wire.replies import Marks, WireReply

OFFSET = 1_795_312_000.0


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.CRITICAL, "binance_margin_async.clock")


class TimeServer:
    """The network with the exchange behind it: its clock is *offset* ahead, and each way takes a while."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.offset = OFFSET
        self.ways = [(0.1, 0.1)]
        self.asked = []
        self.down = False

    async def send(self, request, *, deadline):  # noqa: ARG002
        assert "/api/v3/time" == request.target
        self.asked.append(self.loop.time())
        there, back = self.ways[(len(self.asked) - 1) % len(self.ways)]
        await asyncio.sleep(there)
        if self.down:
            raise NotSentError("down")
        told = round((self.loop.time() + self.offset) * 1000)
        await asyncio.sleep(back)
        return WireReply(200, {}, orjson.dumps({"serverTime": told}), Marks())


class Stage:
    def __init__(self):
        self.server = TimeServer()
        self.clock = Clock(self.server.loop.time)
        self.adopted = []
        self.wanted = asyncio.Event()
        limiter = Limiter()
        executor = Executor(
            transport=self.server,
            gate=Gate(limiter, self.clock.now),
            limiter=limiter,
            clock=self.clock,
            config=Config(),
            retry=RetryPolicy(lambda: 0.0),
            on_reply=lambda _call, _reply: None,
            on_clock_error=self.wanted.set,
        )
        self.keeper = ClockKeeper(self.clock, SpotCalls(executor), on_offset=self.adopted.append, wanted=self.wanted)

    async def run_for(self, seconds):
        """Run the keeper for a while and return when it asked."""
        before = len(self.server.asked)
        running = asyncio.create_task(self.keeper.run())
        await asyncio.sleep(seconds)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return self.server.asked[before:]


@virtual
async def test_several_samples_are_taken_and_the_truest_is_adopted():
    """The shortest round trip, wherever it comes in the row."""
    stage = Stage()
    stage.server.ways = [(0.5, 0.1), (0.1, 0.9), (0.010, 0.012), (0.3, 0.3), (0.02, 0.2)]
    await stage.keeper.synchronize()

    assert SAMPLES == len(stage.server.asked)
    assert 0.011 == pytest.approx(stage.clock.error)
    assert 0.001 == pytest.approx(abs(stage.clock.offset - OFFSET), abs=0.0011)
    assert [stage.clock.offset] == stage.adopted
    assert stage.clock.synchronized


@virtual
async def test_a_lopsided_way_is_off_by_no_more_than_the_error_says():
    """Half a second there and nothing back is the worst there is."""
    stage = Stage()
    stage.server.ways = [(0.5, 0.0)]
    await stage.keeper.synchronize()
    assert abs(stage.clock.offset - OFFSET) <= stage.clock.error + 0.001


@virtual
async def test_a_sample_that_is_lost_after_the_first_is_left_out():
    """One answer is enough for an offset."""
    stage = Stage()
    stage.server.loop.call_later(0.25, setattr, stage.server, "down", True)
    await stage.keeper.synchronize()

    assert pytest.approx(OFFSET, abs=0.001) == stage.clock.offset
    assert 0.1 == pytest.approx(stage.clock.error)
    assert 1 == len(stage.adopted)


@virtual
async def test_an_exchange_that_does_not_answer_is_an_error_and_changes_nothing():
    """At the start the client cannot go on; later the old offset is better than none."""
    stage = Stage()
    await stage.keeper.synchronize()
    offset = stage.clock.offset
    stage.server.down = True
    with pytest.raises(NotSentError):
        await stage.keeper.synchronize()
    assert (offset, 1) == (stage.clock.offset, len(stage.adopted))


@virtual
async def test_the_clock_is_measured_again_every_ten_minutes():
    """Crystals drift."""
    stage = Stage()
    asked = await stage.run_for(2 * PERIOD + 60)

    assert 2 * SAMPLES == len(asked)
    assert PERIOD == asked[0]
    assert PERIOD <= asked[SAMPLES] - asked[0] <= PERIOD + 2.0


@virtual
async def test_a_drifting_clock_is_followed():
    """The exchange's clock was set by a second meanwhile."""
    stage = Stage()
    await stage.keeper.synchronize()
    stage.server.offset += 1.0
    await stage.run_for(PERIOD + 60)
    assert OFFSET + 1.0 == pytest.approx(stage.clock.offset, abs=0.001)


@virtual
async def test_a_refused_timestamp_is_answered_with_a_measurement_at_once():
    """Once for each wish, and the ten minutes begin anew."""
    stage = Stage()
    stage.server.loop.call_later(100.0, stage.wanted.set)
    asked = await stage.run_for(100.0 + PERIOD + 60)

    assert 100.0 == asked[0]
    assert 2 * SAMPLES == len(asked)
    assert 100.0 + PERIOD <= asked[SAMPLES] <= 102.0 + PERIOD


@virtual
async def test_after_a_failed_measurement_it_is_tried_again_soon():
    """Ten seconds, until it succeeds."""
    stage = Stage()
    await stage.keeper.synchronize()
    stage.server.down = True
    stage.server.loop.call_later(PERIOD + 15.0, setattr, stage.server, "down", False)
    await stage.run_for(PERIOD + 60)

    assert 2 == len(stage.adopted)
    gaps = [later - earlier for earlier, later in zip(stage.server.asked, stage.server.asked[1:], strict=False)]
    assert RETRY in [round(gap) for gap in gaps]
    assert stage.server.asked[-1] < 2 * PERIOD
