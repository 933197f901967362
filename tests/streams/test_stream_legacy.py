"""The trade stream behind listen keys, on a venue that still serves it: cross and isolated."""

import asyncio
from itertools import pairwise

import pytest

from binance_margin_async import CROSS, Isolated, MarketOrder
from binance_margin_async.models.events import AssetBalance, OrderUpdate, StreamHealth, StreamName, StreamStatus
from binance_margin_async.models.stream_events import ExecutionReport, ListenKeyExpired
from binance_margin_async.sim import Fault
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
HOUR = 3600.0
ROUTES = {CROSS: "/sapi/v1/userDataStream", BTC: "/sapi/v1/userDataStream/isolated"}
READS = {CROSS: "GET /sapi/v1/margin/account", BTC: "GET /sapi/v1/margin/isolated/account"}
TOKEN = "POST /sapi/v1/userListenToken"


async def trade(stage, account):
    """Buy something in one account and return what was told of it."""
    begun = stage.now
    order = MarketOrder("BTCUSDT", "BUY", quantity="0.01", account=account)
    order_id = (await stage.client.trade.new_order(order)).order_id
    await asyncio.sleep(1)
    assert ["NEW", "FILLED"] == [event.status for event in stage.events(ExecutionReport, begun)]
    assert {(account, order_id)} == {(event.account, event.order_id) for event in stage.events(OrderUpdate, begun)}
    assert {(account, "BTC"), (account, "USDT")} == {
        (event.account, event.asset) for event in stage.events(AssetBalance, begun)
    }


@pytest.mark.parametrize("account", [CROSS, BTC], ids=str)
@virtual
async def test_orders_and_balances_of_the_account_arrive(staged, account):
    """The venue says in its settings how it opens them; no token is asked for."""
    async with staged(accounts=(account,), legacy_listen_key=True) as stage:
        await trade(stage, account)
        assert [] == stage.calls(TOKEN)
        assert 1 == len(stage.calls(f"POST {ROUTES[account]}"))


@virtual
async def test_each_account_has_a_connection_and_hears_only_its_own(staged):
    """A key says whose events they are; there is no subscription id."""
    async with staged(accounts=(CROSS, BTC), legacy_listen_key=True) as stage:
        for account in (CROSS, BTC, CROSS):
            await trade(stage, account)
        await stage.client.remove_account(BTC)
        await stage.client.add_account(BTC)
        await trade(stage, BTC)


@pytest.mark.parametrize("account", [CROSS, BTC], ids=str)
@virtual
async def test_the_key_is_kept_alive_at_half_life_and_never_deleted(staged, account):
    """Promise W9: a 60-minute key, extended at minute 30."""
    async with staged(accounts=(account,), legacy_listen_key=True) as stage:
        created = stage.calls(f"POST {ROUTES[account]}")[0]
        await asyncio.sleep(5 * HOUR)
        kept = stage.calls(f"PUT {ROUTES[account]}")
        assert 9 <= len(kept) <= 10
        assert all(abs(later - earlier - HOUR / 2) < 1 for earlier, later in pairwise([created, *kept]))
        assert 1 == len(stage.calls(f"POST {ROUTES[account]}"))
        assert {StreamHealth.LIVE} == {event.health for event in stage.events(StreamStatus)}
    assert [] == stage.calls(f"DELETE {ROUTES[account]}")


@pytest.mark.parametrize("account", [CROSS, BTC], ids=str)
@virtual
async def test_an_expired_key_is_replaced_and_the_account_read(staged, account):
    """Promise W10: the exchange says so and hangs up."""
    async with staged(accounts=(account,), legacy_listen_key=True) as stage:
        begun = stage.now
        stage.exchange.inject(Fault("key_expires"))
        await asyncio.sleep(30)
        assert account in {event.account for event in stage.events(ListenKeyExpired, begun)}
        told = [event.health for event in stage.events(StreamStatus, begun) if event.stream is StreamName.TRADE]
        assert [StreamHealth.STALE, StreamHealth.LIVE] == told
        assert 1 == len(stage.calls(f"POST {ROUTES[account]}", begun))
        assert READS[account] in stage.since(begun)
        await trade(stage, account)


@virtual
async def test_both_streams_of_a_day_pass_without_a_gap(staged):
    """Promise W4: connections are replaced here too."""
    async with staged(accounts=(CROSS, BTC), legacy_listen_key=True) as stage:
        await asyncio.sleep(25 * HOUR)
        assert {StreamHealth.LIVE} == {event.health for event in stage.events(StreamStatus)}
        for account in (CROSS, BTC):
            await trade(stage, account)
