"""What an order would do to its account: read all that matters, send nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from binance_margin_async.errors import InvalidRequestError
from binance_margin_async.models.account import Account
from binance_margin_async.models.assets import LendingPool
from binance_margin_async.models.enums import OrderType, Side, SideEffect
from binance_margin_async.models.orders import SingleOrder
from binance_margin_async.models.preview import Preview
from binance_margin_async.models.replies import CrossAsset, IsolatedAsset
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.borrow import BorrowCalls
from binance_margin_async.rest.market import MarketCalls
from binance_margin_async.rules.margin.bars import Bars, TierRow, isolated_bars
from binance_margin_async.rules.margin.effect import Effect, Trade, effect_of
from binance_margin_async.rules.margin.estimate import MissingPrices, Position, estimate_cross_level
from binance_margin_async.rules.margin.price_at_bar import price_at_bar
from binance_margin_async.rules.orders.exact import floor_step
from binance_margin_async.rules.orders.requires import violations
from binance_margin_async.rules.orders.symbol_rules import SymbolRules
from binance_margin_async.services.rulebook import RuleBook
from binance_margin_async.wire.endpoints import trade as rows
from binance_margin_async.wire.orders import parameters

# Ordinary rate of makers and takers (fee schedule, read 2026-11-22).
COMMISSION = Decimal("0.001")
# Index prices of the cross account are read against it.
NUMERAIRE = "USDT"
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Picture:
    """An account: positions by asset, their prices in one unit, and its bars for given positions."""

    positions: dict[str, Position]
    prices: dict[str, Decimal]
    bars: Callable[[Mapping[str, Position]], Bars]

    def of(self, asset: str) -> Position:
        return self.positions.get(asset, Position(asset, _ZERO, _ZERO, _ZERO, _ZERO))

    def after(self, effect: Effect) -> _Picture:
        changed = {each.asset: each for each in (effect.base, effect.quote)}
        return _Picture(self.positions | changed, self.prices, self.bars)

    def level(self) -> Decimal | None:
        totals = estimate_cross_level(self.positions.values(), self.prices)
        return None if isinstance(totals, MissingPrices) else totals.level

    def price_at(self, asset: str, choose: Callable[[Bars], Decimal]) -> Decimal | None:
        bar = choose(self.bars(self.positions))
        others = [each for each in self.positions.values() if each.asset != asset]
        totals = estimate_cross_level(others, self.prices)
        if isinstance(totals, MissingPrices):
            return None
        own = self.of(asset)
        return price_at_bar(
            other_assets=totals.assets, other_liabilities=totals.liabilities, held=own.held, owed=own.owed, bar=bar
        ).price


class Previews:
    """
    Works previews out.

    Args:
        account: Reads balances and bars.
        borrow: Reads interest rates.
        market: Reads index prices, tiers and what is left to lend.
        rules: Rounds and checks.
    """

    def __init__(self, *, account: AccountCalls, borrow: BorrowCalls, market: MarketCalls, rules: RuleBook) -> None:
        self._account = account
        self._borrow = borrow
        self._market = market
        self._rules = rules

    async def preview(self, order: SingleOrder, *, commission: Decimal | None) -> Preview:
        """Return what *order* would do; as of ``OrderDesk.preview``."""
        rules = await self._rules.of(order.symbol)
        order = rules.quantize(order)
        context = await self._rules.context(order, rules)
        row, wanted = rows.NEW_ORDER, parameters(order)
        price, guesses = _assumed_price(order, context.last_price or _ZERO)
        if commission is None:
            commission = COMMISSION
            guesses.append(f"a commission of {COMMISSION:.1%} in the asset received")
        base, quote = rules.info.base_asset, rules.info.quote_asset
        spends = quote if order.side is Side.BUY else base
        before = await self._picture(order.account, base, quote)
        guesses += [f"no index price of {name}: no levels" for name in before.positions if name not in before.prices]
        rate = await self._rate(spends, order.account) if order.may_borrow else _ZERO
        effect = effect_of(
            _trade(order, rules, price, commission),
            before.of(base),
            before.of(quote),
            borrows=order.may_borrow,
            repays=order.side_effect in {SideEffect.AUTO_REPAY, SideEffect.AUTO_BORROW_REPAY},
            hourly_rate=rate,
        )
        after = before.after(effect)
        return Preview(
            order=order,
            price=price,
            spends=spends,
            borrows=effect.borrowed,
            missing=effect.missing,
            interest_per_hour=effect.interest,
            repays=effect.repaid,
            inventory=await self._inventory(spends, order.account) if effect.borrowed else None,
            level_before=before.level(),
            level_after=after.level(),
            call_price=after.price_at(base, lambda bars: bars.call),
            liquidation_price=after.price_at(base, lambda bars: bars.liquidation),
            violations=(*violations(row.route, wanted), *rules.check(order, context)),
            weight=row.cost.weigh(wanted),
            orders=row.cost.orders,
            guesses=tuple(guesses),
        )

    async def _picture(self, account: Account, base: str, quote: str) -> _Picture:
        if account.symbol is not None:
            (pair,) = (await self._account.isolated([account.symbol])).pairs
            positions = _positions((pair.base_asset, pair.quote_asset))
            tiers = [TierRow.of(each) for each in await self._market.isolated_margin_tier(account.symbol)]

            def of_tier(now: Mapping[str, Position]) -> Bars:
                return isolated_bars(tiers, base_debt=now[base].owed, quote_debt=now[quote].owed)

            return _Picture(positions, {base: pair.index_price, quote: Decimal(1)}, of_tier)
        told = await self._account.trade_coeff()
        bars = Bars(told.normal_bar, told.margin_call_bar, told.force_liquidation_bar)
        positions = _positions((await self._account.cross()).user_assets)
        touched = [name for name, each in positions.items() if each.held or each.owed]
        prices = await self._prices(dict.fromkeys((*touched, base, quote)))
        positions = {name: positions[name] for name in touched}
        return _Picture(positions, prices, lambda _: bars)

    async def _prices(self, assets: Iterable[str]) -> dict[str, Decimal]:
        prices = {NUMERAIRE: Decimal(1)}
        for asset in assets:
            if asset not in prices:
                try:
                    prices[asset] = (await self._market.price_index(f"{asset}{NUMERAIRE}")).price
                except InvalidRequestError:
                    continue  # said among the guesses
        return prices

    async def _rate(self, asset: str, account: Account) -> Decimal:
        (told,) = await self._borrow.next_hourly_interest_rate([asset], account=account)
        return told.next_hourly_interest_rate

    async def _inventory(self, asset: str, account: Account) -> Decimal | None:
        pool = LendingPool.ISOLATED if account.is_isolated else LendingPool.MARGIN
        return (await self._market.available_inventory(pool)).assets.get(asset)


def _positions(assets: Iterable[CrossAsset | IsolatedAsset]) -> dict[str, Position]:
    return {each.asset: Position(each.asset, each.free, each.locked, each.borrowed, each.interest) for each in assets}


def _assumed_price(order: SingleOrder, last: Decimal) -> tuple[Decimal, list[str]]:
    """Return the price at which *order* is assumed to be filled, and what is guessed by that."""
    own = order.price or order.stop_price
    if order.type is OrderType.MARKET or own is None:
        return last, ["filled at the last price; the book decides"]
    if order.type not in {OrderType.LIMIT, OrderType.LIMIT_MAKER}:
        return own, ["triggered, and filled at its own price"]
    crosses = own > last if order.side is Side.BUY else own < last
    if crosses and order.type is OrderType.LIMIT:
        return last, ["filled at the last price, which is better than its own; the book decides"]
    return own, []


def _trade(order: SingleOrder, rules: SymbolRules, price: Decimal, commission: Decimal) -> Trade:
    quantity = order.quantity
    if quantity is None:
        step = rules.market_quantity_grid.step
        quantity = floor_step((order.quote_order_quantity or _ZERO) / price, step)
    return Trade(
        is_buy=order.side is Side.BUY,
        quantity=quantity,
        price=price,
        reserve_price=order.price or price,
        commission=commission,
    )
