"""Deadlines on one timer behave as ``asyncio.timeout`` does."""

import asyncio

import pytest

from binance_margin_async.net.deadlines import Deadlines
from binance_margin_async.testing import virtual


@virtual
async def test_a_block_that_goes_on_for_too_long_ends_at_its_deadline():
    """To the moment: the caller was promised an answer by then."""
    loop = asyncio.get_running_loop()
    deadlines = Deadlines()
    with pytest.raises(TimeoutError), deadlines.at(loop.time() + 3):
        await asyncio.sleep(10)

    assert 3.0 == loop.time()
    assert 0 == asyncio.current_task().cancelling()


@virtual
async def test_a_block_that_ends_in_time_is_left_alone():
    """Nothing may interrupt what its task does afterwards."""
    deadlines = Deadlines()
    with deadlines.at(asyncio.get_running_loop().time() + 3):
        await asyncio.sleep(1)
    await asyncio.sleep(10)
    deadlines.close()


@virtual
async def test_each_of_many_blocks_ends_at_its_own_deadline():
    """One timer serves all of them, in whatever order their deadlines come."""
    loop = asyncio.get_running_loop()
    deadlines = Deadlines()
    ended = []

    async def block(seconds):
        with pytest.raises(TimeoutError), deadlines.at(loop.time() + seconds):
            await asyncio.sleep(100)
        ended.append((seconds, loop.time()))

    async with asyncio.TaskGroup() as group:
        for seconds in (5, 2, 9, 2, 7):
            group.create_task(block(seconds))

    assert [(2, 2.0), (2, 2.0), (5, 5.0), (7, 7.0), (9, 9.0)] == ended


@virtual
async def test_a_cancellation_from_outside_passes_through():
    """Whoever cancels a call must not hear of a timeout instead."""
    loop = asyncio.get_running_loop()
    deadlines = Deadlines()

    async def block():
        with deadlines.at(loop.time() + 5):
            await asyncio.sleep(100)

    task = asyncio.create_task(block())
    await asyncio.sleep(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    deadlines.close()


@virtual
async def test_a_cancellation_together_with_the_deadline_stays_a_cancellation():
    """Else the one who cancelled would wait for a task that goes on."""
    loop = asyncio.get_running_loop()
    deadlines = Deadlines()

    async def block():
        with deadlines.at(loop.time() + 5):
            await asyncio.sleep(100)

    task = asyncio.create_task(block())
    loop.call_at(5.0, task.cancel)
    with pytest.raises(asyncio.CancelledError):
        await task


@virtual
async def test_another_error_in_the_moment_of_the_deadline_is_not_hidden():
    """It says more than that the time was over."""
    loop = asyncio.get_running_loop()
    deadlines = Deadlines()

    async def fail_when_interrupted():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            raise ZeroDivisionError from None

    with pytest.raises(ZeroDivisionError), deadlines.at(loop.time() + 1):
        await fail_when_interrupted()


@virtual
async def test_a_deadline_in_the_past_ends_the_block_at_its_first_wait():
    """As when a call has used up its time before it is sent."""
    loop = asyncio.get_running_loop()
    await asyncio.sleep(5)
    deadlines = Deadlines()
    with pytest.raises(TimeoutError), deadlines.at(loop.time() - 1):
        await asyncio.sleep(100)

    assert 5.0 == loop.time()


@virtual
async def test_deadlines_that_were_met_are_forgotten():
    """A client that makes calls for months keeps no trace of them."""
    loop = asyncio.get_running_loop()
    deadlines = Deadlines()
    for _ in range(1000):
        with deadlines.at(loop.time() + 10):
            await asyncio.sleep(0.001)

    assert 1 >= len(deadlines._noted)
    deadlines.close()


@virtual
async def test_outside_of_a_task_there_is_nothing_to_interrupt():
    """A callback cannot wait, so it cannot wait too long."""
    loop = asyncio.get_running_loop()
    problems = []
    loop.set_exception_handler(lambda _loop, context: problems.append(context["exception"]))
    loop.call_soon(Deadlines().at, 5.0)
    await asyncio.sleep(1)

    assert [RuntimeError] == [type(each) for each in problems]
