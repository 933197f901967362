"""Entering and leaving the client, at any moment and in any trouble: nothing is left behind, nothing hangs."""

import asyncio

import pytest

from binance_margin_async import CROSS, Config, Isolated, MarginClient, MarketOrder, Secret
from binance_margin_async.errors import AuthError, ClosedError, NotSentError, Outcome, ReplyLostError, StreamError
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import OrderUpdate, StreamStatus
from binance_margin_async.models.margin import MarginAlert
from binance_margin_async.models.stream_events import MarginLevelStatusChange
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import VirtualLoop, virtual

# ``virtual`` itself fails a test that leaves a task running or a connection open.

ACCOUNTS = (CROSS, Isolated("BTCUSDT"))
TOKEN = "POST /sapi/v1/userListenToken"
KEY = "POST /sapi/v2/margin/listen-key"
ORDER = "POST /sapi/v1/margin/order"
# How long entering a subscription waits for its streams, in seconds.
START_LIMIT = 30.0
REFUSED_WAIT = 60.0


def config_of(exchange, **changes):
    settings = {
        "api_key": Secret(exchange.api_key),
        "api_secret": Secret(exchange.api_secret),
        "rest_url": exchange.rest_url,
        "ws_api_url": exchange.ws_api_url,
        "risk_url": exchange.risk_url,
    }
    return Config(**{**settings, **changes})


# -- entering --------------------------------------------------------------------------------------------------------


@virtual
async def test_an_unreachable_exchange_is_told_on_entering():
    """Nothing was sent, so trying again is safe; and the client can try again itself."""
    async with SimulatedExchange("calm") as exchange:
        client = MarginClient(config=config_of(exchange))
        network = asyncio.get_running_loop().network
        network.refuse(int(exchange.rest_url.rpartition(":")[2]))
        with pytest.raises(NotSentError):
            await client.start()
        with pytest.raises(ClosedError):
            _ = client.account
        network.accept(int(exchange.rest_url.rpartition(":")[2]))
        async with client:
            await client.account.cross()


