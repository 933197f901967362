"""The desk's orders that have not ended, and what is told of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial

from binance_margin_async.bus import Bus
from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import ListOrderStatus
from binance_margin_async.models.events import OrderListUpdate, OrderUpdate, StreamStatus
from binance_margin_async.services.desk.fate import Fate
from binance_margin_async.services.desk.live_list import LiveOrderList
from binance_margin_async.services.desk.live_order import LiveOrder
from binance_margin_async.services.desk.unheard import Unheard

_OVER = {ListOrderStatus.ALL_DONE, ListOrderStatus.REJECT}


class LiveOrders:
    """
    Brings orders and order lists their updates, and lets go of those that have ended.

    Args:
        on_ended: Told of each order that has.
        unheard: Asks about those that are waited for and that no stream tells of.
    """

    def __init__(self, on_ended: Callable[[LiveOrder], None], unheard: Unheard) -> None:
        self._on_ended = on_ended
        self._unheard = unheard
        self._open: Callable[[], None] | None = None
        self._orders: dict[tuple[Account, str], LiveOrder] = {}
        self._lists: dict[tuple[Account, str], LiveOrderList] = {}

    def __len__(self) -> int:
        return len(self._orders)

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Accounts with an order here."""
        return tuple(dict.fromkeys(account for account, _ in self._orders))

    async def listen(self, bus: Bus, until: AsyncExitStack) -> None:
        """Take what *bus* brings, until *until* ends; of orders from the first one that is added."""
        listener = bus.on(OrderUpdate, handler=self._on_order)
        until.callback(listener.close)
        # Ahead, so that whoever is told of a change finds it in the order.
        self._open = partial(listener.open, ahead=True)
        await until.enter_async_context(bus.on(OrderListUpdate, handler=self._on_list))
        await until.enter_async_context(bus.on(StreamStatus, handler=self._unheard.on_status))

    def find(self, account: Account, client_order_id: str) -> LiveOrder | None:
        """Return an order by its id."""
        return self._orders.get((account, client_order_id))

    def add(self, order: LiveOrder) -> None:
        """Follow *order*."""
        order.ask = self._unheard.ask
        if self._open is not None:
            self._open()
            self._open = None
        self._orders[order.account, order.client_order_id] = order

    def add_list(self, order_list: LiveOrderList) -> None:
        """Follow *order_list* and its orders."""
        self._lists[order_list.account, order_list.list_client_order_id] = order_list
        for order in order_list.orders.values():
            self.add(order)

    def leave(self) -> None:
        """Tell all who wait that nothing is told any more."""
        for order in self._orders.values():
            order.leave()

    def forget(self, fate: Fate) -> None:
        """Let go of what shares *fate*: it was never there."""
        account, name = fate.intent.account, fate.intent.id
        listed = self._lists.pop((account, name), None)
        legs = [] if listed is None else [order.client_order_id for order in listed.orders.values()]
        for each in (name, *legs):
            self._orders.pop((account, each), None)

    def _on_order(self, update: OrderUpdate) -> None:
        live = self.find(update.account, update.client_order_id)
        if live is not None:
            live.on_update(update)
            if live.state.is_final:
                del self._orders[live.account, live.client_order_id]
                self._on_ended(live)

    def _on_list(self, update: OrderListUpdate) -> None:
        key = (update.account, update.list_client_order_id)
        live = self._lists.get(key)
        if live is not None:
            live.on_update(update)
            if update.order_status in _OVER:
                del self._lists[key]
