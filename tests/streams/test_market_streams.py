"""Public market streams: one connection for all, whatever becomes of it."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise

import orjson
import pytest

from binance_margin_async import (
    CROSS,
    AggregateTrade,
    BookTicker,
    Config,
    Event,
    InvalidRequestError,
    Kline,
    MarginClient,
    MiniTicker,
    StreamError,
    StreamHealth,
    StreamName,
)
from binance_margin_async.models.market_events import MarketEvent
from binance_margin_async.sim import Fault, RandomWalk, SimulatedExchange
from binance_margin_async.sim.streams import stream_host
from binance_margin_async.streams import market
from binance_margin_async.testing import Conditions, virtual

HOUR = 3600.0
SHUTDOWN = '{"e":"serverShutdown","E":1795311111111}'


class Scene:
    """A client, and an exchange whose prices move four times a second."""

    def __init__(self, stage):
        self.stage = stage
        self.client = stage.client
        self.host = stage.core.venue.stream_host

    @property
    def streams(self):
        """What each connection is subscribed to, as the exchange knows it."""
        return [list(link.names) for link in self.host.connections.values() if link.combined]

    def number(self, symbol):
        """Of the pair's last trade."""
        return self.stage.core.venue.market_streams._numbers[symbol]

    def heard(self, kind, since=0.0):
        return self.stage.events(kind, since)


@asynccontextmanager
async def scene(staged, **options):
    walks = [RandomWalk(name, start, seed=7, step_ms=250) for name, start in (("BTCUSDT", 60_000), ("ETHUSDT", 2_500))]
    stage = staged(prices={walk.symbol: walk for walk in walks}, accounts=(), **options)
    async with stage:
        yield Scene(stage)


@pytest.fixture
def played(staged):
    """Return what enters a scene."""
    return lambda **options: scene(staged, **options)


def wanted(*kinds):
    return [(kind, "1m" if kind is Kline else None) for kind in kinds]


async def waiting(subscription):
    """Return what is queued."""
    return [await anext(subscription) for _ in range(subscription.undelivered)]


async def entered(stack, client, *wanted, symbol="BTCUSDT"):
    """Subscribe to market events until *stack* is left."""
    return [
        await stack.enter_async_context(client.events(kind, symbol=symbol, interval=interval))
        for kind, interval in wanted
    ]


@virtual
async def test_each_kind_is_delivered_typed_and_of_its_pair_alone(played):
    """Whoever names a pair hears nothing of another one."""
    async with played() as play, AsyncExitStack() as stack:
        kinds = (BookTicker, MiniTicker, AggregateTrade, Kline)
        subscriptions = await entered(stack, play.client, *wanted(*kinds))
        await entered(stack, play.client, *wanted(*kinds), symbol="ETHUSDT")
        await asyncio.sleep(10)
        for kind, subscription in zip(kinds, subscriptions, strict=True):
            event = await anext(subscription)
            assert (kind, "BTCUSDT") == (type(event), event.symbol)
            assert subscription.statistics().queued >= 3
        assert 1 == len(play.streams)
        assert 8 == len(play.streams[0])


@virtual
async def test_prices_are_those_of_the_exchange():
    """The last trade told is the last price the exchange answers."""
    async with (
        MarginClient(sim=SimulatedExchange("slide")) as client,
        client.events(AggregateTrade, symbol="BTCUSDT") as trades,
        client.events(BookTicker, symbol="BTCUSDT") as quotes,
    ):
        trade, quote = await anext(trades), await anext(quotes)
        assert trade.price == (await client.spot.ticker_price("BTCUSDT")).price
        assert 0 < quote.bid_price <= quote.ask_price
        assert quote.received_at <= asyncio.get_running_loop().time()


