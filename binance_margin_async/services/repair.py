"""What was missed while the trade stream was away: asked for after every gap, and looked for regularly."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError, OrderNotFoundError
from binance_margin_async.models.account import Account
from binance_margin_async.models.assets import MarginPair
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.events import GapClosed, GapOpened, StreamHealth, StreamName, StreamStatus
from binance_margin_async.models.order_replies import Order
from binance_margin_async.models.trades import Trade
from binance_margin_async.rest.trade import TradeCalls
from binance_margin_async.rules.limits.share import Share
from binance_margin_async.services.intake import Intake

_log = logging.getLogger("binance_margin_async.repair")
# How long before a gap is told it may have begun: a subscription that vanished is found out by the next look at what is
# subscribed, a minute later at most, with ten seconds for its answer; and a minute for events that come late.
LOOK_BACK_MS = 130_000
# Seconds between two comparisons.
PERIOD = 300.0
# Seconds until one that failed is tried again.
AGAIN = 10.0
# Of the calls that one endpoint allows in a minute, which is 12,000 weight, a fifth: at 10 each, and at 200 each.
SHARE, DEAR_SHARE = 240, 12
# Seconds in which a comparison lets events arrive that are on their way.
GRACE = 2.0
MOST_TRADES, MOST_ORDERS = 1_000, 500
_DAY_MS = 86_400_000


@dataclass(slots=True)
class _State:
    """One account; times in the exchange's epoch milliseconds."""

    live_since: int | None = None  # since when everything is known
    missed_from: int | None = None  # of a gap that is open
    checked_at: int = 0
    found: int = 0
    reason: str = ""
    changed: set[str] = field(default_factory=set[str])  # assets, since pairs of which nothing is known were asked for
    asked: tuple[str, ...] = ()  # the pairs whose fills were asked for
    elsewhere: dict[int, str] = field(default_factory=dict[int, str])  # orders that were seen then in other pairs


