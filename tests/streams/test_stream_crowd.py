"""Cross and forty isolated pairs, the most that an account may open, on one client and one connection."""

import asyncio
from decimal import Decimal

import pytest

from binance_margin_async import CROSS, Isolated, MarginClient, MarketOrder
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import OrderUpdate, StreamHealth
from binance_margin_async.models.stream_events import ExecutionReport
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.sim.market.prices import ConstantPrice
from binance_margin_async.sim.scenarios import Holding, IsolatedOpening, Scenario
from binance_margin_async.testing import Conditions, virtual

SYMBOLS = tuple(f"C{number:02}USDT" for number in range(40))
PAIRS = tuple(Isolated(symbol) for symbol in SYMBOLS)
ACCOUNTS = {CROSS, *PAIRS}
MONEY = {"USDT": Holding(free=Decimal(100_000))}
CROWD = Scenario(
    name="crowd",
    pairs=("BTCUSDT", *SYMBOLS),
    prices={symbol: ConstantPrice(symbol, "100") for symbol in ("BTCUSDT", *SYMBOLS)},
    cross=MONEY,
    isolated={symbol: IsolatedOpening(MONEY) for symbol in SYMBOLS},
    duration_s=None,
)
# Within which entering a subscription must be done; the client gives up after 30 s.
STARTED = 15.0


@pytest.mark.parametrize("one_way", [0.01, 0.125, 0.25])
@virtual
async def test_forty_one_accounts_are_live_well_within_the_limit(one_way):
    """Each needs a token, a subscription and a reading; one after the other they would take half a minute."""
    loop = asyncio.get_running_loop()
    loop.network.set_conditions(Conditions(latency=lambda _rng: one_way))
    async with MarginClient(sim=SimulatedExchange(CROWD), accounts=(CROSS, *PAIRS)) as client:
        begun = loop.time()
        async with client.events(OrderUpdate):
            assert loop.time() - begun <= STARTED
        await asyncio.sleep(2)


@pytest.mark.parametrize("seed", range(3))
def test_each_account_hears_its_own_events_through_reconnects_renewals_and_rotation(staged, seed):
    """Only the subscription's id tells whose an event is, and it changes each time."""

    async def scenario():
        accounts = (CROSS, *PAIRS)
        async with staged(CROWD, accounts=accounts, renewal="new_id" if seed % 2 else "same_id") as stage:
            heard = {account: [] for account in accounts}
            listeners = [stage.client.on(Event, handler=heard[each].append, account=each) for each in accounts]
            for listener in listeners:
                await listener.__aenter__()
            placed = {account: [] for account in accounts}
            for trouble in (_none, _reset, _renew_some, _renew_all, _expire, _rotate):
                await trouble(stage)
                for account in accounts:
                    order = MarketOrder(account.symbol or "BTCUSDT", "BUY", quantity="0.1", account=account)
                    placed[account].append((await stage.client.trade.new_order(order)).order_id)
                await asyncio.sleep(1)
            for listener in listeners:
                await listener.__aexit__(None, None, None)

        for account in accounts:
            assert {account} == {event.account for event in heard[account]}
            reports = [event.order_id for event in heard[account] if isinstance(event, ExecutionReport)]
            assert [each for each in placed[account] for _ in range(2)] == reports

    virtual(seed=seed, shuffle=True)(scenario)()


async def _none(_stage):
    pass


async def _reset(stage):
    """Let every account be subscribed on a new connection, with a token that comes to half its life in five minutes."""
    stage.exchange.inject(Fault("short_tokens", validity_s=600.0, seconds=25.0))
    begun = stage.now
    stage.cut("trade", "reset")
    await asyncio.sleep(30)
    assert 1 == len(stage.calls("connect trade", begun))
    assert ACCOUNTS <= {account for _, account in stage.told(StreamHealth.LIVE, begun)}


async def _renew_some(stage):
    """Wait for the middle of the half minute in which renewals of many accounts are spread."""
    renewed = len(stage.subscribed)
    await asyncio.sleep(255)
    assert 0 < len(stage.subscribed) - renewed < len(ACCOUNTS)


async def _renew_all(stage):
    """Wait for the others; nobody is ever told to be away, and the connection stays."""
    await asyncio.sleep(30)
    every_token = stage.subscribed
    assert 3 * len(ACCOUNTS) == len(every_token) == len(set(every_token))  # at the start, on the reset, and renewed
    assert [] == stage.calls("connect trade", stage.now - 285)
    assert [] == stage.statuses(stage.now - 285)


async def _expire(stage):
    stage.exchange.inject(Fault("token_expires"))
    await asyncio.sleep(30)


async def _rotate(stage):
    begun = stage.now
    stage.push("trade", '{"event":{"e":"serverShutdown","E":1795311111111}}')
    await asyncio.sleep(3)  # both connections carry everything
    assert 1 == len(stage.calls("connect trade", begun))
    assert {StreamHealth.LIVE} == set(stage.health().values())
