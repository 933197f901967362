"""Hours charged and interest owed."""

from decimal import Decimal

import pytest

from binance_margin_async.rules.margin.interest import (
    HOUR_MS,
    hourly_rate,
    hours_charged,
    interest,
    next_charge_ms,
    pause_around_charge,
)

MIDNIGHT_MS = 1_795_305_600_000  # a full clock hour, UTC


def at(clock: str) -> int:
    hours, minutes = clock.split(":")
    return MIDNIGHT_MS + int(hours) * HOUR_MS + int(minutes) * 60_000


@pytest.mark.parametrize(
    ("borrowed", "repaid", "expected"),
    [
        ("13:20", "14:15", 2),
        ("13:20", "13:59", 1),
        ("13:00", "14:00", 2),
        ("13:59", "14:01", 2),
        ("13:20", "16:00", 4),
        ("13:20", "13:20", 1),
        ("13:00", "13:00", 1),
        ("23:59", "24:00", 2),
    ],
)
def test_each_begun_clock_hour_is_charged(borrowed, repaid, expected):
    """One hour at once, and one at each full hour passed: two minutes can cost two hours."""
    assert hours_charged(at(borrowed), at(repaid)) == expected


def test_loan_cannot_be_repaid_before_it_was_borrowed():
    """Swapped times would answer a negative charge."""
    with pytest.raises(ValueError, match="cannot be repaid earlier"):
        hours_charged(at("13:20"), at("13:19"))


def test_interest_is_simple_and_summed_over_hourly_rates():
    """Interest bears no interest, and the rate may change every hour."""
    assert interest(Decimal(1000), [Decimal("0.00001")] * 2) == Decimal("0.02")
    assert interest(Decimal(2500), [Decimal("0.00001234")] * 3) == Decimal("0.09255")
    assert interest(Decimal(1000), [Decimal("0.00001"), Decimal("0.00003")]) == Decimal("0.04")


def test_daily_rate_is_a_day_of_hourly_ones():
    """The rate history is daily, the next-hour rate hourly: mixing them up is a factor of 24."""
    assert hourly_rate(Decimal("0.00024")) == Decimal("0.00001")


@pytest.mark.parametrize(("now", "expected"), [("13:20", "14:00"), ("13:59", "14:00"), ("14:00", "15:00")])
def test_next_charge_is_at_the_next_full_hour(now, expected):
    """At the full hour itself that charge has been made."""
    assert next_charge_ms(at(now)) == at(expected)


@pytest.mark.parametrize(
    ("before_ms", "expected"),
    [(10_001, 0.0), (10_000, 15.0), (1, 5.001), (0, 5.0), (-4_999, 0.001), (-5_000, 0.0), (-1_800_000, 0.0)],
)
def test_a_debt_is_not_read_close_to_the_full_hour(before_ms, expected):
    """Ten seconds before it until five after: what is read there may not be what is owed when it is paid."""
    assert pause_around_charge(at("14:00") - before_ms) == expected
