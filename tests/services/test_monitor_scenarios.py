"""Margin calls while streams, keys or the whole network are in trouble: none is lost, and none rings twice."""

import asyncio

import pytest

from binance_margin_async import CROSS, MarginState
from binance_margin_async.models.events import StreamName
from binance_margin_async.models.margin import AlertKind
from binance_margin_async.testing import virtual

TOKEN = "POST /sapi/v1/userListenToken"
CREATE = "POST /sapi/v2/margin/listen-key"
EXTEND = "PUT /sapi/v2/margin/listen-key"
READ_CROSS = "GET /sapi/v1/margin/account"

TRADE, RISK, MARKET = ((name, CROSS) for name in (StreamName.TRADE, StreamName.RISK, StreamName.MARKET))

# Seconds: trouble begins, the price crosses the call bar, trouble ends.
TROUBLE, CROSSING, PEACE = 100.0, 130.0, 700.0
FALL = [(0, "60000"), (CROSSING, "46000")]

# The promises, in seconds.
NOTICED = 21.0
RECOVERED = 10.0
CALM_POLL = 30.0
ALERTED_WITHOUT_STREAM = CALM_POLL + 1.0
ALERTED_BY_PUSH = 1.0


def cut_sockets(watch):
    watch.unplug(watch.socket_port)


def mend_sockets(watch):
    watch.plug(watch.socket_port)


def expire_and_give_nothing(watch):
    watch.fail(TOKEN, CREATE)
    watch.expire()


def give_again(watch):
    watch.heal(TOKEN, CREATE)


@pytest.mark.parametrize(
    ("begin", "end"), [(cut_sockets, mend_sockets), (expire_and_give_nothing, give_again)], ids=["cut", "expired"]
)
@virtual
async def test_without_streams_the_call_comes_from_readings_and_estimates_once(vigil, begin, end):
    """The streams are accelerators: nothing may depend on a push alone."""
    async with vigil(FALL) as watch:
        await watch.until(TROUBLE)
        begin(watch)
        await watch.until(PEACE)
        end(watch)
        await watch.until(PEACE + 300)

        gone = {TRADE, RISK, MARKET} if begin is cut_sockets else {TRADE, RISK}
        assert gone == set(watch.stale())
        assert max(watch.stale().values()) - TROUBLE <= NOTICED
        assert gone == set(watch.live_since(PEACE))
        assert max(watch.live_since(PEACE).values()) - PEACE <= RECOVERED

        (called,) = watch.rings(MarginState.MARGIN_CALL)
        assert 0 < called - CROSSING <= ALERTED_WITHOUT_STREAM
        assert [] == watch.rings(MarginState.UNKNOWN)


@pytest.mark.parametrize("hole", [True, False], ids=["half-open", "reset"])
@virtual
async def test_a_crossing_while_dead_links_are_not_noticed_yet_is_not_missed(vigil, hole):
    """A push into a black hole is lost for good; the reading and the estimate are not."""
    async with vigil(FALL) as watch:
        await watch.until(CROSSING - 1)
        for link in asyncio.get_running_loop().network.connections(watch.socket_port):
            link.black_hole() if hole else link.reset()
        await watch.until(CROSSING + 300)
        (called,) = watch.rings(MarginState.MARGIN_CALL)
        assert 0 < called - CROSSING <= ALERTED_WITHOUT_STREAM
        assert [] == watch.rings(MarginState.UNKNOWN)


@virtual
async def test_a_crossing_while_the_key_cannot_be_extended_rings_once(vigil):
    """Keep-alives fail from minute 30 on; a key is asked for instead, and the stream never stops."""
    async with vigil([(0, "60000"), (2000, "46000")]) as watch:
        watch.fail(EXTEND)
        await watch.until(3600)
        assert [] == list(watch.stale())
        assert 1 == len(watch.rings(MarginState.MARGIN_CALL))
        assert watch.rings(MarginState.MARGIN_CALL)[0] - 2000 <= ALERTED_BY_PUSH
        assert [] == watch.rings(MarginState.UNKNOWN)


@virtual
async def test_a_push_rings_at_once_while_the_account_cannot_be_read(vigil):
    """It is believed when it is worse, but it does not count as a look at the account."""
    async with vigil(FALL) as watch:
        await watch.until(TROUBLE)
        watch.fail(READ_CROSS, "GET /sapi/v1/margin/priceIndex")
        await watch.until(PEACE)
        watch.heal(READ_CROSS, "GET /sapi/v1/margin/priceIndex")
        await watch.until(PEACE + 300)

        (called,) = watch.rings(MarginState.MARGIN_CALL)
        assert 0 < called - CROSSING <= ALERTED_BY_PUSH
        (blind,) = watch.rings(MarginState.UNKNOWN)
        assert called < blind <= called + 15.0 + 0.001
        assert watch.unknown_is_justified()
        states = [alert.state for alert in watch.alerts()]
        back = watch.alerts()[states.index(MarginState.UNKNOWN) + 1]
        assert (AlertKind.CLEARED, MarginState.MARGIN_CALL) == (back.kind, back.state)


