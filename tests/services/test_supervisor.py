"""The owner of background tasks: restarts what fails, gives up loudly, leaves nothing behind."""

import asyncio
import contextlib
import logging

import pytest

from binance_margin_async.clock import Clock
from binance_margin_async.errors import ClosedError
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import TaskFailed
from binance_margin_async.models.health import ShutdownIncomplete
from binance_margin_async.services.supervisor import CLOSE_LIMIT, Supervisor, TaskReport
from binance_margin_async.testing import virtual


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.CRITICAL, "binance_margin_async.supervisor")


class Stage:
    """A supervisor, what it told, and work that fails as often as it is told to."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.told = []
        self.starts = []
        self.supervisor = Supervisor(clock=Clock(self.loop.time), on_event=self.told.append)

    def failing(self, times, *, after=0.0):
        """Return work that fails *times* times, each time *after* seconds, and then ends."""

        async def work():
            self.starts.append(self.loop.time())
            if len(self.starts) <= times:
                await asyncio.sleep(after)
                raise ValueError(f"failure {len(self.starts)}")

        return work

    async def endless(self):
        self.starts.append(self.loop.time())
        await asyncio.Event().wait()


@virtual
async def test_work_that_ends_is_done():
    """It is not started again, and nobody needs to hear of it."""
    stage = Stage()
    stage.supervisor.start("one", stage.failing(0))
    await asyncio.sleep(60)
    assert ([0.0], []) == (stage.starts, stage.told)


@virtual
async def test_work_that_fails_is_started_again_after_a_doubling_wait():
    """Half a second after the first failure."""
    stage = Stage()
    stage.supervisor.start("one", stage.failing(4))
    await asyncio.sleep(60)
    assert [0.0, 0.5, 1.5, 3.5, 7.5] == stage.starts


@virtual
async def test_each_failure_is_an_event_with_name_and_reason():
    """Whoever watches the bus sees it."""
    stage = Stage()
    stage.supervisor.start("stream: trade", stage.failing(2))
    await asyncio.sleep(60)

    assert [
        TaskFailed(task="stream: trade", error="ValueError: failure 1", final=False),
        TaskFailed(task="stream: trade", error="ValueError: failure 2", final=False),
    ] == stage.told
    assert [(Origin.LOCAL, 0.0), (Origin.LOCAL, 0.5)] == [(event.origin, event.received_at) for event in stage.told]


@virtual
async def test_the_fifth_failure_within_a_minute_is_the_last():
    """Such a fault is not mended by waiting, so it is said and left."""
    stage = Stage()
    stage.supervisor.start("one", stage.failing(100))
    await asyncio.sleep(600)

    assert [False, False, False, False, True] == [event.final for event in stage.told]
    assert 5 == len(stage.starts)


@virtual
async def test_failures_far_apart_never_add_up():
    """A task that fails once in a while for years goes on, and each time after half a second."""
    stage = Stage()
    stage.supervisor.start("one", stage.failing(20, after=3600.0))
    await asyncio.sleep(21 * 3600.0 + 60)

    assert 21 == len(stage.starts)
    assert not any(event.final for event in stage.told)
    assert [3600.5] * 20 == [later - earlier for earlier, later in zip(stage.starts, stage.starts[1:], strict=False)]


@virtual
async def test_starting_twice_is_starting_once():
    """And a name is free again when its work has ended."""
    stage = Stage()
    for _ in range(2):
        stage.supervisor.start("one", stage.endless)
    stage.supervisor.start("two", stage.endless)
    await asyncio.sleep(1)
    assert [0.0, 0.0] == stage.starts

    await stage.supervisor.stop("one")
    stage.supervisor.start("one", stage.endless)
    await asyncio.sleep(1)
    assert [0.0, 0.0, 1.0] == stage.starts
    await stage.supervisor.close()


@virtual
async def test_given_up_work_can_be_started_anew():
    """By whoever believes to have mended the cause."""
    stage = Stage()
    stage.supervisor.start("one", stage.failing(5))
    await asyncio.sleep(60)
    stage.supervisor.start("one", stage.failing(5))
    await asyncio.sleep(60)
    assert 6 == len(stage.starts)


@virtual
async def test_stopping_waits_until_the_work_has_cleaned_up():
    """Its sockets are closed when the caller goes on."""
    stage = Stage()
    cleaned = []

    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(2.0)
            cleaned.append(stage.loop.time())

    stage.supervisor.start("one", work)
    await asyncio.sleep(1.0)
    await stage.supervisor.stop("one")
    assert [3.0] == cleaned
    await stage.supervisor.stop("one")
    await stage.supervisor.stop("nobody")
    assert 3.0 == stage.loop.time()


@virtual
async def test_closing_ends_everything_also_what_waits_to_be_restarted():
    """Nothing starts again afterwards."""
    stage = Stage()
    stage.supervisor.start("endless", stage.endless)
    stage.supervisor.start("waiting", stage.failing(100))
    await asyncio.sleep(0.25)
    await stage.supervisor.close()
    await asyncio.sleep(60)

    assert [0.0, 0.0] == stage.starts
    assert {asyncio.current_task()} == asyncio.all_tasks()


@pytest.mark.parametrize("way", ["stop", "close"])
@virtual
async def test_work_that_answers_its_end_with_an_error_ends_all_the_same(way):
    """A socket that breaks while it is being closed; started again, it would never end."""
    stage = Stage()

    async def bad_loser():
        stage.starts.append(stage.loop.time())
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise ValueError("while ending") from None

    stage.supervisor.start("bad", bad_loser)
    await asyncio.sleep(1.0)
    await (stage.supervisor.stop("bad") if way == "stop" else stage.supervisor.close())

    assert ([0.0], 1.0) == (stage.starts, stage.loop.time())
    assert [] == stage.told


@virtual
async def test_tasks_carry_their_name():
    """For whoever looks at a hanging program."""
    stage = Stage()
    stage.supervisor.start("clock", stage.endless)
    await asyncio.sleep(0)
    names = {task.get_name() for task in asyncio.all_tasks()}
    await stage.supervisor.close()
    assert "binance_margin_async: clock" in names


@virtual
async def test_nothing_starts_once_it_is_being_closed():
    """Somebody reacts to a stream's end by asking for it again; nobody would ever end that task."""
    stage = Stage()

    async def restarted():
        try:
            await asyncio.Event().wait()
        finally:
            with pytest.raises(ClosedError, match="late cannot start"):
                stage.supervisor.start("late", stage.endless)

    stage.supervisor.start("first", restarted)
    await asyncio.sleep(1.0)
    await stage.supervisor.close()
    with pytest.raises(ClosedError):
        stage.supervisor.start("later", stage.endless)

    assert ([], {asyncio.current_task()}) == (stage.starts, asyncio.all_tasks())


