"""Open orders, as a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from binance_margin_async.models.account import Account
from binance_margin_async.models.events import OrderUpdate
from binance_margin_async.models.picture import OrderPicture, OrdersPicture
from binance_margin_async.services.mirror import AccountMirror

# More fit on no screen.
MOST_ORDERS = 100


def orders_picture(accounts: Sequence[Account], mirrors: Mapping[Account, AccountMirror]) -> OrdersPicture:
    """
    Return what is on the books of *accounts*.

    Args:
        accounts: Whose orders are wanted.
        mirrors: The mirrors there are so far.
    """
    orders = sorted(_orders(mirrors.values()), key=lambda order: (order.time_ms, order.order_id))
    troubles = [
        f"{account}: {reason}"
        for account in accounts
        if (reason := mirrors[account].stale_because if account in mirrors else "not read yet")
    ]
    return OrdersPicture(
        shown=tuple(map(_order, orders[-MOST_ORDERS:])),
        more=max(0, len(orders) - MOST_ORDERS),
        stale="; ".join(troubles),
    )


def _orders(mirrors: Iterable[AccountMirror]) -> list[OrderUpdate]:
    return [order for mirror in mirrors for order in mirror.open_orders.values()]


def _order(order: OrderUpdate) -> OrderPicture:
    return OrderPicture(
        account=str(order.account),
        symbol=order.symbol,
        order_id=order.order_id,
        side=order.side or "",
        type=order.type or "",
        status=order.status,
        price=order.price,
        quantity=order.quantity,
        filled=order.cumulative_quantity,
    )
