"""Histories of any length: windows, pages, limits and marks are seen to."""

from binance_margin_async.services.history.histories import Histories
from binance_margin_async.services.history.history import History
from binance_margin_async.services.history.statement import Statement, StatementEntry, StatementMark

__all__ = ["Histories", "History", "Statement", "StatementEntry", "StatementMark"]
