"""What reads the records that a question asks for."""

from __future__ import annotations

from typing import Any

import msgspec

from binance_margin_async.cli.history.bar import Bar
from binance_margin_async.cli.history.question import Kind, Question, account_named
from binance_margin_async.rules.history import HistoryMark
from binance_margin_async.services.history import Histories, History, Statement, StatementMark
from binance_margin_async.services.history.history import HistoryOptions, OnProgress, Period

Reader = History[Any] | Statement
"""Both hand records out one by one, and tell by a mark how far they are."""


def reader_of(
    question: Question,
    histories: Histories,
    bar: Bar,
    *,
    until: int | None,
    mark: bytes | None = None,
    on_progress: OnProgress,
) -> Reader:
    """
    Return what reads the answer to *question*.

    Args:
        question: What is asked.
        histories: Where the records come from.
        bar: Is told what the exchange no longer tells.
        until: End of the period, in epoch ms.
        mark: Where an earlier run got to, in JSON.
        on_progress: As of every history.
    """
    account = account_named(question.account)
    period = Period(
        since=question.since_ms, until=until, on_progress=on_progress, on_gap=lambda gap: bar.note(str(gap))
    )
    if question.kind is Kind.STATEMENT:
        begun = None if mark is None else msgspec.json.decode(mark, type=StatementMark)
        return histories.statement(account, symbols=question.symbols or None, after=begun, **period)
    options = HistoryOptions(after=None if mark is None else msgspec.json.decode(mark, type=HistoryMark), **period)
    read, pair = histories, question.symbols[0] if question.symbols else ""
    match question.kind:
        case Kind.TRADES:
            reader: Reader = read.trades(pair, account=account, **options)
        case Kind.ORDERS:
            reader = read.orders(pair, account=account, **options)
        case Kind.LOANS:
            reader = read.loans(account=account, **options)
        case Kind.REPAYMENTS:
            reader = read.repayments(account=account, **options)
        case Kind.TRANSFERS:
            reader = read.transfers(account=account, **options)
        case Kind.INTEREST:
            reader = read.interest(account=account, **options)
        case Kind.LIQUIDATIONS:
            reader = read.liquidations(account=account, **options)
        case _:
            reader = read.capital_flow(account=account, **options)
    return reader
