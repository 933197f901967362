"""A session to be played: opening positions, price paths, and how long it lasts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO
from binance_margin_async.sim.errors import ScenarioError
from binance_margin_async.sim.faults.fault import Fault
from binance_margin_async.sim.ledger.wallets import WALLETS
from binance_margin_async.sim.margin.bars import LEVERAGES, Bars
from binance_margin_async.sim.margin.terms import LoanTerms
from binance_margin_async.sim.market.liquidity import Liquidity
from binance_margin_async.sim.market.pairs import Pair, pair_of
from binance_margin_async.sim.market.prices import PricePath, aligned
from binance_margin_async.sim.trading.fees import FeeSchedule

# Per hour, 0.0005 % (in the range that Binance shows for USDT; the figure itself is invented).
HOURLY_RATE = Decimal("0.000005")


@dataclass(frozen=True, slots=True)
class Holding:
    """What an account has and owes of one asset when the scenario begins; the debt is given, not drawn."""

    free: Decimal = ZERO
    borrowed: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class IsolatedOpening:
    """An isolated pair when the scenario begins: balances by asset, and its leverage (10, 5 or 3)."""

    holdings: Mapping[str, Holding] = field(default_factory=dict[str, Holding])
    leverage: int = 10
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Delisting:
    """What leaves margin *after_s* seconds after the start, by the server's clock; told from the beginning."""

    after_s: float
    assets: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """
    A session to be played.

    Attributes:
        name: How it is asked for.
        description: One line for people.
        pairs: Symbols that can be traded.
        prices: A path for each pair; those that a price file must bring may be missing.
        cross: Opening of the cross account; ``None`` for one that its first transfer will open.
        isolated: Openings of isolated pairs, by symbol.
        bars: Thresholds of the cross account.
        hourly_rate: Interest for one hour, a fraction of the principal.
        liquidity: How deep the market of every pair is.
        liquidity_of: The same for pairs that differ, by symbol.
        own_pairs: Filters of pairs that differ from the shipped ones, by symbol.
        fees: What trades cost.
        wallets: What is in the user's other wallets, by wallet (``SPOT``, ``FUNDING``, …) and asset.
        loan_terms: By asset, where an asset is lent unlike the others.
        duration_s: Market seconds until the scenario is over; ``None`` lasts as long as the price file, or for ever.
        needs_prices: Pairs whose prices come from a file.
        delistings: What leaves margin, and when.
        faults: What goes wrong, and when.
    """

    name: str
    description: str = ""
    pairs: tuple[str, ...] = ("BTCUSDT", "ETHUSDT", "BNBUSDT")
    prices: Mapping[str, PricePath] = field(default_factory=dict[str, PricePath])
    cross: Mapping[str, Holding] | None = None
    isolated: Mapping[str, IsolatedOpening] = field(default_factory=dict[str, IsolatedOpening])
    bars: Bars = field(default_factory=Bars)
    hourly_rate: Decimal = HOURLY_RATE
    liquidity: Liquidity = field(default_factory=Liquidity)
    liquidity_of: Mapping[str, Liquidity] = field(default_factory=dict[str, Liquidity])
    own_pairs: Mapping[str, Pair] = field(default_factory=dict[str, Pair])
    fees: FeeSchedule = field(default_factory=FeeSchedule)
    wallets: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict[str, Mapping[str, Decimal]])
    loan_terms: Mapping[str, LoanTerms] = field(default_factory=dict[str, LoanTerms])
    duration_s: float | None = 60.0
    needs_prices: tuple[str, ...] = ()
    delistings: tuple[Delisting, ...] = ()
    faults: tuple[Fault, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a scenario that contradicts itself."""
        for symbol in self.pairs:
            try:
                _ = self.own_pairs.get(symbol) or pair_of(symbol)
            except ValueError as error:
                raise ScenarioError(f"scenario '{self.name}': {error}") from None
        for symbol, opening in self.isolated.items():
            if symbol not in self.pairs:
                raise ScenarioError(f"scenario '{self.name}': isolated pair '{symbol}' is not among its pairs")
            if opening.leverage not in LEVERAGES:
                choices = ", ".join(map(str, LEVERAGES))
                raise ScenarioError(f"scenario '{self.name}': leverage {opening.leverage} is none of {choices}")
        for wallet in self.wallets:
            if wallet not in WALLETS:
                raise ScenarioError(f"scenario '{self.name}': wallet '{wallet}' is none of {', '.join(WALLETS)}")

    def with_prices(self, prices: Mapping[str, PricePath]) -> "Scenario":
        """
        Return the scenario played on *prices* where they are given, as long as they last.

        Raises:
            ScenarioError: A path is missing, or belongs to a pair that the scenario does not have.
        """
        for symbol in prices:
            if symbol not in self.pairs:
                pairs = ", ".join(self.pairs)
                raise ScenarioError(f"scenario '{self.name}' has no pair '{symbol}'; its pairs are {pairs}")
        merged = {**self.prices, **prices}
        for symbol in self.pairs:
            if symbol not in merged:
                hint = "; give a price file" if symbol in self.needs_prices else ""
                raise ScenarioError(f"scenario '{self.name}' needs prices for {symbol}{hint}")
        merged = aligned(merged)
        ends = [end for symbol in prices if (end := merged[symbol].duration_ms) is not None]
        duration = max(ends) / 1000 if ends else self.duration_s
        return replace(self, prices=merged, duration_s=duration)
