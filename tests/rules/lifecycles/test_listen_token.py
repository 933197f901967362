"""One account's subscription: a fresh token each time, renewed at half life, retried in a hurry or at leisure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.rules.lifecycles.listen_token import VALIDITY, ListenTokenLifecycle

DAY = 86_400.0


def lifecycle(roll=0.0):
    return ListenTokenLifecycle(lambda: roll)


def subscribed(roll=0.0, *, now=0.0, life=DAY, number=7):
    token = lifecycle(roll)
    token.on_connected(now)
    token.on_subscribed(number, now + life, now)
    return token


def test_nothing_is_due_before_there_is_a_connection():
    """A token minted now would only age."""
    token = lifecycle()
    assert not token.is_due(1e9)
    assert not token.is_subscribed


def test_a_new_connection_wants_a_subscription_at_once():
    """Nothing arrives on it before."""
    token = lifecycle()
    token.on_connected(50.0)
    assert token.is_due(50.0)
    assert not token.is_subscribed


@pytest.mark.parametrize(("roll", "expected"), [(0.0, 43_200.0), (0.5, 41_040.0), (1.0, 38_880.0)])
def test_a_subscription_is_renewed_at_half_life_less_up_to_a_tenth(roll, expected):
    """Twelve hours are left for retries, and many accounts do not come at once."""
    token = subscribed(roll)

    assert token.is_subscribed
    assert expected == token.wake_at
    assert not token.is_due(expected - 0.1)
    assert token.is_due(expected)


def test_the_exchanges_longest_token_is_asked_for():
    """A day; more is cut to it."""
    assert DAY == VALIDITY


def test_a_renewal_may_keep_or_change_the_id():
    """The documents do not say which."""
    token = subscribed(number=7)
    token.on_subscribed(7, 2 * DAY, 43_200.0)
    assert 7 == token.subscription_id
    token.on_subscribed(8, 3 * DAY, 86_400.0)
    assert (8, 3 * DAY) == (token.subscription_id, token.validity.ends_at)


def test_the_end_of_the_current_subscription_asks_for_a_new_one_at_once():
    """Its token ran out, or somebody gave it up."""
    token = subscribed()
    assert token.on_terminated(7, 100.0)
    assert not token.is_subscribed
    assert token.is_due(100.0)


def test_the_end_of_a_superseded_subscription_changes_nothing():
    """It comes late, after the renewal that replaced it."""
    token = subscribed(number=7)
    token.on_subscribed(8, 2 * DAY, 43_200.0)
    wake_at = token.wake_at

    assert not token.on_terminated(7, 43_201.0)
    assert (8, wake_at) == (token.subscription_id, token.wake_at)


def test_the_end_of_a_subscription_nobody_has_changes_nothing():
    """Before the first answer, or after the end."""
    token = lifecycle()
    token.on_connected(0.0)
    assert not token.on_terminated(7, 1.0)
    assert 0.0 == token.wake_at


def test_a_lost_connection_takes_the_subscription_with_it():
    """And asks for nothing until there is a new one."""
    token = subscribed()
    token.on_disconnected()
    assert not token.is_subscribed
    assert not token.is_due(1e9)
    token.on_connected(200.0)
    assert token.is_due(200.0)


def failing(token, *, urgent, times, at=0.0):
    waits = []
    for _ in range(times):
        token.on_failed(at, urgent=urgent)
        waits.append(token.wake_at - at)
        assert not token.is_due(token.wake_at - 0.01)
        assert token.is_due(token.wake_at)
    return waits


def test_a_failed_first_subscription_is_tried_again_in_a_hurry():
    """The account is blind meanwhile: one second, doubled, at most ten."""
    token = lifecycle()
    token.on_connected(0.0)
    assert [1.0, 2.0, 4.0, 8.0, 10.0, 10.0] == failing(token, urgent=True, times=6)


def test_a_failed_renewal_is_tried_again_at_leisure():
    """The old token still works: a minute, doubled, at most five."""
    assert [60.0, 120.0, 240.0, 300.0, 300.0] == failing(subscribed(), urgent=False, times=5)


def test_a_failed_renewal_never_sleeps_through_the_second_half_of_what_is_left():
    """Close to the end it gets quicker."""
    token = subscribed(life=100.0)
    assert [40.0] == failing(token, urgent=False, times=1, at=20.0)
    assert [5.0] == failing(token, urgent=False, times=1, at=90.0)
    assert [1.0] == failing(token, urgent=False, times=1, at=99.5)
    assert [1.0] == failing(token, urgent=False, times=1, at=150.0)


def test_success_and_a_new_connection_make_the_next_failure_a_first_one():
    """Yesterday's trouble does not slow down today's retry."""
    token = subscribed()
    failing(token, urgent=False, times=4)
    token.on_subscribed(8, DAY, 0.0)
    assert [60.0] == failing(token, urgent=False, times=1)
    token.on_connected(0.0)
    assert [1.0] == failing(token, urgent=True, times=1)


@pytest.mark.parametrize("life", [-5.0, 0.0, 0.5, 1.9])
def test_a_token_that_is_as_good_as_over_is_renewed_in_a_second(life):
    """Never in a busy loop, and never in the past."""
    assert 101.0 == subscribed(now=100.0, life=life).wake_at


@given(life=st.floats(4.0, DAY), roll=st.floats(0.0, 1.0))
def test_a_renewal_leaves_at_least_half_of_every_life(life, roll):
    """Short tokens too."""
    token = subscribed(roll, life=life)
    assert 0.45 * life - 1e-6 <= token.wake_at <= 0.5 * life + 1e-6


def test_a_gap_asks_for_a_subscription_at_once():
    """Promise W13: another connection was lost, and what it missed is read after subscribing."""
    token = subscribed()
    token.on_gap(100.0)
    assert token.is_subscribed
    assert token.is_due(100.0)
    token.on_disconnected()
    token.on_gap(200.0)
    assert not token.is_due(1e9)


def test_a_refusal_is_asked_again_soon_once_and_then_rarely_however_little_is_left():
    """Promise W3: no hot loop at the end of a token's life either."""
    token = subscribed(life=100.0)
    assert not token.on_failed(90.0, urgent=False, refused=True)
    assert 95.0 == token.wake_at
    assert token.on_failed(95.0, urgent=False, refused=True)
    assert 215.0 == token.wake_at


def test_a_token_is_at_risk_when_a_quarter_of_its_life_is_left():
    """Promise W5: renewal has been failing for six hours by then."""
    assert 0.75 * DAY == subscribed().validity.at_risk_at
