"""Legs: the orders that an order list binds to each other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from binance_margin_async.models.enums import OrderType, TimeInForce
from binance_margin_async.models.order_request import (
    Record,
    basis_points,
    client_id,
    keep,
    positive,
    positive_or_none,
    word,
)
from binance_margin_async.money import Amount


@dataclass(frozen=True, init=False, repr=False)
class Leg(Record):
    """
    One order of a list, without the side and quantity that the list names; use one of its kinds.

    Args:
        client_order_id: Your id of this leg; unique among open orders only.
    """

    type: ClassVar[OrderType]

    price: Decimal | None
    stop_price: Decimal | None
    trailing_delta: int | None
    iceberg_quantity: Decimal | None
    time_in_force: TimeInForce | None
    client_order_id: str | None

    def __init__(
        self,
        *,
        price: Amount | None = None,
        stop_price: Amount | None = None,
        trailing_delta: int | None = None,
        iceberg_quantity: Amount | None = None,
        time_in_force: TimeInForce | None = None,
        client_order_id: str | None = None,
    ) -> None:
        keep(
            self,
            price=positive_or_none(price, "price"),
            stop_price=positive_or_none(stop_price, "stop_price"),
            trailing_delta=basis_points(trailing_delta, "trailing_delta"),
            iceberg_quantity=positive_or_none(iceberg_quantity, "iceberg_quantity"),
            time_in_force=time_in_force,
            client_order_id=client_id(client_order_id, "client_order_id"),
        )


class LimitLeg(Leg):
    """
    Trades at *price* or better.

    Args:
        price: In the quote asset.
        time_in_force: ``"GTC"`` rests, ``"IOC"`` trades what it can, ``"FOK"`` trades all or nothing.
        iceberg_quantity: Part that is shown in the book, in the base asset; needs ``"GTC"``.
        client_order_id: Your id of this leg.
    """

    __slots__ = ()
    type = OrderType.LIMIT

    def __init__(
        self,
        *,
        price: Amount,
        time_in_force: TimeInForce | str = TimeInForce.GTC,
        iceberg_quantity: Amount | None = None,
        client_order_id: str | None = None,
    ) -> None:
        super().__init__(
            price=positive(price, "price"),
            time_in_force=word(time_in_force, TimeInForce, "time_in_force"),
            iceberg_quantity=iceberg_quantity,
            client_order_id=client_order_id,
        )


class LimitMakerLeg(Leg):
    """
    Trades at *price*, and is refused where it would trade at once.

    Args:
        price: In the quote asset.
        iceberg_quantity: Part that is shown in the book, in the base asset.
        client_order_id: Your id of this leg.
    """

    __slots__ = ()
    type = OrderType.LIMIT_MAKER

    def __init__(
        self, *, price: Amount, iceberg_quantity: Amount | None = None, client_order_id: str | None = None
    ) -> None:
        super().__init__(
            price=positive(price, "price"), iceberg_quantity=iceberg_quantity, client_order_id=client_order_id
        )


class MarketLeg(Leg):
    """
    Trades at once at the prices of the book.

    Args:
        client_order_id: Your id of this leg.
    """

    __slots__ = ()
    type = OrderType.MARKET

    def __init__(self, *, client_order_id: str | None = None) -> None:
        super().__init__(client_order_id=client_order_id)


class TriggerLeg(Leg):
    """
    Becomes a market order once it is triggered; use ``StopLossLeg`` or ``TakeProfitLeg``.

    Args:
        stop_price: Price that triggers; this or *trailing_delta* is needed, or both.
        trailing_delta: Distance from the best price seen, in basis points.
        price: Not the limit it looks like: the exchange asks for it along with *trailing_delta*, since 2026-06-15.
        client_order_id: Your id of this leg.
    """

    __slots__ = ()

    def __init__(
        self,
        *,
        stop_price: Amount | None = None,
        trailing_delta: int | None = None,
        price: Amount | None = None,
        client_order_id: str | None = None,
    ) -> None:
        super().__init__(
            price=price, stop_price=stop_price, trailing_delta=trailing_delta, client_order_id=client_order_id
        )


class TriggerLimitLeg(Leg):
    """
    Becomes a limit order once it is triggered; use ``StopLossLimitLeg`` or ``TakeProfitLimitLeg``.

    Args:
        price: Limit price in the quote asset.
        stop_price: Price that triggers; this or *trailing_delta* is needed, or both.
        trailing_delta: Distance from the best price seen, in basis points.
        time_in_force: As of a limit order.
        iceberg_quantity: Part that is shown in the book, in the base asset; needs ``"GTC"``.
        client_order_id: Your id of this leg.
    """

    __slots__ = ()

    def __init__(
        self,
        *,
        price: Amount,
        stop_price: Amount | None = None,
        trailing_delta: int | None = None,
        time_in_force: TimeInForce | str = TimeInForce.GTC,
        iceberg_quantity: Amount | None = None,
        client_order_id: str | None = None,
    ) -> None:
        super().__init__(
            price=positive(price, "price"),
            stop_price=stop_price,
            trailing_delta=trailing_delta,
            time_in_force=word(time_in_force, TimeInForce, "time_in_force"),
            iceberg_quantity=iceberg_quantity,
            client_order_id=client_order_id,
        )


class StopLossLeg(TriggerLeg):
    """A market order when the price turns against you: a BUY triggers above the market, a SELL below."""

    __slots__ = ()
    type = OrderType.STOP_LOSS


class StopLossLimitLeg(TriggerLimitLeg):
    """A limit order when the price turns against you: a BUY triggers above the market, a SELL below."""

    __slots__ = ()
    type = OrderType.STOP_LOSS_LIMIT


class TakeProfitLeg(TriggerLeg):
    """A market order when the price turns in your favour: a BUY triggers below the market, a SELL above."""

    __slots__ = ()
    type = OrderType.TAKE_PROFIT


class TakeProfitLimitLeg(TriggerLimitLeg):
    """A limit order when the price turns in your favour: a BUY triggers below the market, a SELL above."""

    __slots__ = ()
    type = OrderType.TAKE_PROFIT_LIMIT


WorkingLeg = LimitLeg | LimitMakerLeg
"""What may open an OTO or OTOCO."""
PendingLeg = LimitLeg | LimitMakerLeg | MarketLeg | StopLossLeg | StopLossLimitLeg | TakeProfitLeg | TakeProfitLimitLeg
"""What may follow in an OTO."""
ExitLeg = LimitMakerLeg | StopLossLeg | StopLossLimitLeg
"""What may follow in an OTOCO; the take-profit kinds, which spot has, are not offered on margin."""
