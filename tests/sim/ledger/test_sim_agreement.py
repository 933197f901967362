"""
The client's margin rules and the simulator's engine, which share no code, agree in the same random sessions.

Compared in the ledger, not on the wire, whose eight decimals would hide differences. The long run is that of
``test_sim_sessions.py``.
"""

import os
from decimal import Decimal

import pytest
from random_session import RandomSession

from binance_margin_async.rules.margin.bars import TierRow, fallback_cross_bars, isolated_bars
from binance_margin_async.rules.margin.estimate import Position, estimate_cross_level, estimate_isolated_level
from binance_margin_async.rules.margin.haircut import HaircutTier, collateral_value
from binance_margin_async.rules.margin.price_at_bar import BarPriceKind, liquidation_price, price_at_bar
from binance_margin_async.rules.margin.room import borrow_room, transfer_out_room
from binance_margin_async.sim.margin import bars as engine

SEEDS = int(os.environ.get("SIM_SEEDS", "4"))
OPERATIONS = int(os.environ.get("SIM_OPERATIONS", "400"))
EXACT = Decimal("1e-12")
ZERO = Decimal(0)


def same(ours, theirs):
    if ours is None or theirs is None:
        return ours is theirs
    return abs(ours - theirs) <= EXACT * max(Decimal(1), abs(theirs))


def positions(account):
    return [
        Position(asset, held.free, held.locked, held.borrowed, held.interest)
        for asset, held in account.balances.items()
    ]


def tiers_of(asset):
    return [HaircutTier(part.start, part.upto, part.rate) for part in engine.slices_of(asset)]


def check_cross(venue):
    account = venue.account(None)
    prices = {asset: venue.feed.value(asset, Decimal(1)) for asset in account.balances}
    estimate = estimate_cross_level(positions(account), prices)
    worth = venue.appraiser.worth(account)
    assert same(estimate.level, venue.appraiser.level(account))

    values = {asset: venue.feed.value(asset, held.total) for asset, held in account.balances.items()}
    collateral = sum((collateral_value(value, tiers_of(asset)) for asset, value in values.items()), ZERO)
    assert same(collateral, worth.collateral)

    leverage = next(multiple for multiple, each in engine.CROSS_BARS.items() if each == account.bars)
    bars = fallback_cross_bars(leverage)
    assert (bars.borrow, bars.call, bars.liquidation) == (
        account.bars.normal,
        account.bars.call,
        account.bars.liquidation,
    )
    totals = {"collateral": collateral, "liabilities": estimate.liabilities}
    for asset in account.balances:
        for bar in (bars.call, bars.liquidation):
            check_price_at_bar(venue, account, asset, bar)
        check_rooms(venue, account, asset, totals, bars.borrow)


def check_price_at_bar(venue, account, asset, bar):
    """The engine, told the client's price, finds the account exactly at the bar."""
    symbol = f"{asset}USDT"
    if symbol not in venue.feed.prices:
        return
    held, owed = account.balance(asset).total, account.balance(asset).liability
    others = [(each, balance) for each, balance in account.balances.items() if each != asset]
    found = price_at_bar(
        other_assets=sum((venue.feed.value(each, balance.total) for each, balance in others), ZERO),
        other_liabilities=sum((venue.feed.value(each, balance.liability) for each, balance in others), ZERO),
        held=held,
        owed=owed,
        bar=bar,
    )
    now = venue.feed.prices[symbol]
    try:
        if found.price is not None:
            venue.feed.prices[symbol] = found.price
            assert same(bar, venue.appraiser.level(account))
        else:
            for price in (Decimal("1e-9"), now, Decimal("1e9")):
                venue.feed.prices[symbol] = price
                level = venue.appraiser.level(account)
                is_at_bar = level is not None and level <= bar
                assert is_at_bar == (found.kind is BarPriceKind.ALREADY)
    finally:
        venue.feed.prices[symbol] = now


def check_rooms(venue, account, asset, totals, ratio):
    """In units of the asset, to the last but one of eight decimals: both round, at different steps."""
    price = venue.feed.value(asset, Decimal(1))
    held, free = (
        venue.feed.value(asset, amount) for amount in (account.balance(asset).total, account.balance(asset).free)
    )
    tiers = tiers_of(asset)
    limits = (venue.room.limit(account, asset) - account.balance(asset).borrowed, venue.room.inventory(account, asset))
    borrow = borrow_room(**totals, initial_ratio=ratio, held_value=held, tiers=tiers)
    leave = transfer_out_room(**totals, free_value=free, held_value=held, tiers=tiers)
    least = Decimal("2e-8")
    assert abs(max(ZERO, min(borrow / price, *limits)) - venue.room.max_borrowable(account, asset)) <= least
    assert abs(leave / price - venue.room.max_transferable(account, asset)) <= least


def check_isolated(venue, account):
    pair, leverage = account.pair, account.leverage
    price = venue.feed.prices[pair.symbol]
    base, quote = account.balance(pair.base), account.balance(pair.quote)
    ours = estimate_isolated_level(*positions_of(account), price)
    assert same(ours.level, venue.appraiser.level(account))

    rows = [
        TierRow(
            tier=number,
            effective_multiple=tier["initial"] / (tier["initial"] - 1),
            initial_ratio=tier["initial"],
            liquidation_ratio=leverage.liquidation,
            base_max_borrowable=tier["base"],
            quote_max_borrowable=tier["quote"],
        )
        for number, tier in enumerate(venue.appraiser.tiers(pair.symbol, leverage), 1)
    ]
    bars, theirs = (
        isolated_bars(rows, base_debt=base.liability, quote_debt=quote.liability),
        venue.appraiser.bars(account),
    )
    assert (bars.call, bars.liquidation) == (theirs.call, theirs.liquidation)
    for ratio in (bars.call, bars.liquidation):
        held = {"base_held": base.total, "quote_held": quote.total}
        owed = {"base_owed": base.liability, "quote_owed": quote.liability}
        found = liquidation_price(**held, **owed, liquidation_ratio=ratio)
        engines = engine.liquidation_price(
            base=base.total, quote=quote.total, base_debt=base.liability, quote_debt=quote.liability, ratio=ratio
        )
        assert same(found.price, engines)


def positions_of(account):
    by_asset = {position.asset: position for position in positions(account)}
    return by_asset[account.pair.base], by_asset[account.pair.quote]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_both_sides_agree_on_levels_bars_prices_and_room(desk, seed):
    """A mistake would have to be made twice to stay hidden."""
    session = RandomSession(desk, seed)
    venue = session.desk.core.venue
    for _ in range(OPERATIONS):
        session.act()
        check_cross(venue)
        for account in venue.book.accounts.values():
            if account.is_isolated:
                check_isolated(venue, account)