@virtual
async def test_better_news_by_push_neither_clears_a_call_nor_puts_off_the_moment_of_being_blind(vigil):
    """Only the exchange's full answer shows that the account is well again, and there is none."""
    async with vigil([(0, "60000"), (CROSSING, "46000"), (CROSSING + 5, "60000")]) as watch:
        await watch.until(TROUBLE)
        watch.fail(READ_CROSS, "GET /sapi/v1/margin/priceIndex")
        await watch.until(CROSSING + 100)
        (called,) = watch.rings(MarginState.MARGIN_CALL)
        (blind,) = watch.rings(MarginState.UNKNOWN)
        assert pytest.approx(15.0) == blind - called
        assert [MarginState.MARGIN_CALL, MarginState.UNKNOWN] == [alert.state for alert in watch.alerts()[-2:]]


@virtual
async def test_with_everything_down_blindness_is_told_in_time_and_the_call_after_it(vigil):
    """Silence is never good news: ninety seconds after the last look, and the call with the first new one."""
    async with vigil(FALL) as watch:
        await watch.until(TROUBLE)
        watch.unplug(watch.rest_port, watch.socket_port)
        await watch.until(PEACE)
        assert [] == watch.rings(MarginState.MARGIN_CALL)
        (blind,) = watch.rings(MarginState.UNKNOWN)
        assert pytest.approx(3 * CALM_POLL) == blind - watch.confirmed()[-1]

        watch.plug(watch.rest_port, watch.socket_port)
        await watch.until(PEACE + 300)
        (called,) = watch.rings(MarginState.MARGIN_CALL)
        assert 0 < called - PEACE <= RECOVERED
        assert 1 == len(watch.rings(MarginState.UNKNOWN))
        assert max(watch.live_since(PEACE).values()) - PEACE <= RECOVERED


@pytest.mark.parametrize(
    ("price", "patience"),
    [("90000", 90.0), ("60000", 90.0), ("50000", 30.0), ("46000", 15.0), ("42000", 15.0)],
    ids=["ok", "notice", "warn", "margin_call", "critical"],
)
@virtual
async def test_blindness_is_told_after_three_poll_periods_and_fifteen_seconds_at_least(vigil, price, patience):
    """The closer to the bars, the sooner."""
    async with vigil([(0, price)]) as watch:
        await watch.until(TROUBLE)
        assert [] == watch.rings(MarginState.UNKNOWN)
        watch.unplug(watch.rest_port)
        await watch.until(TROUBLE + 200)
        (blind,) = watch.rings(MarginState.UNKNOWN)
        assert pytest.approx(patience) == blind - watch.confirmed()[-1]

        watch.plug(watch.rest_port)
        back = TROUBLE + 200
        await watch.until(back + RECOVERED)
        assert AlertKind.CLEARED is watch.alerts()[-1].kind
        assert MarginState.UNKNOWN is watch.alerts()[-1].from_state


@pytest.mark.parametrize("gap", [5.0, 14.0])
@pytest.mark.parametrize("price", ["60000", "50000", "46000", "42000"])
@virtual
async def test_a_short_gap_in_the_readings_is_not_blindness(vigil, price, gap):
    """Otherwise every hiccup would ring."""
    async with vigil([(0, price)]) as watch:
        for begin in range(100, 1000, 60):
            await watch.until(begin)
            watch.fail(READ_CROSS)
            await watch.until(begin + gap - 2.5)
            watch.heal(READ_CROSS)
        assert [] == watch.rings(MarginState.UNKNOWN)


@virtual
async def test_a_short_dip_is_caught_without_streams(vigil):
    """Ten seconds below the bar are enough for an estimate; the climb back clears the alert."""
    async with vigil([(0, "60000"), (CROSSING, "46000"), (CROSSING + 10, "60000")]) as watch:
        await watch.until(TROUBLE)
        watch.unplug(watch.socket_port)
        await watch.until(CROSSING + 200)
        assert 1 == len(watch.rings(MarginState.MARGIN_CALL))
        assert AlertKind.CLEARED is watch.alerts()[-1].kind
        assert [] == watch.rings(MarginState.UNKNOWN)
