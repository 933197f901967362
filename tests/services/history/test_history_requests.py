"""One history on a scripted network: what is asked, what is waited for, and what ends it."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from binance_margin_async import BannedError, DecodeError, Isolated, OutOfReachError, RateLimitedError
from binance_margin_async.rules.history import KINDS, HistoryMark
from binance_margin_async.rules.history.kind import Numbered, Whole
from binance_margin_async.rules.limits import Lane
from binance_margin_async.services.history import Histories, History
from binance_margin_async.testing import virtual
from binance_margin_async.wire.endpoints import ALL

HOUR, DAY = 3_600_000, 86_400_000
NOW = 1_795_312_000_000  # the bench's exchange time at the start
PAIR = Isolated("BTCUSDT")
STAMPS = {"timestamp", "recvWindow", "signature"}
PERIOD = {"since": NOW - HOUR, "until": NOW}

# Each history, its arguments, and what it must send beside window and page.
CALLS = {
    "trades": (("BTCUSDT",), {}, {"symbol": "BTCUSDT", "isIsolated": "FALSE"}),
    "orders": (("BTCUSDT",), {"account": PAIR}, {"symbol": "BTCUSDT", "isIsolated": "TRUE"}),
    "order_lists": ((), {"account": PAIR}, {"symbol": "BTCUSDT", "isIsolated": "TRUE"}),
    "loans": ((), {"account": PAIR, "asset": "USDT"}, {"type": "BORROW", "isolatedSymbol": "BTCUSDT", "asset": "USDT"}),
    "repayments": ((), {}, {"type": "REPAY"}),
    "transfers": ((), {"direction": "ROLL_IN", "asset": "BTC"}, {"type": "ROLL_IN", "asset": "BTC"}),
    "interest": ((), {"account": PAIR}, {"isolatedSymbol": "BTCUSDT"}),
    "liquidations": ((), {"account": PAIR}, {"isolatedSymbol": "BTCUSDT"}),
    "capital_flow": ((), {"account": PAIR, "kind": "BORROW"}, {"symbol": "BTCUSDT", "type": "BORROW"}),
    "interest_rates": (("BTC",), {"vip_level": 2}, {"asset": "BTC", "vipLevel": "2"}),
    "small_liabilities": ((), {}, {}),
    "liquidation_loan_repayments": ((), {}, {}),
    "universal_transfers": (
        ("ISOLATEDMARGIN_MARGIN",),
        {"from_symbol": "BTCUSDT"},
        {"type": "ISOLATEDMARGIN_MARGIN", "fromSymbol": "BTCUSDT"},
    ),
}


def histories(ready):
    return Histories(ready.executor, ready.clock)


def asked(sent):
    """What a request asked for, beside its stamps."""
    query = parse_qs(urlsplit(sent.request.target).query)
    return {name: value for name, (value,) in query.items() if name not in STAMPS}


def trade(number, time):
    return {
        "symbol": "BTCUSDT",
        "id": number,
        "orderId": number,
        "isIsolated": False,
        "price": "1.10",
        "qty": "0.00000001",
        "commission": "0",
        "commissionAsset": "BTC",
        "isBuyer": True,
        "isMaker": False,
        "isBestMatch": True,
        "time": time,
    }


async def ids(history):
    return [record.trade_id async for record in history]


# -- what is asked -------------------------------------------------------------------------------------------------


def test_there_is_one_method_for_each_kind():
    """A kind without one could not be read."""
    assert set(CALLS) == {name.replace("-", "_") for name in KINDS}


def test_every_history_waits_behind_all_other_calls():
    """A long reading must not delay an order."""
    routes = {kind.route for kind in KINDS.values()}
    assert {Lane.HISTORY} == {row.lane for row in ALL if row.route in routes}


@pytest.mark.parametrize("name", CALLS)
@virtual
async def test_a_history_asks_its_call_for_the_period(bench, name):
    """For the account, pair and asset that were named, and nothing else."""
    ready = bench()
    kind = KINDS[name.replace("_", "-")]
    arguments, keywords, expected = CALLS[name]
    match kind.paging:
        case Numbered():
            page = {"current": "1", "size": str(kind.page_size)}
        case Whole():
            page = {}
        case _:
            page = {"limit": str(kind.page_size)}
    ready.network.reply({"rows": [], "total": 0} if "current" in page else [])

    assert [] == [each async for each in getattr(histories(ready), name)(*arguments, **keywords, **PERIOD)]
    (sent,) = ready.network.sent
    assert {"startTime": str(NOW - HOUR), "endTime": str(NOW), **expected, **page} == asked(sent)
    assert kind.route == f"{sent.request.method} {urlsplit(sent.request.target).path}"


@virtual
async def test_progress_is_told_after_every_page_in_ms_of_the_period(bench):
    """A bar needs both, and a period is the same whatever it holds."""
    ready = bench()
    for _ in range(4):
        ready.network.reply([])
    seen = []
    history = histories(ready).trades(
        "BTCUSDT", since=NOW - 3 * DAY, until=NOW, on_progress=lambda done, total: seen.append((done, total))
    )
    assert [] == await ids(history)
    assert [(DAY - 1, 3 * DAY), (2 * DAY - 2, 3 * DAY), (3 * DAY - 3, 3 * DAY), (3 * DAY, 3 * DAY)] == seen[:4]
    assert (3 * DAY, 3 * DAY) == history.progress == seen[-1]


@pytest.mark.parametrize(
    "since", [datetime.fromtimestamp((NOW - HOUR) / 1000, UTC), NOW - HOUR], ids=["datetime", "milliseconds"]
)
@virtual
async def test_a_datetime_and_its_milliseconds_ask_the_same(bench, since):
    """Both are common, and neither may be rounded."""
    ready = bench()
    ready.network.reply([])
    assert [] == await ids(histories(ready).trades("BTCUSDT", since=since))
    assert str(NOW - HOUR) == asked(ready.network.sent[0])["startTime"]


@pytest.mark.parametrize(
    ("arguments", "problem", "text"),
    [
        ({"since": 1.5e12}, TypeError, "since must be a datetime with a time zone, .* not float"),
        ({"since": NOW, "until": datetime(2026, 1, 1)}, ValueError, "until has no time zone"),  # noqa: DTZ001  # the point
        ({"since": NOW // 1000}, ValueError, "are they seconds"),
        ({"since": NOW, "until": NOW - 1}, ValueError, "ends before it begins"),
        ({"since": NOW, "after": HistoryMark("orders", NOW)}, ValueError, "the mark is of another history"),
        ({"since": NOW, "account": Isolated("ETHUSDT")}, ValueError, "not traded in the isolated account of ETHUSDT"),
    ],
)
async def test_what_makes_no_sense_is_refused_at_once(bench, arguments, problem, text):
    """Not only when the first record is asked for."""
    with pytest.raises(problem, match=text):
        histories(bench()).trades("BTCUSDT", **arguments)


# -- what lies too far back ----------------------------------------------------------------------------------------


@virtual
async def test_what_the_exchange_no_longer_tells_is_an_error(bench):
    """An answer that is shorter than the question would be believed."""
    history = histories(bench()).interest(since=NOW - 100 * DAY, until=NOW)
    with pytest.raises(OutOfReachError, match="no more than the last 90 days of it; begin at 2026-08-24T0") as caught:
        await anext(history)
    assert (NOW - 100 * DAY, NOW - 90 * DAY + 300_000) == (caught.value.since_ms, caught.value.until_ms)


@virtual
async def test_who_wants_to_be_told_of_a_gap_is_told_and_reading_goes_on(bench):
    """With what there is."""
    ready, gaps = bench(), []
    for _ in range(4):
        ready.network.reply({"rows": [], "total": 0})
    history = histories(ready).interest(since=NOW - 100 * DAY, until=NOW, on_gap=gaps.append)
    assert [] == [each async for each in history]
    (gap,) = gaps
    assert ("interest", NOW - 100 * DAY, NOW - 90 * DAY + 300_000) == (gap.kind, gap.since_ms, gap.until_ms)
    assert str(gap.until_ms) == asked(ready.network.sent[0])["startTime"]


# -- limits and failures -------------------------------------------------------------------------------------------


@virtual
async def test_a_limit_is_waited_for(bench):
    """Reading is slower then, and otherwise the same."""
    ready = bench()
    ready.network.reply({"code": -1003, "msg": "too many"}, status=429, headers={"Retry-After": "20"})
    ready.network.reply([trade(1, NOW - 5)])
    assert [1] == await ids(histories(ready).trades("BTCUSDT", **PERIOD))
    first, second = ready.network.sent
    assert second.at - first.at >= 20.0


@virtual
async def test_an_exchange_that_only_refuses_is_left_alone(bench):
    """Every refusal brings a ban nearer."""
    ready = bench()
    for _ in range(5):
        ready.network.reply({"code": -1003, "msg": "too many"}, status=429, headers={"Retry-After": "1"})
    with pytest.raises(RateLimitedError):
        await ids(histories(ready).trades("BTCUSDT", **PERIOD))
    assert 5 == len(ready.network.sent)


@virtual
async def test_a_ban_ends_it_at_once(bench):
    """It may last for days, and the mark tells where to go on."""
    ready = bench()
    ready.network.reply({"code": -1003, "msg": "banned"}, status=418, headers={"Retry-After": "7200"})
    with pytest.raises(BannedError):
        await ids(histories(ready).trades("BTCUSDT", **PERIOD))
    assert 1 == len(ready.network.sent)


@virtual
async def test_a_history_that_failed_goes_on_where_it_was(bench):
    """The same object again, or a new one behind its mark."""
    ready = bench()
    history = histories(ready).trades("BTCUSDT", since=NOW - 2 * DAY, until=NOW)
    ready.network.reply([trade(1, NOW - 2 * DAY + 5)])
    ready.network.reply([{"no": "trade"}])
    assert 1 == (await anext(history)).trade_id
    with pytest.raises(DecodeError):
        await anext(history)
    mark = history.mark
    for _ in range(2):
        ready.network.reply([trade(2, NOW - DAY + 5)])
        ready.network.reply([])
    assert [2] == await ids(history)
    assert [2] == await ids(histories(ready).trades("BTCUSDT", since=NOW - 2 * DAY, until=NOW, after=mark))


# -- leaving -------------------------------------------------------------------------------------------------------


@virtual
async def test_a_loop_that_is_left_asks_nothing_more(bench):
    """There is nothing to close, and nothing runs on."""
    ready = bench()
    begin = NOW - 9 * DAY
    ready.network.reply([trade(1, begin + 9), trade(2, begin + 10)])
    history = histories(ready).trades("BTCUSDT", since=begin, until=NOW)
    async for record in history:
        assert 1 == record.trade_id
        break
    await asyncio.sleep(3600)
    assert 1 == len(ready.network.sent)
    assert HistoryMark("trades", begin + 9, ("BTCUSDT|1",), history.mark.of) == history.mark


@virtual
async def test_a_cancelled_history_leaves_nothing_behind_and_can_go_on(bench):
    """Whatever it waited for."""
    ready = bench()
    history = histories(ready).trades("BTCUSDT", **PERIOD)
    ready.network.take(5.0)
    ready.network.reply([trade(1, NOW - 9)])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.0):
            await anext(history)
    assert 0 == ready.bucket("GET /sapi/v1/margin/myTrades").waiting
    assert [1] == await ids(history)


@virtual
async def test_two_tasks_cannot_read_one_history(bench):
    """Each would get every other record, and neither would notice."""
    ready = bench()
    ready.network.take(1.0)
    ready.network.reply([trade(1, NOW - 9)])
    history = histories(ready).trades("BTCUSDT", **PERIOD)
    outcomes = await asyncio.gather(anext(history), anext(history), return_exceptions=True)
    assert Counter([RuntimeError, "trade"]) == Counter(
        type(each) if isinstance(each, RuntimeError) else "trade" for each in outcomes
    )


async def test_a_history_says_what_it_is_and_how_far(bench):
    """In a debugger."""
    history = histories(bench()).trades("BTCUSDT", **PERIOD)
    assert isinstance(history, History)
    assert "<History trades CROSS symbol=BTCUSDT isIsolated=FALSE, told up to 2026-11-22T00:46:40Z>" == repr(history)
