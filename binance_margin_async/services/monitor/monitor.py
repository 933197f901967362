"""The alert loop: pushed levels, readings by REST and own estimates, one alert machine per account."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from decimal import Decimal
from functools import partial
from types import TracebackType
from typing import Self

from binance_margin_async.bus import Bus
from binance_margin_async.clock import Clock
from binance_margin_async.errors import AccountStateError, ExchangeError, MarginError
from binance_margin_async.models.account import CROSS, Account, Isolated
from binance_margin_async.models.alerts import AlertTopic
from binance_margin_async.models.answers import MarginAnswers, Restore
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
from binance_margin_async.rest.wallet import WalletCalls
from binance_margin_async.rules.alerts.kept import KeptAlert
from binance_margin_async.rules.margin.bars import fallback_cross_bars, fallback_isolated_bars
from binance_margin_async.rules.margin.thresholds import ThresholdMachine
from binance_margin_async.services.alerts.bell import Bell
from binance_margin_async.services.alerts.bulletin import Bulletin
from binance_margin_async.services.alerts.policy import MonitorPolicy
from binance_margin_async.services.monitor.answers import answer, level_at, restore_of
from binance_margin_async.services.monitor.prices import Carrier, PriceFeed
from binance_margin_async.services.monitor.rates import follow_rates
from binance_margin_async.services.monitor.readers import CrossReader, IsolatedReader, Reader
from binance_margin_async.services.monitor.thresholds import threshold_key
from binance_margin_async.services.monitor.watch import Watch
from binance_margin_async.services.protection import Protector
from binance_margin_async.services.protection.words import protection_key
from binance_margin_async.services.supervisor import Supervisor

_log = logging.getLogger("binance_margin_async.monitor")
# Topics whose alerts belong to one account.
_OF_AN_ACCOUNT = frozenset(
    {AlertTopic.LEVEL, AlertTopic.BLIND, AlertTopic.DISAGREEMENT, AlertTopic.THRESHOLD, AlertTopic.PROTECTION}
)
# What the exchange answers about portfolio margin (error pages, read 2026-11-22).
PORTFOLIO_CODES = frozenset({-21001, -21002, -21003})
PORTFOLIO = (
    "the exchange answers as for a portfolio-margin account: its risk is measured by another level, uniMMR, and the "
    "margin level watched here does not apply to it"
)
# A burst of fills asks for one reading, not for one each.
SHORTEST_GAP = 0.5
# After a failed reading the next try comes soon, however calm the account was.
RETRY_GAP = 5.0


class Monitor:
    """
    Watches margin accounts and publishes ``MarginReading`` and ``MarginAlert`` while it is entered.

    Args:
        accounts: Which accounts.
        account_calls: Read accounts and bars.
        market_calls: Read tiers and index prices.
        wallet_calls: Read announcements.
        borrow_calls: Read interest rates.
        bus: Where events come from and go to.
        clock: The loop's and the exchange's time.
        supervisor: Owns the tasks.
        start_streams: Starts the streams without waiting for them.
        carry: Has the quotes of a pair pushed.
        policy: When it rings.
        bell: Brings messages to people.
        protector: Acts for the accounts, if the policy says so.
    """

    def __init__(
        self,
        accounts: Sequence[Account],
        *,
        account_calls: AccountCalls,
        market_calls: MarketCalls,
        wallet_calls: WalletCalls,
        borrow_calls: BorrowCalls,
        bus: Bus,
        clock: Clock,
        supervisor: Supervisor,
        start_streams: Callable[[], None],
        carry: Carrier,
        policy: MonitorPolicy,
        bell: Bell,
        protector: Protector,
        name: str,
    ) -> None:
        if not accounts:
            raise ValueError("a monitor needs at least one account: CROSS or Isolated('BTCUSDT')")
        self._accounts = tuple(dict.fromkeys(accounts))
        self._bus = bus
        self._clock = clock
        self._supervisor = supervisor
        self._start_streams = start_streams
        self._policy = policy
        self._bell = bell
        self._protector = protector
        self._name = name
        self._account_calls = account_calls
        self._market_calls = market_calls
        self._wallet_calls = wallet_calls
        self._borrow_calls = borrow_calls
        self._watches: dict[Account, Watch] = {}
        self._readers: list[Reader] = []
        self._triggers: dict[Account, asyncio.Event] = {}
        self._needing: Mapping[str, Sequence[Watch]] = {}
        self._changed = asyncio.Event()
        self._prices = PriceFeed(market_calls, carry=carry, clock=clock, on_price=self._on_price)
        self._exit = AsyncExitStack()
        self._entered = False

    @property
    def states(self) -> Mapping[Account, MarginState]:
        """The state alerted now, per account."""
        return {account: watch.state for account, watch in self._watches.items()}

    async def __aenter__(self) -> Self:
        """
        Read every account once, then start watching.

        Raises:
            AccountStateError: An account is not open.
            InvalidRequestError: A pair is unknown.
            MarginError: The exchange cannot be asked.
            RuntimeError: It is entered already: leaving the inner context would blind the outer one.
        """
        if self._entered:
            raise RuntimeError("this monitor is entered already: make another one with client.monitor()")
        await self._exit.enter_async_context(self._bell)
        try:
            self._bell.forget(self._is_gone)
            self._watches = {account: self._watch(account) for account in self._accounts}
            self._readers = self._make_readers()
            for reader in self._readers:
                await _check(reader)
            await self._exit.enter_async_context(self._protector)
        except BaseException:
            await self._exit.aclose()
            raise
        self._entered = True
        await self._listen()
        self._start_streams()
        for reader in self._readers:
            trigger = asyncio.Event()
            self._triggers |= dict.fromkeys(reader.accounts, trigger)
            self._start(f"readings of {_names(reader)}", partial(self._poll, reader, trigger))
        self._start("prices", self._poll_prices)
        self._start("quotes", self._prices.follow)
        self._start("interest rates", partial(follow_rates, self._watches, self._borrow_calls, self._clock))
        self._start("alarms", self._follow_time)
        self._follow_announcements()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop watching."""
        try:
            await self._exit.aclose()
        finally:
            self._entered = False

    def __repr__(self) -> str:
        states = ", ".join(f"{account} {state}" for account, state in self.states.items())
        return f"<Monitor {states or 'not entered'}>"

    def answers(self, account: Account) -> MarginAnswers:
        """
        Return everything that is known of an account now.

        Raises:
            KeyError: It is not watched.
        """
        return answer(self._watches[account], now=self._clock.now(), time_ms=self._clock.exchange_ms())

    def restore(self, account: Account, target: Decimal) -> Restore | None:
        """
        Return what would bring *account* to the margin level *target*; ``None`` while that cannot be computed.

        Raises:
            KeyError: It is not watched.
            ValueError: The target is not above 1.
        """
        return restore_of(self._watches[account].holdings, target)

    def level_at(self, account: Account, prices: Mapping[str, Decimal]) -> Decimal | None:
        """
        Return the margin level that *account* would have at other prices; ``None`` when nothing is owed.

        Args:
            account: One that is watched.
            prices: By asset, in USDT, or the quote asset of an isolated pair; those left out stay as they are.

        Raises:
            KeyError: It is not watched.
            ValueError: A price is missing, or the account does not follow this arithmetic.
        """
        return level_at(self._watches[account].holdings, prices)

    @property
    def alerts(self) -> tuple[KeptAlert, ...]:
        """What is not over, oldest first: of accounts, of the client, of the exchange and of channels."""
        return self._bell.alerts

    def acknowledge(self, name: int | str) -> bool:
        """
        Note that somebody knows of an alert: no reminder and no escalation until it becomes worse.

        Args:
            name: The number that its messages say, or its key.

        Returns:
            Whether there is such an alert that nobody had acknowledged.
        """
        return self._bell.acknowledge(name)

    def _watch(self, account: Account) -> Watch:
        # The earliest-ringing bars hold until the account's own have been read.
        bars = fallback_isolated_bars(3) if account.is_isolated else fallback_cross_bars(3)
        thresholds = [each for each in self._policy.thresholds if each.covers(account)]
        patience = self._policy.patience
        return Watch(
            account,
            bars=bars,
            policy=patience,
            now=self._clock.now(),
            known=self._bell.known_state(account),
            thresholds=[
                ThresholdMachine(each, patience, reached=self._bell.is_raised(threshold_key(account, each)))
                for each in thresholds
            ],
        )

    def _is_gone(self, alert: KeptAlert) -> bool:
        """Whether an alert of an earlier monitor is about something that this one does not follow."""
        if alert.topic in _OF_AN_ACCOUNT:
            keys = {
                threshold_key(alert.account, each) for each in self._policy.thresholds if each.covers(alert.account)
            }
            keys |= {protection_key(alert.account, each.name) for each in self._policy.protection}
            unknown = alert.topic in {AlertTopic.THRESHOLD, AlertTopic.PROTECTION} and alert.key not in keys
            return alert.account not in self._accounts or unknown
        if alert.topic is AlertTopic.CHANNEL:
            return alert.key.partition("/")[2] not in [channel.name for channel in self._policy.channels]
        return alert.topic is not AlertTopic.CLIENT and self._policy.announcements is None

    def _follow_announcements(self) -> None:
        wanted = self._policy.announcements
        if wanted is None:
            return
        cross = self._watches.get(CROSS)
        bulletin = Bulletin(
            wanted,
            market=self._market_calls,
            wallet=self._wallet_calls,
            bell=self._bell,
            clock=self._clock,
            assets=lambda: cross.assets if cross is not None else [],
            pairs=[account.symbol for account in self._accounts if isinstance(account, Isolated)],
        )
        self._start("announcements of the minute", bulletin.often)
        self._start("announcements of the hour", bulletin.seldom)

    def _make_readers(self) -> list[Reader]:
        readers: list[Reader] = []
        if CROSS in self._watches:
            readers.append(CrossReader(self._watches[CROSS], self._account_calls))
        pairs = [account for account in self._accounts if isinstance(account, Isolated)]
        for first in range(0, len(pairs), MOST_PAIRS):
            watches = [self._watches[pair] for pair in pairs[first : first + MOST_PAIRS]]
            readers.append(IsolatedReader(watches, self._account_calls, self._market_calls))
        return readers

    def _start(self, task: str, work: Callable[[], Awaitable[None]]) -> None:
        name = f"{self._name}: {task}"
        self._supervisor.start(name, work)
        self._exit.push_async_callback(self._supervisor.stop, name)

    async def _listen(self) -> None:
        on = self._bus.on
        await self._exit.enter_async_context(on(MarginLevelStatusChange, handler=self._on_pushed_level))
        await self._exit.enter_async_context(
            on(UserLiabilityChange, AccountPosition, BalanceUpdate, handler=self._on_hint)
        )
        await self._exit.enter_async_context(on(BookTicker, handler=self._prices.on_quotes))

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
            watch.on_debt_changed(event.event_time_ms)
        elif isinstance(event, AccountPosition):
            now, time_ms = self._clock.now(), self._clock.exchange_ms()
            self._publish(watch.on_position(event, now=now, time_ms=time_ms), watch)
        self._triggers[event.account].set()

    def _on_price(self, symbol: str, price: Decimal) -> None:
        now, time_ms = self._clock.now(), self._clock.exchange_ms()
        for watch in self._needing.get(symbol, ()):
            events = watch.on_price(symbol, price, now=now, time_ms=time_ms)
            if not events:
                continue
            self._publish(events, watch)
            if any(isinstance(event, MarginAlert) for event in events):
                # The estimate shortened the patience; the reading that confirms it must not wait for a calm poll.
                self._triggers[watch.account].set()

    def _look_for_prices(self) -> None:
        """Follow the prices of what is held or owed now."""
        needing: dict[str, list[Watch]] = {}
        for watch in self._watches.values():
            for symbol in watch.wanted_prices:
                needing.setdefault(symbol, []).append(watch)
        self._needing = needing
        self._prices.want(needing)

    async def _poll(self, reader: Reader, trigger: asyncio.Event) -> None:
        while True:
            trigger.clear()
            started = self._clock.now()
            try:
                self._publish(await reader.read(self._clock), *(self._watches[each] for each in reader.accounts))
                self._look_for_prices()
                period = reader.poll_period
            except MarginError as problem:
                _log.warning("%s could not be read: %s", _names(reader), problem)
                for each in reader.accounts:
                    self._watches[each].trouble = PORTFOLIO if _is_portfolio(problem) else ""
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
            self._changed.clear()
            wake_at = min(
                (watch.wake_at for watch in self._watches.values() if watch.wake_at is not None), default=None
            )
            try:
                async with asyncio.timeout_at(wake_at):
                    await self._changed.wait()
            except TimeoutError:
                now, time_ms = self._clock.now(), self._clock.exchange_ms()
                for watch in self._watches.values():
                    self._publish(watch.on_time(now=now, time_ms=time_ms), watch)

    def _publish(self, events: Iterable[Event], *watches: Watch) -> None:
        for event in events:
            self._bus.publish(event)
        for watch in watches:
            self._bell.on_conditions(watch.conditions())
        self._changed.set()


def _names(reader: Reader) -> str:
    return ", ".join(map(str, reader.accounts))


def _is_portfolio(problem: MarginError) -> bool:
    return isinstance(problem, ExchangeError) and problem.code in PORTFOLIO_CODES


async def _check(reader: Reader) -> None:
    try:
        await reader.check()
    except ExchangeError as problem:
        if not _is_portfolio(problem):
            raise
        raise AccountStateError(f"{_names(reader)}: {PORTFOLIO}", code=problem.code) from problem
