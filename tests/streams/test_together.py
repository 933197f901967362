"""Tasks of one connection: when one ends, all end."""

import asyncio

import pytest

from binance_margin_async.errors import SocketLostError
from binance_margin_async.streams.together import Together
from binance_margin_async.testing import virtual


def fails_after(seconds, error):
    async def part():
        await asyncio.sleep(seconds)
        raise error

    return part


async def forever():
    await asyncio.Event().wait()


@virtual
async def test_the_first_end_ends_all_and_its_error_comes_out():
    """``virtual`` would find a task that is left."""
    parts = Together()
    for part in (forever, fails_after(1, SocketLostError("lost")), fails_after(2, SocketLostError("late"))):
        parts.start(part)
    with pytest.raises(SocketLostError, match="lost"):
        await parts.run()


@virtual
async def test_a_fault_of_our_own_comes_out_before_an_error_that_is_expected():
    """Or it would be mended by reconnecting, and never seen."""
    parts = Together()
    parts.start(fails_after(1, SocketLostError("lost")))
    parts.start(fails_after(1, ZeroDivisionError("bug")))
    with pytest.raises(ZeroDivisionError):
        await parts.run()


@virtual
async def test_parts_come_and_go_while_the_others_run():
    """One that is stopped ends nothing; one that was started later ends all."""
    parts = Together()
    parts.start(forever)
    stopped = parts.start(forever)
    running = asyncio.create_task(parts.run())
    await asyncio.sleep(1)
    await parts.stop(stopped)
    await asyncio.sleep(1)
    assert (True, False) == (stopped.cancelled(), running.done())
    parts.start(fails_after(1, SocketLostError("lost")))
    with pytest.raises(SocketLostError):
        await running


@virtual
async def test_a_cancel_in_the_moment_of_a_failure_is_not_forgotten():
    """Whoever waits for the end would wait for ever."""
    parts = Together()
    parts.start(fails_after(1, SocketLostError("lost")))
    running = asyncio.create_task(parts.run())
    asyncio.get_running_loop().call_at(asyncio.get_running_loop().time() + 1, running.cancel)
    await asyncio.wait([running])
    assert running.cancelled()
