"""Histories: any period of any history call, in windows and pages the exchange accepts, each record once."""

from binance_margin_async.rules.history.kind import HistoryKind
from binance_margin_async.rules.history.page import HistoryGap, HistoryMark, Page, Progress
from binance_margin_async.rules.history.period import END_OF_TIME_MS, Moment, epoch_ms, moment_text
from binance_margin_async.rules.history.plan import HistoryPlan
from binance_margin_async.rules.history.queue import HistoryQueue
from binance_margin_async.rules.history.records import time_of
from binance_margin_async.rules.history.table import KINDS

__all__ = [
    "END_OF_TIME_MS",
    "KINDS",
    "HistoryGap",
    "HistoryKind",
    "HistoryMark",
    "HistoryPlan",
    "HistoryQueue",
    "Moment",
    "Page",
    "Progress",
    "epoch_ms",
    "moment_text",
    "time_of",
]
