"""Ways into virtual time: ``run_virtual`` for programs, ``@virtual`` for tests."""

import asyncio
import functools
import inspect
import random
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar, overload

from binance_margin_async.testing.loop import VirtualLoop
from binance_margin_async.testing.stacks import describe_tasks

T = TypeVar("T")
P = ParamSpec("P")

# Virtual seconds a test's last packets get to arrive: hundreds of times the network's average delay. A test that
# makes its network slower than half of this waits for the end of its connections itself.
SETTLE = 1.0


class LeftoverError(AssertionError):
    """A test ended with tasks running or connections open; the message lists them."""


def run_virtual(main: Coroutine[Any, Any, T], *, seed: int = 0, pace: float | None = None) -> T:
    """
    Run *main* on a fresh ``VirtualLoop`` and return its result; ``asyncio.run`` in virtual time.

    The ``random`` module is seeded for the run and put back afterwards, so that a program's own jitter repeats too.

    Args:
        main: The program.
        seed: Repeats a run: the same seed gives the same trace on the same minor version of Python.
        pace: Virtual seconds per real second; ``None`` runs as fast as possible.

    Returns:
        What *main* returns.

    Raises:
        Deadlock: All tasks wait and nothing is due.
    """
    before = random.getstate()
    random.seed(seed)
    try:
        with asyncio.Runner(loop_factory=lambda: VirtualLoop(seed, pace)) as runner:
            return runner.run(main)
    finally:
        random.setstate(before)


@overload
def virtual(test: Callable[P, Coroutine[Any, Any, None]], /) -> Callable[P, None]: ...
@overload
def virtual(*, seed: int = 0) -> Callable[[Callable[P, Coroutine[Any, Any, None]]], Callable[P, None]]: ...


def virtual(test: Callable[..., Any] | None = None, /, *, seed: int = 0) -> Any:
    """
    Turn an async test into a plain one that runs on a fresh ``VirtualLoop``.

    The test fails if it leaves tasks running or connections open; it may use synchronous fixtures::

        import asyncio
        import pytest
        from binance_margin_async.testing import virtual

        @virtual
        async def test_a_reset_ends_the_wait_for_news():
            loop = asyncio.get_running_loop()
            async with await loop.create_server(asyncio.Protocol, "news.test", 80):
                reader, _ = await asyncio.open_connection("news.test", 80)
                await asyncio.sleep(3600)  # takes no real time
                loop.network.connections(80)[0].reset()
                with pytest.raises(ConnectionResetError):
                    await reader.read()

    Args:
        test: An ``async def`` test.
        seed: Decides all network delays: ``@virtual(seed=7)``.

    Returns:
        The plain test.

    Raises:
        LeftoverError: By the test: tasks or connections are left a virtual second after its end.
    """
    if test is None:
        return functools.partial(_as_plain_test, seed=seed)
    return _as_plain_test(test, seed=seed)


def _as_plain_test(test: Callable[P, Coroutine[Any, Any, None]], *, seed: int) -> Callable[P, None]:
    if not inspect.iscoroutinefunction(test):
        raise TypeError(f"@virtual needs an async def test, not {test!r}; put it directly above the function")

    @functools.wraps(test)  # keeps the signature, in which pytest looks for fixtures
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        run_virtual(_watched(test(*args, **kwargs), seed), seed=seed)

    return run


async def _watched(test: Coroutine[Any, Any, None], seed: int) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)  # noqa: S101  # run_virtual made it
    try:
        await test
    except BaseException as error:
        error.add_note(f"at virtual time {loop.time()!r} s, seed {seed}")
        raise
    await asyncio.sleep(SETTLE)
    tasks = asyncio.all_tasks(loop) - {asyncio.current_task()}
    connections = loop.network.connections()
    if tasks or connections:
        listed = "".join(f"{connection!r}\n" for connection in connections)
        raise LeftoverError(
            f"the test left {len(tasks)} tasks running and {len(connections)} connections open; "
            f"end them in the test.\n{describe_tasks(tasks)}{listed}"
        )
