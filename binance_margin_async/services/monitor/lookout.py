"""The alert loop: pushed levels, readings by REST and own estimates, one watch per account."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from functools import partial

from binance_margin_async.bus import Bus
from binance_margin_async.clock import Clock
from binance_margin_async.errors import AccountStateError, MarginError, ServerError
from binance_margin_async.models.account import CROSS, Account, Isolated
from binance_margin_async.models.event import Event
from binance_margin_async.models.margin import MarginAlert, MarginState
from binance_margin_async.models.market_events import BookTicker
from binance_margin_async.models.stream_events import (
    AccountPosition,
    BalanceUpdate,
    MarginLevelStatusChange,
    UserLiabilityChange,
)
from binance_margin_async.rest.account import MOST_PAIRS, AccountCalls
from binance_margin_async.rest.borrow import BorrowCalls
from binance_margin_async.rest.market import MarketCalls
from binance_margin_async.services.alerts.bell import Bell
from binance_margin_async.services.monitor.portfolio import PORTFOLIO, is_portfolio
from binance_margin_async.services.monitor.prices import Carrier, PriceFeed
from binance_margin_async.services.monitor.rates import follow_rates
from binance_margin_async.services.monitor.readers import CrossReader, IsolatedReader, Reader, names_of
from binance_margin_async.services.monitor.watch import Watch

_log = logging.getLogger("binance_margin_async.monitor")
# A burst of fills asks for one reading, not for one each.
SHORTEST_GAP = 0.5
# After a failed reading the next try comes soon, however calm the account was.
RETRY_GAP = 5.0
# A hiccup of the exchange must not keep a monitor from starting. After -21003 it wants half a second or more until the
# next try (error pages, read 2026-11-22).
FIRST_TRIES, FIRST_GAP = 3, 1.0


class Lookout:
    """
    Looks at accounts, and tells the bus and the bell what it sees.

    Args:
        account_calls: Read accounts and bars.
        market_calls: Read tiers and index prices.
        borrow_calls: Read interest rates.
        bus: Where events come from and go to.
        clock: The loop's and the exchange's time.
        carry: Has the quotes of a pair pushed.
        bell: Told how bad things are.
    """

    def __init__(
        self,
        *,
        account_calls: AccountCalls,
        market_calls: MarketCalls,
        borrow_calls: BorrowCalls,
        bus: Bus,
        clock: Clock,
        carry: Carrier,
        bell: Bell,
    ) -> None:
        self._account_calls = account_calls
        self._market_calls = market_calls
        self._borrow_calls = borrow_calls
        self._bus = bus
        self._clock = clock
        self._bell = bell
        self._watches: Mapping[Account, Watch] = {}
        self._readers: Sequence[Reader] = ()
        self._triggers: dict[Account, asyncio.Event] = {}
        self._needing: Mapping[str, Sequence[Watch]] = {}
        self._pairs_of: dict[Account, tuple[str, ...]] = {}
        # The earliest time at which an account asked to be looked at, when all were last looked through.
        self._alarm_at = math.inf
        self._earlier = asyncio.Event()
        self._read = asyncio.Event()  # set when accounts were read
        self._prices = PriceFeed(market_calls, carry=carry, clock=clock, on_price=self._on_price)

    def assets(self, account: Account) -> Sequence[str] | None:
        """Return what an account holds or owes; nothing when it is not looked at, ``None`` until it was read."""
        watch = self._watches.get(account)
        if watch is None:
            return []
        return watch.holdings.assets if watch.holdings.was_read else None

    async def take(self, watches: Mapping[Account, Watch]) -> None:
        """
        Look at the accounts of these from now on, and read each once.

        Raises:
            AccountStateError: An account is not open.
            InvalidRequestError: A pair is unknown.
            MarginError: The exchange cannot be asked.
        """
        self._watches = watches
        self._pairs_of = {}
        self._readers = self._make_readers()
        for reader in self._readers:
            await _check(reader)
        self._triggers = {}
        for reader in self._readers:
            self._triggers |= dict.fromkeys(reader.accounts, asyncio.Event())

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[None]:
        """Hear what is pushed, while entered."""
        on = self._bus.on
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(on(MarginLevelStatusChange, handler=self._on_pushed_level))
            hints = (UserLiabilityChange, AccountPosition, BalanceUpdate)
            await stack.enter_async_context(on(*hints, handler=self._on_hint))
            await stack.enter_async_context(on(BookTicker, handler=self._prices.on_quotes))
            yield

    def tasks(self) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
        """Yield what has to run all the time, each with its name."""
        for reader in self._readers:
            yield f"readings of {names_of(reader)}", partial(self._poll, reader, self._triggers[reader.accounts[0]])
        yield "prices", self._poll_prices
        yield "quotes", self._prices.follow
        yield "interest rates", partial(follow_rates, self._watches, self._borrow_calls, self._clock, self._read)
        yield "alarms", self._follow_time

    def _make_readers(self) -> list[Reader]:
        readers: list[Reader] = []
        if CROSS in self._watches:
            readers.append(CrossReader(self._watches[CROSS], self._account_calls))
        pairs = [account for account in self._watches if isinstance(account, Isolated)]
        for first in range(0, len(pairs), MOST_PAIRS):
            watches = [self._watches[pair] for pair in pairs[first : first + MOST_PAIRS]]
            readers.append(IsolatedReader(watches, self._account_calls, self._market_calls))
        return readers

    def _on_pushed_level(self, event: MarginLevelStatusChange) -> None:
        """Ring at once if it is worse, and ask the exchange in any case."""
        watch = self._watches.get(event.account)
        if watch is not None:
            self._publish(watch.on_pushed_level(event, now=self._clock.now(), time_ms=event.event_time_ms), watch)
            self._triggers[event.account].set()

    def _on_hint(self, event: Event) -> None:
        """Balances or debts changed: take what is told of it, and ask for the rest."""
        watch = self._watches.get(event.account)
        if watch is None:
            return
        if isinstance(event, UserLiabilityChange):
            watch.holdings.on_debt_changed(event.event_time_ms)
        elif isinstance(event, AccountPosition):
            now, time_ms = self._clock.now(), self._clock.exchange_ms()
            self._publish(watch.on_position(event, now=now, time_ms=time_ms), watch)
        self._triggers[event.account].set()

    def _on_price(self, symbol: str, price: Decimal) -> None:
        now, time_ms = self._clock.now(), self._clock.exchange_ms()
        for watch in self._needing.get(symbol, ()):
            events = watch.on_price(symbol, price, now=now, time_ms=time_ms)
            if not events:
                self._note_alarm(watch)
                continue
            self._publish(events, watch)
            if any(isinstance(event, MarginAlert) for event in events):
                # The estimate shortened the patience; the reading that confirms it must not wait for a calm poll.
                self._triggers[watch.account].set()

    def _look_for_prices(self, accounts: Sequence[Account]) -> None:
        """Follow the prices of what is held or owed now; only *accounts* can have changed."""
        now = {account: tuple(self._watches[account].holdings.pairs) for account in accounts}
        if all(self._pairs_of.get(account) == pairs for account, pairs in now.items()):
            return
        self._pairs_of |= now
        needing: dict[str, list[Watch]] = {}
        for watch in self._watches.values():
            for symbol in watch.holdings.pairs:
                needing.setdefault(symbol, []).append(watch)
        self._needing = needing
        self._prices.want(needing)

    async def _poll(self, reader: Reader, trigger: asyncio.Event) -> None:
        while True:
            trigger.clear()
            started = self._clock.now()
            try:
                self._publish(await reader.read(self._clock), *(self._watches[each] for each in reader.accounts))
                self._read.set()
                self._look_for_prices(reader.accounts)
                period = reader.poll_period
            except MarginError as problem:
                _log.warning("%s could not be read: %s", names_of(reader), problem)
                for each in reader.accounts:
                    self._watches[each].trouble = PORTFOLIO if is_portfolio(problem) else ""
                period = min(RETRY_GAP, reader.poll_period)
            await asyncio.sleep(max(0.0, started + SHORTEST_GAP - self._clock.now()))
            try:
                async with asyncio.timeout_at(started + period):
                    await trigger.wait()
            except TimeoutError:
                pass

    async def _poll_prices(self) -> None:
        while True:
            await self._prices.poll()
            worst = max(watch.state.severity for watch in self._watches.values())
            await asyncio.sleep(self._prices.period(in_danger=worst >= MarginState.WARN.severity))

    async def _follow_time(self) -> None:
        while True:
            self._earlier.clear()
            self._alarm_at = min(map(_alarm_of, self._watches.values()), default=math.inf)
            try:
                async with asyncio.timeout_at(None if self._alarm_at == math.inf else self._alarm_at):
                    await self._earlier.wait()
            except TimeoutError:
                now, time_ms = self._clock.now(), self._clock.exchange_ms()
                for watch in self._watches.values():
                    self._publish(watch.on_time(now=now, time_ms=time_ms), watch)

    def _publish(self, events: Iterable[Event], *watches: Watch) -> None:
        for event in events:
            self._bus.publish(event)
        for watch in watches:
            self._bell.on_conditions(watch.conditions())
            self._note_alarm(watch)

    def _note_alarm(self, watch: Watch) -> None:
        # Nearly every reading moves it later. That is found out when the old time comes, so no reading of one account
        # costs a look at all of them.
        if _alarm_of(watch) < self._alarm_at:
            self._earlier.set()


def _alarm_of(watch: Watch) -> float:
    return math.inf if watch.wake_at is None else watch.wake_at


async def _check(reader: Reader) -> None:
    tries = 1
    while True:
        try:
            return await reader.check()
        except ServerError:
            if tries >= FIRST_TRIES:
                raise
        except AccountStateError as problem:
            if not is_portfolio(problem):
                raise
            raise AccountStateError(f"{names_of(reader)}: {PORTFOLIO}", code=problem.code) from problem
        tries += 1
        await asyncio.sleep(FIRST_GAP)
