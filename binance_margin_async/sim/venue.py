"""The parts of the exchange, put together once; the calls work on it."""

import random
from collections.abc import Mapping

from binance_margin_async.sim.errors import RefusedError, ScenarioError
from binance_margin_async.sim.ledger.accounts import CROSS, Account, Balance, Book
from binance_margin_async.sim.margin.bars import LEVERAGES
from binance_margin_async.sim.margin.loans import Loans
from binance_margin_async.sim.margin.risk import Risk
from binance_margin_async.sim.margin.valuation import Appraiser
from binance_margin_async.sim.market.feed import Feed, MarketClock
from binance_margin_async.sim.market.pairs import Pair, pair_of
from binance_margin_async.sim.market.prices import ConstantPrice
from binance_margin_async.sim.messages import Outbox
from binance_margin_async.sim.scenarios import Holding, Scenario
from binance_margin_async.sim.streams.risk_streams import RiskStreams
from binance_margin_async.sim.streams.trade_streams import Renewal, TradeStreams
from binance_margin_async.sim.trading.desk import Trading
from binance_margin_async.sim.wire.keys import KeyStore
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.weights import Meter

# The account totals of the API are in BTC, so its price must exist even where nobody trades it.
_BITCOIN = ConstantPrice("BTCUSDT", "60000")


class Venue:
    """
    Everything behind the counter.

    Attributes:
        scenario: What is played.
        pairs: What can be traded, by symbol.
        outbox: Frames and closures that wait to leave.
    """

    def __init__(self, scenario: Scenario, *, seed: int, clock: MarketClock, renewal: Renewal) -> None:
        self.scenario = scenario
        symbols = dict.fromkeys((_BITCOIN.symbol, *scenario.pairs))
        self.pairs: Mapping[str, Pair] = {
            symbol: scenario.own_pairs.get(symbol) or pair_of(symbol) for symbol in symbols
        }
        self.outbox: Outbox = []
        self.meter: Meter = Meter()
        self.feed: Feed = Feed({_BITCOIN.symbol: _BITCOIN, **scenario.prices}, clock)
        self.book: Book = Book()
        self.appraiser: Appraiser = Appraiser(self.feed)
        chance = random.Random(seed)
        self.keys: KeyStore = KeyStore(chance)
        self.trade_streams: TradeStreams = TradeStreams(self.outbox, chance, renewal)
        self.risk_streams: RiskStreams = RiskStreams(self.outbox, chance)
        self.loans: Loans = Loans(self.book, self.appraiser, self.risk_streams, clock, scenario.hourly_rate)
        self.trading: Trading = Trading(
            self.book,
            self.feed,
            self.loans,
            self.trade_streams,
            self.pairs,
            liquidity={symbol: scenario.liquidity_of.get(symbol, scenario.liquidity) for symbol in self.pairs},
            fees=scenario.fees,
        )
        self.risk: Risk = Risk(
            self.book, self.feed, self.appraiser, self.loans, self.trading, streams=self.risk_streams
        )
        self._open_accounts()

    def pair(self, symbol: str) -> Pair:
        """
        Return a pair by its symbol.

        Raises:
            RefusedError: -1121.
        """
        if symbol not in self.pairs:
            raise RefusedError(-1121, "Invalid symbol.")
        return self.pairs[symbol]

    def account(self, symbol: str | None) -> Account:
        """
        Return the isolated account of *symbol*, or the cross account for ``None``.

        Raises:
            RefusedError: -1121 for an unknown pair, -3003 for an account that is not open.
        """
        if symbol is not None:
            self.pair(symbol)
        account = self.book.accounts.get(CROSS if symbol is None else symbol)
        if account is None or not account.enabled:
            raise RefusedError(-3003, "Margin account does not exist.")
        return account

    def account_of(self, parameters: Parameters) -> Account:
        """Return the account that ``isIsolated`` and ``symbol`` name."""
        return self.account(parameters.required("symbol") if parameters.flag("isIsolated") else None)

    def _open_accounts(self) -> None:
        scenario = self.scenario
        if scenario.cross is not None:
            self.book.open(Account(CROSS, _balances(scenario.cross), bars=scenario.bars))
        for symbol, opening in scenario.isolated.items():
            pair = self.pairs[symbol]
            holdings = {pair.base: Holding(), pair.quote: Holding(), **opening.holdings}
            leverage = LEVERAGES[opening.leverage]
            account = Account(symbol, _balances(holdings), pair=pair, leverage=leverage, enabled=opening.enabled)
            self.book.open(account)
        for account in self.book.accounts.values():
            for asset in account.balances:
                if not self.appraiser.is_priced(asset):
                    why = f"account {account.name} cannot hold {asset}, which has no price there"
                    raise ScenarioError(f"scenario '{scenario.name}': {why}")


def _balances(holdings: Mapping[str, Holding]) -> dict[str, Balance]:
    return {asset: Balance(free=holding.free, borrowed=holding.borrowed) for asset, holding in holdings.items()}
