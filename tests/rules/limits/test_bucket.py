"""One endpoint's token bucket."""

import math

import pytest

from binance_margin_async.rules.limits import Caps, Lane
from binance_margin_async.rules.limits.bucket import Bucket

CAPS = Caps()
# 12,000 x 0.95 = 11,400 usable, 5 % of it at once, 10 % of that for the safety lane.
USABLE, BURST, RESERVE = 11_400, 570, 57
REFILL = (USABLE - BURST) / 60


def bucket(cap: int = 12_000, *, weight: int = 10, lane: Lane = Lane.QUERY) -> Bucket:
    return Bucket(cap, CAPS, scale=1.0, now=0.0, weight=weight, lane=lane)


def drain(one: Bucket, now: float, *, lane: Lane = Lane.QUERY) -> int:
    drawn = 0
    while one.draw(1, lane, now):
        drawn += 1
    return drawn


@pytest.mark.parametrize("cap", [6_000, 12_000, 180_000])
@pytest.mark.parametrize("dearest", [1, 100, 1_500, 3_000])
def test_burst_and_a_minute_of_refill_never_exceed_the_usable_cap(cap, dearest):
    """The exchange's minute may begin at the very moment the bucket is full."""
    one = bucket(cap, weight=dearest)

    assert one.burst + one.refill * 60 == pytest.approx(cap * 0.95)
    assert one.refill > 0


def test_a_full_bucket_gives_its_burst_and_keeps_the_reserve():
    """Cancels find something even in a bucket that everybody else has emptied."""
    one = bucket()

    assert drain(one, now=0.0) == BURST - RESERVE
    assert drain(one, now=0.0, lane=Lane.SAFETY) == RESERVE


def test_a_bucket_refills_steadily_and_not_above_its_burst():
    """After a second there is a second's worth, after an hour one burst."""
    one = bucket()
    drain(one, now=0.0)

    assert drain(one, now=1.0) == math.floor(REFILL)
    assert drain(one, now=7.0) == BURST - RESERVE
    assert drain(one, now=3600.0) == BURST - RESERVE


def test_the_dearest_call_fits_beside_the_reserve():
    """A 3,000-weight call must be possible at once in a bucket whose share would be smaller."""
    one = bucket(cap=12_000, weight=3_000)

    assert one.draw(3_000, Lane.QUERY, now=0.0)
    assert one.reserve >= 300
    assert not one.draw(3_000, Lane.QUERY, now=0.0)


def test_a_bucket_learns_a_dearer_call_but_does_not_fill_up_for_it():
    """Room is made by the next seconds' refill, otherwise a dear call would lift the minute's sum."""
    one = bucket(weight=10)
    level = one.level

    ready = one.ready_at(700, Lane.QUERY, now=0.0)

    assert one.level == level
    assert one.burst >= 700 + one.reserve
    assert not one.draw(700, Lane.QUERY, now=ready - 0.01)
    assert one.draw(700, Lane.QUERY, now=ready)


def test_the_reserve_holds_the_dearest_urgent_call():
    """A repay costs 1,500: a reserve of 855 would let it wait behind borrows."""
    one = bucket(cap=180_000, weight=1_500, lane=Lane.SAFETY)

    while one.draw(1_500, Lane.ORDER, now=0.0):
        pass

    assert one.draw(1_500, Lane.SAFETY, now=0.0)


def test_a_call_above_the_usable_cap_never_fits():
    """Waiting for it would be waiting for ever, and nobody behind it would be served."""
    assert bucket().ready_at(11_500, Lane.QUERY, now=0.0) == math.inf


def test_the_wait_is_the_missing_weight_divided_by_the_refill():
    """The time named is the time at which it works, not a moment earlier."""
    one = bucket()
    drain(one, now=0.0)

    ready = one.ready_at(100, Lane.QUERY, now=0.0)

    assert ready == pytest.approx(100 / REFILL)
    assert not one.draw(100, Lane.QUERY, now=ready - 0.001)
    assert one.draw(100, Lane.QUERY, now=ready)


