"""Alarms of a user's own, transition by transition."""

from decimal import Decimal

import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.margin import Source
from binance_margin_async.rules.margin.bars import Bars
from binance_margin_async.rules.margin.estimate import Estimate
from binance_margin_async.rules.margin.policy import AlertPolicy
from binance_margin_async.rules.margin.reading import Reading
from binance_margin_async.rules.margin.thresholds import Measure, Threshold, ThresholdMachine

BARS = Bars(Decimal("1.5"), Decimal("1.3"), Decimal("1.1"))
REST, RISK_STREAM, ESTIMATE = Source
LEVEL, DISTANCE, FALL = Measure


def machine(measure, value, **known):
    return ThresholdMachine(Threshold(name="mine", measure=measure, value=Decimal(value)), AlertPolicy(), **known)


def totals_at(fall):
    """Return totals that are so far from liquidation; ``None``: what is held is what is owed."""
    if fall is None:
        return Estimate(assets=Decimal(2), liabilities=Decimal(1), steady=Decimal(2))
    assets = BARS.liquidation + Decimal(fall)
    return Estimate(assets=assets, liabilities=Decimal(1), steady=assets - 1)


def at(watch, level, now, *, source=REST, fall="unknown"):
    """Feed one reading and return whether the threshold is reached."""
    totals = None if fall == "unknown" else totals_at(fall)
    reading = Reading(None if level is None else Decimal(level), BARS, source)
    return watch.on_reading(reading, totals=totals, now=float(now))


@pytest.mark.parametrize("source", list(Source))
def test_a_level_at_the_threshold_is_reached_whoever_saw_it(source):
    """At it is under it, as everywhere."""
    watch = machine(LEVEL, "1.4")

    assert not at(watch, "1.40000001", 0, source=source)
    assert at(watch, "1.4", 1, source=source)


@pytest.mark.parametrize(
    ("measure", "value", "reached", "near", "clear"),
    [
        (LEVEL, "1.4", {"level": "1.4"}, {"level": "1.414"}, {"level": "1.4141"}),
        (
            DISTANCE,
            "0.1",
            {"level": "2", "fall": "0.1"},
            {"level": "2", "fall": "0.101"},
            {"level": "2", "fall": "0.2"},
        ),
    ],
)
def test_it_is_lowered_by_confirmed_readings_that_stay_clear_of_it_for_thirty_seconds(
    measure, value, reached, near, clear
):
    """The same patience as for the states of an account."""
    watch = machine(measure, value)

    assert at(watch, now=0, **reached)
    assert at(watch, now=10, **clear)
    assert at(watch, now=39, **near)
    assert at(watch, now=41, **clear)
    assert at(watch, now=71, source=ESTIMATE, **clear)
    assert not at(watch, now=71, **clear)


def test_estimates_lower_nothing():
    """A wrong price must not silence an alarm."""
    watch = machine(LEVEL, "1.4")
    at(watch, "1.3", 0)

    assert all(at(watch, "2", now, source=ESTIMATE) for now in range(1, 200))


def test_no_debt_lowers_at_once_when_the_exchange_says_so():
    """Nothing can fall any more."""
    watch = machine(DISTANCE, "0.1")
    at(watch, "1.2", 0, fall="0.05")

    assert at(watch, None, 1, source=ESTIMATE)
    assert not at(watch, None, 2)


def test_a_distance_that_nobody_knows_raises_and_lowers_nothing():
    """A price is missing; the danger is not."""
    watch = machine(DISTANCE, "0.1")

    assert not at(watch, "1.2", 0)
    assert at(watch, "1.2", 1, fall="0.05")
    assert all(at(watch, "1.2", now) for now in range(2, 100))


def test_an_account_that_no_fall_can_hurt_is_far_from_liquidation():
    """It owes only what it holds."""
    watch = machine(DISTANCE, "0.1")
    at(watch, "1.2", 0, fall="0.05")

    at(watch, "1.2", 1, fall=None)
    assert not at(watch, "1.2", 31, fall=None)


@pytest.mark.parametrize(
    ("levels", "reached"),
    [
        ([(0, "2"), (59, "1.9")], True),
        ([(0, "2"), (60, "1.9")], True),
        ([(0, "2"), (61, "1.9")], False),
        ([(0, "2"), (10, "1.95"), (20, "1.9001")], False),
        ([(0, "1.9"), (10, "2"), (20, "1.9")], True),
        ([(0, "2"), (10, None), (20, "1.5")], False),
        ([(0, "1"), (10, "2")], False),
    ],
)
def test_a_fall_is_measured_from_the_highest_level_of_the_last_minute(levels, reached):
    """Five percent here; without debt there was no level to fall from."""
    watch = machine(FALL, "0.05")

    assert reached == [at(watch, level, now) for now, level in levels][-1]


def test_a_fall_is_over_when_the_level_has_not_fallen_for_a_while():
    """A minute after the fall its beginning is forgotten, then the hold begins."""
    watch = machine(FALL, "0.05")
    at(watch, "2", 0)
    assert at(watch, "1.8", 10)

    reached = [now for now in range(12, 200, 2) if at(watch, "1.8", now)]

    assert 62 + 30 - 2 == reached[-1]


def test_what_nobody_saw_is_no_fall_and_was_not_held():
    """A level of before the blindness says nothing of the last minute."""
    watch = machine(FALL, "0.05")
    at(watch, "2", 0)
    watch.on_blind()

    assert not at(watch, "1.5", 10)


def test_it_goes_on_where_an_earlier_watch_ended():
    """A restart lowers nothing."""
    assert at(machine(LEVEL, "1.4", reached=True), "1.5", 0)
    assert not at(machine(LEVEL, "1.4"), "1.5", 0)


@pytest.mark.parametrize(
    ("measure", "value"),
    [(LEVEL, "1"), (LEVEL, "999"), (DISTANCE, "0"), (DISTANCE, "5"), (FALL, "-0.1"), (FALL, "1"), (LEVEL, "NaN")],
)
def test_a_threshold_that_could_not_be_reached_or_always_is_is_refused(measure, value):
    """Five percent is 0.05."""
    with pytest.raises(ValueError, match=value):
        machine(measure, value)


def test_a_float_is_refused():
    """It loses digits."""
    with pytest.raises(TypeError, match="must be a Decimal"):
        Threshold(name="mine", measure=LEVEL, value=1.4)


def test_a_threshold_covers_the_accounts_that_it_names_or_all():
    """One for everything is the usual case."""
    every = Threshold(name="mine", measure=LEVEL, value=Decimal("1.4"))
    one = Threshold(name="mine", measure=LEVEL, value=Decimal("1.4"), accounts=(CROSS,))

    assert [True, True] == [every.covers(CROSS), every.covers(Isolated("BTCUSDT"))]
    assert [True, False] == [one.covers(CROSS), one.covers(Isolated("BTCUSDT"))]


def test_a_fall_is_measured_however_often_prices_come():
    """A hundred readings a second leave the first of the minute where it was."""
    watch = machine(FALL, "0.05")
    levels = [Decimal(2) - Decimal("0.000015") * step for step in range(5_900)]

    assert not any(at(watch, level, step / 100, source=ESTIMATE) for step, level in enumerate(levels))
    assert at(watch, "1.9", 59.5, source=ESTIMATE)
