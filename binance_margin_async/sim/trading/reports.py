"""Orders, as the trade stream tells of them."""

from binance_margin_async.sim.amounts import ZERO, text
from binance_margin_async.sim.trading.orders import Fill, Order


def report(
    order: Order,
    execution: str,
    *,
    execution_id: int,
    now: int,
    fill: Fill | None = None,
    cancel_id: str = "",
    expiry_reason: str | None = None,
) -> dict[str, object]:
    """
    Return the ``executionReport`` of one change.

    Args:
        order: The order after the change.
        execution: ``NEW``, ``TRADE``, ``CANCELED`` or ``EXPIRED``.
        execution_id: Number of this change, unique on the exchange.
        now: Epoch milliseconds.
        fill: The trade, for ``TRADE``.
        cancel_id: Id of the cancel request; it takes the place of the order's own.
        expiry_reason: Why an order expired.
    """
    event = {
        **_report_head(order, execution, now, cancel_id),
        **_report_fill(fill),
        "T": now,
        "I": execution_id,
        "w": order.is_open,
        "M": False,
        "O": order.created_at,
        "Z": text(order.executed_quote),
        "Q": text(order.ticket.quote_quantity or ZERO),
        "V": order.ticket.stp_mode,
        "W": order.created_at,
    }
    return event if expiry_reason is None else {**event, "eR": expiry_reason}


def _report_head(order: Order, execution: str, now: int, cancel_id: str) -> dict[str, object]:
    return {
        "e": "executionReport",
        "E": now,
        "s": order.symbol,
        "c": cancel_id or order.client_id,
        "S": order.ticket.side,
        "o": order.ticket.type,
        "f": order.ticket.time_in_force,
        "q": text(order.quantity),
        "p": text(order.ticket.price or ZERO),
        "P": text(ZERO),
        "F": text(ZERO),
        "g": -1,
        "C": order.client_id if cancel_id else "",
        "x": execution,
        "X": order.status,
        "r": "NONE",
        "i": order.order_id,
        "z": text(order.executed),
    }


def _report_fill(fill: Fill | None) -> dict[str, object]:
    if fill is None:
        zero = text(ZERO)
        return {"l": zero, "L": zero, "n": "0", "N": None, "t": -1, "m": False, "Y": zero}
    return {
        "l": text(fill.quantity),
        "L": text(fill.price),
        "n": text(fill.commission),
        "N": fill.commission_asset,
        "t": fill.trade_id,
        "m": fill.is_maker,
        "Y": text(fill.quote),
    }
