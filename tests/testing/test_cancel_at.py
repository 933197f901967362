"""A coroutine that is cancelled at a chosen await."""

import asyncio

import pytest

from binance_margin_async.testing import CancelAt, virtual


async def three_waits(seen):
    try:
        for number in (1, 2, 3):
            await asyncio.sleep(1)
            seen.append(number)
    except asyncio.CancelledError:
        seen.append("cancelled")
        raise
    return "through"


@pytest.mark.parametrize(("late", "at"), [(False, 0.0), (True, 1.0)])
@virtual
async def test_it_is_cancelled_where_it_was_asked_for(late, at):
    """At its second wait: at once, or when that is over and before anything follows from it."""
    seen, begun = [], asyncio.get_running_loop().time()
    attempt = CancelAt(three_waits(seen), 2, late=late)
    (end,) = await asyncio.gather(asyncio.create_task(attempt), return_exceptions=True)
    assert isinstance(end, asyncio.CancelledError)
    assert [1, "cancelled"] == seen
    assert attempt.fired
    assert 1.0 + at == asyncio.get_running_loop().time() - begun


@virtual
async def test_one_with_fewer_awaits_runs_through():
    """That is how a test knows that it has tried all of them."""
    attempt = CancelAt(three_waits(seen := []), 4)
    assert "through" == await asyncio.create_task(attempt)
    assert [1, 2, 3] == seen
    assert not attempt.fired


@virtual
async def test_the_task_counts_as_cancelled():
    """Timeouts tell a cancel from outside by that from their own."""

    async def patient():
        async with asyncio.timeout(10):
            await asyncio.sleep(5)

    task = asyncio.create_task(CancelAt(patient(), 1))
    await asyncio.wait([task])
    assert task.cancelled()
    assert 1 == task.cancelling()


def test_there_is_no_await_before_the_first():
    """The first is number 1."""
    coroutine = three_waits([])
    with pytest.raises(ValueError, match="number 1"):
        CancelAt(coroutine, 0)
    coroutine.close()
