"""What an account has and owes at the last prices: between two readings, only where that is known to be whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from binance_margin_async.models.account import Account
from binance_margin_async.models.margin import BarDistance
from binance_margin_async.models.stream_events import AccountPosition, PositionBalance
from binance_margin_async.rules.margin.distance import distance_to_bar
from binance_margin_async.rules.margin.estimate import Estimate, MissingPrices, Position
from binance_margin_async.rules.margin.running import RunningTotals
from binance_margin_async.rules.margin.shock import shock_to_bar

CROSS_NUMERAIRE = "USDT"
# Fees and the price that is got change the value of an account by less than this share when it trades.
TRADED = Decimal("0.002")
_ZERO = Decimal(0)


class Holdings:
    """
    Hold what answers and estimates are computed from.

    Attributes:
        numeraire: ``"USDT"``, or the quote asset of an isolated pair; empty until such a pair has been read.
        rates: Interest of the coming hour, as fractions, by asset.
        computable: Whether the margin level is assets ÷ liabilities; not so in Pro mode.
    """

    def __init__(self, account: Account) -> None:
        self._symbol = account.symbol
        self.numeraire: str = CROSS_NUMERAIRE if self._symbol is None else ""
        self.rates: dict[str, Decimal] = {}
        self.computable: bool = True
        self._positions: tuple[Position, ...] = ()
        self._prices: dict[str, Decimal] = {}
        self._running = RunningTotals()
        self._by_pair: dict[str, str] = {}
        self._base = ""
        self._asked_ms = 0
        # The exchange's time of a change that the positions do not show yet: no estimate until a later reading.
        self._unread_ms: int | None = None

    def __repr__(self) -> str:
        unread = "" if self._unread_ms is None else ", changed since they were read"
        return f"<Holdings {', '.join(self.assets) or 'nothing'} in {self.numeraire or 'no currency yet'}{unread}>"

    @property
    def was_read(self) -> bool:
        """Whether the exchange has told it at all."""
        return self._asked_ms > 0

    @property
    def positions(self) -> tuple[Position, ...]:
        """One entry per asset."""
        return self._positions

    @property
    def assets(self) -> list[str]:
        """What the account holds or owes."""
        return [each.asset for each in self._positions if each.held or each.owed]

    @property
    def pairs(self) -> Iterable[str]:
        """The pairs whose price is needed; none while nothing is owed."""
        return self._by_pair.keys()

    @property
    def prices(self) -> dict[str, Decimal]:
        """By asset, in the numeraire, with that of the numeraire itself; a copy."""
        return {**self._prices, self.numeraire: Decimal(1)}

    @property
    def totals(self) -> Estimate | None:
        """What everything is worth; ``None`` while a price is missing."""
        return self._running.totals if self._running.is_complete else None

    @property
    def estimate(self) -> Estimate | None:
        """
        The totals, if a margin level may be told by them.

        ``None`` while a price is missing, while it is known that balances or debts are other ones, when nothing is owed
        and in Pro mode: half a sum would be worse than none.
        """
        totals = self.totals
        unread = self._unread_ms is not None or not self.computable
        return None if unread or totals is None or not totals.liabilities else totals

    def on_reading(self, positions: tuple[Position, ...], *, asked_ms: int) -> None:
        """Take what the exchange says, asked for at *asked_ms* of its time."""
        self._asked_ms = asked_ms
        self._take(positions)
        if self._unread_ms is not None and asked_ms > self._unread_ms:
            self._unread_ms = None

    def on_isolated(self, base: Position, quote: Position, index_price: Decimal, *, asked_ms: int) -> None:
        """Take what the exchange says of a pair; *index_price* counts here if no price was pushed yet."""
        self._base, self.numeraire = base.asset, quote.asset
        self._prices.setdefault(base.asset, index_price)
        self.on_reading((base, quote), asked_ms=asked_ms)

    def on_price(self, pair: str, price: Decimal) -> bool:
        """Take a price; return whether the account needs it."""
        asset = self._by_pair.get(pair)
        if asset is not None:
            self._set_price(asset, price)
        return asset is not None

    def on_index_price(self, price: Decimal) -> None:
        """Take the index price of an isolated pair that was read with the account."""
        self._set_price(self._base, price)

    def on_position(self, event: AccountPosition) -> bool:
        """
        Take pushed balances; return whether they are later than the last reading.

        A trade leaves the value of the account as it is. What changes it may be half of a loan, repayment or transfer,
        of which the other half comes later or never: then no estimate is made until the account has been read.
        """
        if event.event_time_ms < self._asked_ms or not self._positions:
            return False
        told = {each.asset: each for each in event.balances}
        before = self._running.totals.assets
        known = [_with_balance(each, told.pop(each.asset, None)) for each in self._positions]
        new = (Position(each.asset, each.free, each.locked, _ZERO, _ZERO) for each in told.values())
        self._take((*known, *new))
        if abs(self._running.totals.assets - before) > before * TRADED:
            self._unread_ms = event.event_time_ms
        return True

    def on_debt_changed(self, event_time_ms: int) -> None:
        """Note that a debt is another one: how much, only a reading says."""
        if event_time_ms >= self._asked_ms:
            self._unread_ms = event_time_ms

    def distance(self, bar: Decimal) -> BarDistance | None:
        """Return how far the account is from *bar*; ``None`` while a price is missing or nothing can be computed."""
        prices = self.prices
        distance = distance_to_bar(self._positions, prices, bar, numeraire=self.numeraire)
        if isinstance(distance, MissingPrices) or not self.computable:
            return None
        at = {asset: each for asset, each in distance.prices.items() if each.price is not None}
        return BarDistance(
            fall=distance.fall,
            prices={asset: each.price for asset, each in at.items() if each.price is not None},
            moves={asset: move for asset, each in at.items() if (move := each.move_from(prices[asset])) is not None},
            shock=shock_to_bar(self._positions, prices, bar),
        )

    def _take(self, positions: tuple[Position, ...]) -> None:
        self._positions = positions
        self._running = RunningTotals(positions, self.prices)
        self._by_pair = self._pairs_needed()

    def _set_price(self, asset: str, price: Decimal) -> None:
        self._prices[asset] = price
        self._running.set_price(asset, price)

    def _pairs_needed(self) -> dict[str, str]:
        if not self.computable or not any(each.owed for each in self._positions):
            return {}
        if self._symbol is not None:
            return {self._symbol: self._base}
        return {f"{asset}{CROSS_NUMERAIRE}": asset for asset in self.assets if asset != CROSS_NUMERAIRE}


def _with_balance(position: Position, told: PositionBalance | None) -> Position:
    return position if told is None else replace(position, free=told.free, locked=told.locked)