@virtual
async def test_a_taken_port_is_told_on_entering():
    """The client's own exchange cannot be started, and what was begun is undone."""
    async with SimulatedExchange("calm") as exchange:
        port = int(exchange.rest_url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            await MarginClient(sim=SimulatedExchange("calm", rest_port=port)).start()


@virtual
async def test_a_refused_key_is_told_by_the_first_call_that_needs_it():
    """Time is public, so the client itself opens; the monitor says at once what is wrong."""
    async with SimulatedExchange("calm") as exchange:
        client = MarginClient(config=config_of(exchange, api_key=Secret("wrong" * 10)))
        async with client:
            with pytest.raises(AuthError):
                await client.account.cross()
            with pytest.raises(AuthError):
                async with client.monitor():
                    pytest.fail("it cannot be entered")


@pytest.mark.parametrize(
    ("kind", "route"), [(OrderUpdate, TOKEN), (MarginLevelStatusChange, KEY)], ids=["trade", "risk"]
)
@pytest.mark.parametrize(("status", "code"), [(401, -2015), (500, -1000)])
@virtual
async def test_a_stream_that_cannot_start_is_told_after_half_a_minute_with_the_reason(kind, route, status, code):
    """Waiting for ever would look like a quiet account."""
    exchange = SimulatedExchange("calm")
    loop = asyncio.get_running_loop()
    async with MarginClient(sim=exchange) as client:
        body = f'{{"code":{code},"msg":"planted"}}'
        exchange.inject(Fault("reply", target=route, status=status, body=body, times="always"))
        begun, before = loop.time(), client.bus.statistics().subscribers
        with pytest.raises(StreamError, match=f"stream did not start within 30 s: {route}: {code}"):
            async with client.events(kind):
                pytest.fail("it cannot be entered")
        assert begun + START_LIMIT == loop.time()
        assert before == client.bus.statistics().subscribers

        exchange.faults.clear()
        await asyncio.sleep(REFUSED_WAIT)  # a refused stream asks again only now and then
        async with client.events(kind):
            pass


@virtual
async def test_a_stream_host_that_nobody_answers_on_is_told_with_the_reason():
    """REST may work while WebSockets are blocked, as behind many proxies."""
    exchange = SimulatedExchange("calm")
    async with MarginClient(sim=exchange) as client:
        asyncio.get_running_loop().network.refuse(int(exchange.risk_url.rpartition(":")[2]))
        with pytest.raises(StreamError, match="no connection to the stream host"):
            async with client.events(OrderUpdate):
                pytest.fail("it cannot be entered")


# -- leaving ---------------------------------------------------------------------------------------------------------


class PlantedError(Exception):
    pass


async def everything(client, body):
    """Enter all there is, be busy, and run *body* in the middle of it."""

    async def sleepy(_event):
        await asyncio.sleep(60)

    async def reader(events):
        async for _ in events:
            pass

    async with client:
        async with (
            client.monitor() as _,
            client.on(Event, handler=sleepy),
            client.events(MarginAlert, StreamStatus) as events,
        ):
            reading = asyncio.create_task(reader(events))
            await client.trade.new_order(MarketOrder("BTCUSDT", "SELL", quantity="0.01"))
            await body()
        await reading


@pytest.mark.parametrize("seconds", [0.0, 0.01, 1.0, 100.0])
@virtual
async def test_an_error_in_the_body_comes_out_unchanged_and_everything_ends(seconds):
    """Whatever the streams, the monitor and a handler were doing."""

    async def body():
        await asyncio.sleep(seconds)
        raise PlantedError

    with pytest.raises(PlantedError):
        await everything(MarginClient(sim=SimulatedExchange("slide"), accounts=ACCOUNTS), body)


@pytest.mark.parametrize("after", [0.0, 0.3, 5.0, 15.0, 20.5])
@pytest.mark.parametrize("how", ["reset", "fin", "hole", "refused"])
@virtual
async def test_leaving_in_the_middle_of_trouble_takes_two_seconds_at_most(staged, how, after):
    """A close handshake that nobody answers is given up after one second."""
    stage = staged(accounts=ACCOUNTS)
    async with stage:
        if how == "refused":
            for port in stage.ports():
                stage.network.refuse(port)
        stage.cut("all", "reset" if how == "refused" else how)
        await asyncio.sleep(after)
        begun = stage.now
    assert stage.now - begun <= 2.0


@virtual
async def test_leaving_ends_an_order_that_is_under_way(staged):
    """Nobody brings its answer any more, so of the order nothing is known."""
    async with staged() as stage:
        for link in stage.network.connections():
            link.black_hole()
        market = MarketOrder("BTCUSDT", "BUY", quantity="0.01")
        order = asyncio.create_task(stage.client.trade.new_order(market))
        await asyncio.sleep(0.1)
    with pytest.raises(ReplyLostError) as lost:
        await order
    assert Outcome.UNKNOWN is lost.value.outcome


@pytest.mark.parametrize("milliseconds", range(1, 120, 3))
@virtual
async def test_giving_up_at_any_moment_of_the_start_leaves_nothing(milliseconds):
    """People press Ctrl-C early; time-outs fire whenever they like."""
    client = MarginClient(sim=SimulatedExchange("calm"), accounts=ACCOUNTS)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(milliseconds / 1000):
            await everything(client, asyncio.Event().wait)


class SteppedLoop(VirtualLoop):
    """Cancels a task at the k-th turn of the loop after the task was named."""

    victim = None
    left = 0

    def cancel_after(self, turns, victim):
        self.left, self.victim = turns, victim

    def _run_once(self):
        if self.victim is not None:
            self.left -= 1
            if self.left == 0:
                self.victim.cancel()
        super()._run_once()


async def _life(client):
    async with client, client.monitor(), client.events(Event) as events:
        await client.trade.new_order(MarketOrder("BTCUSDT", "BUY", quantity="0.01"))
        await anext(events)


async def _cancelled_after(turns, client):
    """Cancel a client's life and tell whether it lived that long; nothing may be left of it after a second."""
    loop = asyncio.get_running_loop()
    before = len(loop.network.connections())
    life = asyncio.create_task(_life(client))
    loop.cancel_after(turns, life)
    await asyncio.wait([life])
    await asyncio.sleep(1)
    assert (before, {asyncio.current_task()}) == (len(loop.network.connections()), asyncio.all_tasks())
    return life.cancelled()


def _turns(of):
    """Let *of* be cancelled ever later until it comes to its end; return how late that is."""
    turns = 1
    while True:
        with asyncio.Runner(loop_factory=SteppedLoop) as runner:
            if not runner.run(of(turns)):
                return turns
        turns += 1


async def _on_a_foreign_exchange(turns):
    async with SimulatedExchange("calm") as exchange:
        client = MarginClient(config=config_of(exchange), accounts=ACCOUNTS)
        cancelled = await _cancelled_after(turns, client)
        async with client:
            await client.account.cross()
    return cancelled


async def _on_its_own_exchange(turns):
    return await _cancelled_after(turns, MarginClient(sim=SimulatedExchange("calm"), accounts=ACCOUNTS))


@pytest.mark.parametrize("of", [_on_a_foreign_exchange, _on_its_own_exchange])
def test_a_cancel_at_any_turn_of_the_loop_leaves_nothing_and_the_client_usable(of):
    """Entering, waiting for streams, ordering, leaving: there is no bad moment."""
    assert _turns(of) > 100
