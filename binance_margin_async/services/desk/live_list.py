"""An order list that is followed."""

from __future__ import annotations

from collections.abc import Mapping

from binance_margin_async.models.enums import ListOrderStatus
from binance_margin_async.models.events import OrderListUpdate
from binance_margin_async.models.list_replies import NewList
from binance_margin_async.services.desk.fate import Fate
from binance_margin_async.services.desk.live_order import LiveOrder
from binance_margin_async.services.desk.naming import OrderList
from binance_margin_async.services.desk.placed import Placed


class LiveOrderList(Placed):
    """
    One order list of the desk, with its orders.

    ::

        oco = Oco("BTCUSDT", "SELL", quantity="0.01", price="66000", stop_price="58000")
        exits = await client.orders.place_list(oco)
        await exits.done()
        print(exits.orders["limit"].status, exits.orders["stop"].status)

    Args:
        fate: Of the call that placed it.
        ids: Our ids of its orders, by role.
        request: What was sent; ``None`` for one found again after a restart.
    """

    def __init__(self, fate: Fate, ids: Mapping[str, str], request: OrderList | None = None) -> None:
        super().__init__(fate)
        self.request: OrderList | None = request
        self.orders: dict[str, LiveOrder] = {role: LiveOrder(fate, name) for role, name in ids.items()}
        """Its orders by role: ``limit`` and ``stop``, or ``working``, ``pending``, ``above`` and ``below``."""
        self.order_list_id: int | None = None
        """The exchange's id; ``None`` until it is known to be there."""
        self.answer: NewList | None = None
        """The exchange's answer to the call that placed it; ``None`` when that was lost."""
        fate.legs = len(self.orders) or None

    def __repr__(self) -> str:
        return f"<LiveOrderList {self.list_client_order_id} {self.symbol} in {self.account}: {self.outcome}>"

    @property
    def list_client_order_id(self) -> str:
        """Our id of the list."""
        return self._fate.intent.id

    async def done(self) -> None:
        """
        Wait until every order of the list has ended; how, their ``status`` tells.

        Raises:
            MarginError: The exchange never had it.
            ClosedError: As of ``verdict``.
        """
        await self.accepted()
        for order in self.orders.values():
            await order.done()

    def on_update(self, update: OrderListUpdate) -> None:
        """Take one merged change of the list."""
        self.order_list_id = update.order_list_id
        if update.order_status is not ListOrderStatus.REJECT:  # of that, its orders tell more
            self._fate.on_seen(update.received_at)
