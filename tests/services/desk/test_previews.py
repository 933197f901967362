"""Previews say what then happens."""

import random
from decimal import Decimal

import pytest

from binance_margin_async import (
    CROSS,
    InsufficientCollateralError,
    Isolated,
    LimitOrder,
    MarginClient,
    MarketOrder,
    SimulatedExchange,
)
from binance_margin_async.testing import virtual

# Prices stand still, and the book is deep: an order is filled at the index price.
SCENARIO = "calm"
PAIR = Isolated("BTCUSDT")


def random_order(rng, account):
    """An order that trades at once, of any side and side effect."""
    kind = rng.choice(["MARKET", "QUOTE", "LIMIT"])
    side = rng.choice(["BUY", "SELL"])
    options = {
        "side_effect": rng.choice(["NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_REPAY", "AUTO_BORROW_REPAY"]),
        "account": account,
    }
    quantity = Decimal(rng.randint(10, 30_000)).scaleb(-5)
    if kind == "LIMIT":
        price = Decimal(60_000) * (Decimal("1.01") if side == "BUY" else Decimal("0.99"))
        return LimitOrder("BTCUSDT", side, quantity=quantity, price=price, **options)
    if kind == "QUOTE":
        return MarketOrder(
            "BTCUSDT", side, quote_order_quantity=(quantity * 60_000).quantize(Decimal("0.01")), **options
        )
    return MarketOrder("BTCUSDT", side, quantity=quantity, **options)


def ledger(core, account):
    """Balances and level as the simulated exchange has them, to the last digit."""
    held = core.venue.book.accounts[str(account)]
    balances = {
        asset: (each.free, each.locked, each.borrowed, each.interest)
        for asset, each in held.balances.items()
        if each.total or each.liability
    }
    return balances, core.venue.appraiser.level(held)


@virtual
@pytest.mark.parametrize("account", [CROSS, PAIR], ids=str)
async def test_a_preview_equals_what_the_exchange_then_does(account):
    """250 random orders an account: loan, interest, repayment and level, to the last digit."""
    rng = random.Random(7)
    async with MarginClient(sim=SimulatedExchange(SCENARIO), accounts=[account]) as client:
        core = client._sim.core
        placed = 0
        for _ in range(250):
            order = random_order(rng, account)
            preview = await client.orders.preview(order)
            if any(each.severity == "ERROR" for each in preview.violations):
                continue
            if preview.missing:
                with pytest.raises(InsufficientCollateralError):
                    await client.trade.new_order(preview.order)
                continue
            before, level_before = ledger(core, account)
            reply = await client.trade.new_order(preview.order)
            after, level_after = ledger(core, account)
            placed += 1
            assert (reply.borrowed or 0) == preview.borrows
            owed = {asset: each[2] + each[3] for asset, each in before.items()}
            spent_owed = sum(after[preview.spends][2:]) - owed.get(preview.spends, 0)
            assert preview.borrows + preview.interest_per_hour == spent_owed
            if level_before is not None:
                assert preview.level_before == pytest.approx(level_before, rel=Decimal("1e-20"))
            assert (preview.level_after is None) == (level_after is None)
            if level_after is not None:
                assert preview.level_after == pytest.approx(level_after, rel=Decimal("1e-20"))
    assert placed > 100


@virtual
async def test_a_preview_sends_nothing():
    async with MarginClient(sim=SimulatedExchange(SCENARIO), accounts=[CROSS]) as client:
        preview = await client.orders.preview(
            MarketOrder("BTCUSDT", "BUY", quantity="3", side_effect="MARGIN_BUY"), commission=Decimal(0)
        )

        assert client._sim.core.venue.trading.orders == {}
        assert (Decimal(80_000), 1_500, 1) == (preview.borrows, preview.weight, preview.orders)
        assert preview.spends == "USDT"
        assert not preview.lacks_inventory
        # 4 BTC and no dollars against a debt of 80,000 and its first hour.
        assert preview.call_price == pytest.approx(Decimal("1.3") * 80_000 / 4, rel=Decimal("1e-4"))
        assert preview.liquidation_price < preview.call_price < 60_000


@virtual
async def test_a_preview_names_what_speaks_against_the_order_and_what_it_guessed():
    async with MarginClient(sim=SimulatedExchange(SCENARIO), accounts=[CROSS]) as client:
        preview = await client.orders.preview(LimitOrder("BTCUSDT", "BUY", quantity="10", price="59000"))

        assert ["BALANCE"] == [each.name for each in preview.violations]
        assert ["a commission of 0.1% in the asset received"] == list(preview.guesses)