@virtual
async def test_all_tickers_are_one_stream(played):
    """Without a pair; whoever wants a single pair hears each of its tickers once all the same."""
    async with (
        played() as play,
        play.client.events(MiniTicker) as all_pairs,
        play.client.events(MiniTicker, symbol="BTCUSDT"),
    ):
        await asyncio.sleep(10)
        assert [["!miniTicker@arr", "btcusdt@miniTicker"]] == [sorted(names) for names in play.streams]
        assert {"BTCUSDT", "ETHUSDT"} <= {(await anext(all_pairs)).symbol for _ in range(12)}
        times = [event.event_time_ms for event in play.heard(MiniTicker) if event.symbol == "BTCUSDT"]
        assert len(times) == len(set(times)) >= 9


@virtual
async def test_intervals_are_told_apart(played):
    """Two strategies may look at one pair with different patience."""
    async with (
        played() as play,
        play.client.events(Kline, symbol="BTCUSDT", interval="1s") as fast,
        play.client.events(Kline, symbol="BTCUSDT", interval="1m") as slow,
    ):
        await asyncio.sleep(130)
        for subscription, interval, least in ((fast, "1s", 100), (slow, "1m", 2)):
            told = await waiting(subscription)
            assert {interval} == {event.interval for event in told}
            closed = [event for event in told if event.is_closed]
            assert len(closed) >= least
            assert all(later.open_time_ms == each.close_time_ms + 1 for each, later in pairwise(closed))


@virtual
async def test_no_key_and_no_account_are_needed():
    """Prices are public; nothing is asked of an account, nor opened for one."""
    async with SimulatedExchange("slide") as exchange:
        config = Config(rest_url=exchange.rest_url, market_url=exchange.stream_url)
        async with (
            MarginClient(config=config, dry_run=True) as client,
            client.events(BookTicker, symbol="BTCUSDT") as quotes,
        ):
            assert "BTCUSDT" == (await anext(quotes)).symbol
            assert [(StreamName.MARKET, None)] == [(each.stream, each.account) for each in client.health().streams]


@virtual
async def test_two_subscribers_share_one_stream_and_the_last_one_ends_it(played):
    """Decision 3: nothing is opened before it is wanted. What nobody wants is given up, and so is the connection."""
    async with played() as play:
        assert [] == play.streams
        async with play.client.events(BookTicker, symbol="BTCUSDT"):
            async with play.client.events(BookTicker, symbol="BTCUSDT"):
                assert [["btcusdt@bookTicker"]] == play.streams
            async with play.client.events(AggregateTrade, symbol="BTCUSDT"):
                assert [["btcusdt@bookTicker", "btcusdt@aggTrade"]] == play.streams
            await asyncio.sleep(1)
            assert [["btcusdt@bookTicker"]] == play.streams
        await asyncio.sleep(1)
        assert [] == play.streams
        assert () == play.client.health().streams
        async with play.client.events(BookTicker, symbol="BTCUSDT") as quotes:
            await anext(quotes)
        assert 2 == len(play.stage.calls("connect market"))


@virtual
async def test_what_is_wanted_again_while_it_is_given_up_arrives(played):
    """Entering returns when it really does."""
    async with played() as play, play.client.events(AggregateTrade, symbol="ETHUSDT"):
        for _ in range(5):
            async with play.client.events(BookTicker, symbol="BTCUSDT"):
                pass
            async with play.client.events(BookTicker, symbol="BTCUSDT") as quotes:
                assert "btcusdt@bookTicker" in play.streams[0]
                async with asyncio.timeout(5):
                    await anext(quotes)


@virtual
async def test_a_crowd_of_streams_is_subscribed_to_at_the_pace_the_exchange_allows(played):
    """Five messages a second end a connection; those who come together share a request."""
    async with played() as play, AsyncExitStack() as stack:
        symbols = [pair.symbol for pair in (await play.client.spot.exchange_info()).symbols]
        crowd = [
            play.client.events(Kline, symbol=symbol, interval=interval)
            for symbol in symbols
            for interval in ("1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d")
        ]
        for each in crowd[:10]:
            await stack.enter_async_context(each)
        async with asyncio.TaskGroup() as group:
            for each in crowd[10:]:
                group.create_task(stack.enter_async_context(each))
        assert len(crowd) == len(play.streams[0])
        asked = play.stage.calls("SUBSCRIBE")
        assert len(asked) <= 12
        assert all(later - each >= 0.3 for each, later in pairwise(asked))
        assert 1 == len(play.stage.calls("connect market"))


