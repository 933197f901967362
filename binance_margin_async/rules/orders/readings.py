"""What one reply or report says about an order, in the shape of an update; whether it is news is decided elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import OrderUpdate
from binance_margin_async.models.order_replies import CanceledOrder, Fill, Order, OrderAck, OrderFull, OrderResult
from binance_margin_async.models.spot import SpotCanceledOrder, SpotOrderAck, SpotOrderFull, SpotOrderResult
from binance_margin_async.models.stream_events import ExecutionReport
from binance_margin_async.models.trades import Trade

_ZERO = Decimal(0)
# A special key places orders of a margin account by the spot call; both calls tell the same about an order.
Accepted = OrderAck | SpotOrderAck | SpotOrderResult


def of_report(report: ExecutionReport) -> OrderUpdate:
    """Read a report; ``trade_id`` and the fill's details are set when it tells of a fill."""
    is_fill = report.trade_id >= 0 and report.last_filled_quantity > 0
    return OrderUpdate(
        account=report.account,
        origin=report.origin,
        received_at=report.received_at,
        symbol=report.symbol,
        order_id=report.order_id,
        client_order_id=report.own_client_order_id,
        status=report.status,
        side=report.side,
        type=report.type,
        price=report.price,
        quantity=report.quantity,
        cumulative_quantity=report.cumulative_quantity,
        cumulative_quote=_known(report.cumulative_quote),
        trade_id=report.trade_id if is_fill else None,
        last_filled_quantity=report.last_filled_quantity if is_fill else None,
        last_filled_price=report.last_filled_price if is_fill else None,
        commission=report.commission if is_fill else None,
        commission_asset=report.commission_asset if is_fill else None,
        time_ms=report.transaction_time_ms,
    )


def of_acceptance(account: Account, reply: Accepted, received_at: float) -> OrderUpdate:
    """Read that an order was accepted, whatever happened to it after."""
    stated = reply if isinstance(reply, OrderResult | SpotOrderResult) else None
    return OrderUpdate(
        account=account,
        origin=Origin.REST,
        received_at=received_at,
        symbol=reply.symbol,
        order_id=reply.order_id,
        client_order_id=reply.client_order_id,
        status=OrderStatus.NEW,
        side=None if stated is None else stated.side,
        type=None if stated is None else stated.type,
        price=None if stated is None else stated.price,
        quantity=None if stated is None else stated.quantity,
        cumulative_quote=_ZERO,
        time_ms=reply.transact_time_ms,
    )


def of_fills(accepted: OrderUpdate, reply: OrderFull | SpotOrderFull) -> list[OrderUpdate]:
    """Read the fills of a reply, oldest first; only the one that completes the order has the status ``FILLED``."""
    updates: list[OrderUpdate] = []
    quantity = quote = _ZERO
    for fill in reply.fills:
        quantity += fill.quantity
        quote += fill.quantity * fill.price
        is_last = reply.status is OrderStatus.FILLED and quantity == reply.executed_quantity
        status = OrderStatus.FILLED if is_last else OrderStatus.PARTIALLY_FILLED
        updates.append(_of_fill(accepted, fill, status, quantity, quote))
    return updates


def of_result(accepted: OrderUpdate, reply: OrderResult | SpotOrderResult) -> OrderUpdate:
    """Read the state a new order had when it was answered."""
    return msgspec.structs.replace(
        accepted,
        status=reply.status,
        cumulative_quantity=reply.executed_quantity,
        cumulative_quote=_known(reply.executed_quote),
    )


def of_cancel(
    account: Account, reply: CanceledOrder | SpotCanceledOrder, received_at: float, time_ms: int
) -> OrderUpdate:
    """Read the state in which a cancelled order ended."""
    return OrderUpdate(
        account=account,
        origin=Origin.REST,
        received_at=received_at,
        symbol=reply.symbol,
        order_id=reply.order_id,
        client_order_id=reply.orig_client_order_id,
        status=reply.status,
        side=reply.side,
        type=reply.type,
        price=reply.price,
        quantity=reply.quantity,
        cumulative_quantity=reply.executed_quantity,
        cumulative_quote=_known(reply.executed_quote),
        time_ms=time_ms,
    )


def of_query(account: Account, order: Order, received_at: float) -> OrderUpdate:
    """Read the state in which a question found an order."""
    return OrderUpdate(
        account=account,
        origin=Origin.REST,
        received_at=received_at,
        symbol=order.symbol,
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        status=order.status,
        side=order.side,
        type=order.type,
        price=order.price,
        quantity=order.quantity,
        cumulative_quantity=order.executed_quantity,
        cumulative_quote=_known(order.executed_quote),
        time_ms=order.update_time_ms,
    )


def of_trades(
    account: Account, order: Order, trades: Sequence[Trade], received_at: float, *, from_first: bool = False
) -> list[OrderUpdate]:
    """
    Read the latest fills of an order, oldest first; all of its fills since the first of them must be there.

    With *from_first* they begin with the order's first fill, and later ones may be missing: it was filled further while
    they were asked for. Only the one that completes the order has the status ``FILLED``.
    """
    state = of_query(account, order, received_at)
    quantity = quote = _ZERO
    if not from_first:
        quantity = order.executed_quantity - sum((trade.quantity for trade in trades), _ZERO)
        quote = order.executed_quote - sum((trade.quantity * trade.price for trade in trades), _ZERO)
    updates: list[OrderUpdate] = []
    for trade in sorted(trades, key=lambda trade: trade.trade_id):
        quantity += trade.quantity
        quote += trade.quantity * trade.price
        is_last = order.status is OrderStatus.FILLED and quantity == order.executed_quantity
        update = msgspec.structs.replace(
            state,
            status=OrderStatus.FILLED if is_last else OrderStatus.PARTIALLY_FILLED,
            cumulative_quantity=quantity,
            cumulative_quote=quote,
            trade_id=trade.trade_id,
            last_filled_quantity=trade.quantity,
            last_filled_price=trade.price,
            commission=trade.commission,
            commission_asset=trade.commission_asset,
            time_ms=trade.time_ms,
        )
        updates.append(update)
    return updates


def _of_fill(accepted: OrderUpdate, fill: Fill, status: OrderStatus, quantity: Decimal, quote: Decimal) -> OrderUpdate:
    return msgspec.structs.replace(
        accepted,
        status=status,
        cumulative_quantity=quantity,
        cumulative_quote=quote,
        trade_id=fill.trade_id,
        last_filled_quantity=fill.quantity,
        last_filled_price=fill.price,
        commission=fill.commission,
        commission_asset=fill.commission_asset,
    )


def _known(quote: Decimal) -> Decimal | None:
    # Negative means that the exchange does not know (spot API documents, read 2026-11-22).
    return quote if quote >= 0 else None
