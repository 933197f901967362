"""
Merge what REST replies and the stream say about orders: each change is told once, whichever brings it first.

A fill is the same fill when account, symbol, order id and trade id are; the order id is part of it because both
sides of a trade with oneself carry the same trade id. Any other change is the same when account, symbol, order id,
status and cumulative quantity are.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.events import OrderUpdate
from binance_margin_async.models.order_replies import CanceledOrder, Order, OrderFull, OrderResult
from binance_margin_async.models.spot import SpotCanceledOrder, SpotOrderFull, SpotOrderResult
from binance_margin_async.models.stream_events import ExecutionReport
from binance_margin_async.models.trades import Trade
from binance_margin_async.rules.orders import readings
from binance_margin_async.rules.orders.recent import Recent


class _OrderKey(msgspec.Struct, frozen=True, gc=False):
    account: Account
    symbol: str
    order_id: int


class _FillKey(msgspec.Struct, frozen=True, gc=False):
    order: _OrderKey
    trade_id: int


# A status never gives way to one before it while the cumulative quantity stays the same. Statuses that are not here
# are of a kind in between: more than filled in part, less than ended.
_FIRST = {OrderStatus.PENDING_NEW: 1, OrderStatus.NEW: 2, OrderStatus.PARTIALLY_FILLED: 3}
_IN_BETWEEN = 4
_FINAL = 5
_RANK = {status: _FINAL if status.is_final else _FIRST.get(status, _IN_BETWEEN) for status in OrderStatus}


class _Told(msgspec.Struct, gc=False):
    """
    What has been told of one order.

    ``lump`` is the cumulative quantity up to which a reply told the sum of fills without their trade ids.
    """

    status: OrderStatus | None = None
    cumulative: Decimal = Decimal(0)
    quote: Decimal | None = None
    lump: Decimal = Decimal(0)

    @property
    def rank(self) -> int:
        return 0 if self.status is None else _RANK[self.status]


class OrderMerge:
    """
    Turn reports and replies into updates, dropping what has been told.

    Of each order the cumulative quantity never falls, and after a final status nothing follows but fills not told
    before and anything that raises the cumulative quantity. A fill that comes late carries the order's present
    status and cumulative quantity beside its own details.

    Orders and fills not touched for a day, or longest when there are too many, are forgotten. An open order is not
    worth more than an ended one here: its next change carries its whole state, whereas it is just after the end
    that the other way brings everything again.

    Args:
        capacity: How many orders, and how many fills, are remembered.
    """

    def __init__(self, capacity: int = 100_000) -> None:
        self._orders: Recent[_OrderKey, _Told] = Recent(capacity)
        self._fills: Recent[_FillKey, None] = Recent(capacity)

    def __repr__(self) -> str:
        return f"<OrderMerge {len(self._orders)} orders, {len(self._fills)} fills>"

    def on_report(self, report: ExecutionReport) -> OrderUpdate | None:
        """Return what *report* tells; ``None`` when that is known. Its stamps are carried over."""
        return self._tell(readings.of_report(report))

    def on_new(self, account: Account, reply: readings.Accepted, *, received_at: float) -> list[OrderUpdate]:
        """
        Return what the reply to a new order tells.

        Args:
            account: Where the order was placed.
            reply: An ``OrderAck`` tells that the order is new; an ``OrderResult`` its state in a lump as well; an
                ``OrderFull`` each fill.
            received_at: When the reply came, in loop seconds.

        Returns:
            Oldest change first; empty when the stream was faster.
        """
        accepted = readings.of_acceptance(account, reply, received_at)
        if not isinstance(reply, OrderResult | SpotOrderResult):
            # That it is new is only a guess, good as long as nothing else is known.
            return [] if _key(accepted) in self._orders else self._tell_all([accepted])
        # A pending order is not new yet, and a rejected one never was.
        states = [] if reply.status in {OrderStatus.PENDING_NEW, OrderStatus.REJECTED} else [accepted]
        if isinstance(reply, OrderFull | SpotOrderFull):
            states += readings.of_fills(accepted, reply)
        last = states[-1] if states else None
        if last is None or last.status is not reply.status or last.cumulative_quantity != reply.executed_quantity:
            states.append(readings.of_result(accepted, reply))
        return self._tell_all(states)

    def remember_filled(self, account: Account, reply: OrderFull, *, received_at: float) -> bool:
        """
        Remember what ``on_new`` would tell of an order that was filled at once, without making updates of it.

        Returns:
            Whether it is remembered; if not, ``on_new`` has to work out what is news. It is not when something was told
            of the order before, when it is not filled, or when its fills are not all there.
        """
        key = _OrderKey(account, reply.symbol, reply.order_id)
        if reply.status is not OrderStatus.FILLED or key in self._orders:
            return False
        quantity = quote = Decimal(0)
        for fill in reply.fills:
            quantity += fill.quantity
            quote += fill.quantity * fill.price
        if quantity != reply.executed_quantity:
            return False
        for fill in reply.fills:
            self._fills.put(_FillKey(key, fill.trade_id), None, received_at)
        self._orders.put(key, _Told(reply.status, quantity, quote), received_at)
        return True

    def on_canceled(
        self, account: Account, reply: CanceledOrder | SpotCanceledOrder, *, received_at: float, time_ms: int
    ) -> list[OrderUpdate]:
        """
        Return what the reply to a cancel tells.

        Args:
            account: Where the order was placed.
            reply: The reply, or one order's part of a reply about several.
            received_at: When the reply came, in loop seconds.
            time_ms: The exchange's time by our clock, because the margin reply names none.

        Returns:
            At most one update.
        """
        return self._tell_all([readings.of_cancel(account, reply, received_at, time_ms)])

    def on_query(self, account: Account, order: Order, *, received_at: float) -> list[OrderUpdate]:
        """
        Return what the answer to a question about one order tells.

        Args:
            account: Where the order was placed.
            order: As the exchange has it.
            received_at: When the answer came, in loop seconds.

        Returns:
            At most one update.
        """
        return self._tell_all([readings.of_query(account, order, received_at)])

    def on_repair(
        self,
        account: Account,
        order: Order,
        trades: Sequence[Trade],
        *,
        received_at: float,
        from_first: bool = False,
    ) -> list[OrderUpdate]:
        """
        Return what was never told of an order that was asked for after a gap, its fills one by one.

        Args:
            account: Where the order was placed.
            order: As the exchange has it.
            trades: Its fills since some moment, none left out.
            received_at: When the answers came, in loop seconds.
            from_first: They are its fills from the first on, and may lack the latest.

        Returns:
            Oldest change first.
        """
        fills = readings.of_trades(account, order, trades, received_at, from_first=from_first)
        return self._tell_all([*fills, readings.of_query(account, order, received_at)])

    def knows_fill(self, account: Account, trade: Trade) -> bool:
        """Whether the fill has been told."""
        return _FillKey(_OrderKey(account, trade.symbol, trade.order_id), trade.trade_id) in self._fills

    def told_sum(self, account: Account, order: Order) -> bool:
        """Whether a reply has told fills of the order in a sum, so that each fill has to be held against it."""
        told = self._orders.get(_OrderKey(account, order.symbol, order.order_id))
        return told is not None and told.lump > 0

    def knows_end(self, account: Account, order: Order) -> bool:
        """Whether a final status of the order has been told."""
        told = self._orders.get(_OrderKey(account, order.symbol, order.order_id))
        return told is not None and told.rank >= _FINAL

    def _tell_all(self, updates: list[OrderUpdate]) -> list[OrderUpdate]:
        return [told for update in updates if (told := self._tell(update, from_reply=True)) is not None]

    def _tell(self, update: OrderUpdate, *, from_reply: bool = False) -> OrderUpdate | None:
        key = _key(update)
        told = self._orders.get(key) or _Told()
        if update.trade_id is not None:
            fill = _FillKey(key, update.trade_id)
            if fill in self._fills:
                return None
            self._fills.put(fill, None, update.received_at)
            if update.cumulative_quantity <= told.lump:
                return None
        elif update.cumulative_quantity <= told.cumulative and _RANK[update.status] <= told.rank:
            return None
        elif from_reply and update.cumulative_quantity > told.cumulative:
            told.lump = update.cumulative_quantity
        update = _in_order(update, told)
        told.status, told.cumulative, told.quote = update.status, update.cumulative_quantity, update.cumulative_quote
        self._orders.put(key, told, update.received_at)
        return update


def _key(update: OrderUpdate) -> _OrderKey:
    return _OrderKey(update.account, update.symbol, update.order_id)


# Bring an update that came late or out of order in line with what has been told before.
def _in_order(update: OrderUpdate, told: _Told) -> OrderUpdate:
    if update.cumulative_quantity > told.cumulative:
        if told.status is None or told.rank < _FINAL or update.status.is_final:
            return update
        return msgspec.structs.replace(update, status=told.status)
    is_level = update.cumulative_quantity == told.cumulative
    return msgspec.structs.replace(
        update,
        status=told.status if _RANK[update.status] < told.rank else update.status,
        cumulative_quantity=told.cumulative,
        cumulative_quote=update.cumulative_quote if is_level else told.quote,
    )
