"""Where REST replies and stream events meet: each change reaches the bus once, whoever brought it first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from binance_margin_async.clock import Clock
from binance_margin_async.models.account import CROSS, Account, Isolated
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.events import (
    AccountSnapshot,
    AssetBalance,
    LoanUpdate,
    OrderUpdate,
    StreamHealth,
    StreamName,
    StreamStatus,
)
from binance_margin_async.models.list_replies import OrderList
from binance_margin_async.models.order_replies import Order, OrderFull
from binance_margin_async.models.replies import (
    CrossAccount,
    IsolatedAccounts,
    IsolatedPair,
    LoanReply,
)
from binance_margin_async.models.stream_events import AccountPosition, ExecutionReport, ListStatus
from binance_margin_async.models.trades import Trade
from binance_margin_async.money import amount
from binance_margin_async.rest.executor import Call
from binance_margin_async.rules.account import BalanceMirror, DebtMirror, Drift
from binance_margin_async.rules.margin.level import NO_DEBT_LEVEL
from binance_margin_async.rules.orders.dedupe import ReportDedupe
from binance_margin_async.rules.orders.followed import FollowedOrders
from binance_margin_async.rules.orders.readings import of_query
from binance_margin_async.services.account_changes import account_changes
from binance_margin_async.services.order_changes import OrderChanges

_SPOT = "/api/"


class Intake:
    """
    Turns what arrives into events, without repeating any.

    Attributes:
        followed: Open orders and lists, as far as has been told.
        balances: What was told of balances.
        debts: What was told of debts.
        drift: How often a reading disagreed with the stream.

    Args:
        publish: Puts an event on the bus.
        clock: The loop's time.
        wants: Whether anybody is to be told of such events of an account about a pair; somebody, when left out.
    """

    def __init__(
        self,
        publish: Callable[[Event], None],
        clock: Clock,
        *,
        wants: Callable[[type[Event], Account, str], bool] | None = None,
    ) -> None:
        self._publish = publish
        self._clock = clock
        self._wants = wants
        self._orders = OrderChanges()
        self._seen = ReportDedupe()
        self._changed: dict[Account, set[str]] = {}
        self._live: dict[Account, float] = {}  # since when the trade stream tells everything
        self.balances: BalanceMirror = BalanceMirror()
        self.debts: DebtMirror = DebtMirror()
        self.drift: Drift = Drift()
        self.followed: FollowedOrders = FollowedOrders()

    def on_event(self, event: Event) -> None:
        """Take one event of a stream, stamped already."""
        if isinstance(event, ExecutionReport | ListStatus) and self._seen.seen(event):
            return
        self._publish(event)
        if isinstance(event, ExecutionReport | ListStatus):
            update = self._orders.of_event(event)
            if update is not None:
                self._publish_all([update])
        elif isinstance(event, AccountPosition):
            self.drift.on_told(event.account, (each.asset for each in event.balances), event.received_at)
            self._publish_balances(event.account, self.balances.on_position(event))
        elif isinstance(event, StreamStatus) and event.stream is StreamName.TRADE:
            self._live.pop(event.account, None)
            if event.health is StreamHealth.LIVE:
                self._live[event.account] = event.received_at
            elif event.health is StreamHealth.CLOSED:
                self.followed.forget(event.account)

    def on_reply(self, call: Call, reply: object) -> None:
        """Take one decoded reply of a REST call."""
        if call.account is None and call.row.path.startswith(_SPOT):
            return  # about the spot wallet, which is not followed
        account = call.account or CROSS
        now = call.replied_at
        if type(reply) is OrderFull and self._need_not_tell(account, reply, now):
            return
        match reply:
            case LoanReply():
                self._publish(self._loan(call, account, reply, now))
            case CrossAccount():
                self._on_snapshot(CROSS, reply, call.asked_at, now)
            case IsolatedAccounts():
                for pair in reply.pairs:
                    self._on_snapshot(Isolated(pair.symbol), pair, call.asked_at, now)
            case _:
                exchange_ms = self._clock.exchange_ms()
                changes = self._orders.of_reply(account, reply, now=now, exchange_ms=exchange_ms)
                if changes:
                    self._publish_all(changes)
                    return  # a reply about orders changes nothing else
                for changed, change in account_changes(call, reply):
                    change.stamp(changed, Origin.REST, now)
                    self._publish(change)

    def _need_not_tell(self, account: Account, reply: OrderFull, now: float) -> bool:
        """
        Keep in mind that an order was filled at once, if nobody wants to be told.

        Most of what an order costs after its reply is making updates. What will be told to those who ask later depends
        only on what is remembered, which is the same.
        """
        symbol = reply.symbol
        if self._wants is None or self._wants(OrderUpdate, account, symbol):
            return False
        if not self._orders.remember_filled(account, reply, now=now):
            return False
        self.followed.on_filled(account, symbol, reply.order_id)
        return True

    def on_open_orders(self, account: Account, orders: Sequence[Order]) -> None:
        """Take the orders that are open when *account* begins to be followed; they are no news."""
        now = self._clock.now()
        begun = [of_query(account, order, now) for order in orders if not self._orders.knows_end(account, order)]
        self.followed.begin(account, begun)

    def on_loss(self, account: Account) -> None:
        """Note that a comparison has found what the stream had never told."""
        self.drift.on_lost(account)

    def on_repair(self, account: Account, order: Order, trades: Sequence[Trade], *, from_first: bool = False) -> int:
        """
        Take an order that was asked for after a gap, and its latest fills; arguments as of ``OrderMerge.on_repair``.

        Returns:
            How many changes had been missed, and are told now.
        """
        now = self._clock.now()
        missed = self._orders.of_repair(account, order, trades, now=now, from_first=from_first)
        found = self._publish_repaired(account, missed, now)
        if order.status.is_final:
            self.followed.drop(account, order.order_id)
        return found

    def on_repaired_list(self, account: Account, order_list: OrderList) -> int:
        """Take an order list that was asked for after a gap; return how many changes had been missed."""
        now = self._clock.now()
        update = self._orders.of_repaired_list(account, order_list, now=now)
        return self._publish_repaired(account, [] if update is None else [update], now)

    def knows_fill(self, account: Account, trade: Trade) -> bool:
        """Whether the fill has been told."""
        return self._orders.knows_fill(account, trade)

    def told_sum(self, account: Account, order: Order) -> bool:
        """Whether fills of the order were told in a sum, without their numbers."""
        return self._orders.told_sum(account, order)

    def take_changed(self, account: Account) -> set[str]:
        """Return the assets of *account* whose balance has changed since this was last asked."""
        return self._changed.pop(account, set())

    def _publish_repaired(self, account: Account, events: Sequence[Event], now: float) -> int:
        for event in events:
            event.stamp(account, Origin.REPAIR, now)
        self._publish_all(events)
        return len(events)

    def _on_snapshot(self, account: Account, reply: CrossAccount | IsolatedPair, asked_at: float, now: float) -> None:
        snapshot = AccountSnapshot(reply=reply)
        snapshot.stamp(account, Origin.REST, now)
        self._publish(snapshot)
        assets = reply.user_assets if isinstance(reply, CrossAccount) else (reply.base_asset, reply.quote_asset)
        balances = [(each.asset, each.free, each.locked) for each in assets]
        debts = [(each.asset, each.borrowed, each.interest) for each in assets]
        level = None if reply.margin_level >= NO_DEBT_LEVEL else reply.margin_level
        changed = self.balances.on_snapshot(account, balances, asked_at=asked_at, received_at=now)
        if asked_at > self._live.get(account, math.inf):
            self.drift.on_difference(account, (each.asset for each in changed), now)
        self._publish_balances(account, changed)
        self._publish_all(self.debts.on_snapshot(account, debts, level=level, asked_at=asked_at, received_at=now))

    def _loan(self, call: Call, account: Account, reply: LoanReply, now: float) -> LoanUpdate:
        update = LoanUpdate(
            kind=LoanUpdate.Kind(str(call.parameters["type"])),
            asset=str(call.parameters["asset"]),
            amount=amount(str(call.parameters["amount"])),
            transaction_id=reply.transaction_id,
        )
        update.stamp(account, Origin.REST, now)
        return update

    def _publish_balances(self, account: Account, changes: Sequence[AssetBalance]) -> None:
        self._changed.setdefault(account, set()).update(change.asset for change in changes)
        self._publish_all(changes)

    def _publish_all(self, events: Iterable[Event]) -> None:
        for event in events:
            self.followed.on_event(event)
            self._publish(event)
