"""Opening positions and price paths that show something, by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO
from binance_margin_async.sim.errors import ScenarioError
from binance_margin_async.sim.margin.bars import LEVERAGES, Bars
from binance_margin_async.sim.market.pairs import pair_of
from binance_margin_async.sim.market.prices import ConstantPrice, PricePath, ScriptedPrice

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
class Scenario:
    """
    A session to be played.

    Attributes:
        name: How it is asked for.
        description: One line for people.
        pairs: Symbols that can be traded.
        prices: A path for each pair; those that a price file must bring may be missing.
        cross: Opening of the cross account; ``None`` for an account that was never opened.
        isolated: Openings of isolated pairs, by symbol.
        bars: Thresholds of the cross account.
        hourly_rate: Interest for one hour, a fraction of the principal.
        duration_s: Market seconds until the scenario is over; ``None`` lasts as long as the price file, or for ever.
        needs_prices: Pairs whose prices come from a file.
    """

    name: str
    description: str = ""
    pairs: tuple[str, ...] = ("BTCUSDT", "ETHUSDT", "BNBUSDT")
    prices: Mapping[str, PricePath] = field(default_factory=dict[str, PricePath])
    cross: Mapping[str, Holding] | None = None
    isolated: Mapping[str, IsolatedOpening] = field(default_factory=dict[str, IsolatedOpening])
    bars: Bars = field(default_factory=Bars)
    hourly_rate: Decimal = HOURLY_RATE
    duration_s: float | None = 60.0
    needs_prices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a scenario that contradicts itself."""
        for symbol in self.pairs:
            try:
                pair_of(symbol)
            except ValueError as error:
                raise ScenarioError(f"scenario '{self.name}': {error}") from None
        for symbol, opening in self.isolated.items():
            if symbol not in self.pairs:
                raise ScenarioError(f"scenario '{self.name}': isolated pair '{symbol}' is not among its pairs")
            if opening.leverage not in LEVERAGES:
                choices = ", ".join(map(str, LEVERAGES))
                raise ScenarioError(f"scenario '{self.name}': leverage {opening.leverage} is none of {choices}")

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
        ends = [path.duration_ms for path in prices.values() if path.duration_ms is not None]
        duration = max(ends) / 1000 if ends else self.duration_s
        return replace(self, prices=merged, duration_s=duration)


_QUIET_REST = {"ETHUSDT": ConstantPrice("ETHUSDT", "3000"), "BNBUSDT": ConstantPrice("BNBUSDT", "600")}

SLIDE = Scenario(
    name="slide",
    description="Bitcoin falls for half a minute: margin calls, then forced liquidations, then calm",
    prices={
        # Cross is called at 48,750 (second 12) and liquidated at 41,250 (second 24); the isolated pair is
        # called at 46,505.20 (second 16) and liquidated at 44,942 (second 18.5).
        "BTCUSDT": ScriptedPrice(
            "BTCUSDT",
            [(0, "60000"), (2, "60000"), (12, "48750"), (16, "46500"), (25, "40500"), (28, "40500"), (45, "46000")],
            between="linear",
        ),
        **_QUIET_REST,
    },
    cross={"BTC": Holding(free=Decimal(1)), "USDT": Holding(borrowed=Decimal(37_500))},
    isolated={
        "BTCUSDT": IsolatedOpening(
            {"BTC": Holding(free=Decimal("0.2")), "USDT": Holding(borrowed=Decimal(7_816))}, leverage=5
        )
    },
)

BANK_RUN = Scenario(
    name="bank-run",
    description="One bitcoin against 15,500 USDT of debt through the banking scare of March 2023; needs a price file",
    pairs=("BTCUSDT",),
    cross={"BTC": Holding(free=Decimal(1)), "USDT": Holding(borrowed=Decimal(15_500))},
    # Without interest the call price stays at 1.3 · 15,500 = 20,150.
    hourly_rate=ZERO,
    duration_s=None,
    needs_prices=("BTCUSDT",),
)

CALM = Scenario(
    name="calm",
    description="Funded accounts without debt and prices that do not move: room to trade",
    prices={"BTCUSDT": ConstantPrice("BTCUSDT", "60000"), **_QUIET_REST},
    cross={"BTC": Holding(free=Decimal(1)), "USDT": Holding(free=Decimal(100_000))},
    isolated={
        "BTCUSDT": IsolatedOpening(
            {"BTC": Holding(free=Decimal("0.5")), "USDT": Holding(free=Decimal(20_000))}, leverage=10
        ),
        "ETHUSDT": IsolatedOpening(
            {"ETH": Holding(free=Decimal(5)), "USDT": Holding(free=Decimal(20_000))}, leverage=5
        ),
    },
)

SCENARIOS: Mapping[str, Scenario] = {scenario.name: scenario for scenario in (SLIDE, BANK_RUN, CALM)}


def scenario_named(name: str) -> Scenario:
    """
    Return the shipped scenario called *name*.

    Raises:
        ScenarioError: There is none; the message lists those there are.
    """
    if name not in SCENARIOS:
        raise ScenarioError(f"there is no scenario '{name}'; choose one of {', '.join(SCENARIOS)}")
    return SCENARIOS[name]
