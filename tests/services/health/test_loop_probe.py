"""Who holds up the event loop: measured, and named while it happens."""

import asyncio
import threading
import time

import pytest

from binance_margin_async.services.health.loop_probe import LoopProbe
from binance_margin_async.testing import virtual

# Much shorter than in service; the culprit waits until it has been caught, so nothing depends on the machine.
BEAT, LIMIT = 0.001, 0.01


def hold_up(probe):
    """Keep the loop from running until the probe's thread has caught somebody."""
    for _ in range(30_000):
        if probe._caught is not None:
            return
        time.sleep(BEAT)
    pytest.fail("nobody looked")


async def _held_up_by(culprit):
    told = asyncio.Queue()
    probe = LoopProbe(asyncio.get_running_loop(), lambda *one: told.put_nowait(one), beat=BEAT, limit=LIMIT)
    running = asyncio.create_task(probe.run())
    await asyncio.sleep(0)
    while True:
        await culprit(probe)
        seconds, caught = await told.get()
        # A busy machine holds the loop up as well, and may have been caught first.
        if "hold_up" in caught.stack:
            break
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return probe, seconds, caught


async def test_a_task_that_does_not_give_way_is_named_with_its_stack():
    """Promise T5: afterwards nobody could say who it was."""

    async def culprit(probe):
        async def greedy():
            hold_up(probe)

        await asyncio.create_task(greedy(), name="the bot's model")

    probe, seconds, told = await _held_up_by(culprit)
    assert "the bot's model" == told.task
    assert "hold_up(probe)" in told.stack
    assert LIMIT < seconds <= probe.worst_lag


async def test_a_plain_callback_has_no_name_but_a_stack():
    """Handlers of the bus are such."""

    async def culprit(probe):
        asyncio.get_running_loop().call_soon(hold_up, probe)

    _, _, told = await _held_up_by(culprit)
    assert "" == told.task
    assert "hold_up" in told.stack


async def test_its_thread_ends_with_it():
    """Promise P8."""
    before = threading.active_count()
    probe = LoopProbe(asyncio.get_running_loop(), lambda *_: None, beat=BEAT)
    running = asyncio.create_task(probe.run())
    await asyncio.sleep(0)
    assert before + 1 == threading.active_count()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert before == threading.active_count()


@virtual
async def test_in_virtual_time_it_does_nothing():
    """No code is ever late there, and threads have no place."""
    before = threading.active_count()
    probe = LoopProbe(asyncio.get_running_loop(), pytest.fail)
    await probe.run()
    assert (before, 0.0, 0.0) == (threading.active_count(), probe.lag, probe.worst_lag)


class SteadyLoop:
    """A loop whose time is what the test says."""

    now = 0.0

    def time(self):
        return self.now


def test_the_worst_lag_is_that_of_the_last_minute():
    """What was an hour ago is over."""
    loop = SteadyLoop()
    told = []
    probe = LoopProbe(loop, lambda seconds, _: told.append(round(seconds, 3)), beat=0.05, limit=0.25)
    for now in (0.05, 0.1, 0.55, 0.6, 1.0):
        loop.now = now
        probe._on_beat(now)
    assert [0.4, 0.35] == told
    assert (0.35, 0.4) == (round(probe.lag, 3), round(probe.worst_lag, 3))
    loop.now = 60.6
    assert 0.35 == round(probe.worst_lag, 3)
    loop.now = 61.1
    assert 0.0 == probe.worst_lag
