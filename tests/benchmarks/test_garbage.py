"""What is remembered of orders for a day gives the garbage collector nothing to look at."""

import gc

from harness.pushed_report import pushed_report

from binance_margin_async.clock import Clock
from binance_margin_async.models.account import CROSS
from binance_margin_async.models.event import Origin
from binance_margin_async.services.intake import Intake
from binance_margin_async.wire import ws_api

REPORTS = 2_000


def test_reports_leave_nothing_for_the_collector():
    """
    One tracked object a report would be a collection every 700 reports.

    Each collection holds up whatever comes next, and the longer the more is remembered. That memory is in no cycle.
    """
    intake = Intake(lambda _: None, Clock(lambda: 1.0))

    def take(numbers):
        for number in numbers:
            event = ws_api.read(pushed_report(10**9 + number)).event
            event.stamp(CROSS, Origin.STREAM, 1.0)
            intake.on_event(event)

    take(range(10))
    gc.collect()
    before = len(gc.get_objects())
    take(range(10, 10 + REPORTS))

    # A handful of the interpreter's own.
    assert len(gc.get_objects()) - before < REPORTS / 100
