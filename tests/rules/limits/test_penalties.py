"""Bans, pauses and fewer calls after refusals."""

import math

import pytest

from binance_margin_async.rules.limits.penalties import Penalties, next_minute, usable_delay


def test_a_ban_lasts_as_long_as_the_exchange_says():
    """Asking a moment earlier makes it longer."""
    penalties = Penalties()
    penalties.on_ban(300.0, now=10.0)

    assert penalties.frozen_until == 310.0


def test_bans_of_unknown_length_double():
    """The exchange's own ladder goes up for those who do not wait."""
    penalties, ends = Penalties(), []
    now = 0.0
    for _ in range(3):
        penalties.on_ban(None, now)
        ends.append(penalties.frozen_until - now)
        now = penalties.frozen_until

    assert ends == [120.0, 240.0, 480.0]


def test_the_calls_under_way_at_a_ban_do_not_make_it_a_second_one():
    """Ten replies of 418 in one moment are one ban."""
    penalties = Penalties()
    for _ in range(10):
        penalties.on_ban(None, now=5.0)

    assert penalties.frozen_until == 125.0


def test_a_ban_never_outgrows_the_exchanges_longest():
    """Three days, whatever was doubled or asked."""
    penalties, now = Penalties(), 0.0
    for _ in range(20):
        penalties.on_ban(None, now)
        now = penalties.frozen_until

    last = now
    penalties.on_ban(None, now)

    assert penalties.frozen_until - last == 3 * 86_400


def test_after_an_hour_of_peace_a_ban_counts_as_the_first_again():
    """An old sin is not held against a later one."""
    penalties = Penalties()
    penalties.on_ban(None, now=0.0)
    penalties.on_ban(None, now=120.0 + 3_601.0)

    assert penalties.frozen_until == 120.0 + 3_601.0 + 120.0


def test_a_firewall_pause_does_not_make_the_next_ban_longer():
    """A 403 is no step of the ban ladder."""
    penalties = Penalties()
    penalties.pause(60.0)
    penalties.on_ban(None, now=100.0)

    assert penalties.frozen_until == 220.0


def test_an_earlier_end_does_not_shorten_a_freeze():
    """The longest of what the exchange has said counts."""
    penalties = Penalties()
    penalties.on_ban(300.0, now=0.0)
    penalties.pause(60.0)

    assert penalties.frozen_until == 300.0


def test_the_fourth_refusal_in_five_minutes_halves_our_caps():
    """Three may happen; four mean that somebody else uses the same limit."""
    penalties = Penalties()

    assert [penalties.on_refusal(now) for now in (0.0, 60.0, 120.0, 299.0)] == [False, False, False, True]
    assert penalties.scale == 0.5


def test_refusals_far_apart_do_not_add_up():
    """The first is forgotten after five minutes."""
    penalties = Penalties()

    assert [penalties.on_refusal(now) for now in (0.0, 60.0, 120.0, 300.0)] == [False, False, False, False]


def test_caps_shrink_step_by_step_and_not_to_nothing():
    """A client that never calls again would be no use either."""
    penalties = Penalties()
    for now in range(100):
        penalties.on_refusal(float(now))

    assert penalties.scale == 1 / 16


def test_an_hour_without_refusal_doubles_the_caps():
    """A process that runs for weeks must not stay small for one bad morning."""
    penalties = Penalties()
    for now in range(8):
        penalties.on_refusal(float(now))

    grown = [penalties.relieve(now) for now in (3_606.0, 3_607.0, 3_700.0, 7_207.0, 90_000.0)]

    assert grown == [False, True, False, True, False]
    assert penalties.scale == 1.0


@pytest.mark.parametrize("value", [None, 0.0, -1.0, math.nan, math.inf])
def test_a_senseless_retry_after_counts_as_absent(value):
    """Zero would mean asking again at once."""
    assert usable_delay(value) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [(30.0, 60.25), (0.0, 60.25), (59.7, 60.25), (59.8, 120.25), (60.1, 120.25)],
)
def test_the_next_minute_has_surely_begun_a_guard_after_the_edge(now, expected):
    """A refusal at our 59.8 may already speak of the minute that we have not entered."""
    assert next_minute(now, offset=6_000.0) == pytest.approx(expected)


def test_without_a_clock_the_next_minute_is_a_whole_minute_away():
    """Any alignment is possible then."""
    assert next_minute(30.0, None) == 90.25
