"""Records handed out one by one: reading may end after any of them, and resumes with the next."""

import dataclasses

import msgspec
import pytest
from history_endpoints import DAY, NOW, FakeEndpoint, expected, numbers, record_of, situations
from hypothesis import given, settings
from hypothesis import strategies as st

from binance_margin_async.rules.history import KINDS, HistoryMark, HistoryPlan, HistoryQueue


def read(queue, endpoint, *, at_most=None):
    """Take at most so many records, and return them."""
    taken = []
    while at_most is None or len(taken) < at_most:
        if not queue.is_empty:
            taken.append(queue.take())
        elif (page := queue.plan.next_request(endpoint.now)) is not None:
            queue.on_page(endpoint.answer(page))
        else:
            break
    return taken


def stored(mark):
    """The mark as it comes back from a file."""
    return msgspec.json.decode(msgspec.json.encode(mark), type=HistoryMark)


@settings(max_examples=300)
@given(situations(), st.lists(st.integers(0, 12), max_size=6))
def test_reading_that_ends_after_any_record_tells_each_record_once(situation, ends):
    """Also when it ends several times, in the middle of what was released at once or of one millisecond."""
    kind, endpoint, since, until = situation
    mark, told, begun_at = None, [], endpoint.now
    for at_most in [*ends, None]:
        queue = HistoryQueue(HistoryPlan(kind, since, until, mark))
        begun_at = endpoint.now
        told += read(queue, endpoint, at_most=at_most)
        mark = stored(queue.mark)

    assert numbers(expected(endpoint, since, until, begun_at)) == sorted(numbers(told))
    assert sorted(record[kind.time] for record in told) == [record[kind.time] for record in told]


def orders_filed_by_their_last_change(placed):
    """Three that were placed at *placed* and changed a day or less later, and one of that time."""
    kind = KINDS["orders"]
    changed = NOW - 100
    orders = [record_of(kind, number, time) | {"updateTime": changed + number} for number, time in enumerate(placed)]
    orders.append(record_of(kind, 3, NOW - 90) | {"updateTime": NOW - 90})
    return kind, FakeEndpoint(kind, orders, filed="updateTime")


@pytest.mark.parametrize("ago", [3 * DAY, 1000], ids=["another window", "the same window"])
@pytest.mark.parametrize("first", range(5))
def test_an_order_that_is_filed_by_its_last_change_is_not_told_again(first, ago):
    """No page says by which of its times an order is filed, so the mark names those that were told."""
    kind, endpoint = orders_filed_by_their_last_change([NOW - ago + number for number in (0, 5, 9)])
    queue = HistoryQueue(HistoryPlan(kind, NOW - 4 * DAY, NOW))
    told = read(queue, endpoint, at_most=first)
    told += read(HistoryQueue(HistoryPlan(kind, NOW - 4 * DAY, NOW, stored(queue.mark))), endpoint)

    assert [0, 1, 2, 3] == numbers(told)


def test_reading_may_end_after_each_record_of_one_millisecond():
    """Each mark names those of the marks before it."""
    kind = dataclasses.replace(KINDS["interest"], page_size=9)
    endpoint = FakeEndpoint(kind, [record_of(kind, number, NOW - 40) for number in range(5)])
    mark, told = None, []
    for _ in range(5):
        queue = HistoryQueue(HistoryPlan(kind, NOW - 99, NOW, mark))
        told += read(queue, endpoint, at_most=1)
        mark = stored(queue.mark)
    assert [0, 1, 2, 3, 4] == numbers(told)


def test_a_mark_within_one_millisecond_names_what_was_told_of_it():
    """And nothing older: a mark stays small whatever a window holds."""
    kind = dataclasses.replace(KINDS["interest"], page_size=9)
    times = [NOW - 50, NOW - 40, NOW - 40, NOW - 40]
    endpoint = FakeEndpoint(kind, [record_of(kind, number, time) for number, time in enumerate(times)])
    queue = HistoryQueue(HistoryPlan(kind, NOW - 99, NOW))
    read(queue, endpoint, at_most=3)

    assert NOW - 40 == queue.mark.until_ms
    assert [f"{2**53 + number}" in told for number, told in enumerate(queue.mark.told, start=1)] == [True, True]


def test_a_mark_is_kept_while_nothing_new_was_told():
    """A run that fails at its first request must not forget what an earlier one told."""
    mark = HistoryMark("interest", NOW - 40, ("one", "two"))
    queue = HistoryQueue(HistoryPlan(KINDS["interest"], NOW - 99, NOW, mark))
    assert mark == queue.mark
    assert queue.plan.next_request(NOW) is not None
    assert mark == queue.mark


def test_looking_at_a_record_does_not_take_it():
    """Whoever joins histories looks at the first of each."""
    kind, endpoint = orders_filed_by_their_last_change([NOW - 900, NOW - 800, NOW - 700])
    queue = HistoryQueue(HistoryPlan(kind, NOW - 4 * DAY, NOW))
    read(queue, endpoint, at_most=1)
    before = queue.mark

    assert 1 == queue.peek()["number"] == queue.peek()["number"]
    assert before == queue.mark
    assert 1 == queue.take()["number"]
