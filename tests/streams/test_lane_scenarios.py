"""The low-latency lane on the simulated exchange, on both roads: its orders are those of the account behind the key."""

from contextlib import asynccontextmanager
from decimal import Decimal

import msgspec
import pytest

from binance_margin_async import (
    CROSS,
    AuthError,
    InsufficientCollateralError,
    InvalidRequestError,
    Isolated,
    LimitOrder,
    MarginClient,
    MarketOrder,
    OrderNotFoundError,
    OrderStatus,
    OrderUpdate,
    Secret,
    SimulatedExchange,
    SpecialKeyAccess,
)
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")


@asynccontextmanager
async def lane_of(account, road, **options):
    """Yield a client, and the lane of a key of *account* on one of the roads."""
    exchange = SimulatedExchange("calm")
    key = exchange.core.venue.keys.make_special(str(account), name="lane", **options)
    access = SpecialKeyAccess(key.api_key, key.material, account=account)
    async with MarginClient(sim=exchange, special_key=access, accounts=[CROSS, BTC]) as client:
        if road == "http":
            yield client, client.lane
        else:
            async with client.unproven_websocket_lane() as lane:
                yield client, lane


@pytest.fixture(params=["http", "websocket"])
def road(request):
    return request.param


@pytest.mark.parametrize("account", [CROSS, BTC])
@virtual
async def test_an_order_trades_with_the_money_behind_the_key(road, account):
    """Not with that of the spot wallet, which the same call uses with an ordinary key."""
    other = BTC if account == CROSS else CROSS
    async with lane_of(account, road) as (client, lane):
        filled = await lane.new_order(MarketOrder("BTCUSDT", "SELL", quantity="0.1", account=account))
        told = await client.trade.order("BTCUSDT", order_id=filled.order_id, account=account)
        with pytest.raises(OrderNotFoundError):
            await client.trade.order("BTCUSDT", order_id=filled.order_id, account=other)

    assert OrderStatus.FILLED is filled.status
    assert (OrderStatus.FILLED, Decimal("0.1")) == (told.status, told.executed_quantity)


@virtual
async def test_an_order_can_be_placed_found_and_cancelled(road):
    """The whole life of one that rests."""
    order = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="30000", client_order_id="mine")
    async with lane_of(CROSS, road) as (client, lane):
        placed = await lane.new_order(order)
        state = await lane.order("BTCUSDT", client_order_id="mine")
        (resting,) = await lane.open_orders("BTCUSDT")
        (also,) = await client.trade.open_orders("BTCUSDT")
        canceled = await lane.cancel_order("BTCUSDT", client_order_id="mine")
        with pytest.raises(OrderNotFoundError):
            await lane.cancel_open_orders("BTCUSDT")

    assert {placed.order_id} == {state.order_id, resting.order_id, also.order_id, canceled.order_id}
    assert OrderStatus.CANCELED is canceled.status


@virtual
async def test_the_stream_and_the_lane_tell_an_order_once(road):
    """Under the account of the key, whichever comes first."""
    async with lane_of(BTC, road) as (client, lane), client.events(OrderUpdate, account=BTC) as updates:
        await lane.new_order(MarketOrder("BTCUSDT", "SELL", quantity="0.1", account=BTC))
        seen = [await anext(updates)]
        while not seen[-1].status.is_final:
            seen.append(await anext(updates))
    assert len(seen) == len({(update.status, update.cumulative_quantity) for update in seen})


@virtual
async def test_the_lane_borrows_nothing(road):
    """What is not there is refused: loans are taken with the ordinary key."""
    async with lane_of(CROSS, road) as (client, lane):
        with pytest.raises(InsufficientCollateralError, match="insufficient balance"):
            await lane.new_order(LimitOrder("BTCUSDT", "BUY", quantity="3", price="50000"))
        account = await client.account.cross()
    assert {Decimal(0)} == {each.borrowed for each in account.user_assets}


@virtual
async def test_a_key_from_another_address_is_refused(road):
    """The exchange asks for a list of addresses."""
    async with lane_of(CROSS, road, addresses=["203.0.113.7"]) as (_, lane):
        with pytest.raises(AuthError, match="IP list"):
            await lane.new_order(MarketOrder("BTCUSDT", "SELL", quantity="0.1"))


@virtual
async def test_the_exchange_refuses_an_isolated_key_any_other_pair():
    """Also when the client does not: here the key is used as if it were an ordinary one."""
    exchange = SimulatedExchange("calm")
    key = exchange.core.venue.keys.make_special("BTCUSDT", name="lane")
    async with exchange:
        config = msgspec.structs.replace(exchange.config, api_key=Secret(key.api_key), api_secret=Secret(key.material))
        async with MarginClient(config=config) as client:
            with pytest.raises(InvalidRequestError, match="-1121"):
                await client.spot.new_order(MarketOrder("ETHUSDT", "SELL", quantity="0.1"))
            with pytest.raises(AuthError):
                await client.account.cross()  # the key is for /api alone
            assert Decimal("0.5") == (await client.spot.account(omit_zero_balances=True)).balances[0].free
