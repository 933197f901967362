"""Ways into virtual time: ``run_virtual`` for programs, ``@virtual`` for tests."""

import asyncio
import functools
import inspect
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar, overload

from binance_margin_async.stacks import describe_tasks
from binance_margin_async.testing.chance import seeded
from binance_margin_async.testing.loop import VirtualLoop

T = TypeVar("T")
P = ParamSpec("P")

# Virtual seconds a test's last packets get to arrive: hundreds of times the network's average delay. A test that
# makes its network slower than half of this waits for the end of its connections itself.
SETTLE = 1.0


class LeftoverError(AssertionError):
    """A test ended with tasks running or connections open; the message lists them."""


def run_virtual(main: Coroutine[Any, Any, T], *, seed: int = 0, pace: float | None = None, shuffle: bool = False) -> T:
    """
    Run *main* on a fresh ``VirtualLoop`` and return its result; ``asyncio.run`` in virtual time.

    For the run, ``random`` is seeded, and so is what ``secrets``, ``uuid4`` and ``os.urandom`` draw: a program's own
    jitter, and the masks of a WebSocket, repeat too. Nothing drawn here is a secret.

    Args:
        main: The program.
        seed: Repeats a run: the same seed gives the same trace on the same minor version of Python.
        pace: Virtual seconds per real second; ``None`` runs as fast as possible.
        shuffle: Wake ready tasks in a seeded order; see ``VirtualLoop``.

    Returns:
        What *main* returns.

    Raises:
        Deadlock: All tasks wait and nothing is due.
    """
    with (
        seeded(seed),
        asyncio.Runner(loop_factory=lambda: VirtualLoop(seed, pace, shuffle=shuffle)) as runner,
    ):
        return runner.run(main)


@overload
def virtual(test: Callable[P, Coroutine[Any, Any, None]], /) -> Callable[P, None]: ...
@overload
def virtual(
    *, seed: int = 0, shuffle: bool = False
) -> Callable[[Callable[P, Coroutine[Any, Any, None]]], Callable[P, None]]: ...


def virtual(test: Callable[..., Any] | None = None, /, *, seed: int = 0, shuffle: bool = False) -> Any:
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
        shuffle: Wake ready tasks in a seeded order; see ``VirtualLoop``.

    Returns:
        The plain test.

    Raises:
        LeftoverError: By the test: tasks or connections are left a virtual second after its end.
    """
    if test is None:
        return functools.partial(_as_plain_test, seed=seed, shuffle=shuffle)
    return _as_plain_test(test, seed=seed, shuffle=shuffle)


def _as_plain_test(test: Callable[P, Coroutine[Any, Any, None]], *, seed: int, shuffle: bool) -> Callable[P, None]:
    if not inspect.iscoroutinefunction(test):
        raise TypeError(f"@virtual needs an async def test, not {test!r}; put it directly above the function")

    @functools.wraps(test)  # keeps the signature, in which pytest looks for fixtures
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        run_virtual(_watched(test(*args, **kwargs), seed), seed=seed, shuffle=shuffle)

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
