"""The rules of symbols and assets, gathered from the calls that tell them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from binance_margin_async.clock import Clock
from binance_margin_async.models.account import CROSS, checked_symbol
from binance_margin_async.models.assets import CrossMarginPair, MarginPair, RestrictedAssets
from binance_margin_async.models.order_lists import AnyOrder
from binance_margin_async.models.order_request import OrderRequest
from binance_margin_async.models.violations import Violation
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.market import MarketCalls
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rules.orders.band import Band
from binance_margin_async.rules.orders.context import OrderContext, PairFlags
from binance_margin_async.rules.orders.loans import AssetRules
from binance_margin_async.rules.orders.symbol_rules import SymbolRules
from binance_margin_async.services.holdings import Holding, read_holdings
from binance_margin_async.services.rulebook.aged import Aged

T = TypeVar("T")
Request = TypeVar("Request", bound=OrderRequest)

MAX_AGE = 3_600.0
"""Seconds for which a reading is good; filters change rarely, and an order refused for one makes them read anew."""

_NO_PAIR = PairFlags(is_margin_trade=False)


class RuleBook:
    """
    ``client.rules``: what is asked of orders and loans, read when it is first needed.

    Readings are kept for *max_age* seconds, an hour unless a call says otherwise; 0 reads anew. Callers who need the
    same reading at the same time share one request. Nothing is rounded unless ``quantize`` is called.

    Attributes:
        band: The limit-price band of margin: 15 % of the index price, one-sided, a warning. Set another ``Band`` to
            judge differently.

    Args:
        account: Reads balances.
        market: Reads what margin says about pairs and assets.
        spot: Reads filters and prices.
        clock: The loop's time.
    """

    def __init__(self, *, account: AccountCalls, market: MarketCalls, spot: SpotCalls, clock: Clock) -> None:
        self.band: Band = Band()
        self._account = account
        self._market = market
        self._spot = spot
        self._clock = clock
        self._kept: dict[str, Aged[Any]] = {}

    def __repr__(self) -> str:
        return f"<RuleBook {', '.join(f'{name} {age:.0f} s' for name, age in self.ages().items()) or 'empty'}>"

    async def of(self, symbol: str, *, max_age: float = MAX_AGE) -> SymbolRules:
        """
        Return the rules of one symbol: its filters, and how values are rounded to them.

        Args:
            symbol: Pair, such as ``"BTCUSDT"``.
            max_age: How old they may be, in seconds.

        Raises:
            InvalidRequestError: The exchange knows no such symbol.
        """

        async def read() -> SymbolRules:
            info = await self._spot.exchange_info(symbols=[symbol])
            return SymbolRules.from_info(info.symbols[0], exchange_filters=info.exchange_filters)

        rules = await self._reading(f"filters of {checked_symbol(symbol)}", read, max_age)
        return rules.with_band(self.band)

    async def asset(self, asset: str, *, max_age: float = MAX_AGE) -> AssetRules:
        """
        Return margin's rules of one asset: whether it is lent, the smallest loan and the smallest repayment.

        Args:
            asset: Asset name, such as ``"USDT"``.
            max_age: How old they may be, in seconds.

        Raises:
            ValueError: Margin has no such asset.
        """
        assets = await self._assets(max_age)
        if asset not in assets:
            raise ValueError(f"margin has no asset {asset!r}: client.market.all_assets lists them")
        return assets[asset]

    async def cross_pairs(self, *, max_age: float = MAX_AGE) -> list[MarginPair]:
        """
        Return every pair of cross margin.

        Args:
            max_age: How old the reading may be, in seconds.
        """
        return list((await self._cross_pairs(max_age)).values())

    async def quantize(self, order: Request, *, max_age: float = MAX_AGE) -> Request:
        """
        Return *order* with its prices rounded to the tick and its quantities to the step.

        A price is never more aggressive than asked for: that of a BUY is rounded down, that of a SELL up, and so are
        trigger prices. A quantity is rounded down.

        Args:
            order: Any request for an order or an order list.
            max_age: How old the rules may be, in seconds.

        Raises:
            UnreachableValueError: A rounded value is outside the limits; ``nearest`` has the nearest valid values.
        """
        return (await self.of(order.symbol, max_age=max_age)).quantize(order)

    async def check(self, order: AnyOrder, *, max_age: float = MAX_AGE) -> list[Violation]:
        """
        Return every rule that *order* breaks or may break, by all that can be known here.

        Beside the rules it reads the last price and the balances of the order's account, and the index price of pairs
        that have a limit-price band: request weight 12 to 22 when the rules are known.

        Args:
            order: Any request for an order or an order list.
            max_age: How old the rules may be, in seconds; prices and balances are always read.

        Returns:
            Errors and warnings; empty when nothing speaks against the order. What is only estimated here, such as the
            exchange's reference price, makes warnings near the border.
        """
        rules = await self.of(order.symbol, max_age=max_age)
        return rules.check(order, await self.context(order, rules, max_age=max_age))

    async def context(self, order: AnyOrder, rules: SymbolRules, *, max_age: float = MAX_AGE) -> OrderContext:
        """
        Return what is known about market and account for *order*, for callers who add what they know themselves.

        Args:
            order: Any request.
            rules: Those of its symbol.
            max_age: How old rules may be, in seconds; prices and balances are always read.
        """
        symbol, info = order.symbol, rules.info
        pairs = await (self._cross_pairs(max_age) if order.account == CROSS else self._isolated_pairs(max_age))
        restricted = await self._restricted(max_age)
        bands = await self._band_pairs(max_age)
        index = await self._market.price_index(symbol) if order.account == CROSS and symbol in bands else None
        last = (await self._spot.ticker_price(symbol)).price
        holdings = await read_holdings(self._account, order.account)
        base, quote = (holdings.get(asset, Holding()) for asset in (info.base_asset, info.quote_asset))
        return OrderContext(
            reference_price=last,
            last_price=last,
            index_price=None if index is None else index.price,
            limit_price_symbols=bands,
            base_free=base.free,
            base_locked=base.locked,
            quote_free=quote.free,
            pair=_flags(pairs.get(symbol)),
            assets=await self._assets(max_age),
            long_restricted_assets=frozenset(restricted.long_restricted),
            collateral_exceeded_assets=frozenset(restricted.collateral_exceeded),
        )

    def ages(self) -> dict[str, float]:
        """Return how many seconds ago each reading was made, by what it tells."""
        return {name: kept.age for name, kept in self._kept.items()}

    def forget(self, symbol: str | None = None) -> None:
        """
        Let the rules be read anew when they are next needed.

        Args:
            symbol: Only the filters of this pair; everything when left out.
        """
        for name, kept in self._kept.items():
            if symbol is None or name == f"filters of {symbol}":
                kept.forget()

    async def close(self) -> None:
        """End the readings that are under way."""
        for kept in self._kept.values():
            await kept.close()

    async def _reading(self, name: str, read: Callable[[], Awaitable[T]], max_age: float) -> T:
        kept = self._kept.get(name)
        if kept is None:
            kept = self._kept[name] = Aged(read, self._clock.now)
        return cast("T", await kept.get(max_age))

    async def _assets(self, max_age: float) -> dict[str, AssetRules]:
        async def read() -> dict[str, AssetRules]:
            return {
                each.asset: AssetRules(
                    asset=each.asset,
                    is_borrowable=each.is_borrowable,
                    min_borrow=each.min_borrow,
                    min_repay=each.min_repay,
                )
                for each in await self._market.all_assets()
            }

        return await self._reading("assets", read, max_age)

    async def _cross_pairs(self, max_age: float) -> dict[str, MarginPair]:
        async def read() -> dict[str, MarginPair]:
            return {each.symbol: each for each in await self._market.all_pairs()}

        return await self._reading("cross pairs", read, max_age)

    async def _isolated_pairs(self, max_age: float) -> dict[str, MarginPair]:
        async def read() -> dict[str, MarginPair]:
            return {each.symbol: each for each in await self._market.isolated_all_pairs()}

        return await self._reading("isolated pairs", read, max_age)

    async def _band_pairs(self, max_age: float) -> frozenset[str]:
        async def read() -> frozenset[str]:
            return frozenset((await self._market.limit_price_pairs()).symbols)

        return await self._reading("limit-price pairs", read, max_age)

    async def _restricted(self, max_age: float) -> RestrictedAssets:
        return await self._reading("restricted assets", self._market.restricted_asset, max_age)


def _flags(pair: MarginPair | None) -> PairFlags:
    if pair is None:
        return _NO_PAIR
    return PairFlags(
        is_margin_trade=pair.is_margin_trade,
        is_buy_allowed=pair.is_buy_allowed,
        is_sell_allowed=pair.is_sell_allowed,
        delist_time_ms=pair.delist_time_ms if isinstance(pair, CrossMarginPair) else None,
    )