@virtual
async def test_more_than_a_connection_takes_is_refused_with_the_number(played, monkeypatch):
    """And those that are carried do not notice."""
    monkeypatch.setattr(market, "MOST_STREAMS", 2)
    async with played() as play, AsyncExitStack() as stack:
        await entered(stack, play.client, *wanted(BookTicker, AggregateTrade))
        with pytest.raises(StreamError, match="3 market streams are wanted, and a connection carries 2"):
            await entered(stack, play.client, *wanted(MiniTicker))
        assert [["btcusdt@bookTicker", "btcusdt@aggTrade"]] == play.streams


@virtual
async def test_a_pair_that_does_not_exist_is_refused_at_once(played):
    """The exchange takes any name, and its stream would be silent for ever."""
    async with played() as play:
        with pytest.raises(InvalidRequestError, match="-1121"):
            async with play.client.events(BookTicker, symbol="BTCUSD"):
                pass
        assert [] == play.stage.calls("connect market")


@virtual
async def test_prices_are_to_be_had_when_calls_fail(played):
    """Whether the pair exists cannot be asked then."""
    async with played() as play:
        play.stage.fail("GET /api/v3/exchangeInfo", times=1_000)
        async with play.client.events(BookTicker, symbol="BTCUSDT") as quotes:
            assert "BTCUSDT" == (await anext(quotes)).symbol


@pytest.mark.parametrize(
    ("kinds", "options", "told"),
    [
        ((BookTicker,), {}, "BookTicker is told pair by pair"),
        ((AggregateTrade, MiniTicker), {}, "AggregateTrade is told pair by pair"),
        ((Kline,), {"symbol": "BTCUSDT"}, "name one, such as interval='1m'"),
        ((Kline,), {"symbol": "BTCUSDT", "interval": "7m"}, "candles have the intervals 1s, 1m.*not '7m'"),
        ((BookTicker,), {"symbol": "BTCUSDT", "account": CROSS}, "BookTicker is about no account"),
        ((BookTicker,), {"symbol": "btcusdt"}, "in upper case: 'btcusdt'"),
    ],
)
@virtual
async def test_what_cannot_be_told_is_refused_with_its_reason(played, kinds, options, told):
    """Before anything is opened."""
    async with played() as play:
        with pytest.raises(ValueError, match=told):
            async with play.client.events(*kinds, **options):
                pass
        assert [] == play.stage.calls("connect market")


@virtual
async def test_a_base_class_hears_what_others_have_asked_for(played):
    """It says of no pair what is wanted, so it opens nothing."""
    async with played() as play, play.client.events(MarketEvent) as everything:
        assert [] == play.stage.calls("connect market")
        async with play.client.events(BookTicker, symbol="BTCUSDT"):
            assert "BTCUSDT" == (await anext(everything)).symbol


def told_of_the_market(play, since):
    return [event.health for event in play.stage.statuses(since) if event.stream is StreamName.MARKET]


@pytest.mark.parametrize("how", ["reset", "fin", "hole", 1001])
@virtual
async def test_a_lost_connection_is_opened_again_with_everything_that_is_wanted(played, how):
    """Promises W1, W2: also one that only fell silent."""
    async with played() as play, AsyncExitStack() as stack:
        await entered(stack, play.client, *wanted(BookTicker, AggregateTrade, Kline))
        await asyncio.sleep(5)
        before, begun = sorted(play.streams[0]), play.stage.now
        play.stage.cut("all", how)
        await asyncio.sleep(45)
        assert before in [sorted(names) for names in play.streams]
        assert [StreamHealth.STALE, StreamHealth.LIVE] == told_of_the_market(play, begun)
        again = play.stage.now - 5
        for kind in (BookTicker, AggregateTrade, Kline):
            assert play.heard(kind, again)


