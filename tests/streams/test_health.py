"""The health of a stream, account by account: told when it changes, and waited for."""

import asyncio

import pytest

from binance_margin_async.clock import Clock
from binance_margin_async.errors import EndpointRetiredError, Outcome, StreamError
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import StreamAtRisk, StreamHealth, StreamName, StreamRefused, StreamStatus
from binance_margin_async.streams.health import HealthBoard
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
LIVE, STALE, CLOSED = StreamHealth.LIVE, StreamHealth.STALE, StreamHealth.CLOSED


class Stage:
    def __init__(self, *accounts):
        self.now = 12.5
        self.told = []
        clock = Clock(lambda: self.now)
        clock.adjust(1_795_312_000.0, 0.0)
        self.board = HealthBoard(StreamName.TRADE, accounts or (CROSS, BTC), clock=clock, on_event=self.told.append)


def test_everything_is_closed_before_it_starts():
    """And nobody is told what they can expect."""
    stage = Stage()
    assert [CLOSED, CLOSED] == [stage.board.of(each) for each in (CROSS, BTC)]
    assert CLOSED is stage.board.of(Isolated("ETHUSDT"))
    assert ([], "not started") == (stage.told, stage.board.last_reason)


def test_a_change_is_an_event_with_stream_account_reason_and_both_times():
    """The exchange's time for people, the loop's for programs."""
    stage = Stage()
    stage.board.tell(BTC, LIVE, "subscribed")

    assert [
        StreamStatus(stream=StreamName.TRADE, health=LIVE, reason="subscribed", time_ms=1_795_312_012_500)
    ] == stage.told
    event = stage.told[0]
    assert (BTC, Origin.LOCAL, 12.5) == (event.account, event.origin, event.received_at)
    assert (LIVE, CLOSED) == (stage.board.of(BTC), stage.board.of(CROSS))


def test_an_unchanged_health_is_not_told_again_but_its_reason_is_kept():
    """A stream that cannot be opened is stale once, whatever it fails with next."""
    stage = Stage()
    stage.board.tell(CROSS, STALE, "refused")
    stage.board.tell(CROSS, STALE, "timed out")

    assert ["refused"] == [event.reason for event in stage.told]
    assert "timed out" == stage.board.last_reason


def test_the_reason_of_being_well_is_not_the_last_trouble():
    """Who waits in vain is told what was wrong."""
    stage = Stage()
    stage.board.tell(CROSS, STALE, "refused")
    stage.board.tell(BTC, LIVE, "subscribed")
    assert "refused" == stage.board.last_reason


def test_an_account_can_be_followed_later_and_no_more():
    """Who leaves is told closed, once, and nothing that comes late about it is told."""
    stage = Stage(CROSS)
    stage.board.add(BTC)
    stage.board.add(CROSS)
    stage.board.tell(BTC, LIVE, "subscribed")
    stage.board.remove(BTC, "removed")
    stage.board.remove(BTC, "removed")
    stage.board.tell(BTC, LIVE, "late news")
    stage.board.tell_refused(BTC, StreamError("late news"), 60.0)
    assert [LIVE, CLOSED] == [event.health for event in stage.told]
    assert [CROSS] == list(stage.board.entries)


def test_a_refusal_rings_once_until_the_stream_is_live_again():
    """Promise W3: it goes on for hours, and is said once, with the time of the next attempt."""
    stage = Stage(CROSS)
    for _ in range(3):
        stage.board.tell_refused(CROSS, StreamError("-2015"), 60.0)
    (told,) = stage.told
    assert (StreamRefused, "-2015", 60.0) == (type(told), told.reason, told.again_in)
    stage.board.tell(CROSS, LIVE, "subscribed")
    stage.board.tell_refused(CROSS, StreamError("-2015"), 60.0)
    assert [StreamRefused, StreamStatus, StreamRefused] == [type(event) for event in stage.told]


def test_a_life_that_runs_out_is_an_event_with_the_seconds_left():
    """Promise W5."""
    stage = Stage()
    stage.board.tell_at_risk(BTC, 900.0)
    (told,) = stage.told
    assert (StreamAtRisk, BTC, 900.0, 1_795_312_012_500) == (type(told), told.account, told.seconds_left, told.time_ms)


@virtual
async def test_waiting_for_what_the_venue_retired_ends_with_its_error():
    """It will never be live; the error names what took its place."""
    stage = Stage(CROSS)
    waiting = asyncio.create_task(stage.board.wait_live(CROSS))
    await asyncio.sleep(1)
    retired = EndpointRetiredError("gone", outcome=Outcome.REFUSED)
    stage.board.tell_refused(CROSS, retired, 60.0)
    with pytest.raises(EndpointRetiredError, match="gone"):
        await waiting


@virtual
async def test_waiting_for_an_account_that_is_removed_ends():
    """Nothing will ever come."""
    stage = Stage()
    stage.board.tell(CROSS, LIVE, "subscribed")
    waiting = asyncio.create_task(stage.board.wait_live())
    await asyncio.sleep(1)
    stage.board.remove(BTC, "removed")
    await waiting


@virtual
async def test_waiting_ends_when_the_last_account_is_live():
    """Nothing between subscribing and ordering may be lost on any of them."""
    stage = Stage()
    waiting = asyncio.create_task(stage.board.wait_live())
    await asyncio.sleep(1)
    stage.board.tell(CROSS, LIVE, "subscribed")
    await asyncio.sleep(1)
    assert not waiting.done()
    stage.board.tell(BTC, LIVE, "subscribed")
    await waiting
    await stage.board.wait_live()


@pytest.mark.parametrize("worse", [STALE, CLOSED])
@virtual
async def test_waiting_begins_anew_when_one_is_not_live_any_more(worse):
    """Until it is again."""
    stage = Stage(CROSS)
    stage.board.tell(CROSS, LIVE, "subscribed")
    stage.board.tell(CROSS, worse, "lost")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(60):
            await stage.board.wait_live()
    stage.board.tell(CROSS, LIVE, "again")
    await stage.board.wait_live()


@virtual
async def test_one_account_can_be_waited_for_while_another_stays_away():
    """A pair that is closed must not keep the others' subscribers waiting."""
    stage = Stage()
    one = asyncio.create_task(stage.board.wait_live(CROSS))
    every = asyncio.create_task(stage.board.wait_live())
    stage.board.tell(BTC, STALE, "not open")
    stage.board.tell(CROSS, LIVE, "subscribed")
    await asyncio.sleep(1)
    assert (True, False) == (one.done(), every.done())

    stage.board.tell(BTC, LIVE, "subscribed")
    await asyncio.sleep(1)
    assert every.done()


@virtual
async def test_an_account_that_was_live_and_is_no_more_is_waited_for_again():
    """All at once is what was asked for, not each at some time."""
    stage = Stage()
    every = asyncio.create_task(stage.board.wait_live())
    for account, health in ((CROSS, LIVE), (CROSS, STALE), (BTC, LIVE)):
        stage.board.tell(account, health, "as planned")
        await asyncio.sleep(1)
    assert not every.done()
    stage.board.tell(CROSS, LIVE, "subscribed")
    await every
