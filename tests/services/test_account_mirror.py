"""The mirror of an account: exact when nothing moves, and honest about the rest."""

import asyncio
import random
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from decimal import Decimal

import pytest

from binance_margin_async import (
    CROSS,
    AssetLiability,
    ExchangeError,
    Isolated,
    LimitOrder,
    MarginClient,
    MarketOrder,
    StreamHealth,
)
from binance_margin_async.services.mirror import MOST_AGE
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
ACCOUNTS = pytest.mark.parametrize("account", [CROSS, BTC], ids=str)
# Until whatever was lost has been looked for: the period of the comparison, and its calls.
FOUND = 320.0


class Scene:
    """A client with its mirrors, and another tool of the same user on the same exchange."""

    def __init__(self, exchange, client, other):
        self.exchange = exchange
        self.client = client
        self.other = other

    @property
    def now(self):
        return asyncio.get_running_loop().time()

    @property
    def network(self):
        return asyncio.get_running_loop().network

    def cut(self):
        assert self.exchange.drop_sockets()


@asynccontextmanager
async def scene(*accounts, **options):
    exchange = SimulatedExchange("calm", **options)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(MarginClient(sim=exchange, accounts=accounts))
        other = await stack.enter_async_context(MarginClient(config=exchange.config))
        yield Scene(exchange, client, other)


async def check(play, account):
    """Compare with what the exchange answers to somebody else, to the last digit."""
    mirror = await play.client.mirror(account)
    if account == CROSS:
        reply = await play.other.account.cross()
        assets, level = reply.user_assets, reply.margin_level
    else:
        (pair,) = (await play.other.account.isolated([account.symbol])).pairs
        assets, level = (pair.base_asset, pair.quote_asset), pair.margin_level
    expected = {each.asset: (each.free, each.locked, each.borrowed, each.interest) for each in assets}
    told = {name: (each.free, each.locked, each.borrowed, each.interest) for name, each in mirror.assets.items()}
    assert {name: held for name, held in expected.items() if any(held)} == {
        name: held for name, held in told.items() if any(held)
    }
    assert (None if level >= 999 else level) == mirror.margin_level
    orders = await play.other.trade.open_orders(account=account)
    assert {
        each.order_id: (each.symbol, each.status, each.side, each.price, each.quantity, each.executed_quantity)
        for each in orders
    } == {
        number: (each.symbol, each.status, each.side, each.price, each.quantity, each.cumulative_quantity)
        for number, each in mirror.open_orders.items()
    }
    return mirror


@ACCOUNTS
@virtual
async def test_a_mirror_shows_the_account_from_the_beginning(account):
    """Also what was open, held and owed before the client came."""
    async with scene(account) as play:
        order = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="59000", account=account)
        placed = await play.other.trade.new_order(order)
        await play.other.borrow.borrow("USDT", Decimal(100), account=account)
        mirror = await check(play, account)
        assert [placed.order_id] == list(mirror.open_orders)
        assert Decimal(100) == mirror.asset("USDT").borrowed
        assert mirror.asset("USDT").locked >= Decimal(590)
        assert not mirror.stale
        assert mirror.age < 1.0
        assert mirror is await play.client.mirror(account)
        assert f"<AccountMirror of {account}, 1 open orders, " in repr(mirror)


@virtual
async def test_what_was_never_had_is_zero():
    """Asking costs nothing and makes nothing up."""
    async with scene(CROSS) as play:
        asset = (await play.client.mirror()).asset("DOGE")
        assert (Decimal(0),) * 5 == (asset.free, asset.locked, asset.borrowed, asset.interest, asset.net)


@virtual
async def test_an_account_that_the_client_does_not_carry_has_no_mirror():
    """Its events would never come."""
    async with scene(CROSS) as play:
        with pytest.raises(ValueError, match=r"BTCUSDT is none of the client's accounts: await client.add_account"):
            await play.client.mirror(BTC)
        await play.client.add_account(BTC)
        mirror = await check(play, BTC)
        await play.client.remove_account(BTC)
        assert "the trade stream is closed" == mirror.stale_because


@ACCOUNTS
@virtual
async def test_a_debt_that_another_tool_makes_is_known_within_seconds(account):
    """The stream tells that balances have changed, not that something is owed."""
    async with scene(account) as play, play.client.bus.subscribe(AssetLiability, account=account) as liabilities:
        mirror = await play.client.mirror(account)
        await play.other.borrow.borrow("USDT", Decimal(50), account=account)
        await asyncio.sleep(8)
        assert Decimal(50) == mirror.asset("USDT").borrowed
        assert ("USDT", Decimal(50)) == ((told := await anext(liabilities)).asset, told.borrowed)
        assert 0 == mirror.drift
        await check(play, account)


