"""What the monitor answers, held against the exchange's own books."""

import asyncio
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance_margin_async import CROSS, AccountStateError, Isolated, MarginClient
from binance_margin_async.models.margin import MarginState
from binance_margin_async.sim import ConstantPrice, Fault, Holding, IsolatedOpening, Scenario, SimulatedExchange
from binance_margin_async.testing import run_virtual, virtual

BTC = Isolated("BTCUSDT")
READ_RATES = "GET /sapi/v1/margin/next-hourly-interest-rate"
READ_CROSS = "GET /sapi/v1/margin/account"
PRICES = st.decimals(min_value=30_000, max_value=90_000, places=2)
ETH_PRICES = st.decimals(min_value=1_500, max_value=6_000, places=2)


def exchange(rate="0.0001"):
    return SimulatedExchange(
        Scenario(
            "answers",
            pairs=("BTCUSDT", "ETHUSDT"),
            prices={"BTCUSDT": ConstantPrice("BTCUSDT", "60000"), "ETHUSDT": ConstantPrice("ETHUSDT", "3000")},
            cross={
                "BTC": Holding(free=Decimal(1)),
                "ETH": Holding(free=Decimal(2), borrowed=Decimal(1)),
                "USDT": Holding(free=Decimal(500), borrowed=Decimal(37_500)),
            },
            isolated={
                "BTCUSDT": IsolatedOpening(
                    {"BTC": Holding(free=Decimal("0.2")), "USDT": Holding(borrowed=Decimal(7_816))}, leverage=5
                )
            },
            hourly_rate=Decimal(rate),
            duration_s=None,
        )
    )


async def seen(client, monitor):
    """Wait until everything has been read."""
    await asyncio.sleep(20)
    return {account: monitor.answers(account) for account in client.accounts}


def ledger_level(sim, name):
    return next(each.level for each in reversed(sim.core.levels) if each.account == name)


@settings(max_examples=20, deadline=None)
@given(PRICES, ETH_PRICES)
def test_a_level_at_other_prices_is_what_the_exchange_computes_there(btc, eth):
    """To 1e-10, in its own ledger."""

    async def main():
        sim = exchange()
        accounts = (CROSS, BTC)
        async with MarginClient(sim=sim, accounts=accounts) as client, client.monitor() as monitor:
            await seen(client, monitor)
            told = [monitor.level_at(account, {"BTC": btc, "ETH": eth}) for account in accounts]
            sim.set_price("ETHUSDT", eth)
            sim.set_price("BTCUSDT", btc)
            found = [(ledger_level(sim, "CROSS")), ledger_level(sim, "BTCUSDT")]
            return told, found

    told, found = run_virtual(main())
    assert all(abs(one - other) < Decimal("1e-10") for one, other in zip(told, found, strict=True) if other is not None)
    assert any(level is not None for level in found) or btc < 50_000


@virtual
async def test_the_price_at_a_bar_leads_there_in_the_ledger():
    """And so does the move common to everything but dollars."""
    sim = exchange()
    async with MarginClient(sim=sim, accounts=(CROSS,)) as client, client.monitor() as monitor:
        told = (await seen(client, monitor))[CROSS]
        at_price = monitor.level_at(CROSS, {"BTC": told.to_call.prices["BTC"]})
        moved = {asset: price * (1 + told.to_call.shock) for asset, price in (("BTC", 60_000), ("ETH", 3_000))}

        assert abs(at_price - told.call_bar) < Decimal("1e-10")
        assert abs(monitor.level_at(CROSS, moved) - told.call_bar) < Decimal("1e-4")
        assert abs(told.to_call.moves["BTC"] - (told.to_call.prices["BTC"] / 60_000 - 1)) < Decimal("1e-4")


@pytest.mark.parametrize("target", ["1.7", "2", "3"])
@virtual
async def test_what_restores_a_level_does_restore_it(target):
    """By adding, and by repaying, put into the same account."""
    sim = exchange()
    async with MarginClient(sim=sim, accounts=(CROSS,)) as client, client.monitor() as monitor:
        await seen(client, monitor)
        told = monitor.restore(CROSS, Decimal(target))
        assets, owed = Decimal(60_000 + 6_000 + 500), Decimal(37_500 + 3_000)

        assert abs((assets + told.add) / owed - Decimal(target)) < Decimal("1e-3")
        assert abs((assets - told.repay) / (owed - told.repay) - Decimal(target)) < Decimal("1e-3")


@virtual
async def test_interest_is_counted_by_the_hour_and_leads_to_a_bar_at_a_full_hour():
    """At a rate of 0.0001 an hour, of what was borrowed."""
    sim = exchange()
    async with MarginClient(sim=sim, accounts=(CROSS,)) as client, client.monitor() as monitor:
        told = (await seen(client, monitor))[CROSS]

        assert abs(told.interest_per_hour - Decimal("4.05")) < Decimal("0.01")
        assert told.interest_per_day == told.interest_per_hour * 24
        assert told.call_by_interest_ms % 3_600_000 == 0
        assert told.call_by_interest_ms < told.liquidation_by_interest_ms


