"""Order counters in the exchange's fixed windows."""

import math

import pytest

from binance_margin_async.rules.limits.order_counts import OrderCount, OrderWindow

# Exchange time = ours + 1,000: our second 0 is 10-second window boundary 1,000.
OFFSET = 1_000.0


def window(cap: float = 5, offset: float | None = OFFSET) -> OrderWindow:
    return OrderWindow(10.0, cap, offset)


def test_orders_fit_up_to_the_cap_and_again_after_the_window():
    """The window ends at the exchange's :10, and a guard later it has surely ended."""
    one = window()
    one.add(5, now=1.0)

    assert one.free_at(1, now=1.0) == pytest.approx(10.25)
    assert one.free_at(1, now=10.2) == pytest.approx(10.25)
    assert one.free_at(5, now=10.26) == 10.26


def test_orders_at_the_edge_count_on_both_sides():
    """Our clock may be a quarter of a second off: 9.8 may be the next window already."""
    one = window()
    one.add(3, now=9.8)

    assert one.free_at(2, now=11.0) == 11.0
    assert one.free_at(3, now=11.0) == pytest.approx(20.25)


def test_orders_just_after_the_edge_still_count_in_the_old_window():
    """10.1 may be the old window: its five are used up, so the order waits for the guard."""
    one = window()
    one.add(5, now=5.0)

    assert one.free_at(1, now=10.1) == pytest.approx(10.25)


def test_a_quiet_window_leaves_nothing_behind():
    """Only the neighbouring window can inherit orders from the edge."""
    one = window()
    one.add(5, now=9.9)

    assert one.count(now=15.0) == 5
    assert one.count(now=25.0) == 0
    assert one.free_at(5, now=25.0) == 25.0


def test_orders_at_the_edge_do_not_survive_a_pause():
    """Nobody looked while their window came and went."""
    one = window()
    one.add(5, now=9.9)

    assert one.count(now=25.0) == 0


def test_without_a_clock_every_order_counts_in_two_windows():
    """Whatever the alignment, ten seconds then hold no more than the cap."""
    one = window(offset=None)
    one.add(5, now=4.0)

    assert one.free_at(1, now=4.0) > 4.0
    assert one.free_at(1, now=13.9) > 13.9
    assert one.free_at(5, now=20.0) == 20.0


def test_learning_the_clock_forgets_no_order():
    """Orders sent before the first clock measurement may lie in the present window."""
    one = window(offset=None)
    one.add(5, now=4.0)
    one.rebase(OFFSET)

    assert one.free_at(1, now=5.0) == pytest.approx(10.25)
    assert one.free_at(1, now=10.26) == 10.26


def test_learning_the_clock_at_an_edge_counts_on_both_sides():
    """An order of 9.8 may be in the window that begins at 10."""
    one = window(offset=None)
    one.add(5, now=9.8)
    one.rebase(OFFSET)

    assert one.count(now=9.9) == 5
    assert one.count(now=11.0) == 5
    assert one.count(now=21.0) == 0


def test_more_orders_than_the_cap_never_fit():
    """A list of three orders under a cap of two would wait for ever."""
    assert window(cap=2).free_at(3, now=0.5) == math.inf


def test_a_report_of_the_present_window_raises_the_count():
    """Orders of other programs count too."""
    one = window()
    one.add(1, now=1.0)
    one.adopt(4, now=2.0, sent_at=1.5, lower=False)

    assert one.count(now=2.0) == 4


def test_a_smaller_report_does_not_lower_a_short_window():
    """Replies overtake each other; a wrong count would be gone after ten seconds anyway."""
    one = window()
    one.add(4, now=1.0)
    one.adopt(2, now=2.0, sent_at=1.5, lower=False)

    assert one.count(now=2.0) == 4


@pytest.mark.parametrize("sent_at", [9.9, 10.2])
def test_a_report_that_may_be_of_the_old_window_is_ignored(sent_at):
    """Its orders are history, and believing it would block the new window."""
    one = window()
    one.adopt(5, now=10.4, sent_at=sent_at, lower=False)

    assert one.count(now=10.4) == 0


def test_the_days_count_follows_the_exchange_down_but_keeps_what_is_in_flight():
    """Fills lower the day's count at the exchange; orders it has not seen yet are not in its figure."""
    counter = OrderCount(100, 50, OFFSET)
    counter.add(40, now=1.0)
    counter.ended(37)
    counter.adopt(None, 10, now=3.0, sent_at=2.0, own=1)

    assert counter.day.count(3.0) == 10 + 2
    assert counter.ten.count(3.0) == 40


def test_both_windows_must_have_room():
    """An empty ten seconds are no use on a day that is used up."""
    counter = OrderCount(100, 5, OFFSET)
    counter.add(5, now=1.0)

    assert counter.free_at(1, now=60.0) == pytest.approx(86_400 - OFFSET + 0.25)


def test_a_small_change_of_the_clock_is_left_to_the_guard():
    """Slewing by milliseconds must not carry yesterday's count into today again and again."""
    counter = OrderCount(5, None, OFFSET)
    counter.add(5, now=9.0)
    counter.rebase(OFFSET + 0.02)

    assert counter.ten.count(11.0) == 0


def test_only_a_forgotten_account_is_idle():
    """Counts, orders in flight and freezes must survive."""
    counter = OrderCount(5, None, OFFSET)
    counter.add(1, now=1.0)
    idle = [counter.is_idle(2.0), counter.is_idle(30.0)]
    counter.ended(1)

    assert [*idle, counter.is_idle(30.0)] == [False, False, True]
