"""The exchange's time: measured at the start, every minute, and when a timestamp was refused."""

import asyncio
import logging
import math
import random

import orjson
import pytest

from binance_margin_async.clock import Clock
from binance_margin_async.config import Config
from binance_margin_async.errors import NotSentError
from binance_margin_async.rest.clock_doubt import ClockDoubt
from binance_margin_async.rest.executor import Executor
from binance_margin_async.rest.gate import Gate
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rules.limits import Limiter
from binance_margin_async.rules.limits.retry import RetryPolicy
from binance_margin_async.rules.timing import ROUNDING
from binance_margin_async.services.clock_keeper import PERIOD, RETRY, SAMPLES, ClockKeeper
from binance_margin_async.testing import WallClock, virtual
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
        self.wall = None
        self.asked = []
        self.down = False

    async def send(self, request, *, deadline, freshen=None):  # noqa: ARG002
        assert "/api/v3/time" == request.target
        self.asked.append(self.loop.time())
        there, back = self.ways[(len(self.asked) - 1) % len(self.ways)]
        await asyncio.sleep(there)
        if self.down:
            raise NotSentError("down")
        told = round((self.loop.time() + self.offset if self.wall is None else self.wall()) * 1000)
        await asyncio.sleep(back)
        return WireReply(200, {}, orjson.dumps({"serverTime": told}), Marks())


class Stage:
    def __init__(self):
        self.server = TimeServer()
        self.clock = Clock(self.server.loop.time)
        self.adopted = []
        self.doubt = ClockDoubt()
        limiter = Limiter()
        executor = Executor(
            transport=self.server,
            gate=Gate(limiter, self.clock.now),
            limiter=limiter,
            clock=self.clock,
            config=Config(),
            retry=RetryPolicy(lambda: 0.0),
            on_reply=lambda _call, _reply: None,
            on_timed=lambda _route, _stages: None,
            doubt=self.doubt,
        )
        self.keeper = ClockKeeper(self.clock, SpotCalls(executor), on_offset=self.adopted.append, doubt=self.doubt)

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
    assert 0.011 + ROUNDING == pytest.approx(stage.clock.error, abs=0.0005)
    assert 0.001 == pytest.approx(abs(stage.clock.offset - OFFSET), abs=0.0011)
    assert [stage.clock.offset] == stage.adopted
    assert stage.clock.synchronized


@virtual
async def test_a_lopsided_way_is_off_by_no_more_than_the_error_says():
    """Half a second there and nothing back is the worst there is."""
    stage = Stage()
    stage.server.ways = [(0.5, 0.0)]
    await stage.keeper.synchronize()
    assert abs(stage.clock.offset - OFFSET) <= stage.clock.error


@virtual
async def test_a_sample_that_is_lost_after_the_first_is_left_out():
    """One answer is enough for an offset."""
    stage = Stage()
    stage.server.loop.call_later(0.25, setattr, stage.server, "down", True)
    await stage.keeper.synchronize()

    assert pytest.approx(OFFSET, abs=0.001) == stage.clock.offset
    assert 0.1 + ROUNDING == pytest.approx(stage.clock.error, abs=0.0005)
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
async def test_the_clock_is_measured_again_every_minute():
    """Crystals drift."""
    stage = Stage()
    asked = await stage.run_for(2 * PERIOD + 30)

    assert 2 * SAMPLES == len(asked)
    assert PERIOD == asked[0]
    assert PERIOD <= asked[SAMPLES] - asked[0] <= PERIOD + 2.0


@virtual
async def test_one_sample_is_enough_while_it_agrees_and_is_good():
    """Five are asked for at the start, and when something is odd."""
    stage = Stage()
    stage.server.ways = [(0.002, 0.002)]
    await stage.keeper.synchronize()
    assert SAMPLES == len(stage.server.asked)
    assert 3 == len(await stage.run_for(3 * PERIOD + 30))

    stage.server.offset += 3.0
    assert SAMPLES == len(await stage.run_for(PERIOD + 30))
    assert OFFSET + 3.0 == pytest.approx(stage.clock.offset, abs=0.002)


