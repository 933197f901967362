"""When a lost connection is opened again: soon, then slower, never as a storm, and never not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance_margin_async.rules.lifecycles.connection import MARGIN, ConnectionLifecycle

ALMOST_ONE = 0.999999


def lifecycle(roll=ALMOST_ONE):
    return ConnectionLifecycle(lambda: roll)


@pytest.mark.parametrize("roll", [0.0, 0.3, ALMOST_ONE])
def test_the_first_attempt_after_a_loss_comes_within_half_a_second(roll):
    """Most losses are over at once."""
    lost = lifecycle(roll)
    lost.on_opened(0.0)
    assert 100.0 <= lost.on_lost(100.0) <= 100.5


def test_each_further_attempt_may_wait_twice_as_long_up_to_ten_seconds():
    """An upper bound; the wait itself is random below it."""
    lost = lifecycle()
    waits = [round(lost.on_lost(0.0), 2) for _ in range(8)]
    assert [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0] == waits


def test_the_wait_is_anything_below_the_bound():
    """Many clients cut off together must not return together."""
    rolls = iter([0.0, 0.25, 0.75])
    lost = ConnectionLifecycle(lambda: next(rolls))
    assert [0.0, 0.25, 1.5] == [lost.on_lost(0.0) for _ in range(3)]


@pytest.mark.parametrize(("lasted", "expected"), [(59.9, 2), (60.0, 1), (3600.0, 1)])
def test_only_a_minute_of_health_wipes_the_slate(lasted, expected):
    """A connection that falls over after a moment was no success."""
    lost = lifecycle()
    lost.on_lost(0.0)
    lost.on_opened(1.0)
    lost.on_lost(1.0 + lasted)

    assert expected == lost.failures


def test_time_that_passes_without_a_connection_does_not_count_as_health():
    """The slate is wiped by a standing connection, not by waiting."""
    lost = lifecycle()
    lost.on_opened(0.0)
    lost.on_lost(1.0)
    lost.on_lost(500.0)
    lost.on_lost(1_000.0)
    assert 3 == lost.failures


def test_after_a_refusal_it_tries_soon_once_and_then_once_a_minute():
    """The first may be a slip of the other side; asking on and on looks like an attack."""
    refused = lifecycle()
    assert refused.on_refused(0.0) <= 0.5
    assert [61.0, 122.0, 183.0] == [refused.on_refused(at) for at in (1.0, 62.0, 123.0)]


def test_a_loss_between_two_refusals_does_not_make_the_second_one_a_first():
    """Only health does."""
    refused = lifecycle()
    refused.on_refused(0.0)
    refused.on_lost(1.0)
    assert 62.0 == refused.on_refused(2.0)


def test_a_refusal_after_health_is_a_first_one_again():
    """A key may be revoked after weeks."""
    refused = lifecycle()
    refused.on_refused(0.0)
    refused.on_refused(1.0)
    refused.on_opened(61.0)
    assert refused.on_refused(200.0) <= 200.5


def test_the_sixty_first_attempt_waits_until_the_first_is_five_minutes_old():
    """Even if the dice say now every time."""
    lost = lifecycle(roll=0.0)
    at = 0.0
    for _ in range(60):
        lost.on_attempt(at)
        at = lost.on_lost(at)
    assert 300.0 + MARGIN == at


events = st.lists(
    st.tuples(
        st.sampled_from(["lost", "refused", "opened"]),
        st.sampled_from([0.0, 1.0, 70.0]),
        st.sampled_from([0.0, 0.01, ALMOST_ONE]),
    ),
    min_size=100,
    max_size=250,
)


@settings(max_examples=50)
@given(events=events)
def test_no_five_minutes_ever_see_more_than_sixty_attempts(events):
    """The exchange allows 300 to an address that others use too; a fifth is ours, whatever happens and however fast."""
    roll = 0.0
    runner = ConnectionLifecycle(lambda: roll)
    now, attempts = 0.0, []
    for what, lasts, roll in events:  # noqa: B007  # the lifecycle rolls it
        attempts.append(now)
        runner.on_attempt(now)
        if what == "opened":
            runner.on_opened(now)
            now += lasts
        again_at = runner.on_refused(now) if what == "refused" else runner.on_lost(now)
        assert again_at >= now
        assert again_at <= now + 360.0
        now = again_at

    windows = zip(attempts, attempts[60:], strict=False)
    assert all(later - earlier > 300.0 - 1e-6 for earlier, later in windows)