@virtual
async def test_a_known_change_of_a_debt_makes_it_stale_until_it_is_read():
    """Between one's own loan and the reading the old debt is shown; that is said."""
    async with scene(CROSS) as play:
        mirror = await play.client.mirror()
        await play.client.borrow.borrow("USDT", Decimal(50))
        assert "a debt has changed and was not read yet" == mirror.stale_because
        await asyncio.sleep(8)
        assert (False, Decimal(50)) == (mirror.stale, mirror.asset("USDT").borrowed)


@virtual
async def test_silence_makes_it_older_and_then_stale():
    """Promise P9: a quiet account is read every five minutes; when that fails, its age shows, and then it is stale."""
    async with scene(CROSS) as play:
        mirror = await play.client.mirror()
        await asyncio.sleep(290)
        assert 289 < mirror.age < 292
        await asyncio.sleep(30)
        assert mirror.age < 30
        play.exchange.inject(Fault("server_error", target="GET /sapi/v1/margin/account", status=500, times="always"))
        await asyncio.sleep(MOST_AGE - 31)
        assert not mirror.stale
        await asyncio.sleep(32)
        assert mirror.stale
        assert mirror.stale_because.startswith("it was last read 3")


@virtual
async def test_a_lost_stream_makes_it_stale_until_everything_was_asked_for():
    """Promise W13: then it is exact again."""
    async with scene(CROSS) as play:
        mirror = await play.client.mirror()
        port = int(play.exchange.risk_url.rpartition(":")[2])
        play.network.refuse(port)
        play.cut()
        await asyncio.sleep(2)
        assert "the trade stream is stale" == mirror.stale_because
        await play.other.trade.new_order(MarketOrder("BTCUSDT", "BUY", quantity="0.01"))
        play.network.accept(port)
        await asyncio.sleep(30)
        assert not (await check(play, CROSS)).stale
        assert 0 == mirror.drift, "the stream was known to be away"


@pytest.mark.parametrize(("event", "drift"), [("outboundAccountPosition", 1), ("executionReport", 1)])
@virtual
async def test_a_silent_loss_is_counted_and_mended(event, drift):
    """Promise W14: within five minutes."""
    async with scene(CROSS) as play:
        mirror = await play.client.mirror()
        play.exchange.inject(Fault("event_drop", target="trade", event=event, times=1))
        order = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="59000")
        await play.other.trade.new_order(order)
        await asyncio.sleep(FOUND)
        assert drift == (await check(play, CROSS)).drift
        assert not mirror.stale


@pytest.mark.parametrize("seed", range(4))
def test_after_random_trading_by_another_tool_and_reconnects_the_mirror_is_exact(seed):
    """Promise S4: balances, debts, interest, orders and level, when nothing has moved for a while."""

    async def body():
        async with scene(CROSS, BTC, seed=seed) as play:
            for account in (CROSS, BTC):
                await play.client.mirror(account)
            rng = random.Random(seed)
            for _ in range(60):
                account = rng.choice([CROSS, BTC])
                with suppress(ExchangeError):
                    await rng.choice(DEEDS)(play.other, account, rng)
                await asyncio.sleep(rng.choice([0.0, 0.05, 1.0, 10.0]))
                if rng.random() < 0.08:
                    play.exchange.drop_sockets()
            await asyncio.sleep(3_600)  # interest is charged meanwhile
            await asyncio.sleep(FOUND)
            for account in (CROSS, BTC):
                mirror = await check(play, account)
                assert (False, 0) == (mirror.stale, mirror.drift)
            assert StreamHealth.LIVE in {each.health for each in play.client.health().streams}

    virtual(seed=seed, shuffle=bool(seed % 2))(body)()


async def _buy(client, account, rng):
    effect = rng.choice(["NO_SIDE_EFFECT", "MARGIN_BUY"])
    await client.trade.new_order(MarketOrder("BTCUSDT", "BUY", quantity="0.002", account=account, side_effect=effect))


async def _sell(client, account, rng):
    effect = rng.choice(["NO_SIDE_EFFECT", "AUTO_REPAY"])
    await client.trade.new_order(MarketOrder("BTCUSDT", "SELL", quantity="0.001", account=account, side_effect=effect))


async def _rest(client, account, rng):
    price = str(rng.randrange(50_000, 59_000))
    await client.trade.new_order(LimitOrder("BTCUSDT", "BUY", quantity="0.001", price=price, account=account))


async def _cancel(client, account, rng):
    orders = await client.trade.open_orders(account=account)
    if orders:
        await client.trade.cancel_order("BTCUSDT", order_id=rng.choice(orders).order_id, account=account)


async def _borrow(client, account, rng):
    await client.borrow.borrow("USDT", Decimal(rng.randrange(1, 50)), account=account)


async def _repay(client, account, rng):
    await client.borrow.repay("USDT", Decimal(rng.randrange(1, 20)), account=account)


DEEDS = (_buy, _sell, _rest, _cancel, _borrow, _repay)