class Repair:
    """
    Asks for fills, orders and lists that the stream did not tell, and has them told once.

    Of an account the pairs in which it has had an order are asked for; of the cross account besides each pair of two
    assets that have both changed. Orders that began and ended within the gap, and without a fill, are looked for in the
    first twelve pairs of a minute; nothing depends on them.

    Args:
        trade: Calls whose replies are not told as such.
        intake: Tells what is news.
        read_account: Reads balances and debts.
        pairs: Reads the pairs of cross margin.
        clock: The loop's and the exchange's time.
        publish: Puts an event on the bus.
    """

    def __init__(
        self,
        trade: TradeCalls,
        intake: Intake,
        *,
        read_account: Callable[[Account], Awaitable[None]],
        pairs: Callable[[], Awaitable[Iterable[MarginPair]]],
        clock: Clock,
        publish: Callable[[Event], None],
    ) -> None:
        self._trade = trade
        self._intake = intake
        self._read_account = read_account
        self._pairs = pairs
        self._clock = clock
        self._publish = publish
        self._states: dict[Account, _State] = {}
        self._shares: dict[str, Share] = {}
        self._dear_share = Share(DEAR_SHARE)

    # -- when ----------------------------------------------------------------------------------------------------

    def on_status(self, status: StreamStatus) -> None:
        """Take note of a stream that is away or back."""
        if status.stream is not StreamName.TRADE:
            return
        account, state = status.account, self._states.get(status.account)
        if state is None:
            return
        if status.health is StreamHealth.CLOSED:
            del self._states[account]
        elif status.health is StreamHealth.LIVE:
            self._on_live(account, state, status.time_ms)
        elif state.live_since is not None and state.missed_from is None:
            state.missed_from = max(state.live_since, status.time_ms - LOOK_BACK_MS)
            state.reason = status.reason
            self._tell(account, GapOpened(from_ms=state.missed_from, reason=status.reason))

    async def repair(self, account: Account) -> None:
        """
        Have told what was missed of *account*, which is subscribed again; the first time take over what is open.

        Raises:
            MarginError: Something could not be asked; what was found is told, the rest has to be asked for again.
        """
        state = self._states.setdefault(account, _State())
        if state.live_since is None:
            self._intake.on_open_orders(account, await self._open_orders(account))
        elif state.missed_from is not None:
            state.found += await self._catch_up(account, state, state.missed_from)
        await self._read_account(account)
        if state.live_since is None:
            self._intake.take_changed(account)
        elif state.missed_from is not None:
            state.found += await self._catch_up_elsewhere(account, state, state.missed_from)

    async def run(self) -> None:
        """Compare regularly, until cancelled: an event can be lost without any sign."""
        failed: list[Account] = []
        next_at = self._clock.now() + PERIOD
        while True:
            await asyncio.sleep(AGAIN if failed else next_at - self._clock.now())
            accounts = failed
            if self._clock.now() >= next_at:
                accounts, next_at = list(self._states), self._clock.now() + PERIOD
            failed = [account for account in accounts if not await self._compare(account)]

    async def _compare(self, account: Account) -> bool:
        """Compare one account, unless it is in a gap; tell whether there is nothing left to do."""
        state = self._states.get(account)
        if state is None or state.live_since is None or state.missed_from is not None:
            return True
        since, now = max(state.live_since, state.checked_at - LOOK_BACK_MS), self._clock.exchange_ms()
        try:
            found = await self._catch_up(account, state, since, grace=GRACE)
            await self._read_account(account)
            found += await self._catch_up_elsewhere(account, state, since)
        except MarginError as problem:
            _log.warning("%s could not be compared with the exchange: %s", account, problem)
            return False
        state.checked_at = now
        if found:
            reason = "the stream has lost events without a sign"
            _log.error("%s: %s, %d changes found", account, reason, found)
            self._tell(account, GapClosed(from_ms=since, until_ms=now, found=found, reason=reason))
            self._intake.on_loss(account)
        return True

    def _on_live(self, account: Account, state: _State, now: int) -> None:
        if state.live_since is None:
            state.live_since = now
        if state.missed_from is not None:
            closed = GapClosed(from_ms=state.missed_from, until_ms=now, found=state.found, reason=state.reason)
            state.missed_from, state.found = None, 0
            self._tell(account, closed)
        state.checked_at = now

    def _tell(self, account: Account, event: Event) -> None:
        event.stamp(account, Origin.LOCAL, self._clock.now())
        self._publish(event)

    # -- what ----------------------------------------------------------------------------------------------------

    async def _catch_up(self, account: Account, state: _State, since: int, *, grace: float = 0.0) -> int:
        """Ask for everything since *since* in the pairs that are known, and return how many changes had been missed."""
        state.asked = self._intake.followed.pairs(account)
        fills = await self._fills(account, state.asked, since)
        seen = {order.order_id: order for order in await self._begun_orders(account, state.asked, since)}
        seen |= {order.order_id: order for order in await self._open_orders(account)}
        await asyncio.sleep(grace)
        followed = {number: update.symbol for number, update in self._intake.followed.open_orders(account).items()}
        concerned = followed | self._untold(account, fills) | {number: each.symbol for number, each in seen.items()}
        unfilled = {number for number, order in seen.items() if not order.executed_quantity}
        # What other pairs have filled meanwhile is told fill by fill, when these have been asked for as well.
        state.elsewhere = {
            number: symbol
            for number, symbol in concerned.items()
            if symbol not in state.asked and number not in unfilled
        }
        orders = {number: order for number, order in seen.items() if number not in state.elsewhere}
        unseen = {n: symbol for n, symbol in concerned.items() if n not in seen and n not in state.elsewhere}
        orders |= await self._orders(account, unseen)
        return await self._tell_orders(account, orders, fills) + await self._catch_up_lists(account)

    async def _catch_up_elsewhere(self, account: Account, state: _State, since: int) -> int:
        """
        Ask for fills and orders in pairs of which nothing was known when the others were asked for.

        Nobody can ask for the trades of all pairs at once, but whoever trades in one changes both of its assets.
        """
        state.changed |= self._intake.take_changed(account)
        symbols = dict.fromkeys([*self._intake.followed.pairs(account), *state.elsewhere.values()])
        if account.symbol is None and len(state.changed) > 1:
            pairs = [each for each in await self._pairs() if {each.base_asset, each.quote_asset} <= state.changed]
            symbols |= dict.fromkeys(each.symbol for each in pairs)
        fills = await self._fills(account, [each for each in symbols if each not in state.asked], since)
        wanted = state.elsewhere | self._untold(account, fills)
        found = await self._tell_orders(account, await self._orders(account, wanted), fills)
        state.changed.clear()
        return found

    def _untold(self, account: Account, fills: Mapping[int, list[Trade]]) -> dict[int, str]:
        """Return the pairs of the orders that have a fill which was never told."""
        return {
            number: trades[0].symbol
            for number, trades in fills.items()
            if any(not self._intake.knows_fill(account, trade) for trade in trades)
        }

    async def _orders(self, account: Account, wanted: Mapping[int, str]) -> dict[int, Order]:
        orders: dict[int, Order] = {}
        for number, pair in sorted(wanted.items()):
            order = await self._order(account, pair, number)
            if order is not None:
                orders[number] = order
        return orders

    async def _tell_orders(
        self, account: Account, orders: Mapping[int, Order], fills: Mapping[int, list[Trade]]
    ) -> int:
        found = 0
        for order in sorted(orders.values(), key=lambda order: (order.update_time_ms, order.order_id)):
            trades = fills.get(order.order_id, [])
            # An order that is filled further while it is asked about has more than its fills say. Which of them a sum
            # has told already is then known only by counting from the first; of one order they are told for a day.
            is_young = self._clock.exchange_ms() - order.time_ms < _DAY_MS - 60_000
            is_counted = is_young and self._intake.told_sum(account, order)
            if is_counted and self._untold(account, {order.order_id: trades}):
                await self._take_turn("trades")
                trades = await self._trade.my_trades(
                    order.symbol, account=account, order_id=order.order_id, limit=MOST_TRADES
                )
                found += self._intake.on_repair(account, order, trades, from_first=True)
            else:
                found += self._intake.on_repair(account, order, trades)
        return found

    async def _catch_up_lists(self, account: Account) -> int:
        found = 0
        for number in self._intake.followed.open_lists(account):
            await self._take_turn("lists")
            try:
                order_list = await self._trade.order_list(account=account, order_list_id=number)
            except OrderNotFoundError:
                self._intake.followed.drop_list(account, number)
                continue
            found += self._intake.on_repaired_list(account, order_list)
        return found

    async def _begun_orders(self, account: Account, symbols: Iterable[str], since: int) -> list[Order]:
        """Return the orders that began since *since*, at most a day ago, of as many pairs as there is room for."""
        found: list[Order] = []
        begin = max(since, self._clock.exchange_ms() - _DAY_MS + 60_000)
        for symbol in symbols:
            if not self._dear_share.try_reserve(self._clock.now()):
                break
            found += await self._trade.all_orders(symbol, account=account, start_ms=begin, limit=MOST_ORDERS)
        return found

    async def _open_orders(self, account: Account) -> list[Order]:
        await self._take_turn("open orders")
        return await self._trade.open_orders(account=account)

    async def _order(self, account: Account, symbol: str, order_id: int) -> Order | None:
        await self._take_turn("orders")
        try:
            return await self._trade.order(symbol, account=account, order_id=order_id)
        except OrderNotFoundError:
            # Archived: whatever became of it, nobody can ask any more.
            _log.warning("%s: the exchange knows no order %d of %s any more", account, order_id, symbol)
            self._intake.followed.drop(account, order_id)
            return None

    async def _fills(self, account: Account, symbols: Iterable[str], since: int) -> Mapping[int, list[Trade]]:
        """Return the fills since *since* in some pairs, by order."""
        fills: dict[int, list[Trade]] = {}
        for symbol in symbols:
            for trade in await self._trades(account, symbol, since):
                fills.setdefault(trade.order_id, []).append(trade)
        return fills

    async def _trades(self, account: Account, symbol: str, since: int) -> list[Trade]:
        trades: list[Trade] = []
        begin, now = since, max(since, self._clock.exchange_ms())
        while not trades and begin <= now:
            await self._take_turn("trades")
            # A period is a day at most. The last one has no end: a clock that is behind would leave out the newest.
            end = begin + _DAY_MS - 1 if begin + _DAY_MS <= now else None
            trades = await self._trade.my_trades(symbol, account=account, start_ms=begin, end_ms=end, limit=MOST_TRADES)
            begin += _DAY_MS
        # From the first one on they can be asked for by number, however many there are.
        page = trades
        while page and (len(page) == MOST_TRADES or begin <= now):
            await self._take_turn("trades")
            page = await self._trade.my_trades(
                symbol, account=account, from_id=trades[-1].trade_id + 1, limit=MOST_TRADES
            )
            trades = [*trades, *page]
            if len(page) < MOST_TRADES:
                break
        return trades

    async def _take_turn(self, kind: str) -> None:
        """Leave most of what the exchange allows to others."""
        wait = self._shares.setdefault(kind, Share(SHARE)).reserve(self._clock.now())
        if wait:
            await asyncio.sleep(wait)
