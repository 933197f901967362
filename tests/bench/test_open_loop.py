"""A schedule that does not wait for what it measures."""

import asyncio

import pytest

from binance_margin_async.bench.open_loop import fire
from binance_margin_async.testing import virtual


def clock():
    return asyncio.get_running_loop().time


@virtual
async def test_each_act_begins_when_it_is_due_however_long_the_others_take():
    """A schedule that waits for answers leaves out the worst moments."""
    time, begun = clock(), []

    async def act(due):
        begun.append((due, time()))
        await asyncio.sleep(5)

    start = time()
    await fire(act, count=4, rate=10, time=time, timer=0)

    assert [(pytest.approx(start + n / 10), pytest.approx(start + n / 10)) for n in range(4)] == begun


@virtual
async def test_an_act_that_has_to_begin_late_keeps_the_time_at_which_it_was_due():
    """Else its wait would be nobody's."""
    time, late = clock(), []

    async def act(due):
        late.append(time() - due)
        await asyncio.sleep(1)

    await fire(act, count=3, rate=10, time=time, at_once=1, timer=0)

    assert [pytest.approx(0), pytest.approx(0.9), pytest.approx(1.8)] == late


@virtual
async def test_after_a_failure_nothing_more_begins_and_what_has_begun_is_finished():
    """An order that was sent has to be canceled."""
    time, finished = clock(), []

    async def act(due):
        number = len(begun)
        begun.append(due)
        if number == 1:
            raise ValueError("refused")
        await asyncio.sleep(3)
        finished.append(number)

    begun = []
    with pytest.raises(ValueError, match="refused"):
        await fire(act, count=50, rate=10, time=time, timer=0)

    assert 2 == len(begun)
    assert [0] == finished


@virtual
async def test_whoever_is_cancelled_finishes_what_has_begun():
    """Ctrl-C must leave no order behind."""
    time, finished = clock(), []

    async def act(due):
        await asyncio.sleep(3)
        finished.append(due)

    running = asyncio.ensure_future(fire(act, count=50, rate=1, time=time, timer=0))
    await asyncio.sleep(1.5)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert 2 == len(finished)
    assert 4.0 == pytest.approx(time() - finished[0])
