"""The mirror of an account: what it has, owes and has on the books, to be read without waiting."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal

import msgspec

from binance_margin_async.bus import Bus
from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError
from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import (
    LiabilityExchangeUpdate,
    LiquidationLoanUpdate,
    LiquidationUpdate,
    LoanUpdate,
    OrderUpdate,
    StreamHealth,
    TransferUpdate,
)
from binance_margin_async.models.stream_events import AccountPosition, BalanceUpdate, UserLiabilityChange
from binance_margin_async.rules.limits.share import Share
from binance_margin_async.services.intake import Intake
from binance_margin_async.services.repair import GRACE, PERIOD, SHARE
from binance_margin_async.services.supervisor import Supervisor
from binance_margin_async.streams.health import HealthBoard

_log = logging.getLogger("binance_margin_async.mirror")
_TASK = "mirrors"
# Every account is read in each comparison; a minute later one has failed.
MOST_AGE = PERIOD + GRACE + 60.0
# Seconds in which what belongs together arrives, before the account is read; and between two readings of an account.
SETTLE, PAUSE = 1.0, 5.0
# After these a debt is another one. After a position it may be, as an order can borrow and repay.
_DEBT_EVENTS = (LoanUpdate, UserLiabilityChange, LiquidationUpdate, LiquidationLoanUpdate, LiabilityExchangeUpdate)
_EVENTS = (*_DEBT_EVENTS, AccountPosition, BalanceUpdate, TransferUpdate)
_ZERO = Decimal(0)


class MirroredAsset(msgspec.Struct, frozen=True, gc=False):
    """One asset of an account, in its units."""

    asset: str
    free: Decimal = _ZERO
    locked: Decimal = _ZERO
    borrowed: Decimal = _ZERO
    interest: Decimal = _ZERO

    @property
    def net(self) -> Decimal:
        """What is left when everything owed of it is paid; may be negative."""
        return self.free + self.locked - self.borrowed - self.interest


class AccountMirror:
    """
    ``await client.mirror(account)``: the account as far as it is known here, kept up to date.

    Reading never waits and never calls. Balances and orders follow the trade stream; debts and margin level are read
    anew whenever they may have changed, and with everything else every five minutes.
    """

    def __init__(self, account: Account, mirrors: Mirrors) -> None:
        self.account: Account = account
        self._mirrors = mirrors

    def __repr__(self) -> str:
        state = f"stale: {self.stale_because}" if self.stale else f"{self.age:.1f} s old"
        return f"<AccountMirror of {self.account}, {len(self.open_orders)} open orders, {state}>"

    def asset(self, name: str) -> MirroredAsset:
        """Return one asset; zeros when the account never had or owed it."""
        intake = self._mirrors.intake
        balance = intake.balances.balance(self.account, name)
        debt = intake.debts.debt(self.account, name)
        return MirroredAsset(
            name,
            *((_ZERO, _ZERO) if balance is None else (balance.free, balance.locked)),
            *((_ZERO, _ZERO) if debt is None else (debt.borrowed, debt.interest)),
        )

    @property
    def assets(self) -> Mapping[str, MirroredAsset]:
        """Every asset that the account has or owes, or once had or owed, by name; a copy."""
        intake = self._mirrors.intake
        names = {**intake.balances.balances(self.account), **intake.debts.debts(self.account)}
        return {name: self.asset(name) for name in names}

    @property
    def open_orders(self) -> Mapping[int, OrderUpdate]:
        """The last news of each open order, by order id; a copy."""
        return self._mirrors.intake.followed.open_orders(self.account)

    @property
    def open_lists(self) -> tuple[int, ...]:
        """Ids of the order lists that are not done; one that was open before this client appears when it changes."""
        return self._mirrors.intake.followed.open_lists(self.account)

    @property
    def margin_level(self) -> Decimal | None:
        """As the exchange computed it for the last full reading, ``age`` seconds ago; ``None`` when nothing is owed."""
        return self._mirrors.intake.debts.level(self.account)

    @property
    def age(self) -> float:
        """Seconds since the account was last read in full, counted from the request."""
        return self._mirrors.age(self.account)

    @property
    def stale(self) -> bool:
        """Whether this may differ from the account by more than what is on its way; ``stale_because`` says why."""
        return bool(self.stale_because)

    @property
    def stale_because(self) -> str:
        """
        Why the mirror is stale; empty when it is not.

        It is while the trade stream does not carry the account, when no reading has succeeded for six minutes, and from
        the moment in which a debt is known to have changed until the account has been read.
        """
        return self._mirrors.stale_because(self.account)

    @property
    def drift(self) -> int:
        """
        How often the exchange disagreed with what its stream had told while it was live: a sign of lost events.

        Balances and orders are compared apart, so one lost fill may count twice.
        """
        return self._mirrors.drift(self.account)


class Mirrors:
    """
    Hands out mirrors, and reads accounts whose debts may have changed.

    Attributes:
        intake: Holds what was told.

    Args:
        intake: As above.
        read_account: Reads one account in full; the reply goes through the intake.
        board: Health of the trade stream.
        bus: Brings the events after which an account is read.
        clock: The loop's time.
        supervisor: Owns the task.
    """

    def __init__(
        self,
        intake: Intake,
        *,
        read_account: Callable[[Account], Awaitable[None]],
        board: HealthBoard,
        bus: Bus,
        clock: Clock,
        supervisor: Supervisor,
    ) -> None:
        self.intake = intake
        self._read_account = read_account
        self._board = board
        self._bus = bus
        self._clock = clock
        self._supervisor = supervisor
        self._share = Share(SHARE)
        self._mirrors: dict[Account, AccountMirror] = {}
        self._due: dict[Account, float] = {}
        self._in_debt: dict[Account, float] = {}  # when a debt was last known to change
        self._wake = asyncio.Event()

    def of(self, account: Account) -> AccountMirror:
        """Return the mirror of an account that the trade stream carries."""
        self._supervisor.start(_TASK, self._run)
        return self._mirrors.setdefault(account, AccountMirror(account, self))

    def age(self, account: Account) -> float:
        """Return seconds since the last reading was asked for."""
        return self._clock.now() - self.intake.debts.asked_at(account)

    def drift(self, account: Account) -> int:
        """Return how often a reading disagreed."""
        return self.intake.drift.count(account, self._clock.now())

    def stale_because(self, account: Account) -> str:
        """Return why the account may be another than it is here; empty when nothing says so."""
        health = self._board.of(account)
        if health is not StreamHealth.LIVE:
            return f"the trade stream is {health}"
        if self.age(account) > MOST_AGE:
            return f"it was last read {self.age(account):.0f} s ago"
        if self._in_debt.get(account, float("-inf")) >= self.intake.debts.asked_at(account):
            return "a debt has changed and was not read yet"
        return ""

    def _on_event(self, event: Event) -> None:
        account, now = event.account, self._clock.now()
        if account not in self._mirrors:
            return
        if isinstance(event, _DEBT_EVENTS):
            self._in_debt[account] = now
        if account not in self._due:
            self._due[account] = max(now + SETTLE, self.intake.debts.asked_at(account) + PAUSE)
            self._wake.set()

    async def _run(self) -> None:
        async with self._bus.on(*_EVENTS, handler=self._on_event, name=_TASK):
            while True:
                self._wake.clear()
                account = min(self._due, key=lambda each: self._due[each], default=None)
                if account is None:
                    await self._wake.wait()
                    continue
                wait = self._due[account] - self._clock.now()
                if wait > 0:
                    await asyncio.sleep(wait)
                await self._read(account)

    async def _read(self, account: Account) -> None:
        wait = self._share.reserve(self._clock.now())
        if wait:
            await asyncio.sleep(wait)
        # What happens from now on makes it due again.
        self._due.pop(account, None)
        try:
            await self._read_account(account)
        except MarginError as problem:
            _log.warning("%s could not be read: %s", account, problem)
            self._due.setdefault(account, self._clock.now() + PAUSE)
