"""Rounds: every contender does the same work in a process of its own, in an order shuffled afresh each round."""

import asyncio
import contextlib
import importlib.util
import random
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from harness.processes import pin, running

Operation = Callable[[], Awaitable[object]]
Factory = Callable[[str], contextlib.AbstractAsyncContextManager[Operation]]


@dataclass(frozen=True)
class Contender:
    """
    One way to do the work.

    Args:
        name: As it is shown.
        factory: ``"module:function"``; the function takes the server's address and yields the operation.
        needs: Package without which it cannot take part.
        loop: ``"asyncio"`` or ``"uvloop"``.
    """

    name: str
    factory: str
    needs: str | None = None
    loop: str = "asyncio"


@dataclass(frozen=True)
class Sample:
    """One round of one contender: CPU and wall seconds for ``count`` operations, and each one's wall seconds."""

    cpu: float
    wall: float
    count: int
    each: Sequence[float]

    @property
    def cpu_us(self) -> float:
        return self.cpu / self.count * 1e6

    @property
    def rate(self) -> float:
        return self.count / self.wall

    @property
    def p50_us(self) -> float:
        return statistics.median(self.each) * 1e6


@dataclass
class Table:
    """All rounds, by contender, and who could not take part."""

    samples: dict[str, list[Sample]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def figure(self, name: str, of: Callable[[Sample], float]) -> float:
        """Return the median over the calmer half of the rounds."""
        return statistics.median(of(sample) for sample in calm(self.samples[name]))

    def ratio(self, name: str, base: str, of: Callable[[Sample], float]) -> tuple[float, float] | None:
        """Return the ratio of two contenders' figures and its spread over rounds, or nothing if one is missing."""
        if name not in self.samples or base not in self.samples:
            return None
        pairs = [of(a) / of(b) for a, b in zip(self.samples[name], self.samples[base], strict=True)]
        return self.figure(name, of) / self.figure(base, of), statistics.pstdev(pairs)


def calm(samples: Sequence[Sample]) -> Sequence[Sample]:
    """The half that cost least: noise of the machine only ever adds."""
    return sorted(samples, key=lambda sample: sample.cpu_us)[: (len(samples) + 1) // 2]


def is_installed(package: str | None) -> bool:
    return package is None or importlib.util.find_spec(package) is not None


def play(contenders: Sequence[Contender], address: str, *, rounds: int, count: int, at_once: int = 1) -> Table:
    """
    Let every contender do its rounds.

    Args:
        contenders: Who takes part.
        address: Given to every factory.
        rounds: How many rounds; one more, which is not counted, warms up.
        count: Operations per round.
        at_once: How many operations are under way at any time.
    """
    table = Table()
    for each in contenders:
        missing = [name for name in (each.needs, "uvloop" if each.loop == "uvloop" else None) if not is_installed(name)]
        if missing:
            table.missing[each.name] = f"{missing[0]} is not installed"
    present = [each for each in contenders if each.name not in table.missing]
    chance = random.Random(7)
    with contextlib.ExitStack() as stack:
        pipes = {each: stack.enter_context(running(_contend, each, address, at_once)) for each in present}
        for each, pipe in pipes.items():
            _ask(pipe, each, max(20, count // 5))
            table.samples[each.name] = []
        for _ in range(rounds):
            for each in chance.sample(present, len(present)):
                table.samples[each.name].append(_ask(pipes[each], each, count))
    return table


def _ask(pipe: Connection, contender: Contender, count: int) -> Sample:
    pipe.send(count)
    try:
        sample = pipe.recv()
    except EOFError:
        raise SystemExit(f"{contender.name} ended without a result: see its traceback above") from None
    assert isinstance(sample, Sample)
    return sample


def _contend(pipe: Connection, contender: Contender, address: str, at_once: int) -> None:
    pin("client")
    module, _, function = contender.factory.partition(":")
    factory: Factory = getattr(importlib.import_module(module), function)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with factory(address) as operation:
            while True:
                try:
                    count = await loop.run_in_executor(None, pipe.recv)
                except EOFError:
                    return
                pipe.send(await _round(operation, count, at_once))

    if contender.loop == "uvloop":
        import uvloop  # noqa: PLC0415  # absent on some systems

        uvloop.run(main())
    else:
        asyncio.run(main())


async def _round(operation: Operation, count: int, at_once: int) -> Sample:
    each: list[float] = []
    left = iter(range(count))

    async def work() -> None:
        for _ in left:
            started = time.perf_counter()
            await operation()
            each.append(time.perf_counter() - started)

    cpu, wall = time.process_time(), time.perf_counter()
    if at_once == 1:
        await work()
    else:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(work())
    return Sample(time.process_time() - cpu, time.perf_counter() - wall, count, each)


@contextlib.asynccontextmanager
async def nothing(_address: str) -> AsyncIterator[Operation]:
    """Do nothing: the cost of the harness itself."""

    async def operation() -> None:
        return None

    yield operation