def test_weight_ahead_lengthens_the_wait():
    """Those in line before a newcomer drink first."""
    one = bucket()
    drain(one, now=0.0)

    assert one.ready_at(10, Lane.QUERY, now=0.0, ahead=300) == pytest.approx(310 / REFILL)


def test_a_frozen_bucket_gives_nothing_until_the_freeze_ends():
    """A 429 named the time; not even the safety lane goes before."""
    one = bucket()
    one.frozen_until = 7.0

    assert not one.draw(1, Lane.SAFETY, now=6.999)
    assert one.ready_at(1, Lane.SAFETY, now=0.0) == 7.0
    assert one.draw(1, Lane.SAFETY, now=7.0)


def test_what_is_left_of_the_exchanges_minute_bounds_what_may_still_go():
    """With 1,000 left and 2 s to go, 1,000 may go in them, refill included."""
    one = bucket()
    one.lower(left=400.0, remaining=2.0, now=0.0)

    now_and_then = drain(one, now=0.0, lane=Lane.SAFETY) + drain(one, now=2.0, lane=Lane.SAFETY)

    assert now_and_then == pytest.approx(400, abs=1)


def test_an_overdrawn_minute_silences_the_bucket_until_its_end():
    """Another process has eaten everything: nothing goes before the minute turns, not even a refill."""
    one = bucket()
    one.lower(left=-500.0, remaining=30.0, now=0.0)

    assert not one.draw(1, Lane.SAFETY, now=29.99)
    assert one.ready_at(1, Lane.SAFETY, now=0.0) == pytest.approx(30.0, abs=0.01)


def test_a_report_never_raises_the_level():
    """The figure may be old; our own count is at least as sure."""
    one = bucket()
    drain(one, now=0.0)
    one.lower(left=11_000.0, remaining=1.0, now=0.0)

    assert drain(one, now=0.0) == 0


def test_unused_weight_comes_back():
    """A call that was cancelled before sending has cost nothing."""
    one = bucket()
    one.draw(500, Lane.QUERY, now=0.0)
    one.restore(500, now=0.0)

    # 5 % of the cap is the margin; half of it comes back per minute.
    assert one.level_at(0.0) == pytest.approx(BURST - 500 + 300)
    assert (one.granted, one.in_flight) == (0, 0)


def test_what_comes_back_in_a_minute_stays_inside_the_margin():
    """The bucket may have been full in between; the margin under the cap must carry what is restored on top."""
    one = bucket()
    restored = 0.0
    for now in (0.0, 10.0, 20.0, 30.0):
        one.draw(200, Lane.QUERY, now)
        before = one.level_at(now)
        one.restore(200, now)
        restored += one.level_at(now) - before

    assert restored == pytest.approx(12_000 * 0.05 / 2)


def test_new_caps_lower_the_level_at_once():
    """Half the cap means half the burst from now on, not after the old one is used up."""
    one = bucket()
    one.reshape(12_000, CAPS, scale=0.5, now=0.0)

    assert drain(one, now=0.0, lane=Lane.SAFETY) == BURST / 2
    assert one.burst + one.refill * 60 == pytest.approx(USABLE / 2)


def test_larger_caps_do_not_fill_the_bucket():
    """More room is filled by the refill, not by a gift."""
    one = bucket()
    drain(one, now=0.0, lane=Lane.SAFETY)
    one.reshape(24_000, CAPS, scale=1.0, now=0.0)

    assert drain(one, now=0.0, lane=Lane.SAFETY) == 0


def test_only_a_full_quiet_bucket_is_idle():
    """Forgetting any other one would forget what was used."""
    one = bucket()
    one.draw(10, Lane.QUERY, now=0.0)
    idle = [one.is_idle(0.0), one.is_idle(60.0)]
    one.ended(10)

    assert [*idle, one.is_idle(60.0)] == [False, False, True]