@virtual
async def test_closing_is_bounded_and_tells_what_it_left():
    """Promise P2: somebody who does not want to end must not keep the program from ending."""
    stage = Stage()
    ending = asyncio.Event()

    async def stubborn():
        while not ending.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(1000)

    stage.supervisor.start("stubborn", stubborn)
    stage.supervisor.start("meek", stage.endless)
    await asyncio.sleep(1)
    begun = stage.loop.time()
    assert ("stubborn",) == await stage.supervisor.close()
    assert CLOSE_LIMIT == stage.loop.time() - begun
    assert [ShutdownIncomplete(tasks=("stubborn",))] == stage.told
    ending.set()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()


@virtual
async def test_closing_takes_no_longer_than_the_work_does():
    """The limit is one, not a wait."""
    stage = Stage()
    stage.supervisor.start("meek", stage.endless)
    await asyncio.sleep(1)
    begun = stage.loop.time()
    assert () == await stage.supervisor.close()
    assert ([], begun) == (stage.told, stage.loop.time())


@virtual
async def test_the_youngest_work_is_ended_first():
    """Later work may stand on earlier work."""
    stage = Stage()
    ended = []

    def noting(name):
        async def work():
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(name)

        return work

    for name in ("first", "second", "third"):
        stage.supervisor.start(name, noting(name))
    await asyncio.sleep(1)
    await stage.supervisor.close()
    assert ["third", "second", "first"] == ended


@virtual
async def test_what_has_ended_is_forgotten():
    """Each lost reply has a task of its own: a client that runs for months must not keep them all."""
    stage = Stage()
    for number in range(100):
        stage.supervisor.start(f"outcome {number}", stage.failing(0))
    stage.supervisor.start("well", asyncio.Event().wait)
    await asyncio.sleep(1)
    assert ["well"] == [report.name for report in stage.supervisor.reports()]
    assert ["well"] == list(stage.supervisor._tasks)

    stage.starts.clear()
    stage.supervisor.start("fails once", stage.failing(1))
    await asyncio.sleep(10)
    assert ["well", "fails once"] == [report.name for report in stage.supervisor.reports()]
    await asyncio.sleep(60)
    stage.supervisor.start("another", stage.failing(0))
    await asyncio.sleep(1)
    assert ["well"] == [report.name for report in stage.supervisor.reports()]
    await stage.supervisor.close()


@virtual
async def test_a_report_tells_each_works_failures_of_the_last_minute():
    """Promise P9: what health is made of."""
    stage = Stage()
    stage.supervisor.start("fails twice", stage.failing(2))
    stage.supervisor.start("well", asyncio.Event().wait)
    await asyncio.sleep(10)
    twice = TaskReport("fails twice", 2, "ValueError: failure 2", given_up=False)
    assert (twice, TaskReport("well", 0, "", given_up=False)) == stage.supervisor.reports()
    await asyncio.sleep(60)
    assert 0 == stage.supervisor.reports()[0].failures
    await stage.supervisor.stop("well")
    assert ["fails twice"] == [report.name for report in stage.supervisor.reports()]