@virtual
async def test_nothing_goes_back_over_a_reconnect(played):
    """What was told before the loss is not told again."""
    async with played() as play, AsyncExitStack() as stack:
        await entered(stack, play.client, *wanted(BookTicker, AggregateTrade))
        for _ in range(5):
            await asyncio.sleep(12)
            play.stage.cut("market", "reset")
        await asyncio.sleep(10)
        for numbers in (
            [event.update_id for event in play.heard(BookTicker)],
            [event.aggregate_id for event in play.heard(AggregateTrade)],
        ):
            assert len(numbers) >= 20
            assert sorted(set(numbers)) == numbers


@virtual
async def test_a_subscription_the_server_has_forgotten_is_found_out(played):
    """Promise W8: looked at every minute, as on the trade stream."""
    async with played() as play, AsyncExitStack() as stack:
        await entered(stack, play.client, *wanted(BookTicker, AggregateTrade))
        (number,) = [number for number, link in play.host.connections.items() if link.combined]
        play.host._drop(number, "btcusdt@aggTrade")
        await asyncio.sleep(62)
        assert ["btcusdt@aggTrade", "btcusdt@bookTicker"] == sorted(play.streams[0])
        assert 1 == len(play.stage.calls("connect market"))


@virtual
async def test_what_comes_and_goes_during_an_outage_is_what_is_carried_afterwards(played):
    """Only what is wanted then counts."""
    async with played() as play, AsyncExitStack() as stack:
        await entered(stack, play.client, *wanted(BookTicker))
        async with play.client.events(AggregateTrade, symbol="BTCUSDT"):
            play.stage.network.refuse(play.stage.ports()[1])
            play.stage.cut("market", "reset")
            await asyncio.sleep(5)
        entering = asyncio.create_task(entered(stack, play.client, *wanted(Kline)))
        await asyncio.sleep(5)
        assert not entering.done()
        play.stage.network.accept(play.stage.ports()[1])
        await entering
        assert [["btcusdt@bookTicker", "btcusdt@kline_1m"]] == [sorted(names) for names in play.streams]


@virtual
async def test_a_stream_that_does_not_come_about_is_told_with_its_reason(played):
    """After half a minute; nothing of the attempt is left."""
    async with played() as play:
        play.stage.network.refuse(play.stage.ports()[1])
        with pytest.raises(StreamError, match="btcusdt@bookTicker did not arrive within 30 s: no connection"):
            async with play.client.events(BookTicker, symbol="BTCUSDT"):
                pass
        assert () == play.client.health().streams


