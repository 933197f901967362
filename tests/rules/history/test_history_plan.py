"""Whatever was recorded and however it is paged: every record of a period once, in order, and no refused request."""

import dataclasses

import msgspec
import pytest
from history_endpoints import DAY, LIMITS, NOW, FakeEndpoint, expected, numbers, record_of, situations
from hypothesis import given, settings
from hypothesis import strategies as st

from binance_margin_async.errors import DecodeError
from binance_margin_async.rules.history import KINDS, HistoryMark, HistoryPlan, Progress


def drive(plan, endpoint, *, pages=10_000):
    """Carry a plan out, at most *pages* requests of it; return the records told."""
    told = []
    while pages and (page := plan.next_request(endpoint.now)) is not None:
        told += plan.on_page(endpoint.answer(page))
        pages -= 1
    return told


# -- properties ----------------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(situations())
def test_every_record_of_the_period_is_told_once_and_in_order(situation):
    """For every kind, page size, order of the exchange and reading of its end time."""
    kind, endpoint, since, until = situation
    told = drive(HistoryPlan(kind, since, until), endpoint)

    assert numbers(expected(endpoint, since, until)) == sorted(numbers(told))
    assert sorted(record[kind.time] for record in told) == [record[kind.time] for record in told]


@settings(max_examples=300)
@given(situations(), st.integers(1, 30))
def test_a_plan_resumed_from_any_mark_tells_the_rest_and_nothing_twice(situation, pages):
    """The mark is stored as JSON with the records, the program ends at any moment, and a later one goes on."""
    kind, endpoint, since, until = situation
    first = HistoryPlan(kind, since, until)
    told = drive(first, endpoint, pages=pages)
    mark = msgspec.json.decode(msgspec.json.encode(first.mark), type=HistoryMark)
    resumed_at = endpoint.now
    told += drive(HistoryPlan(kind, since, until, mark), endpoint)

    assert numbers(expected(endpoint, since, until, resumed_at)) == sorted(numbers(told))
    assert sorted(record[kind.time] for record in told) == [record[kind.time] for record in told]


@settings(max_examples=100)
@given(situations())
def test_progress_never_goes_back_and_ends_at_the_whole(situation):
    """A bar that jumps back is not believed."""
    kind, endpoint, since, until = situation
    plan = HistoryPlan(kind, since, until)
    seen = [plan.progress.done_ms]
    while (page := plan.next_request(endpoint.now)) is not None:
        plan.on_page(endpoint.answer(page))
        seen.append(plan.progress.done_ms)

    assert sorted(seen) == seen
    assert Progress(plan.progress.total_ms, plan.progress.total_ms) == plan.progress
    assert min(until, max(since, NOW)) - since <= plan.progress.total_ms <= until - since


