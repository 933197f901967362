"""run_virtual and @virtual: ways in, and what a test may not leave behind."""

import asyncio
import inspect
import os
import random
import secrets
import textwrap

import pytest

from binance_margin_async.testing import Deadlock, LeftoverError, run_virtual, virtual


@pytest.fixture
def hours():
    return 24


@virtual
async def test_a_virtual_test_takes_plain_fixtures(hours, tmp_path):
    """The decorated test keeps its signature, where pytest looks for fixtures."""
    await asyncio.sleep(hours * 3600)
    assert 86400.0 == asyncio.get_running_loop().time()
    assert tmp_path.exists()


@virtual
@pytest.mark.parametrize("seconds", [1.0, 2.0])
async def test_marks_below_the_decorator_are_kept(seconds):
    """Either order of decorators works."""
    await asyncio.sleep(seconds)
    assert seconds == asyncio.get_running_loop().time()


def test_a_virtual_test_is_no_coroutine_function():
    """pytest-asyncio would run it on its own loop."""

    @virtual
    async def test():
        pass

    assert not inspect.iscoroutinefunction(test)


def test_a_plain_function_is_refused():
    """Above another decorator the async test is out of sight."""
    with pytest.raises(TypeError, match="needs an async def test"):
        virtual(lambda: None)


def test_a_task_left_running_fails_the_test_by_name():
    """A leaked task is a bug in the program under test."""

    @virtual
    async def test():
        test.task = asyncio.create_task(asyncio.sleep(3600), name="forgotten keep-alive")

    with pytest.raises(LeftoverError, match=r"(?s)1 tasks running and 0 connections open.*forgotten keep-alive"):
        test()
    assert test.task.cancelled()


def test_a_connection_left_open_fails_the_test_by_address():
    """A leaked connection is a bug too."""

    @virtual
    async def test():
        loop = asyncio.get_running_loop()
        await loop.create_server(asyncio.Protocol, "api.test", 80)
        await loop.create_connection(asyncio.Protocol, "api.test", 80)

    with pytest.raises(LeftoverError, match=r"(?s)0 tasks running and 1 connections open.*to api.test:80"):
        test()


@virtual
async def test_packets_under_way_at_the_end_are_no_leftovers():
    """The peer learns of a close one delay later."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "api.test", 80)
    transport, _ = await loop.create_connection(asyncio.Protocol, "api.test", 80)
    server.close()
    transport.close()
    assert 1 == len(loop.network.connections())


def test_a_failing_test_tells_time_and_seed_but_not_its_leftovers():
    """What went wrong comes first; the seed repeats it."""

    @virtual(seed=11)
    async def test():
        test.task = asyncio.create_task(asyncio.sleep(3600))
        await asyncio.sleep(2)
        raise ValueError("first")

    with pytest.raises(ValueError, match="first") as caught:
        test()
    assert ["at virtual time 2.0 s, seed 11"] == caught.value.__notes__


def test_a_test_that_hangs_raises_deadlock():
    """Not a time-out after a real minute."""

    @virtual
    async def test():
        await asyncio.Event().wait()

    with pytest.raises(Deadlock):
        test()


def test_a_result_comes_back():
    """run_virtual replaces asyncio.run."""

    async def main():
        return 42

    assert 42 == run_virtual(main())


def test_the_random_module_is_seeded_and_put_back():
    """A bot's own jitter repeats, and the rest of the process does not notice."""

    async def main():
        return random.random()

    before = random.getstate()
    assert run_virtual(main(), seed=3) == run_virtual(main(), seed=3)
    assert run_virtual(main(), seed=3) != run_virtual(main(), seed=4)
    assert before == random.getstate()


def test_the_example_in_the_docstring_runs():
    """Readers copy it."""
    example = textwrap.dedent(inspect.getdoc(virtual).partition("::\n")[2].partition("Args:")[0])
    names = {}
    exec(example, names)  # noqa: S102  # our own text
    names["test_a_reset_ends_the_wait_for_news"]()


def test_what_the_system_draws_is_seeded_for_the_run_and_only_for_it():
    """Order ids, WebSocket masks and back-off: all that a program may draw repeats."""

    async def draws():
        return os.urandom(8), secrets.token_hex(4), random.random()  # noqa: TID251  # what is tested

    before = os.urandom  # noqa: TID251  # as above
    assert run_virtual(draws(), seed=1) == run_virtual(draws(), seed=1)
    assert run_virtual(draws(), seed=1) != run_virtual(draws(), seed=2)
    assert before is os.urandom  # noqa: TID251  # as above
