"""Accounts: what each holds and owes, and the terms it has."""

from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO
from binance_margin_async.sim.margin.bars import Bars, Leverage
from binance_margin_async.sim.market.pairs import Pair

CROSS = "CROSS"


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
    The cross account, one isolated pair, or another wallet of the user.

    Attributes:
        name: ``"CROSS"``, the pair's symbol, or the wallet's name.
        balances: By asset.
        bars: Thresholds of the cross account; an isolated pair takes its own from *leverage*.
        pair: The isolated pair.
        leverage: The isolated pair's terms.
        enabled: An isolated pair may be switched off.
        frozen_until: While a forced liquidation runs: when it sells, in epoch milliseconds.
        loan_busy_until: Until then a borrow or repay is in work.
        disabled_at: When an isolated pair was last switched off, in epoch milliseconds.
        special_keys_from: Before it no special key may be made.
    """

    name: str
    balances: dict[str, Balance]
    bars: Bars = field(default_factory=Bars)
    pair: Pair | None = None
    leverage: Leverage | None = None
    enabled: bool = True
    frozen_until: int | None = None
    loan_busy_until: int = 0
    disabled_at: int | None = None
    special_keys_from: int = 0

    @property
    def is_isolated(self) -> bool:
        """Whether this is one pair's account."""
        return self.pair is not None

    def balance(self, asset: str) -> Balance:
        """Return the balance of *asset*, an empty one when it was never touched."""
        return self.balances.setdefault(asset, Balance())
