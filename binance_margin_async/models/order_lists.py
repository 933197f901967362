"""Requests for order lists: OCO, OTO and OTOCO."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Unpack, get_args

from binance_margin_async.models.enums import Side, TimeInForce
from binance_margin_async.models.order_legs import ExitLeg, PendingLeg, WorkingLeg
from binance_margin_async.models.order_request import (
    OrderOptions,
    OrderRequest,
    client_id,
    keep,
    positive,
    positive_or_none,
    word,
    word_or_none,
)
from binance_margin_async.models.orders import SingleOrder
from binance_margin_async.money import Amount


@dataclass(frozen=True, init=False, repr=False)
class Oco(OrderRequest):
    """
    One cancels the other: a limit order and a stop order of the same side and quantity.

    A SELL needs price > market > stop_price, a BUY price < market < stop_price.

    Args:
        symbol: Pair, such as ``"BTCUSDT"``.
        side: ``"BUY"`` or ``"SELL"``.
        quantity: Of each leg, in the base asset.
        price: Of the limit leg.
        stop_price: Price that triggers the stop leg.
        stop_limit_price: Makes the stop leg a limit order at this price; without it, it is a market order.
        stop_limit_time_in_force: ``"GTC"`` when left out and *stop_limit_price* is given.
        limit_iceberg_quantity: Part of the limit leg that is shown in the book.
        stop_iceberg_quantity: The same of the stop leg; needs ``"GTC"``.
        limit_client_order_id: Your id of the limit leg.
        stop_client_order_id: Your id of the stop leg.
        list_client_order_id: Your id of the list.
        options: As of ``OrderRequest``.
    """

    quantity: Decimal
    price: Decimal
    stop_price: Decimal
    stop_limit_price: Decimal | None
    stop_limit_time_in_force: TimeInForce | None
    limit_iceberg_quantity: Decimal | None
    stop_iceberg_quantity: Decimal | None
    limit_client_order_id: str | None
    stop_client_order_id: str | None
    list_client_order_id: str | None

    def __init__(
        self,
        symbol: str,
        side: Side | str,
        *,
        quantity: Amount,
        price: Amount,
        stop_price: Amount,
        stop_limit_price: Amount | None = None,
        stop_limit_time_in_force: TimeInForce | str | None = None,
        limit_iceberg_quantity: Amount | None = None,
        stop_iceberg_quantity: Amount | None = None,
        limit_client_order_id: str | None = None,
        stop_client_order_id: str | None = None,
        list_client_order_id: str | None = None,
        **options: Unpack[OrderOptions],
    ) -> None:
        OrderRequest.__init__(self, symbol, side, **options)
        if stop_limit_time_in_force is None and stop_limit_price is not None:
            stop_limit_time_in_force = TimeInForce.GTC
        keep(
            self,
            quantity=positive(quantity, "quantity"),
            price=positive(price, "price"),
            stop_price=positive(stop_price, "stop_price"),
            stop_limit_price=positive_or_none(stop_limit_price, "stop_limit_price"),
            stop_limit_time_in_force=word_or_none(stop_limit_time_in_force, TimeInForce, "stop_limit_time_in_force"),
            limit_iceberg_quantity=positive_or_none(limit_iceberg_quantity, "limit_iceberg_quantity"),
            stop_iceberg_quantity=positive_or_none(stop_iceberg_quantity, "stop_iceberg_quantity"),
            limit_client_order_id=client_id(limit_client_order_id, "limit_client_order_id"),
            stop_client_order_id=client_id(stop_client_order_id, "stop_client_order_id"),
            list_client_order_id=client_id(list_client_order_id, "list_client_order_id"),
        )


@dataclass(frozen=True, init=False, repr=False)
class Oto(OrderRequest):
    """
    One triggers the other: the *pending* leg enters the book when the *working* leg is filled completely.

    Args:
        symbol: Pair, such as ``"BTCUSDT"``.
        side: Of the working leg, ``"BUY"`` or ``"SELL"``.
        quantity: Of the working leg, in the base asset.
        working: ``LimitLeg`` or ``LimitMakerLeg``.
        pending_side: Of the pending leg.
        pending_quantity: Of the pending leg, in the base asset.
        pending: A leg of any kind.
        list_client_order_id: Your id of the list.
        options: As of ``OrderRequest``; ``AUTO_REPAY`` is not accepted.
    """

    quantity: Decimal
    working: WorkingLeg
    pending_side: Side
    pending_quantity: Decimal
    pending: PendingLeg
    list_client_order_id: str | None

    def __init__(
        self,
        symbol: str,
        side: Side | str,
        *,
        quantity: Amount,
        working: WorkingLeg,
        pending_side: Side | str,
        pending_quantity: Amount,
        pending: PendingLeg,
        list_client_order_id: str | None = None,
        **options: Unpack[OrderOptions],
    ) -> None:
        OrderRequest.__init__(self, symbol, side, **options)
        keep(
            self,
            quantity=positive(quantity, "quantity"),
            working=_leg(working, WorkingLeg, "working"),
            pending_side=word(pending_side, Side, "pending_side"),
            pending_quantity=positive(pending_quantity, "pending_quantity"),
            pending=_leg(pending, PendingLeg, "pending"),
            list_client_order_id=client_id(list_client_order_id, "list_client_order_id"),
        )


@dataclass(frozen=True, init=False, repr=False)
class Otoco(OrderRequest):
    """
    One triggers an OCO: *above* and *below* enter the book when the *working* leg is filled completely.

    To leave a long position, sell with a ``LimitMakerLeg`` above and a stop leg below; to leave a short one, buy with
    a stop leg above and a ``LimitMakerLeg`` below.

    Args:
        symbol: Pair, such as ``"BTCUSDT"``.
        side: Of the working leg, ``"BUY"`` or ``"SELL"``.
        quantity: Of the working leg, in the base asset.
        working: ``LimitLeg`` or ``LimitMakerLeg``.
        pending_side: Of both pending legs.
        pending_quantity: Of each pending leg, in the base asset.
        above: The pending leg above the market: ``LimitMakerLeg``, ``StopLossLeg`` or ``StopLossLimitLeg``.
        below: The one below; the exchange lets it be left out.
        list_client_order_id: Your id of the list.
        options: As of ``OrderRequest``; ``AUTO_REPAY`` is not accepted.
    """

    quantity: Decimal
    working: WorkingLeg
    pending_side: Side
    pending_quantity: Decimal
    above: ExitLeg
    below: ExitLeg | None
    list_client_order_id: str | None

    def __init__(
        self,
        symbol: str,
        side: Side | str,
        *,
        quantity: Amount,
        working: WorkingLeg,
        pending_side: Side | str,
        pending_quantity: Amount,
        above: ExitLeg,
        below: ExitLeg | None = None,
        list_client_order_id: str | None = None,
        **options: Unpack[OrderOptions],
    ) -> None:
        OrderRequest.__init__(self, symbol, side, **options)
        keep(
            self,
            quantity=positive(quantity, "quantity"),
            working=_leg(working, WorkingLeg, "working"),
            pending_side=word(pending_side, Side, "pending_side"),
            pending_quantity=positive(pending_quantity, "pending_quantity"),
            above=_leg(above, ExitLeg, "above"),
            below=None if below is None else _leg(below, ExitLeg, "below"),
            list_client_order_id=client_id(list_client_order_id, "list_client_order_id"),
        )


AnyOrder = SingleOrder | Oco | Oto | Otoco
"""Everything that an order call takes."""


def _leg(value: object, kinds: object, name: str) -> object:
    allowed: tuple[type, ...] = get_args(kinds)
    if not isinstance(value, allowed):
        names = ", ".join(kind.__name__ for kind in allowed)
        raise TypeError(f"{name} must be one of {names}, not {type(value).__name__}")
    return value
