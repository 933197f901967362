"""Requests for one order: ``LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="61000")``."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Unpack

from binance_margin_async.models.enums import OrderType, Side, TimeInForce
from binance_margin_async.models.order_request import (
    OrderOptions,
    OrderRequest,
    basis_points,
    client_id,
    positive,
    positive_or_none,
    word,
)
from binance_margin_async.money import Amount


@dataclass(frozen=True, init=False, repr=False)
class SingleOrder(OrderRequest):
    """
    One order; use one of its kinds.

    Beside their own, all of them take the keywords ``account``, ``side_effect``, ``auto_repay_at_cancel``,
    ``self_trade_prevention_mode``, which ``OrderRequest`` explains.
    """

    type: ClassVar[OrderType]

    quantity: Decimal | None
    quote_order_quantity: Decimal | None
    price: Decimal | None
    stop_price: Decimal | None
    trailing_delta: int | None
    iceberg_quantity: Decimal | None
    time_in_force: TimeInForce | None
    client_order_id: str | None

    def __init__(
        self,
        symbol: str,
        side: Side | str,
        options: OrderOptions,
        *,
        quantity: Decimal | None = None,
        quote_order_quantity: Decimal | None = None,
        price: Decimal | None = None,
        stop_price: Decimal | None = None,
        trailing_delta: int | None = None,
        iceberg_quantity: Decimal | None = None,
        time_in_force: TimeInForce | None = None,
        client_order_id: str | None = None,
    ) -> None:
        OrderRequest.__init__(self, symbol, side, **options)
        # Few orders give either of these, and every order comes through here.
        if trailing_delta is not None:
            trailing_delta = basis_points(trailing_delta, "trailing_delta")
        if client_order_id is not None:
            client_order_id = client_id(client_order_id, "client_order_id")
        # The kinds have made exact amounts of what they were given.
        self.__dict__.update(
            quantity=quantity,
            quote_order_quantity=quote_order_quantity,
            price=price,
            stop_price=stop_price,
            trailing_delta=trailing_delta,
            iceberg_quantity=iceberg_quantity,
            time_in_force=time_in_force,
            client_order_id=client_order_id,
        )


class LimitOrder(SingleOrder):
    """
    Trade at *price* or better.

    Args:
        symbol: Pair, such as ``"BTCUSDT"``.
        side: ``"BUY"`` or ``"SELL"``.
        quantity: In the base asset.
        price: In the quote asset.
        time_in_force: ``"GTC"`` rests, ``"IOC"`` trades what it can, ``"FOK"`` trades all or nothing.
        iceberg_quantity: Part that is shown in the book, in the base asset; needs ``"GTC"``.
        client_order_id: Your id of the order; unique among open orders only.
        options: As of ``OrderRequest``.
    """

    __slots__ = ()
    type = OrderType.LIMIT

    def __init__(
        self,
        symbol: str,
        side: Side | str,
        *,
        quantity: Amount,
        price: Amount,
        time_in_force: TimeInForce | str = TimeInForce.GTC,
        iceberg_quantity: Amount | None = None,
        client_order_id: str | None = None,
        **options: Unpack[OrderOptions],
    ) -> None:
        super().__init__(
            symbol,
            side,
            options,
            quantity=positive(quantity, "quantity"),
            price=positive(price, "price"),
            time_in_force=word(time_in_force, TimeInForce, "time_in_force"),
            iceberg_quantity=positive_or_none(iceberg_quantity, "iceberg_quantity"),
            client_order_id=client_order_id,
        )


class LimitMakerOrder(SingleOrder):
    """
    Trade at *price*, and be refused where the order would trade at once.

    Args:
        symbol: Pair, such as ``"BTCUSDT"``.
        side: ``"BUY"`` or ``"SELL"``.
        quantity: In the base asset.
        price: In the quote asset.
        iceberg_quantity: Part that is shown in the book, in the base asset.
        client_order_id: Your id of the order; unique among open orders only.
        options: As of ``OrderRequest``.
    """

    __slots__ = ()
    type = OrderType.LIMIT_MAKER

    def __init__(
        self,
        symbol: str,
        side: Side | str,
        *,
        quantity: Amount,
        price: Amount,
        iceberg_quantity: Amount | None = None,
        client_order_id: str | None = None,
        **options: Unpack[OrderOptions],
    ) -> None:
        super().__init__(
            symbol,
            side,
            options,
            quantity=positive(quantity, "quantity"),
            price=positive(price, "price"),
            iceberg_quantity=positive_or_none(iceberg_quantity, "iceberg_quantity"),
            client_order_id=client_order_id,
        )


class MarketOrder(SingleOrder):
    """
    Trade at once at the prices of the book.

    Args:
        symbol: Pair, such as ``"BTCUSDT"``.
        side: ``"BUY"`` or ``"SELL"``.
        quantity: In the base asset; this or *quote_order_quantity*.
        quote_order_quantity: What a BUY spends or a SELL aims to receive, in the quote asset.
        client_order_id: Your id of the order; unique among open orders only.
        options: As of ``OrderRequest``.
    """

    __slots__ = ()
    type = OrderType.MARKET

    def __init__(
        self,
        symbol: str,
        side: Side | str,
        *,
        quantity: Amount | None = None,
        quote_order_quantity: Amount | None = None,
        client_order_id: str | None = None,
        **options: Unpack[OrderOptions],
    ) -> None:
        super().__init__(
            symbol,
            side,
            options,
            quantity=positive_or_none(quantity, "quantity"),
            quote_order_quantity=positive_or_none(quote_order_quantity, "quote_order_quantity"),
            client_order_id=client_order_id,
        )


class TriggerOrder(SingleOrder):
    """
    Send a market order once a price is reached; use ``StopLossOrder`` or ``TakeProfitOrder``.

    Args:
        symbol: Pair, such as ``"BTCUSDT"``.
        side: ``"BUY"`` or ``"SELL"``.
        quantity: In the base asset.
        stop_price: Price that triggers; this or *trailing_delta* is needed, or both.
        trailing_delta: Distance from the best price seen, in basis points (1 % is 100).
        client_order_id: Your id of the order; unique among open orders only.
        options: As of ``OrderRequest``.
    """

    __slots__ = ()

    def __init__(
        self,
        symbol: str,
        side: Side | str,
        *,
        quantity: Amount,
        stop_price: Amount | None = None,
        trailing_delta: int | None = None,
        client_order_id: str | None = None,
        **options: Unpack[OrderOptions],
    ) -> None:
        super().__init__(
            symbol,
            side,
            options,
            quantity=positive(quantity, "quantity"),
            stop_price=positive_or_none(stop_price, "stop_price"),
            trailing_delta=trailing_delta,
            client_order_id=client_order_id,
        )


class TriggerLimitOrder(SingleOrder):
    """
    Send a limit order once a price is reached; use ``StopLossLimitOrder`` or ``TakeProfitLimitOrder``.

    Args:
        symbol: Pair, such as ``"BTCUSDT"``.
        side: ``"BUY"`` or ``"SELL"``.
        quantity: In the base asset.
        price: Limit price in the quote asset.
        stop_price: Price that triggers; this or *trailing_delta* is needed, or both.
        trailing_delta: Distance from the best price seen, in basis points (1 % is 100).
        time_in_force: As of ``LimitOrder``.
        iceberg_quantity: Part that is shown in the book, in the base asset; needs ``"GTC"``.
        client_order_id: Your id of the order; unique among open orders only.
        options: As of ``OrderRequest``.
    """

    __slots__ = ()

    def __init__(
        self,
        symbol: str,
        side: Side | str,
        *,
        quantity: Amount,
        price: Amount,
        stop_price: Amount | None = None,
        trailing_delta: int | None = None,
        time_in_force: TimeInForce | str = TimeInForce.GTC,
        iceberg_quantity: Amount | None = None,
        client_order_id: str | None = None,
        **options: Unpack[OrderOptions],
    ) -> None:
        super().__init__(
            symbol,
            side,
            options,
            quantity=positive(quantity, "quantity"),
            price=positive(price, "price"),
            stop_price=positive_or_none(stop_price, "stop_price"),
            trailing_delta=trailing_delta,
            time_in_force=word(time_in_force, TimeInForce, "time_in_force"),
            iceberg_quantity=positive_or_none(iceberg_quantity, "iceberg_quantity"),
            client_order_id=client_order_id,
        )


class StopLossOrder(TriggerOrder):
    """A market order when the price turns against you: a BUY triggers above the market, a SELL below."""

    __slots__ = ()
    type = OrderType.STOP_LOSS


class StopLossLimitOrder(TriggerLimitOrder):
    """A limit order when the price turns against you: a BUY triggers above the market, a SELL below."""

    __slots__ = ()
    type = OrderType.STOP_LOSS_LIMIT


class TakeProfitOrder(TriggerOrder):
    """A market order when the price turns in your favour: a BUY triggers below the market, a SELL above."""

    __slots__ = ()
    type = OrderType.TAKE_PROFIT


class TakeProfitLimitOrder(TriggerLimitOrder):
    """A limit order when the price turns in your favour: a BUY triggers below the market, a SELL above."""

    __slots__ = ()
    type = OrderType.TAKE_PROFIT_LIMIT
