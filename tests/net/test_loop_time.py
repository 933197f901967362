"""The clock of an event loop, as fine as it can be read."""

import asyncio
import time

import pytest

from binance_margin_async.net.loop_time import time_of
from binance_margin_async.testing import VirtualLoop


def test_a_virtual_loop_tells_its_own_time():
    """It is no computer's."""
    loop = VirtualLoop()
    assert loop.time == time_of(loop)
    loop.close()


def test_a_loop_that_only_passes_on_the_system_s_clock_is_not_asked_for_it():
    """The step between costs as much as the look at the clock."""
    loop = asyncio.new_event_loop()
    assert time.monotonic is time_of(loop)  # noqa: TID251  # the clock in question

    loop.time = lambda: 5.0
    assert loop.time == time_of(loop)
    loop.close()


def test_a_loop_that_rounds_the_system_s_clock_is_read_past():
    """uvloop keeps whole milliseconds, and the same for a whole turn: an order's legs would take nothing."""
    uvloop = pytest.importorskip("uvloop", reason="uvloop is not made for this system")
    loop = uvloop.new_event_loop()

    assert time.monotonic is time_of(loop)  # noqa: TID251  # the clock in question
    loop.close()


def test_a_loop_with_a_clock_of_its_own_keeps_it():
    """Whoever makes time pass differently means it."""

    class Other(asyncio.AbstractEventLoop):
        def time(self):
            return 5.0

    loop = Other()
    assert loop.time == time_of(loop)
