"""The three policies, without an event loop."""

import pytest

from binance_margin_async.bus.queues import Queue, make_queue
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.events import OrderUpdate


def order(order_id: int, time_ms: int = 0) -> OrderUpdate:
    return OrderUpdate(
        symbol="BTCUSDT", order_id=order_id, client_order_id="x", status=OrderStatus.NEW, time_ms=time_ms
    )


def content(queue: Queue[OrderUpdate]) -> list[tuple[int, int]]:
    events = [queue.popleft() for _ in range(len(queue))]
    return [(event.order_id, event.time_ms) for event in events]


@pytest.mark.parametrize(
    ("policy", "kept", "losses"),
    [
        ("fail", [(1, 0), (2, 0)], [0, 0, 1, 1]),
        ("drop_oldest", [(3, 0), (1, 1)], [0, 0, 1, 1]),
        ("coalesce", [(3, 0), (1, 1)], [0, 0, 1, 1]),
    ],
)
def test_a_full_queue_gives_up_what_its_policy_says(policy, kept, losses):
    """Room for two, four come; each loss is counted."""
    queue = make_queue(policy, 2)

    assert losses == [queue.put(event) for event in (order(1), order(2), order(3), order(1, 1))]
    assert kept == content(queue)
    assert (policy == "fail") == queue.broken


def test_a_coalesced_event_keeps_the_place_of_the_one_it_replaces():
    """An order that changes all the time would otherwise never come to the front."""
    queue = make_queue("coalesce", 2)

    assert [0, 0, 0, 0] == [queue.put(event) for event in (order(1), order(2), order(1, 1), order(1, 2))]
    assert 2 == queue.replaced
    assert [(1, 2), (2, 0)] == content(queue)


def test_a_queue_that_refused_once_refuses_for_good():
    """Room made later does not fill the hole."""
    queue = make_queue("fail", 1)
    queue.put(order(1))
    queue.put(order(2))
    queue.popleft()

    assert 1 == queue.put(order(3))
    assert 0 == len(queue)


@pytest.mark.parametrize("policy", ["fail", "drop_oldest", "coalesce"])
def test_a_cleared_queue_is_empty_and_whole(policy):
    """Closing frees what waited, and is no failure."""
    queue = make_queue(policy, 1)
    queue.put(order(1))
    queue.put(order(2))
    queue.clear()

    assert (0, False) == (len(queue), queue.broken)
