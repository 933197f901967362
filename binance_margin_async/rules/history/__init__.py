"""Histories: any period of any history call, in windows and pages the exchange accepts, each record once."""

from binance_margin_async.rules.history.kind import HistoryKind
from binance_margin_async.rules.history.page import HistoryMark, Page, Progress
from binance_margin_async.rules.history.plan import HistoryPlan
from binance_margin_async.rules.history.table import KINDS

__all__ = ["KINDS", "HistoryKind", "HistoryMark", "HistoryPlan", "Page", "Progress"]
