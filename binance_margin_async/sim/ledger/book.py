"""
The one place where money changes hands.

It is a double-entry ledger: each posting takes from one purse what it gives to another, so the sum over all purses
of an asset stays zero. Purses of the house may go below zero. A debt is kept twice too: by the account that owes
it, and as a claim of the house.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.ledger.records import Histories, Sum
from binance_margin_async.sim.ledger.wallets import WALLETS

# Purses of the house.
OPENING = "opening"
CROSS_POOL = "pool of the cross account"
ISOLATED_POOL = "pool of the isolated accounts"
MARKET = "market"
FEES = "fees"
INTEREST = "interest"
DEFICITS = "deficits of liquidated accounts"
CONVERSIONS = "conversions"
# Claims of the house.
LENT = "lent"
ACCRUED = "interest not yet paid"


@dataclass(frozen=True, slots=True)
class Swap:
    """
    One fill, as it moves money.

    Attributes:
        is_buy: Whether the account bought the base asset.
        give: What it paid, out of the locked balance.
        get: What it received, before the commission.
        fee: The commission: of what is received, or of the free balance of another asset.
        trade: Trade identifier.
        is_forced: Whether a liquidation did it.
    """

    is_buy: bool
    give: Sum
    get: Sum
    fee: Sum
    trade: int
    is_forced: bool = False


def pool_of(account: Account) -> str:
    """Return the purse that lends to *account*."""
    return ISOLATED_POOL if account.is_isolated else CROSS_POOL


class Book:
    """
    Every purse of the exchange, and the postings between them.

    Attributes:
        accounts: Margin accounts, by name.
        wallets: The user's other wallets, by name; orders are placed from the spot wallet alone.
        house: Purses of the house, by name and asset.
        claims: What accounts owe the house, by ``LENT`` or ``ACCRUED`` and asset.
        histories: What was recorded.
    """

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.wallets: dict[str, Account] = {wallet: Account(wallet, {}) for wallet in WALLETS}
        self.house: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self.claims: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self.histories: Histories = Histories()

    def enabled_pairs(self) -> int:
        """Return how many isolated accounts are open and not switched off."""
        return sum(account.is_isolated and account.enabled for account in self.accounts.values())

    # -- the beginning --------------------------------------------------------------------------------------------

    def open(self, account: Account) -> None:
        """Take *account* in with the balances it has; they count as paid in and lent before the start."""
        self.accounts[account.name] = account
        for asset, balance in account.balances.items():
            self.house[OPENING, asset] -= balance.total
            self.claims[LENT, asset] += balance.borrowed
            self.claims[ACCRUED, asset] += balance.interest

    def fund(self, wallet: str, asset: str, amount: Decimal) -> None:
        """Give a wallet money that it had before the start."""
        self._in_wallet(wallet, asset, amount)
        self.house[OPENING, asset] -= amount

    def stock(self, pool: str, asset: str, amount: Decimal) -> None:
        """Give a lending pool money that it had before the start."""
        self.house[pool, asset] += amount
        self.house[OPENING, asset] -= amount

    def place(self, name: str) -> Account:
        """Return the margin account or the wallet of that name."""
        return self.wallets.get(name) or self.accounts[name]

    # -- orders ---------------------------------------------------------------------------------------------------

    def lock(self, account: Account, asset: str, amount: Decimal) -> None:
        """Set *amount* of the free balance aside for an order."""
        balance = account.balance(asset)
        balance.free -= amount
        balance.locked += amount

    def unlock(self, account: Account, asset: str, amount: Decimal) -> None:
        """Give a locked *amount* back."""
        self.lock(account, asset, -amount)

    def trade(self, account: Account, swap: Swap, now: int) -> None:
        """Pay for a fill out of what is locked, and take what it brings."""
        give, get, fee = swap.give, swap.get, swap.fee
        account.balance(give.asset).locked -= give.amount
        account.balance(get.asset).free += get.amount
        account.balance(fee.asset).free -= fee.amount
        self.house[MARKET, give.asset] += give.amount
        self.house[MARKET, get.asset] -= get.amount
        self.house[FEES, fee.asset] += fee.amount
        side = "BUY" if swap.is_buy else "SELL"
        spent, gained = (f"{side}_LIQUIDATION",) * 2 if swap.is_forced else (f"{side}_EXPENSE", f"{side}_INCOME")
        note = self.histories.flow
        note(account.name, Sum(give.asset, -give.amount), spent, swap.trade, now)
        note(account.name, get, gained, swap.trade, now)
        note(account.name, Sum(fee.asset, -fee.amount), "TRADING_COMMISSION", swap.trade, now)

    # -- loans ----------------------------------------------------------------------------------------------------

    def lend(self, account: Account, asset: str, amount: Decimal, transaction: int, now: int) -> None:
        """Pay a loan out of the pool."""
        balance = account.balance(asset)
        balance.free += amount
        balance.borrowed += amount
        self.house[pool_of(account), asset] -= amount
        self.claims[LENT, asset] += amount
        self.histories.flow(account.name, Sum(asset, amount), "BORROW", transaction, now)

    def charge(self, account: Account, asset: str, amount: Decimal) -> None:
        """Add interest to the debt; nothing is paid yet."""
        account.balance(asset).interest += amount
        self.claims[ACCRUED, asset] += amount

    def pay_interest(self, account: Account, asset: str, amount: Decimal, transaction: int, now: int) -> None:
        """Pay interest at once, out of the free balance of another asset than the one owed."""
        account.balance(asset).free -= amount
        self.house[INTEREST, asset] += amount
        self.histories.flow(account.name, Sum(asset, -amount), "REPAY", transaction, now)

    def repay(
        self, account: Account, asset: str, amount: Decimal, transaction: int, now: int, *, is_forced: bool = False
    ) -> tuple[Decimal, Decimal]:
        """
        Pay *amount* (≤ free, ≤ liability) of a debt, interest before principal.

        Returns:
            The interest and the principal that were paid.
        """
        account.balance(asset).free -= amount
        parts = self._settle(account, asset, amount)
        kind = "REPAY_LIQUIDATION" if is_forced else "REPAY"
        self.histories.flow(account.name, Sum(asset, -amount), kind, transaction, now)
        return parts

    def forgive(self, account: Account, asset: str, amount: Decimal, purse: str) -> None:
        """Settle *amount* of a debt out of a *purse* of the house."""
        self.house[purse, asset] -= amount
        self._settle(account, asset, amount)

    def seize(self, account: Account, what: Sum, purse: str, transaction: int, now: int) -> None:
        """Take a free amount out of a liquidated account into a *purse* of the house."""
        account.balance(what.asset).free -= what.amount
        self.house[purse, what.asset] += what.amount
        self.histories.flow(account.name, Sum(what.asset, -what.amount), "OTHER_LIQUIDATION", transaction, now)

    def owe(self, account: Account, asset: str, amount: Decimal, purse: str) -> None:
        """Lend *amount* without paying it out: it goes into a *purse* of the house."""
        account.balance(asset).borrowed += amount
        self.house[pool_of(account), asset] -= amount
        self.house[purse, asset] += amount
        self.claims[LENT, asset] += amount

    # -- wallets --------------------------------------------------------------------------------------------------

    def transfer(self, source: str, target: str, what: Sum, transaction: int, now: int) -> None:
        """Move money between two wallets or accounts, given by their names."""
        self._move(source, what.asset, -what.amount, transaction, now)
        self._move(target, what.asset, what.amount, transaction, now)

    def pay_house(self, wallet: str, purse: str, what: Sum) -> None:
        """Pay out of a wallet into a purse of the house."""
        self._in_wallet(wallet, what.asset, -what.amount)
        self.house[purse, what.asset] += what.amount

    # -- the proof ------------------------------------------------------------------------------------------------

    def audit(self) -> dict[str, Decimal]:
        """
        Return what is missing or too much of each asset: money over all purses, and debts against claims.

        Anything but zero is money made or lost.
        """
        money: defaultdict[str, Decimal] = defaultdict(Decimal)
        lent: defaultdict[str, Decimal] = defaultdict(Decimal)
        accrued: defaultdict[str, Decimal] = defaultdict(Decimal)
        for (_, asset), amount in self.house.items():
            money[asset] += amount
        for account in (*self.accounts.values(), *self.wallets.values()):
            for asset, balance in account.balances.items():
                money[asset] += balance.total
                lent[asset] += balance.borrowed
                accrued[asset] += balance.interest
        for (claim, asset), amount in self.claims.items():
            (lent if claim == LENT else accrued)[asset] -= amount
        return {
            asset: abs(money[asset]) + abs(lent[asset]) + abs(accrued[asset]) for asset in {**money, **lent, **accrued}
        }

    def _settle(self, account: Account, asset: str, amount: Decimal) -> tuple[Decimal, Decimal]:
        balance = account.balance(asset)
        interest = min(amount, balance.interest)
        principal = amount - interest
        balance.interest -= interest
        balance.borrowed -= principal
        self.house[INTEREST, asset] += interest
        self.house[pool_of(account), asset] += principal
        self.claims[ACCRUED, asset] -= interest
        self.claims[LENT, asset] -= principal
        return interest, principal

    def _move(self, place: str, asset: str, amount: Decimal, transaction: int, now: int) -> None:
        if place in self.wallets:
            self._in_wallet(place, asset, amount)
        else:
            self.accounts[place].balance(asset).free += amount
            self.histories.flow(place, Sum(asset, amount), "TRANSFER", transaction, now)

    def _in_wallet(self, wallet: str, asset: str, amount: Decimal) -> None:
        self.wallets[wallet].balance(asset).free += amount
