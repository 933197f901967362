"""A reading that is kept for a while and shared by whoever wants it at the same time."""

import asyncio
import gc
import math

import pytest

from binance_margin_async.errors import ServerError
from binance_margin_async.services.rulebook.aged import Aged
from binance_margin_async.testing import virtual


class Source:
    """Takes a second for each reading, and numbers them; ``failing`` fails instead."""

    def __init__(self):
        self.made = 0
        self.failing = False
        self.kept = Aged(self.read, asyncio.get_running_loop().time)

    async def read(self):
        self.made += 1
        await asyncio.sleep(1)
        if self.failing:
            raise ServerError("planted")
        return self.made


@virtual
async def test_callers_at_the_same_time_share_one_request():
    """A hundred orders after a pause are one question."""
    source = Source()
    assert [1] * 100 == await asyncio.gather(*(source.kept.get(60) for _ in range(100)))


@virtual
async def test_a_reading_is_good_until_its_age_is_over():
    """The age counts from when it was asked for, not from when it came."""
    source = Source()
    assert math.inf == source.kept.age
    assert 1 == await source.kept.get(60)
    assert 1.0 == pytest.approx(source.kept.age)
    await asyncio.sleep(58.9)
    assert 1 == await source.kept.get(60)
    await asyncio.sleep(0.2)
    assert 2 == await source.kept.get(60)
    assert 2 == await source.kept.get(math.inf)


@virtual
async def test_one_caller_may_ask_for_a_younger_reading_than_others():
    """Zero reads anew."""
    source = Source()
    await source.kept.get(60)
    assert 2 == await source.kept.get(0)


@virtual
async def test_a_failure_is_told_to_everybody_who_waited_and_not_kept():
    """The next caller asks again."""
    source = Source()
    source.failing = True
    told = await asyncio.gather(*(source.kept.get(60) for _ in range(3)), return_exceptions=True)
    assert [ServerError] * 3 == [type(each) for each in told]
    source.failing = False
    assert 2 == await source.kept.get(60)


@virtual
async def test_a_failure_leaves_the_older_reading_alone():
    """Whoever is content with its age still gets it."""
    source = Source()
    await source.kept.get(60)
    source.failing = True
    with pytest.raises(ServerError):
        await source.kept.get(0)
    assert 1 == await source.kept.get(60)


@virtual
async def test_a_caller_who_gives_up_does_not_take_it_from_the_others():
    """One impatient strategy must not fail ten others."""
    source = Source()
    first, second = (asyncio.ensure_future(source.kept.get(60)) for _ in range(2))
    await asyncio.sleep(0.5)
    first.cancel()
    assert 1 == await second
    assert first.cancelled()


@virtual
async def test_a_failure_that_nobody_waits_for_makes_no_noise():
    """Python warns of errors that were never looked at."""
    source = Source()
    source.failing = True
    caller = asyncio.ensure_future(source.kept.get(60))
    await asyncio.sleep(0.5)
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    await asyncio.sleep(1)
    gc.collect()
    assert math.inf == source.kept.age


@virtual
async def test_closing_ends_a_reading_that_is_under_way():
    """No task outlives its owner."""
    source = Source()
    caller = asyncio.ensure_future(source.kept.get(60))
    await asyncio.sleep(0.5)
    await source.kept.close()
    assert isinstance((await asyncio.gather(caller, return_exceptions=True))[0], asyncio.CancelledError)
    await source.kept.close()


@virtual
async def test_a_forgotten_reading_is_made_anew():
    """For whoever learned that it no longer holds."""
    source = Source()
    await source.kept.get(60)
    source.kept.forget()
    assert 2 == await source.kept.get(60)
