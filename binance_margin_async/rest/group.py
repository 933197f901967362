"""What every group of calls shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from binance_margin_async.errors import Category, InvalidRequestError, Outcome
from binance_margin_async.models.account import Account, checked_symbol
from binance_margin_async.models.violations import Violation
from binance_margin_async.rest.executor import Executor
from binance_margin_async.rules.limits import Lane
from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.parameters import Parameter

T = TypeVar("T")


class EndpointGroup:
    """
    Calls of one kind.

    Args:
        executor: Carries the calls out.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def _call(
        self, row: Endpoint[T], *, account: Account | None = None, lane: Lane | None = None, **parameters: Parameter
    ) -> T:
        return await self._executor.call(row, parameters, account=account, lane=lane)


def pair_in(account: Account, symbol: str) -> str:
    """
    Return *symbol*, which is to be traded in *account*.

    Raises:
        ValueError: It is not written like a symbol, or is not the isolated account's pair.
    """
    if account.symbol not in {None, checked_symbol(symbol)}:
        raise ValueError(f"{symbol} is not traded in the isolated account of {account}: give account=Isolated(symbol)")
    return symbol


def isolated_flag(account: Account) -> str:
    """Return the exchange's ``isIsolated`` text."""
    return "TRUE" if account.is_isolated else "FALSE"


def refuse(row: Endpoint[Any], violations: Iterable[Violation]) -> None:
    """
    Raise if a call to *row* breaks rules that are known here, all of them named at once; nothing is sent.

    Raises:
        InvalidRequestError: There is at least one violation; its outcome is ``NOT_SENT``.
    """
    told = "; ".join(map(str, violations))
    if told:
        raise InvalidRequestError(
            f"{row.route}: not sent: {told}", outcome=Outcome.NOT_SENT, endpoint=row.route, category=Category.INPUT
        )


def check_named(order_id: int | None, client_order_id: str | None) -> None:
    """
    Make sure that an order is named, by the exchange's id or by its owner's.

    Raises:
        ValueError: Neither id was given.
    """
    if order_id is None and client_order_id is None:
        raise ValueError("name the order: order_id=… or client_order_id=…")
