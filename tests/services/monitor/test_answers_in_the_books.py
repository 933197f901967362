"""What the monitor says should be done, and what it foretells, put into the exchange's own books."""

import asyncio
from contextlib import asynccontextmanager
from decimal import ROUND_CEILING, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance_margin_async import CROSS, SPOT, Isolated, MarginClient
from binance_margin_async.sim import ConstantPrice, Holding, IsolatedOpening, Scenario, SimulatedExchange
from binance_margin_async.testing import run_virtual, virtual

BTC = Isolated("BTCUSDT")
HOUR = 3600.0
PRICES = {"BTCUSDT": "60000", "ETHUSDT": "3000", "BNBUSDT": "600"}
# Two hours have been charged when somebody looks.
RATE, AGED = Decimal("0.0001"), 2
GRAIN = Decimal("1e-8")
# What rounding an amount up to eight decimals may lift the level by, and what the two sums may differ by.
ROUNDED = Decimal("1e-9")


def held(free=0, borrowed=0):
    return Holding(free=Decimal(str(free)), borrowed=Decimal(str(borrowed)))


def scenario(cross, isolated, rate=RATE):
    return Scenario(
        "books",
        pairs=tuple(PRICES),
        prices={symbol: ConstantPrice(symbol, price) for symbol, price in PRICES.items()},
        cross=cross,
        isolated={"BTCUSDT": IsolatedOpening(isolated, leverage=5)},
        hourly_rate=rate,
        wallets={"SPOT": {"USDT": Decimal(100_000), "ETH": Decimal(50)}},
        duration_s=None,
    )


RICH = scenario(
    {"BTC": held(1), "ETH": held(2, 1), "BNB": held(5), "USDT": held(30_000, 60_000)},
    {"BTC": held("0.2", "0.01"), "USDT": held(3_000, 8_400)},
)


@asynccontextmanager
async def watched(played, hours=AGED):
    """Let *hours* of interest be charged, then watch both accounts."""
    async with SimulatedExchange(played) as exchange:
        await asyncio.sleep(hours * HOUR)
        async with MarginClient(config=exchange.config, accounts=(CROSS, BTC)) as client, client.monitor() as monitor:
            await asyncio.sleep(20.0)
            yield exchange, client, monitor


def levels(exchange, account, since=0):
    return [each.level for each in exchange.core.levels[since:] if each.account == str(account)]


@settings(max_examples=15, deadline=None)
@given(
    st.decimals(min_value=45_000, max_value=90_000, places=2),
    st.decimals(min_value=1_500, max_value=6_000, places=2),
    st.decimals(min_value=300, max_value=900, places=2),
)
def test_a_level_at_other_prices_counts_every_asset_and_the_interest_owed(btc, eth, bnb):
    """To 1e-10 in the ledger: debts in two assets of each account, and interest on all of them."""
    prices = {"BTC": btc, "ETH": eth, "BNB": bnb}

    async def main():
        async with watched(RICH) as (exchange, client, monitor):
            owed = (await client.account.cross()).user_assets
            told = {account: monitor.level_at(account, prices) for account in (CROSS, BTC)}
            exchange.set_price("ETHUSDT", eth)
            exchange.set_price("BNBUSDT", bnb)
            since = len(exchange.core.levels)
            exchange.set_price("BTCUSDT", btc)
            return owed, told, {account: levels(exchange, account, since)[0] for account in (CROSS, BTC)}

    owed, told, found = run_virtual(main())
    assert {"ETH", "USDT"} == {each.asset for each in owed if each.interest}
    assert all(abs(told[account] - found[account]) < Decimal("1e-10") for account in (CROSS, BTC))


@pytest.mark.parametrize(
    ("account", "asset", "price", "target"),
    [(CROSS, "USDT", 1, "1.7"), (CROSS, "USDT", 1, "1.9"), (CROSS, "ETH", 3_000, "1.595"), (BTC, "USDT", 1, "1.75")],
)
@virtual
async def test_repaying_what_restores_a_level_restores_it_in_the_books(account, asset, price, target):
    """Rounded up to the exchange's eight decimals: then the level is the target or just above, and never below."""
    async with watched(RICH) as (exchange, client, monitor):
        told = monitor.restore(account, Decimal(target))
        before = levels(exchange, account)[-1]
        await client.borrow.repay(asset, (told.repay / price).quantize(GRAIN, ROUND_CEILING), account=account)
        await asyncio.sleep(1.0)

        assert before < Decimal(target)
        assert 0 <= levels(exchange, account)[-1] - Decimal(target) < ROUNDED * price


# Money for an isolated account comes through the cross account, which would not let it out again with debts.
LENT = scenario({}, RICH.isolated["BTCUSDT"].holdings)


@pytest.mark.parametrize(
    ("account", "asset", "price", "target", "played"),
    [(CROSS, "USDT", 1, "1.7", RICH), (CROSS, "ETH", 3_000, "2.5", RICH), (BTC, "USDT", 1, "2", LENT)],
)
@virtual
async def test_adding_what_restores_a_level_restores_it_in_the_books(account, asset, price, target, played):
    """From the spot wallet."""
    async with watched(played) as (exchange, client, monitor):
        told = monitor.restore(account, Decimal(target))
        amount = (told.add / price).quantize(GRAIN, ROUND_CEILING)
        await client.funds.move(asset, amount, from_=SPOT, to=account)
        await asyncio.sleep(1.0)

        assert 0 <= levels(exchange, account)[-1] - Decimal(target) < ROUNDED * price


# The level stands by so much above its bar when somebody looks, and interest takes a thousandth of the debt an hour.
ABOVE, FAST = Decimal("1.0045"), Decimal("0.001")


@pytest.mark.parametrize("bar", ["call", "liquidation"])
@virtual
async def test_interest_alone_leads_to_a_bar_at_the_hour_foretold_and_not_before(bar):
    """In both accounts, with some interest charged already and debts in two assets."""
    call = bar == "call"
    owed = {CROSS: Decimal("1.3" if call else "1.1"), BTC: Decimal("1.19" if call else "1.15")}
    cross = (Decimal(66_000) / owed[CROSS] / ABOVE - 3_000).quantize(GRAIN)
    isolated = (Decimal(12_000) / owed[BTC] / ABOVE - 600).quantize(GRAIN)
    played = scenario(
        {"BTC": held(1), "ETH": held(2, 1), "USDT": held(0, cross)},
        {"BTC": held("0.2", "0.01"), "USDT": held(0, isolated)},
        rate=FAST,
    )
    async with SimulatedExchange(played) as exchange:
        async with MarginClient(config=exchange.config, accounts=(CROSS, BTC)) as client, client.monitor() as monitor:
            await asyncio.sleep(20.0)
            answers = {account: monitor.answers(account) for account in (CROSS, BTC)}
        await asyncio.sleep(8 * HOUR)

        for account, told in answers.items():
            hour = told.call_by_interest_ms if call else told.liquidation_by_interest_ms
            line = [(each.time, each.level) for each in exchange.core.levels if each.account == str(account)]
            before = [level for time, level in line if time < hour]
            at = next(level for time, level in line if time >= hour)
            assert 3 <= (hour - line[0][0]) / 3_600_000 <= 6
            assert min(before) > owed[account] >= at