@virtual
async def test_a_connection_is_replaced_before_its_day_is_over(staged):
    """Promise W4."""
    async with staged(accounts=()) as stage, stage.client.events(BookTicker, symbol="BTCUSDT"):
        play = Scene(stage)
        await asyncio.sleep(24.5 * HOUR)
        first, second = stage.calls("connect market")
        assert 22.5 * HOUR <= second - first <= 23.6 * HOUR
        assert [] == told_of_the_market(play, first + 1)
        assert [["btcusdt@bookTicker"]] == play.streams


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_missed_or_repeated_while_one_connection_replaces_the_other(staged, seed):
    """Promises W4, W11: with two links of different speed, and subscriptions that come and go meanwhile."""

    async def body():
        async with scene(staged) as play, AsyncExitStack() as stack:
            client = play.client
            (trades,) = await entered(stack, client, *wanted(AggregateTrade))
            (quotes,) = await entered(stack, client, *wanted(BookTicker))
            (candles,) = await entered(stack, client, (Kline, "1s"))
            await asyncio.sleep(3)
            begun = play.stage.now
            for link in play.stage.links("market"):
                link.down.conditions = Conditions(latency=lambda rng: rng.uniform(0.0, 0.5 * (seed % 3)))
            play.stage.push("market", SHUTDOWN)
            await asyncio.sleep(seed)
            async with client.events(AggregateTrade, symbol="ETHUSDT") as others:
                joined = play.number("ETHUSDT")
                await asyncio.sleep(10)
                numbers = [event.aggregate_id for event in await waiting(others)]
                assert list(range(numbers[0], numbers[-1] + 1)) == numbers
                assert numbers[0] <= joined + 1
                assert numbers[-1] >= play.number("ETHUSDT") - 6
            assert 1 == len(play.stage.links("market"))
            assert 1 == len(play.stage.calls("connect market", begun))
            assert [] == told_of_the_market(play, begun)
            numbers = [event.aggregate_id for event in await waiting(trades)]
            assert list(range(numbers[0], numbers[-1] + 1)) == numbers
            assert numbers[-1] >= play.number("BTCUSDT") - 6
            seen = await waiting(quotes)
            assert all(each.update_id < later.update_id for each, later in pairwise(seen))
            assert all(each.bid_price != later.bid_price for each, later in pairwise(seen))
            closed = [event.open_time_ms for event in await waiting(candles) if event.is_closed]
            assert list(range(closed[0], closed[-1] + 1, 1000)) == closed

    virtual(seed=seed, shuffle=bool(seed % 2))(body)()


@virtual
async def test_a_server_that_refuses_is_asked_again_only_slowly(played):
    """As whoever breaks its rules; it is told once."""
    async with played() as play, play.client.events(BookTicker, symbol="BTCUSDT"):
        await asyncio.sleep(1)
        begun = play.stage.now
        play.host._result = _refuse
        play.stage.cut("market", "reset")
        await asyncio.sleep(300)
        assert len(play.stage.calls("connect market", begun)) <= 8
        assert [StreamHealth.STALE] == told_of_the_market(play, begun)
        (problem,) = [each for each in play.client.health().problems if each.part == "market stream"]
        assert "SUBSCRIBE was refused: 2 Invalid request" in problem.text


def _refuse(*_):
    raise stream_host._BadFrameError(2, "Invalid request: planted")


@virtual
async def test_a_frame_nobody_knows_hurts_no_stream(played):
    """It is told as what it is."""
    async with played() as play, play.client.events(AggregateTrade, symbol="BTCUSDT") as trades:
        for frame in ("[", "{}", '{"stream":"btcusdt@new","data":{"e":"new"}}', orjson.dumps({"a": 1}).decode()):
            play.stage.push("market", frame)
        await asyncio.sleep(5)
        assert trades.undelivered >= 15
        assert 4 == len([event for event in play.heard(Event) if type(event).__name__ == "UnknownEvent"])


@pytest.mark.parametrize("after", [0.0, 0.02, 0.1, 1.0, 5.5])
@virtual
async def test_leaving_while_one_connection_replaces_the_other_leaves_nothing(played, after):
    """Promise P8: ``virtual`` looks for what is left."""
    async with played() as play, play.client.events(BookTicker, symbol="BTCUSDT"):
        play.stage.push("market", SHUTDOWN)
        await asyncio.sleep(after)


@virtual
async def test_a_shutdown_of_the_server_is_survived():
    """Announced, and then carried out."""
    fault = Fault("server_shutdown", after_s=20.0, seconds=10.0)
    async with (
        MarginClient(sim=SimulatedExchange("slide", faults=[fault]), accounts=()) as client,
        client.events(BookTicker, symbol="BTCUSDT"),
    ):
        await asyncio.sleep(60)
        (report,) = client.health().streams
        assert StreamHealth.LIVE == report.health
        assert report.seconds > 55
