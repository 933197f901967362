"""What subscribers hear: their own account's events, each once, whatever others do meanwhile."""

import asyncio
from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest

from binance_margin_async import CROSS, Isolated, LimitOrder, MarginClient, MarketOrder
from binance_margin_async.errors import SubscriptionOverflowError
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.events import AssetBalance, LoanUpdate, OrderUpdate, Overflow, StreamHealth, StreamName
from binance_margin_async.models.stream_events import AccountPosition, ExecutionReport, UserLiabilityChange
from binance_margin_async.sim import SimulatedExchange
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
ETH = Isolated("ETHUSDT")
ACCOUNTS = (CROSS, BTC, ETH)
# Which pair is traded where: twice the same, so that the symbol cannot tell cross from isolated.
TRADES = {CROSS: "BTCUSDT", BTC: "BTCUSDT", ETH: "ETHUSDT"}
TOKEN = "POST /sapi/v1/userListenToken"
# A subscriber's promised distance from the moment its event was received, in seconds.
LAG = 0.010


async def trade_everywhere(client):
    """Buy something in each account at the same time; return order ids by account."""
    orders = [
        client.trade.new_order(MarketOrder(symbol, "BUY", quantity="0.01", account=account))
        for account, symbol in TRADES.items()
    ]
    return dict(zip(TRADES, [reply.order_id for reply in await asyncio.gather(*orders)], strict=True))


@virtual
async def test_accounts_on_one_client_never_see_each_others_events(staged):
    """Only the subscription's id tells cross from isolated, and a new connection deals the ids anew."""
    mine = {account: [] for account in ACCOUNTS}
    async with staged(accounts=ACCOUNTS) as stage:
        client = stage.client
        async with (
            client.on(Event, handler=mine[CROSS].append, account=CROSS),
            client.on(Event, handler=mine[BTC].append, account=BTC),
            client.on(Event, handler=mine[ETH].append, account=ETH),
        ):
            placed = [await trade_everywhere(client)]
            await asyncio.sleep(1)
            # After the reconnect the cross account comes last, so every id means another account than before.
            stage.fail(TOKEN)
            stage.cut("trade", "reset")
            await asyncio.sleep(30)
            placed.append(await trade_everywhere(client))
            await asyncio.sleep(1)

    for account in ACCOUNTS:
        assert {account} == {event.account for event in mine[account]}
        for kind in (ExecutionReport, OrderUpdate):
            ids = {event.order_id for event in mine[account] if isinstance(event, kind)}
            assert {orders[account] for orders in placed} == ids
        assert {StreamHealth.LIVE, StreamHealth.STALE} < {getattr(event, "health", None) for event in mine[account]}
        moved = [
            balance.asset for event in mine[account] if isinstance(event, AccountPosition) for balance in event.balances
        ]
        assert {TRADES[account].removesuffix("USDT"), "USDT"} == set(moved)


@virtual
async def test_who_hears_everything_can_tell_whose_it_is(staged):
    """An event without a filter still says which account it belongs to."""
    async with staged(accounts=ACCOUNTS) as stage:
        for again in range(2):
            begun = stage.now
            placed = await trade_everywhere(stage.client)
            await asyncio.sleep(1)
            reports = [event for event in stage.heard if isinstance(event, ExecutionReport)]
            told = {(event.account, event.order_id) for event in reports if event.received_at >= begun}
            assert set(placed.items()) == told
            balances = [event for event in stage.heard if isinstance(event, AccountPosition)]
            assert set(ACCOUNTS) == {event.account for event in balances if event.received_at >= begun}
            if not again:
                stage.fail(TOKEN)
                stage.cut("trade", "reset")
                await asyncio.sleep(30)


# -- once ------------------------------------------------------------------------------------------------------------


