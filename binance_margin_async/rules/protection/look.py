"""An account as it is when something may be done about it, and what is to be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import msgspec

from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import AccountType, Side
from binance_margin_async.models.protection import ActionKind
from binance_margin_async.rules.margin.bars import Bars
from binance_margin_async.rules.margin.distance import distance_to_bar
from binance_margin_async.rules.margin.estimate import Estimate, MissingPrices, Position, estimate_cross_level
from binance_margin_async.rules.margin.states import classify
from binance_margin_async.rules.protection.rule import NOTHING_LEFT, Measured

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """
    Hold what was read of an account just now.

    Args:
        account: Whose.
        level: As the exchange says; ``None`` when nothing is owed.
        bars: As last known.
        positions: One entry per asset.
        prices: Value of one unit of each asset in one currency; those that could be read.
        numeraire: That currency, which is in ``prices`` at 1.
        account_type: What the exchange calls its mode.
        spot: Free balances of the spot wallet; empty when it was not read.
        open_orders: How many; 0 when they were not read.
        pairs: Base and quote asset by symbol.
        read_at: When the first of it was asked for, in the caller's seconds.
    """

    account: Account
    level: Decimal | None
    bars: Bars
    positions: Sequence[Position]
    prices: Mapping[str, Decimal]
    numeraire: str
    read_at: float
    account_type: AccountType = AccountType.MARGIN_1
    spot: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])
    open_orders: int = 0
    pairs: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])

    @property
    def totals(self) -> Estimate | None:
        """Values at the prices; ``None`` while one is missing."""
        found = estimate_cross_level(self.positions, self.prices)
        return None if isinstance(found, MissingPrices) else found

    def position(self, asset: str) -> Position:
        """Return what there is of *asset*."""
        return next((each for each in self.positions if each.asset == asset), Position(asset, *(_ZERO,) * 4))

    def confirmed(self) -> Measured:
        """Return how it is by the exchange's level."""
        return self._measured(self.level)

    def estimated(self) -> Measured | None:
        """Return how it is by our own; ``None`` while a price is missing."""
        totals = self.totals
        return None if totals is None else self._measured(totals.level)

    def _measured(self, level: Decimal | None) -> Measured:
        found = distance_to_bar(self.positions, self.prices, self.bars.liquidation, numeraire=self.numeraire)
        fall = None if isinstance(found, MissingPrices) else NOTHING_LEFT if found.fall is None else found.fall
        return Measured(level=level, distance=fall, state=classify(level, self.bars))


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """
    One action that is to be carried out; what a restart must find again while its outcome is open.

    Args:
        account: Where.
        rule: Name of the rule.
        kind: What.
        subject: Asset, or pair of an order; empty for cancels.
        amount: In units of the asset or of the pair's base; of cancels, how many orders are open.
        level: Margin level by which it was decided.
        side: Of an order.
        price: Worst price of an order.
        at_ms: When it was decided, in epoch milliseconds.
        dry_run: Whether it is only told.
    """

    account: Account
    rule: str
    kind: ActionKind
    subject: str
    amount: Decimal
    level: Decimal | None
    at_ms: int
    side: Side | None = None
    price: Decimal | None = None
    dry_run: bool = False