@virtual
async def test_a_bad_network_does_not_spoil_what_is_known():
    """For three minutes all that is heard may be half a second off; no clock drifts that much."""
    stage = Stage()
    stage.server.ways = [(0.002, 0.002)]
    await stage.keeper.synchronize()
    stage.server.ways = [(1.0, 0.0)]
    await stage.run_for(3 * PERIOD + 30)
    assert OFFSET == pytest.approx(stage.clock.offset, abs=0.050)


@virtual
async def test_a_clock_that_was_set_is_followed():
    """The exchange's clock was set by a second meanwhile."""
    stage = Stage()
    await stage.keeper.synchronize()
    stage.server.offset += 1.0
    await stage.run_for(PERIOD + 30)
    assert OFFSET + 1.0 == pytest.approx(stage.clock.offset, abs=0.001)


@virtual
async def test_a_refused_timestamp_is_answered_with_a_measurement_at_once():
    """Once for each doubt, and the minute begins anew."""
    stage = Stage()
    stage.server.loop.call_later(10.0, stage.doubt.arise)
    asked = await stage.run_for(10.0 + PERIOD + 30)

    assert 10.0 == asked[0]
    assert 2 * SAMPLES == len(asked)
    assert 10.0 + PERIOD <= asked[SAMPLES] <= 12.0 + PERIOD


@virtual
async def test_a_doubt_is_settled_by_a_measurement_and_also_by_one_that_fails():
    """Calls that are refused once more do less harm than calls that are never made."""
    for down in (False, True):
        stage = Stage()
        running = asyncio.create_task(stage.keeper.run())
        stage.server.down = down
        stage.doubt.arise()

        assert not await stage.doubt.settled(stage.server.loop.time() + 0.05)
        assert await stage.doubt.settled(stage.server.loop.time() + 30.0)
        assert (down, False) == (not stage.clock.synchronized, stage.doubt.exists)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


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


# -- a whole day ---------------------------------------------------------------------------------------------------

DAY = 24 * 3600.0
PPM = 1e-6


def _lopsided(chance):
    trip = chance.uniform(0.002, 0.05)
    return chance.choice([(trip, 0.0), (0.0, trip)])


def _steady(_hour):
    return 200 * PPM


def _backwards(_hour):
    return -200 * PPM


def _warming_and_cooling(hour):
    return 200 * PPM * math.sin(2 * math.pi * hour / 7)


def _turning(hour):
    return 200 * PPM if int(hour * 4) % 2 else -200 * PPM


@pytest.mark.parametrize("drift", [_steady, _backwards, _warming_and_cooling, _turning], ids=lambda each: each.__name__)
@virtual
async def test_over_a_day_of_drift_the_exchanges_time_is_known_to_50_ms(drift):
    """
    From the first measurement on, whatever the drift does within 200 ppm, and time never goes back (T2).

    The round trips take 2 to 50 ms, and all of them may be spent on one way.
    """
    stage = Stage()
    wall = WallClock(stage.server.loop.time, skew=OFFSET)
    stage.server.wall = wall
    chance = random.Random(5)
    stage.server.ways = [_lopsided(chance) for _ in range(997)]
    await stage.keeper.synchronize()
    running = asyncio.create_task(stage.keeper.run())
    worst, last = 0.0, 0
    while stage.server.loop.time() < DAY:
        wall.drift = drift(stage.server.loop.time() / 3600)
        shown = stage.clock.exchange_ms()
        off = abs(stage.clock.now() + stage.clock.offset - wall())

        assert last <= shown
        assert off <= stage.clock.error
        worst, last = max(worst, off), shown
        await asyncio.sleep(7.3)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert worst <= 0.050