async def _orders_of(staged, account, act):
    """Let *act* trade and return what was told of its order, and every event."""
    async with staged(accounts=(account,)) as stage:
        begun = stage.now
        order_id = await act(stage.client, account)
        await asyncio.sleep(2)
        heard = [event for event in stage.heard if event.received_at >= begun]
        _check_balances(stage, account)
    updates = [event for event in heard if isinstance(event, OrderUpdate)]
    assert {order_id} == {event.order_id for event in updates}
    return updates, heard


def _check_balances(stage, account):
    """No balance is told twice in a row, and the last one told is the exchange's."""
    for asset, balance in stage.core.venue.account(account.symbol).balances.items():
        told = [event for event in stage.heard if isinstance(event, AssetBalance) and event.asset == asset]
        amounts = [(event.free, event.locked) for event in told]
        assert all(before != after for before, after in pairwise(amounts))
        assert (balance.free, balance.locked) == amounts[-1]


async def _buy(client, account):
    order = MarketOrder("BTCUSDT", "BUY", quantity="0.01", account=account)
    return (await client.trade.new_order(order)).order_id


async def _buy_on_credit(client, account):
    order = MarketOrder("BTCUSDT", "BUY", quantity="2", side_effect="MARGIN_BUY", account=account)
    return (await client.trade.new_order(order)).order_id


async def _place_and_cancel(client, account):
    wanted = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="50000", side_effect="NO_SIDE_EFFECT", account=account)
    order = await client.trade.new_order(wanted)
    await client.trade.cancel_order("BTCUSDT", order_id=order.order_id, account=account)
    return order.order_id


# With these seeds the reply wins some races and the stream the others.
SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("account", [CROSS, BTC], ids=str)
def test_a_market_order_is_told_once_by_reply_and_stream_together(staged, account, seed):
    """Whoever brings the fill first, nobody may count it twice."""

    async def scenario():
        updates, heard = await _orders_of(staged, account, _buy)
        assert [("NEW", False), ("FILLED", True)] == [(each.status, each.trade_id is not None) for each in updates]
        assert Decimal("0.01") == sum(each.last_filled_quantity or 0 for each in updates)
        assert ["NEW", "FILLED"] == [event.status for event in heard if isinstance(event, ExecutionReport)]

    virtual(seed=seed)(scenario)()


def test_both_sides_win_the_race_for_some_seed(staged):
    """Otherwise the tests above would look at one order of arrival only."""
    first = set()

    async def scenario():
        updates, _ = await _orders_of(staged, CROSS, _buy)
        first.add(updates[0].origin)

    for seed in SEEDS:
        virtual(seed=seed)(scenario)()
    assert {Origin.REST, Origin.STREAM} == first


@pytest.mark.parametrize("seed", SEEDS)
def test_a_limit_order_and_its_cancel_are_told_once_each(staged, seed):
    """Four messages tell of two changes."""

    async def scenario():
        updates, heard = await _orders_of(staged, CROSS, _place_and_cancel)
        assert ["NEW", "CANCELED"] == [each.status for each in updates]
        assert ["NEW", "CANCELED"] == [event.status for event in heard if isinstance(event, ExecutionReport)]

    virtual(seed=seed)(scenario)()


@pytest.mark.parametrize("seed", SEEDS)
def test_an_order_that_borrows_is_told_once_and_its_loan_by_the_risk_stream(staged, seed):
    """The order's own events say nothing of the debt, and nobody called for a loan by hand."""

    async def scenario():
        updates, heard = await _orders_of(staged, CROSS, _buy_on_credit)
        assert ["NEW", "FILLED"] == [each.status for each in updates]
        kinds = Counter(type(event) for event in heard)
        assert 1 == kinds[UserLiabilityChange]
        assert 0 == kinds[LoanUpdate]

    virtual(seed=seed)(scenario)()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_loan_taken_and_paid_back_is_an_event_of_its_own_and_each_balance_is_told_once(staged, seed):
    """A loan's reply names no balance, so none is made of it; the stream or the next reading tells them."""

    async def scenario():
        async with staged(accounts=(CROSS,)) as stage:
            begun = stage.now
            borrowed = await stage.client.borrow.borrow("USDT", 1_000)
            repaid = await stage.client.borrow.repay("USDT", 500)
            await asyncio.sleep(2)
            await stage.client.account.cross()
            _check_balances(stage, CROSS)
            loans = [event for event in stage.heard if isinstance(event, LoanUpdate) and event.received_at >= begun]
            assert [
                ("BORROW", "USDT", Decimal(1_000), borrowed.transaction_id, CROSS),
                ("REPAY", "USDT", Decimal(500), repaid.transaction_id, CROSS),
            ] == [(each.kind, each.asset, each.amount, each.transaction_id, each.account) for each in loans]

    virtual(seed=seed)(scenario)()


