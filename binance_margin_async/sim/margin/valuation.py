"""What an account is worth at the prices of the moment, and which bars hold for it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from binance_margin_async.sim.amounts import ONE, ZERO, floor
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.margin.bars import (
    TIER_QUOTE_LIMIT,
    Bars,
    Leverage,
    collateral,
    isolated_bars,
    level,
    slices_of,
    status,
)
from binance_margin_async.sim.market.feed import Feed


class Worth(NamedTuple):
    """
    Values of one account: in USDT for cross, in the quote asset for an isolated pair.

    ``collateral`` is the haircut-weighted asset value; isolated pairs have no haircut.
    """

    assets: Decimal
    liabilities: Decimal
    collateral: Decimal


class Appraiser:
    """Value accounts by index price."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        # A tier's base limit is worth its quote limit at the opening price.
        self._base_limits = {symbol: floor(TIER_QUOTE_LIMIT / price) for symbol, price in feed.prices.items()}

    def worth(
        self, account: Account, *, loan: tuple[str, Decimal] | None = None, moved: tuple[str, Decimal] | None = None
    ) -> Worth:
        """Return the values of *account*, as they would be after a *loan* = (asset, amount), with *moved* out of it."""
        held = {asset: balance.total for asset, balance in account.balances.items()}
        owed = {asset: balance.liability for asset, balance in account.balances.items()}
        if loan is not None:
            asset, amount = loan
            held[asset] = held.get(asset, ZERO) + amount
            owed[asset] = owed.get(asset, ZERO) + amount
        if moved is not None:
            asset, amount = moved
            held[asset] = held.get(asset, ZERO) - amount
        values = {asset: self.value(account, asset, amount) for asset, amount in held.items()}
        assets = sum(values.values(), ZERO)
        liabilities = sum((self.value(account, asset, amount) for asset, amount in owed.items()), ZERO)
        if account.is_isolated:
            return Worth(assets, liabilities, assets)
        backing = sum((collateral(value, slices_of(asset)) for asset, value in values.items()), ZERO)
        return Worth(assets, liabilities, backing)

    def can_hold(self, account: Account, asset: str) -> bool:
        """Tell whether *asset* belongs into *account*: one of the pair's two, or anything with an index price."""
        if account.pair is not None:
            return asset in {account.pair.base, account.pair.quote}
        return self.is_priced(asset)

    def is_priced(self, asset: str) -> bool:
        """Tell whether *asset* can be valued in dollars."""
        return asset == "USDT" or f"{asset}USDT" in self._feed.prices

    def usdt_value(self, account: Account, asset: str, amount: Decimal) -> Decimal:
        """Return what *amount* of *asset*, in *account*, is worth in USDT."""
        value = self.value(account, asset, amount)
        return value if account.pair is None else self._feed.value(account.pair.quote, value)

    def dollars(self, asset: str) -> Decimal:
        """Return the price of one *asset* in USDT."""
        return self._feed.value(asset, ONE)

    def level(self, account: Account) -> Decimal | None:
        """Return the margin level; ``None`` without debt."""
        # Asked after every change of anything, so only what it needs is added up.
        assets = liabilities = ZERO
        for asset, balance in account.balances.items():
            price = self.value(account, asset, ONE)
            assets += balance.total * price
            if balance.borrowed or balance.interest:
                liabilities += balance.liability * price
        return level(assets, liabilities)

    def status(self, account: Account) -> str:
        """Return the status that follows from the level alone."""
        return self.status_at(account, self.level(account))

    def status_at(self, account: Account, margin_level: Decimal | None) -> str:
        """Return the status of *account* at a level; the bars that matter here are the same in every tier."""
        return status(margin_level, account.bars if account.leverage is None else isolated_bars(account.leverage, 1))

    def bars(self, account: Account) -> Bars:
        """Return the thresholds of *account*; those of an isolated pair depend on its debt."""
        if account.leverage is None:
            return account.bars
        return isolated_bars(account.leverage, self.tier(account) or len(account.leverage.initial))

    def tier(self, account: Account, *, loan: tuple[str, Decimal] | None = None) -> int | None:
        """Return the tier (from 1) of an isolated pair's debt after *loan*; ``None`` when it exceeds every tier."""
        if account.pair is None or account.leverage is None:
            return None
        lent_asset, lent = loan or ("", ZERO)
        debts = {asset: balance.borrowed for asset, balance in account.balances.items()}
        debts[lent_asset] = debts.get(lent_asset, ZERO) + lent
        limits = self.tier_limits(account.pair.symbol)
        for tier in range(1, len(account.leverage.initial) + 1):
            if all(debts.get(asset, ZERO) <= tier * limit for asset, limit in self._by_asset(account, limits).items()):
                return tier
        return None

    def tier_limits(self, symbol: str) -> tuple[Decimal, Decimal]:
        """Return how much base and quote the first tier of *symbol* allows; each tier adds as much again."""
        return self._base_limits[symbol], TIER_QUOTE_LIMIT

    def tiers(self, symbol: str, leverage: Leverage) -> list[Mapping[str, Decimal]]:
        """Return the tiers of an isolated pair: initial ratio and largest debts, from the first on."""
        base, quote = self.tier_limits(symbol)
        return [
            {"initial": ratio, "base": base * tier, "quote": quote * tier}
            for tier, ratio in enumerate(leverage.initial, 1)
        ]

    def _by_asset(self, account: Account, limits: tuple[Decimal, Decimal]) -> dict[str, Decimal]:
        return {account.pair.base: limits[0], account.pair.quote: limits[1]} if account.pair else {}

    def value(self, account: Account, asset: str, amount: Decimal) -> Decimal:
        """Return what *amount* of *asset* is worth: in USDT for cross, in the quote asset for an isolated pair."""
        if account.pair is None:
            return self._feed.value(asset, amount)
        return amount * self._feed.prices[account.pair.symbol] if asset == account.pair.base else amount
