"""
Balances, debts and the one place where they change.

Each posting takes from one purse what it gives to another, so the sum over all purses of an asset stays zero;
purses of the house may go below zero. That is the money that a test can count.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO
from binance_margin_async.sim.margin.bars import Bars, Leverage
from binance_margin_async.sim.market.pairs import Pair

CROSS = "CROSS"

# Purses of the house.
OPENING = "opening"
POOL = "pool"
MARKET = "market"
FEES = "fees"
INTEREST = "interest"


@dataclass(slots=True)
class Balance:
    """One asset of one account, in its own units."""

    free: Decimal = ZERO
    locked: Decimal = ZERO
    borrowed: Decimal = ZERO
    interest: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Free and locked together."""
        return self.free + self.locked

    @property
    def liability(self) -> Decimal:
        """Borrowed and interest together."""
        return self.borrowed + self.interest

    @property
    def net(self) -> Decimal:
        """What would be left after paying the debt."""
        return self.total - self.liability


@dataclass(slots=True)
class Account:
    """
    The cross account or one isolated pair.

    Attributes:
        name: ``"CROSS"`` or the pair's symbol.
        balances: By asset.
        bars: Thresholds of the cross account; an isolated pair takes its own from *leverage*.
        pair: The isolated pair.
        leverage: The isolated pair's terms.
        enabled: An isolated pair may be switched off.
        frozen_until: While a forced liquidation runs: when it sells, in epoch milliseconds.
        loan_busy_until: Until then a borrow or repay is in work.
    """

    name: str
    balances: dict[str, Balance]
    bars: Bars = field(default_factory=Bars)
    pair: Pair | None = None
    leverage: Leverage | None = None
    enabled: bool = True
    frozen_until: int | None = None
    loan_busy_until: int = 0

    @property
    def is_isolated(self) -> bool:
        """Whether this is one pair's account."""
        return self.pair is not None

    def balance(self, asset: str) -> Balance:
        """Return the balance of *asset*, an empty one when it was never touched."""
        return self.balances.setdefault(asset, Balance())


class Book:
    """Every purse of the exchange, and the postings between them."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.house: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)

    def open(self, account: Account) -> None:
        """Take *account* in with the balances it has; they count as paid in and lent before the start."""
        self.accounts[account.name] = account
        for asset, balance in account.balances.items():
            self.house[OPENING, asset] -= balance.total - balance.borrowed
            self.house[POOL, asset] -= balance.borrowed

    def lock(self, account: Account, asset: str, amount: Decimal) -> None:
        """Set *amount* of the free balance aside for an order."""
        balance = account.balance(asset)
        balance.free -= amount
        balance.locked += amount

    def unlock(self, account: Account, asset: str, amount: Decimal) -> None:
        """Give a locked *amount* back."""
        self.lock(account, asset, -amount)

    def lend(self, account: Account, asset: str, amount: Decimal) -> None:
        """Pay a loan out of the pool."""
        balance = account.balance(asset)
        balance.free += amount
        balance.borrowed += amount
        self.house[POOL, asset] -= amount

    def charge(self, account: Account, asset: str, amount: Decimal) -> None:
        """Add interest to the debt; nothing is paid yet."""
        account.balance(asset).interest += amount

    def repay(self, account: Account, asset: str, amount: Decimal) -> tuple[Decimal, Decimal]:
        """
        Pay *amount* (≤ free, ≤ liability) of a debt, interest before principal.

        Returns:
            The interest and the principal that were paid.
        """
        balance = account.balance(asset)
        interest = min(amount, balance.interest)
        principal = amount - interest
        balance.free -= amount
        balance.interest -= interest
        balance.borrowed -= principal
        self.house[INTEREST, asset] += interest
        self.house[POOL, asset] += principal
        return interest, principal

    def trade(self, account: Account, *, give: tuple[str, Decimal], get: tuple[str, Decimal], fee: Decimal) -> None:
        """Swap a locked amount for another asset; *fee* is in units of the asset received."""
        given, spent = give
        gotten, received = get
        account.balance(given).locked -= spent
        self.house[MARKET, given] += spent
        self.house[MARKET, gotten] -= received
        account.balance(gotten).free += received - fee
        self.house[FEES, gotten] += fee

    def pay_fee(self, account: Account, asset: str, fee: Decimal) -> None:
        """Take a fee out of the free balance of an asset that was not traded."""
        account.balance(asset).free -= fee
        self.house[FEES, asset] += fee

    def audit(self) -> dict[str, Decimal]:
        """Return the sum over all purses for each asset; anything but zero is money made or lost."""
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for (_, asset), amount in self.house.items():
            sums[asset] += amount
        for account in self.accounts.values():
            for asset, balance in account.balances.items():
                sums[asset] += balance.total
        return dict(sums)