# -- nothing is lost, nobody is delayed ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", [ExecutionReport, OrderUpdate])
def test_nothing_between_subscribing_and_ordering_is_lost(kind, seed):
    """Entering waits for the streams, on a client that has not started them yet."""

    async def scenario():
        client = MarginClient(sim=SimulatedExchange("calm"))
        async with client, client.events(kind) as events:
            order = await client.trade.new_order(MarketOrder("BTCUSDT", "BUY", quantity="0.01"))
            async with asyncio.timeout(1):
                heard = [await anext(events), await anext(events)]
        assert [("NEW", order.order_id), ("FILLED", order.order_id)] == [(each.status, each.order_id) for each in heard]

    virtual(seed=seed)(scenario)()


@virtual
async def test_a_consumer_that_sleeps_for_an_hour_delays_nobody(staged):
    """Promise B1: each has a queue of its own, and the reader of the socket waits for none."""
    loop = asyncio.get_running_loop()
    heard, lags = [], []

    async def sleepy(_event):
        await asyncio.sleep(3600)

    async def sleepy_loop(events):
        async for event in events:
            heard.append(event)
            await asyncio.sleep(3600)

    async def quick_loop(events):
        async for event in events:
            lags.append(loop.time() - event.received_at)  # noqa: PERF401  # read while it grows

    async with staged(accounts=(CROSS,)) as stage:
        client = stage.client
        async with (
            client.on(ExecutionReport, handler=sleepy),
            client.events(ExecutionReport, policy="drop_oldest", capacity=3) as slow,
            client.events(ExecutionReport) as quick,
        ):
            tasks = [asyncio.create_task(sleepy_loop(slow)), asyncio.create_task(quick_loop(quick))]
            begun = stage.now
            for _ in range(20):
                await client.trade.new_order(MarketOrder("BTCUSDT", "BUY", quantity="0.001"))
            await asyncio.sleep(1)
            assert 40 == len(lags)
            assert max(lags) <= LAG
            assert [] == stage.statuses(begun)

            overflows = [event for event in stage.heard if isinstance(event, Overflow)]
            assert [slow.name] == [event.subscriber for event in overflows]
            # One is being handled and three wait; the other thirty-six were given up, oldest first.
            assert 36 == slow.statistics().dropped
            await asyncio.sleep(3600)
            assert 3 == slow.statistics().high_water
            reports = [event for event in stage.heard if isinstance(event, ExecutionReport)]
            assert [reports[0], reports[-3]] == heard
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@virtual
async def test_a_consumer_that_must_not_miss_anything_is_told_that_it_did(staged):
    """With the usual policy its loop ends with an error, after what was queued."""
    async with staged(accounts=(CROSS,)) as stage, stage.client.events(ExecutionReport, capacity=3) as reports:
        for _ in range(3):
            await stage.client.trade.new_order(MarketOrder("BTCUSDT", "BUY", quantity="0.001"))
        await asyncio.sleep(1)
        assert ["NEW", "FILLED", "NEW"] == [(await anext(reports)).status for _ in range(3)]
        with pytest.raises(SubscriptionOverflowError) as missed:
            await anext(reports)
        assert 3 == missed.value.dropped
        assert [reports.name] == [event.subscriber for event in stage.heard if isinstance(event, Overflow)]
        assert StreamHealth.LIVE is stage.health()[StreamName.TRADE, CROSS]