# -- windows -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_long_period_is_split_into_windows_that_the_exchange_accepts(kind):
    """They join without a gap, and there are no more of them than needed."""
    endpoint = FakeEndpoint(kind, [])
    since = NOW - min(180 * DAY, (LIMITS[kind.name][2] or 181 * DAY) - DAY)
    assert [] == drive(HistoryPlan(kind, since, NOW), endpoint)

    spans = [(asked["startTime"], asked["endTime"]) for asked in endpoint.asked]
    assert (since, NOW) == (spans[0][0], spans[-1][1])
    assert [end for _, end in spans[:-1]] == [start for start, _ in spans[1:]]
    assert len(spans) == -(-(NOW - since) // (kind.window_ms - 1))


@pytest.mark.parametrize("name", ["interest", "capital-flow", "liquidation-loan-repayments", "universal-transfers"])
def test_what_the_exchange_no_longer_tells_is_left_out_and_said(name):
    """With five minutes to spare, as the request may have to wait for weight; the caller can warn."""
    kind = KINDS[name]
    reach = LIMITS[name][2]
    plan, endpoint = HistoryPlan(kind, NOW - reach - DAY, NOW), FakeEndpoint(kind, [])
    drive(plan, endpoint)

    assert DAY + 300_000 == plan.skipped_ms
    assert NOW - reach + 300_000 == endpoint.asked[0]["startTime"]
    gap = plan.take_gap()
    assert (name, NOW - reach - DAY, NOW - reach + 300_000) == (gap.kind, gap.since_ms, gap.until_ms)
    assert f"no more than the last {reach // DAY} days" in gap.reason
    assert plan.take_gap() is None


def test_a_period_wholly_out_of_reach_asks_for_nothing():
    """And is told to be skipped in full."""
    plan = HistoryPlan(KINDS["interest"], NOW - 200 * DAY, NOW - 100 * DAY)
    assert plan.next_request(NOW) is None
    assert 100 * DAY == plan.skipped_ms
    assert Progress(100 * DAY, 100 * DAY) == plan.progress


def test_a_period_within_reach_skips_nothing():
    """Nor one of a kind without a documented limit."""
    plan = HistoryPlan(KINDS["interest"], NOW - 89 * DAY, NOW)
    drive(plan, FakeEndpoint(KINDS["interest"], []))
    assert 0 == plan.skipped_ms


def test_an_end_to_come_counts_as_the_present():
    """Otherwise the mark would pass over what has not happened yet."""
    kind = KINDS["trades"]
    plan = HistoryPlan(kind, NOW - 1000, NOW + DAY)
    drive(plan, FakeEndpoint(kind, []))
    assert HistoryMark("trades", NOW) == plan.mark


def test_an_empty_period_asks_for_nothing():
    """Since and until are the same ms."""
    assert HistoryPlan(KINDS["trades"], NOW, NOW).next_request(NOW) is None


# -- pages ---------------------------------------------------------------------------------------------------------


def plan_of(name, times, *, page_size, order="asc", since=NOW - DAY // 2, **settings):
    kind = dataclasses.replace(KINDS[name], page_size=page_size)
    records = [record_of(kind, number, time) for number, time in enumerate(times)]
    return HistoryPlan(kind, since, NOW), FakeEndpoint(kind, records, order, **settings)


def test_a_full_page_of_trades_is_turned_by_the_next_id():
    """The id comes back, so the next one is asked for; the times must not be sent along."""
    plan, endpoint = plan_of("trades", [NOW - 50, NOW - 40, NOW - 30], page_size=2)
    drive(plan, endpoint)

    assert {"startTime": NOW - DAY // 2, "endTime": NOW, "limit": 2} == endpoint.asked[0]
    assert {"fromId": 2**53 + 2, "limit": 2} == endpoint.asked[1]
    assert 2 == len(endpoint.asked)


def test_pages_by_id_are_told_at_once_but_for_the_last_second():
    """A busy day is not held back; what may go on in the next page is, and the mark stays before it."""
    times = [NOW - 9_000, NOW - 5_500, NOW - 5_000, NOW - 5_000]
    plan, endpoint = plan_of("trades", times, page_size=3)

    assert [0] == numbers(plan.on_page(endpoint.answer(plan.next_request(NOW))))
    assert HistoryMark("trades", NOW - 6_000) == plan.mark
    assert [1, 2, 3] == numbers(plan.on_page(endpoint.answer(plan.next_request(NOW))))
    assert HistoryMark("trades", NOW) == plan.mark


def test_a_full_page_in_the_first_second_does_not_move_the_mark_back():
    """What was told before it would be told again."""
    plan, endpoint = plan_of("trades", [NOW - 50, NOW - 40, NOW - 30], page_size=2, since=NOW - 60)
    assert [] == drive(plan, endpoint, pages=1)
    assert HistoryMark("trades", NOW - 60) == plan.mark


def test_a_page_by_id_that_runs_past_the_window_ends_it():
    """What belongs to a later window is told with that one."""
    kind = dataclasses.replace(KINDS["trades"], page_size=2)
    times = [NOW - 3 * DAY + 10, NOW - 3 * DAY + 20, NOW - DAY, NOW - DAY + 5, NOW - 5]
    endpoint = FakeEndpoint(kind, [record_of(kind, number, time) for number, time in enumerate(times)])

    assert [0, 1, 2, 3, 4] == numbers(drive(HistoryPlan(kind, NOW - 3 * DAY, NOW), endpoint))
    # Each window is a little shorter than a day, so a fourth begins.
    assert [False, True, False, False, True, False] == ["fromId" in asked for asked in endpoint.asked]


@pytest.mark.parametrize("pages", range(6))
def test_times_that_do_not_quite_rise_with_ids_are_put_in_order(pages):
    """Nothing of it is left out, nor after a mark in the middle."""
    times = [NOW - 9_000, NOW - 5_000, NOW - 5_020, NOW - 5_900, NOW - 4_000, NOW - 4_500, NOW - 1_000]
    plan, endpoint = plan_of("trades", times, page_size=2)
    told = drive(plan, endpoint, pages=pages)
    told += drive(HistoryPlan(plan.kind, NOW - DAY // 2, NOW, plan.mark), endpoint)
    assert [0, 3, 2, 1, 5, 4, 6] == numbers(told)


def test_a_page_from_before_the_id_that_was_asked_for_is_not_believed():
    """An exchange that overlooks the id would be asked forever."""
    plan, endpoint = plan_of("trades", [NOW - 50, NOW - 40, NOW - 30], page_size=2)
    first = endpoint.answer(plan.next_request(NOW))
    told = plan.on_page(first)
    plan.next_request(NOW)
    told += plan.on_page(first)

    assert "fromId" not in plan.next_request(NOW).parameters
    assert [0, 1, 2] == numbers(told + drive(plan, endpoint))


def test_a_page_in_no_order_is_put_in_order():
    """No page says in which order some calls answer."""
    plan, endpoint = plan_of("small-liabilities", [NOW - 50, NOW - 40, NOW - 30], page_size=9)
    page = endpoint.answer(plan.next_request(NOW))
    assert [0, 1, 2] == numbers(plan.on_page([page[1], page[0], page[2]]))


def test_ids_that_do_not_rise_with_time_are_not_turned_by():
    """Then only the times can be trusted, and the window is cut in half."""
    plan, endpoint = plan_of("trades", [NOW - 50, NOW - 40, NOW - 30, NOW - 20], page_size=2)
    for record in endpoint.records:
        record["id"] = -record["id"]

    assert [0, 1, 2, 3] == numbers(drive(plan, endpoint))
    assert not any("fromId" in asked for asked in endpoint.asked)


def test_numbered_pages_are_read_until_one_is_not_full():
    """Also when the last full page was the last one."""
    plan, endpoint = plan_of("interest", [NOW - 50, NOW - 40, NOW - 30, NOW - 20], page_size=2, order="desc")

    assert [0, 1, 2, 3] == numbers(drive(plan, endpoint))
    assert [1, 2, 3] == [asked["current"] for asked in endpoint.asked]
    assert {2} == {asked["size"] for asked in endpoint.asked}


def test_a_record_that_moved_to_the_next_page_is_told_once():
    """A newer one came in between and pushed it; its latest reading counts."""
    plan, endpoint = plan_of("loans", [NOW - 50, NOW - 40, NOW - 30], page_size=2, order="desc")
    plan.on_page(endpoint.answer(plan.next_request(NOW)))
    endpoint.records[1] = endpoint.records[1] | {"status": "CONFIRMED"}
    endpoint.records.append(record_of(plan.kind, 3, NOW - 20))
    told = drive(plan, endpoint)

    # The newest appeared on a page that had been read before: a later plan is for those who need the last second.
    assert [0, 1, 2] == numbers(told)
    assert "CONFIRMED" == told[1]["status"]


def test_numbered_pages_show_progress_before_they_are_told():
    """Thirty days may have many pages; newest first covers the window from its end."""
    plan, endpoint = plan_of("interest", [NOW - 50, NOW - 40, NOW - 30], page_size=2, order="desc", since=NOW - 100)
    assert [] == plan.on_page(endpoint.answer(plan.next_request(NOW)))
    assert Progress(40, 100) == plan.progress
    assert HistoryMark("interest", NOW - 100) == plan.mark


def test_records_of_one_ms_keep_their_order_when_the_newest_comes_first():
    """A fill before its fee, a loan before the trade it pays for."""
    times = [NOW - 50, NOW - 40, NOW - 40, NOW - 40]
    for name in ("loans", "capital-flow"):
        plan, endpoint = plan_of(name, times, page_size=6, order="desc")
        assert [0, 1, 2, 3] == numbers(drive(plan, endpoint))


def test_a_full_page_without_a_way_to_turn_it_halves_the_window():
    """And widens it again where there is less."""
    times = [NOW - DAY // 2 + number * 1000 for number in range(40)]
    plan, endpoint = plan_of("capital-flow", times, page_size=10, order="latest")

    assert list(range(40)) == numbers(drive(plan, endpoint))
    spans = [asked["endTime"] - asked["startTime"] for asked in endpoint.asked]
    assert DAY // 2 == spans[0]
    assert min(spans) < 10_000
    assert spans[-1] > 100 * min(spans)


def test_the_fixed_parameters_of_a_kind_are_sent():
    """Loans and repayments are one call."""
    loans = HistoryPlan(KINDS["loans"], NOW - 5, NOW).next_request(NOW)
    repayments = HistoryPlan(KINDS["repayments"], NOW - 5, NOW).next_request(NOW)
    common = {"startTime": NOW - 5, "endTime": NOW, "current": 1, "size": 100}

    assert ("GET /sapi/v1/margin/borrow-repay", {"type": "BORROW", **common}) == loans
    assert ("GET /sapi/v1/margin/borrow-repay", {"type": "REPAY", **common}) == repayments


def test_a_request_that_failed_is_asked_for_again():
    """The plan does not move before it has the answer."""
    plan, endpoint = plan_of("interest", [NOW - 50, NOW - 40], page_size=1, order="desc")
    plan.on_page(endpoint.answer(plan.next_request(NOW)))
    assert plan.next_request(NOW + 1) == plan.next_request(NOW + 60_000)
    assert [0, 1] == numbers(drive(plan, endpoint))


# -- what the exchange leaves open ---------------------------------------------------------------------------------


def test_an_order_filed_under_its_last_change_is_not_lost():
    """Created on one day and filled on another, it turns up in the later window only."""
    kind = KINDS["orders"]
    orders = [
        record_of(kind, 0, NOW - 5 * DAY) | {"updateTime": NOW - 10},
        record_of(kind, 1, NOW - 3 * DAY) | {"updateTime": NOW - 3 * DAY},
    ]
    told = drive(HistoryPlan(kind, NOW - 6 * DAY, NOW), FakeEndpoint(kind, orders, filed="updateTime"))
    assert [0, 1] == sorted(numbers(told))


def test_an_order_filed_on_the_joint_of_two_windows_is_told_once():
    """Both windows hold it when the exchange includes the end, and its own time does not tell them apart."""
    kind = KINDS["orders"]
    since = NOW - 2 * DAY
    order = record_of(kind, 0, since + 5) | {"updateTime": since + kind.window_ms - 1}
    assert [0] == numbers(drive(HistoryPlan(kind, since, NOW), FakeEndpoint(kind, [order], filed="updateTime")))


def test_a_time_in_seconds_is_a_time():
    """Some samples have ten digits."""
    kind = KINDS["transfers"]
    record = record_of(kind, 7, NOW // 1000)
    plan = HistoryPlan(kind, NOW - 5000, NOW)
    plan.next_request(NOW)
    assert [record] == plan.on_page([record])


def test_replies_are_read_by_the_names_of_the_wire():
    """Whatever their attributes are called here."""

    class Interest(msgspec.Struct, frozen=True, rename="camel"):
        tx_id: int
        asset: str
        type: str
        accrued_ms: int = msgspec.field(name="interestAccuredTime")

    rows = [Interest(2, "BTC", "PERIODIC", NOW - 1), Interest(1, "BTC", "PERIODIC", NOW - 2)]
    plan = HistoryPlan(KINDS["interest"], NOW - 5000, NOW)
    plan.next_request(NOW)
    assert rows[::-1] == plan.on_page(rows)


# -- what goes wrong -----------------------------------------------------------------------------------------------


def test_more_records_in_one_ms_than_a_page_holds_is_an_error():
    """Better than to leave some out."""
    plan, endpoint = plan_of("order-lists", [NOW - 40] * 3, page_size=3)
    with pytest.raises(DecodeError, match=f"3 records or more within 2 ms of {NOW - 41}"):
        drive(plan, endpoint)


def test_pages_that_do_not_turn_are_an_error():
    """Better than to ask forever."""
    plan, endpoint = plan_of("loans", [NOW - 50, NOW - 40], page_size=2)
    page = endpoint.answer(plan.next_request(NOW))
    plan.on_page(page)
    with pytest.raises(DecodeError, match="page 2 repeats an earlier one"):
        plan.on_page(page)


@pytest.mark.parametrize("record", [{}, {"time": "now"}, {"time": True}, {"time": None}])
def test_records_of_another_kind_are_refused(record):
    """The caller joined the wrong call to the plan."""
    plan = HistoryPlan(KINDS["trades"], NOW - 50, NOW)
    plan.next_request(NOW)
    with pytest.raises(DecodeError, match="no number 'time'") as caught:
        plan.on_page([record])
    assert "$[].time" == caught.value.path


def test_a_page_that_nobody_asked_for_is_refused():
    """Before the first request, and after the last."""
    plan = HistoryPlan(KINDS["trades"], NOW - 50, NOW)
    with pytest.raises(RuntimeError, match="no page was asked for"):
        plan.on_page([])


def test_a_mark_of_another_history_is_refused():
    """Its time would say nothing here."""
    with pytest.raises(ValueError, match="trades: the mark is of another history: orders"):
        HistoryPlan(KINDS["trades"], 0, NOW, HistoryMark("orders", NOW))


def test_a_mark_of_another_pair_or_account_is_refused():
    """Two marks of one kind look alike, and a confused one would leave records out."""
    mark = HistoryPlan(KINDS["trades"], 0, NOW, of="CROSS ETHUSDT").mark
    with pytest.raises(ValueError, match="trades CROSS BTCUSDT: the mark is of another history: trades CROSS ETHUSDT"):
        HistoryPlan(KINDS["trades"], 0, NOW, mark, of="CROSS BTCUSDT")


def test_a_period_that_ends_before_it_begins_is_refused():
    """The two were exchanged."""
    with pytest.raises(ValueError, match="ends before it begins"):
        HistoryPlan(KINDS["trades"], NOW, NOW - 1)


def test_a_mark_beyond_the_period_leaves_nothing_to_do():
    """The period was told by an earlier run."""
    plan = HistoryPlan(KINDS["trades"], NOW - 50, NOW - 40, HistoryMark("trades", NOW))
    assert plan.next_request(NOW) is None
    assert Progress(10, 10) == plan.progress


def test_a_mark_before_the_period_does_not_lengthen_it():
    """The user asked for less this time."""
    plan = HistoryPlan(KINDS["trades"], NOW - 50, NOW, HistoryMark("trades", NOW - 90))
    assert NOW - 50 == plan.next_request(NOW).parameters["startTime"]


def test_a_plan_says_where_it_stands():
    """In a debugger."""
    assert "<HistoryPlan trades 0 of 50 ms>" == repr(HistoryPlan(KINDS["trades"], NOW - 50, NOW))