@virtual
async def test_interest_is_known_as_soon_as_the_debts_are():
    """Whoever asks once should not have to wait for the next look."""
    sim = exchange()
    async with MarginClient(sim=sim, accounts=(CROSS, BTC)) as client, client.monitor() as monitor:
        await asyncio.sleep(2)
        assert all(monitor.answers(account).interest_per_hour for account in client.accounts)


@virtual
async def test_a_rate_that_the_exchange_does_not_tell_is_asked_for_once_a_minute():
    """A call costs 100 of 12,000 weight, and readings come every two seconds in danger."""
    sim = exchange()
    sim.inject(Fault("reply", target=READ_RATES, status=200, body="[]", times="always"))
    async with MarginClient(sim=sim, accounts=(CROSS,)) as client, client.monitor() as monitor:
        await asyncio.sleep(300)
        assert monitor.answers(CROSS).interest_per_hour is None
    assert 5 == sum(fired.met == READ_RATES for fired in sim.faults.fired)


@virtual
async def test_it_says_what_may_be_done():
    """At 1.64 nothing may leave, and more may be borrowed."""
    sim = exchange()
    async with MarginClient(sim=sim, accounts=(CROSS,)) as client, client.monitor() as monitor:
        told = (await seen(client, monitor))[CROSS]
        assert (told.may_borrow, told.may_transfer_out) == (told.collateral_level > told.borrow_bar, False)
        assert told.warnings == ()
        assert told.age < 30


@virtual
async def test_in_pro_mode_nothing_is_computed_here_and_the_state_follows_the_collateral_level():
    """Its rules are others; the exchange's numbers decide."""
    sim = exchange()
    async with MarginClient(sim=sim, accounts=(CROSS,)) as client:
        reply = await client.account.cross()
        body = (
            '{"created":true,"accountType":"MARGIN_2","borrowEnabled":true,"tradeEnabled":true,"transferInEnabled":true,'
            '"transferOutEnabled":true,"marginLevel":"1.6","collateralMarginLevel":"1.2","totalAssetOfBtc":"1",'
            '"totalLiabilityOfBtc":"0.6","totalNetAssetOfBtc":"0.4","totalCollateralValueInUSDT":"1","userAssets":[{"asset"'
            ':"BTC","borrowed":"0","free":"1","interest":"0","locked":"0","netAsset":"1"},{"asset":"USDT","borrowed":'
            '"37500","free":"0","interest":"0","locked":"0","netAsset":"-37500"}]}'
        )
        assert reply.account_type == "MARGIN_1"
        sim.inject(Fault("reply", target=READ_CROSS, status=200, body=body, times="always"))
        async with client.monitor() as monitor:
            told = (await seen(client, monitor))[CROSS]

            assert MarginState.MARGIN_CALL is told.state
            assert (None, None, None) == (told.to_call, told.to_liquidation, told.restore)
            assert any("Pro mode" in warning for warning in told.warnings)
            with pytest.raises(ValueError, match="Pro mode"):
                monitor.level_at(CROSS, {})


def refused(code, *, times="always"):
    return Fault("reply", target=READ_CROSS, status=400, body=f'{{"code":{code},"msg":"x"}}', times=times)


@virtual
async def test_a_portfolio_margin_account_is_told_that_this_level_does_not_apply():
    """It would be watched in vain."""
    sim = exchange()
    sim.inject(refused(-21002))
    async with MarginClient(sim=sim, accounts=(CROSS,)) as client:
        with pytest.raises(AccountStateError, match="portfolio-margin account: its risk is measured by another level"):
            await client.monitor().__aenter__()


@virtual
async def test_the_code_for_no_portfolio_margin_account_is_not_taken_for_one():
    """-21001 says the opposite: the level does apply, and what was refused is told as the exchange tells it."""
    sim = exchange()
    sim.inject(refused(-21001))
    async with MarginClient(sim=sim, accounts=(CROSS,)) as client:
        with pytest.raises(AccountStateError, match="Only portfolio-margin accounts can use this call") as raised:
            await client.monitor().__aenter__()
    assert "another level" not in str(raised.value)


@virtual
async def test_a_reading_that_failed_at_the_exchange_is_asked_for_again():
    """-21003 says nothing about the account."""
    sim = exchange()
    sim.inject(refused(-21003, times=2))
    async with MarginClient(sim=sim, accounts=(CROSS,)) as client, client.monitor() as monitor:
        told = (await seen(client, monitor))[CROSS]
        assert ((), MarginState.NOTICE) == (told.warnings, told.state)


@pytest.mark.parametrize(("code", "warns"), [(-21001, False), (-21002, True), (-21003, False)])
@virtual
async def test_a_running_monitor_warns_when_the_account_turns_into_one_of_portfolio_margin(code, warns):
    """Of that alone; what else cannot be read is told as blindness."""
    sim = exchange()
    async with MarginClient(sim=sim, accounts=(CROSS,)) as client, client.monitor() as monitor:
        await seen(client, monitor)
        sim.inject(refused(code))
        await asyncio.sleep(200)
        told = monitor.answers(CROSS)

        assert MarginState.UNKNOWN is told.state
        assert warns is any("uniMMR" in warning for warning in told.warnings)
