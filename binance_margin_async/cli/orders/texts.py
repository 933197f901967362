"""Orders and what became of them, in words for people."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from binance_margin_async.cli.orders.requests import Given
from binance_margin_async.cli.tables import shown
from binance_margin_async.models.list_replies import CanceledOrderList, NewOrderList, OrderList
from binance_margin_async.models.order_replies import CanceledOrder, Order, OrderAck, OrderFull, OrderResult


def request_text(kind: str, pair: str, side: str, given: Given, **legs: Given) -> str:
    """Return what is asked for, in the words in which it was typed."""
    parts = [_options(given), *(f"{leg}: {_options(options)}" for leg, options in legs.items() if options)]
    return f"{side} {pair} {kind}: {'; '.join(part for part in parts if part)}"


def reply_text(reply: OrderAck | CanceledOrder | Order | OrderList) -> str:
    """Return what is told of a new, cancelled or looked-up order or list."""
    if isinstance(reply, CanceledOrder):
        return canceled_text(reply)
    if isinstance(reply, Order):
        return f"order {reply.order_id} ({reply.client_order_id}): {_state(reply)}"
    if isinstance(reply, OrderAck):
        return _order_text(reply)
    return "\n".join(_list_lines(reply))


def canceled_text(reply: CanceledOrder | CanceledOrderList) -> str:
    """Return what a cancel ended."""
    if isinstance(reply, CanceledOrder):
        return f"order {reply.order_id} ({reply.orig_client_order_id}): {_state(reply)}"
    return "\n".join(_list_lines(reply))


def _order_text(reply: OrderAck) -> str:
    text = f"order {reply.order_id} ({reply.client_order_id}): "
    if not isinstance(reply, OrderResult):
        return f"{text}accepted"
    text += _state(reply)
    if isinstance(reply, OrderFull) and reply.borrowed:
        text += f", borrowed {shown(reply.borrowed)} {reply.borrowed_asset or ''}".rstrip()
    return text


def _list_lines(reply: OrderList) -> Iterator[str]:
    text = f"order list {reply.order_list_id} ({reply.list_client_order_id}): {reply.list_order_status}"
    if isinstance(reply, NewOrderList) and reply.borrowed:
        text += f", borrowed {shown(reply.borrowed)} {reply.borrowed_asset or ''}".rstrip()
    yield text
    reports = getattr(reply, "reports", ())
    for report in reports:
        yield "  " + (canceled_text(report) if isinstance(report, CanceledOrder) else _order_text(report))
    if not reports:
        yield from (f"  order {leg.order_id} ({leg.client_order_id})" for leg in reply.orders)


def _state(order: OrderResult | CanceledOrder | Order) -> str:
    text = f"{order.side} {order.symbol} {order.type} {order.status}, "
    text += f"{shown(order.executed_quantity)} of {shown(order.quantity)} filled"
    if order.executed_quantity and order.executed_quote > 0:
        average = order.executed_quote / order.executed_quantity
        text += f" for {shown(order.executed_quote)}, {shown(round(average, 8))} on average"
    return text


def _options(given: Given) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {_word(value)}" for name, value in given.items())


def _word(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
