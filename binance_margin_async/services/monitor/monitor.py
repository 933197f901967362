"""The margin-call monitor: it rings while it is entered, and answers questions about what it watches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from decimal import Decimal
from types import TracebackType
from typing import Self

from binance_margin_async.clock import Clock
from binance_margin_async.models.account import Account
from binance_margin_async.models.answers import MarginAnswers, Restore
from binance_margin_async.models.margin import MarginState
from binance_margin_async.rules.alerts.kept import KeptAlert
from binance_margin_async.rules.margin.bars import fallback_cross_bars, fallback_isolated_bars
from binance_margin_async.rules.margin.thresholds import ThresholdMachine
from binance_margin_async.services.alerts.bell import Bell
from binance_margin_async.services.alerts.bulletin import Bulletin
from binance_margin_async.services.alerts.policy import MonitorPolicy
from binance_margin_async.services.monitor.answers import answer, level_at, restore_of
from binance_margin_async.services.monitor.lookout import Lookout
from binance_margin_async.services.monitor.outdated import is_outdated
from binance_margin_async.services.monitor.thresholds import threshold_key
from binance_margin_async.services.monitor.watch import Watch
from binance_margin_async.services.protection import Protector
from binance_margin_async.services.supervisor import Supervisor


class Monitor:
    """
    Watches margin accounts and publishes ``MarginReading`` and ``MarginAlert`` while it is entered.

    Args:
        accounts: Which accounts.
        policy: When it rings.
        lookout: Looks at the accounts.
        bell: Brings messages to people.
        bulletin: Follows what the exchange announces; ``None`` when the policy wants nothing of that.
        protector: Acts for the accounts, if the policy says so.
        clock: The loop's and the exchange's time.
        supervisor: Owns the tasks.
        start_streams: Starts the streams without waiting for them.
        name: Begins the names of the tasks.
    """

    def __init__(
        self,
        accounts: Sequence[Account],
        *,
        policy: MonitorPolicy,
        lookout: Lookout,
        bell: Bell,
        bulletin: Bulletin | None,
        protector: Protector,
        clock: Clock,
        supervisor: Supervisor,
        start_streams: Callable[[], None],
        name: str,
    ) -> None:
        self._accounts = tuple(accounts)
        self._policy = policy
        self._lookout = lookout
        self._bell = bell
        self._bulletin = bulletin
        self._protector = protector
        self._clock = clock
        self._supervisor = supervisor
        self._start_streams = start_streams
        self._name = name
        self._watches: dict[Account, Watch] = {}
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
            self._bell.forget(lambda alert: is_outdated(alert, self._accounts, self._policy))
            self._watches = {account: self._watch(account) for account in self._accounts}
            await self._lookout.take(self._watches)
            await self._exit.enter_async_context(self._protector)
        except BaseException:
            await self._exit.aclose()
            raise
        self._entered = True
        await self._exit.enter_async_context(self._lookout.listening())
        self._start_streams()
        for task, work in self._lookout.tasks():
            self._start(task, work)
        if self._bulletin is not None:
            self._start("announcements of the minute", self._bulletin.often)
            self._start("announcements of the hour", self._bulletin.seldom)
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
        return restore_of(self._watches[account], target)

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

    def _start(self, task: str, work: Callable[[], Awaitable[None]]) -> None:
        name = f"{self._name}: {task}"
        self._supervisor.start(name, work)
        self._exit.push_async_callback(self._supervisor.stop, name)
