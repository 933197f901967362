"""The parts of the exchange, put together once; the calls work on it."""

import random
from collections.abc import Mapping

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.faults.conditions import Conditions
from binance_margin_async.sim.ledger.accounts import CROSS, Account
from binance_margin_async.sim.ledger.book import Book
from binance_margin_async.sim.margin.debts import Debts
from binance_margin_async.sim.margin.interest import Interest
from binance_margin_async.sim.margin.liquidation import Liquidation
from binance_margin_async.sim.margin.loans import Loans
from binance_margin_async.sim.margin.restrictions import Restrictions, Schedule
from binance_margin_async.sim.margin.risk import Risk
from binance_margin_async.sim.margin.room import Room
from binance_margin_async.sim.margin.terms import AssetTerms, Terms
from binance_margin_async.sim.margin.transfers import Transfers
from binance_margin_async.sim.margin.valuation import Appraiser
from binance_margin_async.sim.market.feed import Feed, MarketClock
from binance_margin_async.sim.market.pairs import Pair, pair_of
from binance_margin_async.sim.market.prices import ConstantPrice
from binance_margin_async.sim.messages import Outbox
from binance_margin_async.sim.opening import open_accounts
from binance_margin_async.sim.scenarios import Scenario
from binance_margin_async.sim.streams.legacy_streams import LegacyStreams
from binance_margin_async.sim.streams.market_streams import MarketStreams
from binance_margin_async.sim.streams.risk_streams import RiskStreams
from binance_margin_async.sim.streams.stream_host import StreamHost
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
        assets: What margin accounts may hold.
        outbox: Frames and closures that wait to leave.
        conditions: What is out of order at the moment.
    """

    def __init__(self, scenario: Scenario, *, seed: int, clock: MarketClock, renewal: Renewal, legacy: bool) -> None:
        self.scenario = scenario
        symbols = dict.fromkeys((_BITCOIN.symbol, *scenario.pairs))
        self.pairs: Mapping[str, Pair] = {
            symbol: scenario.own_pairs.get(symbol) or pair_of(symbol) for symbol in symbols
        }
        self.outbox: Outbox = []
        self.conditions: Conditions = Conditions()
        self.meter: Meter = Meter()
        self.feed: Feed = Feed({_BITCOIN.symbol: _BITCOIN, **scenario.prices}, clock)
        self.book: Book = Book()
        self.appraiser: Appraiser = Appraiser(self.feed)
        chance = random.Random(seed)
        self.keys: KeyStore = KeyStore(chance)
        self.trade_streams: TradeStreams = TradeStreams(self.outbox, chance, renewal)
        self.stream_host: StreamHost = StreamHost(self.outbox, self._is_live_key)
        self.risk_streams: RiskStreams = RiskStreams(self.stream_host, chance)
        self.legacy_streams: LegacyStreams = LegacyStreams(self.stream_host, chance, is_served=legacy)
        self.trade_streams.listeners.append(self.legacy_streams.publish)
        self.terms: Terms = Terms(self.book, self.feed)
        banded = [symbol for symbol, pair in self.pairs.items() if pair.has_price_band]
        leaving = [
            Schedule(clock.start_ms + round(each.after_s * 1000), each.assets, each.symbols)
            for each in scenario.delistings
        ]
        self.restrictions: Restrictions = Restrictions(limit_price_pairs=banded, delistings=leaving)
        self.room: Room = Room(self.book, self.appraiser, self.terms, self.conditions)
        self.interest: Interest = Interest(
            self.book, self.appraiser, self.terms, streams=self.risk_streams, clock=clock
        )
        self.loans: Loans = Loans(
            self.book, self.appraiser, self.room, self.terms, self.restrictions, interest=self.interest
        )
        self.transfers: Transfers = Transfers(
            self.book,
            self.appraiser,
            self.room,
            self.terms,
            self.restrictions,
            streams=self.trade_streams,
            bars=scenario.bars,
        )
        self.trading: Trading = Trading(
            self.book,
            self.feed,
            self.loans,
            self.trade_streams,
            self.pairs,
            liquidity={symbol: scenario.liquidity_of.get(symbol, scenario.liquidity) for symbol in self.pairs},
            fees=scenario.fees,
        )
        self.market_streams: MarketStreams = MarketStreams(self.stream_host, self.pairs, self.feed, self.trading)
        self.trade_streams.listeners.append(self.market_streams.on_event)
        self.debts: Debts = Debts(self.book, self.appraiser)
        self.liquidation: Liquidation = Liquidation(
            self.book, self.feed, self.appraiser, self.loans, self.trading, debts=self.debts
        )
        self.risk: Risk = Risk(self.book, self.appraiser, self.liquidation, self.risk_streams)
        assets = dict.fromkeys(asset for pair in self.pairs.values() for asset in (pair.base, pair.quote))
        self.assets: list[str] = [asset for asset in assets if self.appraiser.is_priced(asset)]
        self.terms.set_up(self.assets, scenario.loan_terms, scenario.hourly_rate, clock.start_ms)
        open_accounts(scenario, self.book, self.appraiser, self.pairs)

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
        """Return the account behind a low-latency key, else the one that ``isIsolated`` and ``symbol`` name."""
        if parameters.caller is not None and parameters.caller.account is not None:
            behind = parameters.caller.account
            return self.account(None if behind == CROSS else behind)
        return self.account(parameters.required("symbol") if parameters.flag("isIsolated") else None)

    def isolated_pairs(self) -> list[Pair]:
        """Return the pairs that can have an isolated account: both of their assets must have a price in dollars."""
        return [pair for pair in self.pairs.values() if {pair.base, pair.quote} <= self.terms.assets.keys()]

    def owner(self, symbol: str | None) -> str:
        """
        Return the name of an account whose history is asked for; it need not be open any more.

        Raises:
            RefusedError: -1121 for an unknown pair.
        """
        return CROSS if symbol is None else self.pair(symbol).symbol

    def asset(self, name: str) -> AssetTerms:
        """
        Return the terms of an asset.

        Raises:
            RefusedError: -3027 for one that margin does not know.
        """
        if name not in self.terms.assets:
            raise RefusedError(-3027, "Not a valid margin asset.")
        return self.terms.of(name)

    def check_held(self, account: Account, asset: str) -> None:
        """
        Check that *asset* belongs into *account*.

        Raises:
            RefusedError: -3027.
        """
        if not self.appraiser.can_hold(account, asset):
            raise RefusedError(-3027, "Not a valid margin asset.")

    def _is_live_key(self, name: str) -> bool:
        return name == self.risk_streams.listen_key or self.legacy_streams.is_live(name)
