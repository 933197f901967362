"""Which orders, lists and pairs of an account are followed: what has to be asked about after a gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import ListStatusType
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import OrderListUpdate, OrderUpdate

# What an order was placed with.
_TERMS = ("side", "type", "price", "quantity")


@dataclass(slots=True)
class _Followed:
    pairs: dict[str, None] = field(default_factory=dict[str, None])
    orders: dict[int, OrderUpdate] = field(default_factory=dict[int, OrderUpdate])
    lists: dict[int, None] = field(default_factory=dict[int, None])


class FollowedOrders:
    """
    Open orders and order lists by account, and every pair in which there ever was one.

    The exchange bounds them: an account has only so many pairs, and a pair only so many open orders.
    """

    def __init__(self) -> None:
        self._accounts: dict[Account, _Followed] = {}

    def __repr__(self) -> str:
        return f"<FollowedOrders {sum(len(each.orders) for each in self._accounts.values())} open>"

    def on_event(self, event: Event) -> None:
        """Take what was told of an order or a list; anything else is nothing to follow."""
        if isinstance(event, OrderUpdate):
            followed = self._of(event.account)
            followed.pairs[event.symbol] = None
            if event.status.is_final:
                followed.orders.pop(event.order_id, None)
            else:
                followed.orders[event.order_id] = _completed(event, followed.orders.get(event.order_id))
        elif isinstance(event, OrderListUpdate):
            lists = self._of(event.account).lists
            if event.status_type is ListStatusType.ALL_DONE:
                lists.pop(event.order_list_id, None)
            else:
                lists[event.order_list_id] = None

    def on_filled(self, account: Account, symbol: str, order_id: int) -> None:
        """Take that an order was filled, of which no update is told because nobody wants one."""
        followed = self._of(account)
        followed.pairs[symbol] = None
        if order_id in followed.orders:
            del followed.orders[order_id]

    def begin(self, account: Account, open_orders: Iterable[OrderUpdate]) -> None:
        """Take over what is open when the account begins to be followed; what was told of an order is newer."""
        for order in open_orders:
            followed = self._of(account)
            followed.pairs[order.symbol] = None
            followed.orders.setdefault(order.order_id, order)

    def forget(self, account: Account) -> None:
        """Follow nothing of an account that the stream does not carry any more; its pairs are remembered."""
        followed = self._of(account)
        followed.orders.clear()
        followed.lists.clear()

    def drop(self, account: Account, order_id: int) -> None:
        """Follow an order no more, of which the exchange says nothing."""
        self._of(account).orders.pop(order_id, None)

    def drop_list(self, account: Account, order_list_id: int) -> None:
        """Follow a list no more, of which the exchange says nothing."""
        self._of(account).lists.pop(order_list_id, None)

    def pairs(self, account: Account) -> tuple[str, ...]:
        """Return the pairs in which there may be fills; of an isolated account its own."""
        return tuple(self._of(account).pairs) if account.symbol is None else (account.symbol,)

    def open_orders(self, account: Account) -> Mapping[int, OrderUpdate]:
        """Return the last news of each order that is open as far as is known, as a copy."""
        return dict(self._of(account).orders)

    def open_lists(self, account: Account) -> tuple[int, ...]:
        """Return the lists that are not done as far as is known."""
        return tuple(self._of(account).lists)

    def _of(self, account: Account) -> _Followed:
        followed = self._accounts.get(account)
        if followed is None:
            followed = self._accounts[account] = _Followed()
        return followed


def _completed(update: OrderUpdate, before: OrderUpdate | None) -> OrderUpdate:
    """Return *update* with what it does not tell, because a bare reply brought it, as it was told before."""
    if before is None:
        return update
    unsaid = {name: getattr(before, name) for name in _TERMS if getattr(update, name) is None}
    return msgspec.structs.replace(update, **unsaid) if unsaid else update
