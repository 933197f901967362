"""When the fate of an order whose reply was lost is proved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.errors import Outcome
from binance_margin_async.rules.orders.proof import OrderProof, is_named, last_moment

LAST = 20.0


def proof():
    return OrderProof(now=0.0, expires_at=LAST)


def test_the_last_moment_adds_window_engine_and_clock_error():
    assert last_moment(100.0, recv_window_ms=5_000, clock_error=0.25, engine_limit=15.0) == 120.25


def test_an_order_that_is_seen_was_accepted():
    """Promise O2: an event or a hit proves it, at any time."""
    lost = proof()
    lost.on_seen()

    assert Outcome.ACCEPTED == lost.verdict
    assert lost.wake_at is None


def test_the_stream_gets_a_moment_before_the_first_question():
    assert proof().wake_at == 0.3


@pytest.mark.parametrize("misses", [1, 2, 50])
def test_misses_before_the_last_moment_prove_nothing(misses):
    """537 live orders were told refused by who believed one miss."""
    lost = proof()
    for number in range(misses):
        lost.on_missing(asked_at=number * LAST / 50, now=number * LAST / 50)

    assert lost.verdict is None


def test_an_answer_after_the_last_moment_to_a_question_before_it_proves_nothing():
    """What counts is when it was asked: the answer may have been under way."""
    lost = proof()
    lost.on_missing(asked_at=LAST, now=LAST + 3.0)
    lost.on_missing(asked_at=LAST + 3.0, now=LAST + 3.1)

    assert lost.verdict is None


def test_two_misses_a_second_apart_after_the_last_moment_prove_a_refusal():
    """Promise O1."""
    lost = proof()
    lost.on_missing(asked_at=LAST + 0.1, now=LAST + 0.2)
    assert (lost.verdict, lost.wake_at) == (None, LAST + 1.1)

    lost.on_missing(asked_at=LAST + 1.1, now=LAST + 1.2)
    assert Outcome.REFUSED == lost.verdict


def test_two_misses_closer_than_a_second_prove_nothing():
    lost = proof()
    lost.on_missing(asked_at=LAST + 0.1, now=LAST + 0.2)
    lost.on_missing(asked_at=LAST + 1.0, now=LAST + 1.05)

    assert lost.verdict is None


def test_a_question_that_fails_proves_nothing():
    lost = proof()
    for number in range(100):
        lost.on_unanswered(now=LAST + number)

    assert lost.verdict is None


def test_a_hit_after_a_miss_is_an_acceptance():
    lost = proof()
    lost.on_missing(asked_at=LAST + 0.1, now=LAST + 0.2)
    lost.on_seen()

    assert Outcome.ACCEPTED == lost.verdict


def test_a_verdict_stands():
    lost = proof()
    lost.on_seen()
    lost.on_missing(asked_at=LAST + 1, now=LAST + 1)
    lost.on_missing(asked_at=LAST + 3, now=LAST + 3)

    assert Outcome.ACCEPTED == lost.verdict


@given(st.lists(st.tuples(st.booleans(), st.floats(0.0, 2.0)), max_size=200), st.floats(1.0, 60.0))
def test_a_verdict_comes_within_five_seconds_of_the_last_moment_once_questions_are_answered(failing, last):
    """Promise O1: whatever happened before, T + 5 s is enough, and no refusal comes before T."""
    lost, now, reachable_at = OrderProof(now=0.0, expires_at=last), 0.0, last
    for is_answered, took in failing:
        if lost.wake_at is None or lost.wake_at > last:
            break
        now = max(now, lost.wake_at) + took
        if is_answered:
            lost.on_missing(asked_at=now - took, now=now)
        else:
            lost.on_unanswered(now=now)
            reachable_at = max(last, now)
        assert lost.verdict is None
    while lost.wake_at is not None:
        now = max(now, lost.wake_at) + 0.1
        lost.on_missing(asked_at=now - 0.1, now=now)

    assert Outcome.REFUSED == lost.verdict
    assert last < now <= reachable_at + 5.0


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"symbol":"BTCUSDT","clientOrderId":"bma-1","status":"NEW","origQty":[1]}', True),
        (b'{"orderListId":1,"listClientOrderId" : "bma-1","orders":7}', True),
        (b'{"clientOrderId":"bma-1","transac', True),
        (b'{"clientOrderId":"bma-1","status":"REJECTED"}', False),
        (b'{"listClientOrderId":"bma-1","listOrderStatus":"REJECT"}', False),
        (b'{"clientOrderId":"bma-10"}', False),
        (b'{"origClientOrderId":"bma-1"}', False),
        (b"", False),
    ],
)
def test_an_answer_that_cannot_be_read_proves_what_it_names(body, expected):
    """Promise O10: an id that was never used before is proof, whatever stands around it."""
    assert expected is is_named("bma-1", body)
