"""Borrow, repay and transfer of one account run one after the other."""

import math

import pytest

from binance_margin_async.rules.limits import Demand, Lane, Scope, Ticket
from binance_margin_async.rules.limits.serial import SerialLine


def ticket(lane: Lane = Lane.ORDER) -> Ticket:
    return Ticket(Demand(Scope.UID, "POST /x", 1500, lane, serial="CROSS"))


def test_a_newcomer_waits_while_another_is_busy_and_for_the_gap_after_it():
    """The exchange works loans off one by one and refuses a second one meanwhile."""
    serial = SerialLine()
    serial.busy = True
    opened = [serial.is_open(Lane.ORDER, 1.0)]
    serial.ended(2.0)

    assert [*opened, serial.is_open(Lane.ORDER, 2.119), serial.is_open(Lane.ORDER, 2.12)] == [False, False, True]


def test_a_repay_in_line_goes_before_a_borrow():
    """What lowers risk goes first, also here."""
    serial, borrow, repay = SerialLine(), ticket(), ticket(Lane.SAFETY)
    serial.line.add(borrow)
    serial.line.add(repay)

    assert serial.start_at(repay, 1.0) == 1.0
    assert serial.start_at(borrow, 1.0) == math.inf
    assert not serial.is_open(Lane.SAFETY, 1.0)


def test_the_estimate_counts_a_gap_for_each_call_before():
    """It is a lower bound: how long a call takes is not known."""
    serial = SerialLine()
    serial.busy = True
    serial.line.add(ticket())

    assert serial.earliest(Lane.ORDER, 10.0) == pytest.approx(10.24)


def test_only_a_quiet_line_is_idle():
    """The gap after the last call must not be forgotten."""
    serial = SerialLine()
    serial.ended(1.0)

    assert [serial.is_idle(1.1), serial.is_idle(1.2)] == [False, True]
