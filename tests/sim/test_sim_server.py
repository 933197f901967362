"""The exchange on sockets: real loopback ones, and those of virtual time."""

import asyncio
import hashlib
import hmac
import json

import aiohttp
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, InvalidStatus
from yarl import URL

from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import WallClock, run_virtual, virtual

TOKEN = "/sapi/v1/userListenToken"
KEY = "/sapi/v2/margin/listen-key"
SUBSCRIBE = "userDataStream.subscribe.listenToken"
BARE_CLIENT = pytest.mark.shows_secrets("a bare client of websockets logs the address it asks for")


async def request(exchange, session, method, path, query="", *, signed=True):
    if signed:
        query += f"{'&' if query else ''}timestamp={exchange.core.now}"
        signature = hmac.new(exchange.api_secret.encode(), query.encode(), hashlib.sha256).hexdigest()
        query += f"&signature={signature}"
    url = URL(f"{exchange.rest_url}{path}?{query}", encoded=True)
    async with session.request(method, url, headers={"X-MBX-APIKEY": exchange.api_key}) as reply:
        return await reply.json(content_type=None)


async def subscribed(exchange, session, socket):
    token = (await request(exchange, session, "POST", TOKEN, signed=False))["token"]
    await socket.send(json.dumps({"id": 1, "method": SUBSCRIBE, "params": {"listenToken": token}}))
    return json.loads(await socket.recv())


async def listened(exchange, session):
    return (await request(exchange, session, "POST", KEY, signed=False))["listenKey"]


async def trade_and_borrow():
    async with SimulatedExchange("calm") as exchange, aiohttp.ClientSession() as session:
        key = await listened(exchange, session)
        async with connect(exchange.ws_api_url) as trade, connect(f"{exchange.risk_url}/ws/{key}") as risk:
            reply = await subscribed(exchange, session, trade)
            assert 0 == reply["result"]["subscriptionId"]
            order = "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newClientOrderId=%6D%79%2D"
            placed = await request(exchange, session, "POST", "/sapi/v1/margin/order", order)
            reports = [json.loads(await trade.recv())["event"] for _ in range(2)]
            assert ["my-", "my-"] == [report["c"] for report in reports]
            assert placed["orderId"] == reports[1]["i"]
            loan = "asset=USDT&isIsolated=FALSE&amount=5&type=BORROW"
            await request(exchange, session, "POST", "/sapi/v1/margin/borrow-repay", loan)
            assert "USER_LIABILITY_CHANGE" == json.loads(await risk.recv())["e"]


@BARE_CLIENT
async def test_session_on_loopback():
    """Real sockets, as other people's clients use them."""
    await trade_and_borrow()
    assert {asyncio.current_task()} == asyncio.all_tasks()


@BARE_CLIENT
def test_session_in_virtual_time():
    """The same faces on the in-memory network; the decorator finds what is left behind."""
    virtual(trade_and_borrow)()


@BARE_CLIENT
@virtual
async def test_events_of_the_scenario_come_at_their_time():
    """Nobody has to ask: the exchange wakes itself."""
    loop = asyncio.get_running_loop()
    async with SimulatedExchange("slide") as exchange, aiohttp.ClientSession() as session:
        begun = loop.time()
        key = await listened(exchange, session)
        seen = []
        async with connect(f"{exchange.risk_url}/stream?streams={key}") as risk:
            while len(seen) < 2:
                event = json.loads(await risk.recv())["data"]
                seen.append((event["s"], event["E"] - exchange.core.start_ms, round(loop.time() - begun, 1)))
            await exchange.finished()

        assert [("MARGIN_CALL", 12_000, 12.0), ("FORCE_LIQUIDATION", 24_000, 24.0)] == seen
        assert 60.0 == round(loop.time() - begun, 1)


def test_same_seed_gives_the_same_events():
    """A failure seen once can be seen again."""

    async def levels():
        async with SimulatedExchange("slide") as exchange:
            await exchange.finished()
        return exchange.core.levels

    assert run_virtual(levels(), seed=1) == run_virtual(levels(), seed=2)


@pytest.mark.parametrize("which", ["rest_port", "ws_port"])
async def test_port_in_use_is_an_os_error(which):
    """And the other port is given back."""
    async with SimulatedExchange("calm") as first:
        taken = URL(first.rest_url if which == "rest_port" else first.risk_url).port
        second = SimulatedExchange("calm", **{which: taken})
        with pytest.raises(OSError, match="in use"):
            await second.__aenter__()

    assert {asyncio.current_task()} == asyncio.all_tasks()


async def test_ports_can_be_chosen():
    """A server for other languages needs addresses that stay."""
    async with SimulatedExchange("calm") as first:
        ports = {"rest_port": URL(first.rest_url).port, "ws_port": URL(first.risk_url).port}

    async with SimulatedExchange("calm", **ports) as again:
        assert (first.rest_url, first.ws_api_url, first.risk_url) == (again.rest_url, again.ws_api_url, again.risk_url)
        assert again.ws_api_url == f"ws://127.0.0.1:{ports['ws_port']}/ws-api/v3"


@pytest.mark.parametrize(
    ("host", "place"),
    [("::1", "[::1]"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("localhost", "localhost")],  # noqa: S104  # in text only
)
def test_addresses_lead_to_where_it_listens(host, place):
    """An address in brackets where it needs them; everywhere is no place to go to."""
    exchange = SimulatedExchange("calm", host=host, rest_port=8710, ws_port=8711)
    config = exchange.config
    assert f"http://{place}:8710" == config.rest_url
    assert f"ws://{place}:8711/ws-api/v3" == config.ws_api_url
    assert f"ws://{place}:8711" == config.risk_url


async def test_exchange_is_entered_once():
    """Time has passed in it; a fresh one is cheap."""
    exchange = SimulatedExchange("calm")
    async with exchange:
        pass

    with pytest.raises(RuntimeError, match="once"):
        await exchange.__aenter__()


@BARE_CLIENT
@virtual
async def test_dropped_sockets_end_by_reset_or_by_handshake():
    """Each kind alone, and the exchange forgets them."""
    async with SimulatedExchange("calm") as exchange, aiohttp.ClientSession() as session:
        key = await listened(exchange, session)
        async with connect(exchange.ws_api_url) as trade, connect(f"{exchange.risk_url}/ws/{key}") as risk:
            await subscribed(exchange, session, trade)
            assert 1 == exchange.drop_sockets("trade")
            with pytest.raises(ConnectionClosedError):
                await trade.recv()
            assert (0, 1) == (exchange.drop_sockets("trade"), exchange.drop_sockets("all", abruptly=False))
            with pytest.raises(ConnectionClosed) as caught:
                await risk.recv()
            assert 1001 == caught.value.rcvd.code


@virtual
async def test_silent_client_is_dropped_after_the_ping_timeout():
    """Pings every 20 s, 60 s for the answer, as on the exchange."""
    network = asyncio.get_running_loop().network
    async with SimulatedExchange("calm") as exchange:
        known = exchange.core.venue.trade_streams.connections
        async with connect(exchange.ws_api_url, ping_interval=None, close_timeout=0.1):
            network.connections()[0].black_hole()
            await asyncio.sleep(79)
            assert 1 == len(known)
            await asyncio.sleep(3)
            assert 0 == len(known)


@virtual
async def test_leaving_closes_every_connection():
    """A client that is still there is told that the exchange goes away."""
    async with aiohttp.ClientSession() as session:
        async with SimulatedExchange("calm") as exchange:
            await request(exchange, session, "GET", "/api/v3/time", signed=False)
            trade = await connect(exchange.ws_api_url)
        with pytest.raises(ConnectionClosed) as caught:
            await trade.recv()
        await trade.close()

    assert 1001 == caught.value.rcvd.code
    assert "closed" in repr(exchange)


async def test_anybody_hears_the_market():
    """Over a real socket, without a key, by the path or by a frame."""
    async with SimulatedExchange("calm") as exchange:
        by_path = f"{exchange.stream_url}/stream?streams=btcusdt@bookTicker"
        async with connect(by_path) as path, connect(f"{exchange.stream_url}/ws") as frame:
            wrapped = json.loads(await path.recv())
            await frame.send('{"method":"SUBSCRIBE","params":["btcusdt@bookTicker"],"id":1}')
            reply, quote = json.loads(await frame.recv()), json.loads(await frame.recv())

    assert {"result": None, "id": 1} == reply
    assert ("btcusdt@bookTicker", "BTCUSDT") == (wrapped["stream"], wrapped["data"]["s"])
    assert "BTCUSDT" == quote["s"]


@virtual
@pytest.mark.parametrize(("frame", "code"), [(b"{}", 1003), ("x" * 65_537, 1009)])
async def test_frames_that_nobody_reads_end_the_connection(frame, code):
    """Bytes where text is spoken, and a frame of more than 64 KiB."""
    async with SimulatedExchange("calm") as exchange, connect(exchange.ws_api_url) as socket:
        await socket.send(frame)
        with pytest.raises(ConnectionClosed) as caught:
            await socket.recv()

    assert code == caught.value.rcvd.code


@virtual
@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/ws-api/v3?timeUnit=HOUR", 400)])
async def test_handshake_may_be_refused(path, status):
    """With the status and body of a REST reply."""
    async with SimulatedExchange("calm") as exchange:
        with pytest.raises(InvalidStatus) as caught:
            await connect(exchange.risk_url + path)

    assert status == caught.value.response.status_code
    assert caught.value.response.body


@virtual
async def test_server_that_goes_away_tells_and_closes():
    """The event first, the closing handshake after the time that was given."""
    loop = asyncio.get_running_loop()
    async with SimulatedExchange("calm") as exchange, connect(exchange.ws_api_url) as socket:
        exchange.inject(Fault("server_shutdown", seconds=10))
        began = loop.time()
        assert "serverShutdown" == json.loads(await socket.recv())["event"]["e"]
        with pytest.raises(ConnectionClosed) as caught:
            await socket.recv()
        assert 10 == round(loop.time() - began)

    assert 1001 == caught.value.rcvd.code


async def test_fault_inside_the_exchange_is_loud():
    """A mistake of the simulator must not look like a lost connection."""
    told = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["message"]))
    async with SimulatedExchange("calm") as exchange, connect(exchange.ws_api_url) as trade:
        exchange.core.on_frame = None
        await trade.send("{}")
        with pytest.raises(ConnectionClosedError):
            await trade.recv()

    assert ["the simulated exchange failed on a frame"] == told


# -- a clock of its own ----------------------------------------------------------------------------------------------


async def server_time(exchange, session):
    return (await request(exchange, session, "GET", "/api/v3/time", signed=False))["serverTime"]


@virtual
async def test_the_servers_time_follows_a_clock_of_its_own():
    """Skew alone changes nothing: the server's time begins where it is told to."""
    loop = asyncio.get_running_loop()
    wall = WallClock(loop.time, skew=50.0, drift=0.01)
    async with SimulatedExchange("calm", clock=wall) as exchange, aiohttp.ClientSession() as session:
        begun, start = loop.time(), exchange.core.start_ms
        await asyncio.sleep(1000)
        passed = loop.time() - begun
        assert round(passed * 1.01) == round((await server_time(exchange, session) - start) / 1000)
        wall.jump(3600)
        assert round(passed * 1.01 + 3600) == round((await server_time(exchange, session) - start) / 1000)


@virtual
async def test_the_servers_time_never_goes_back():
    """It stands until the clock has caught up, as a well-kept server slews its clock."""
    loop = asyncio.get_running_loop()
    wall = WallClock(loop.time)
    async with SimulatedExchange("calm", clock=wall) as exchange, aiohttp.ClientSession() as session:
        await asyncio.sleep(100)
        before = await server_time(exchange, session)
        wall.jump(-60)
        await asyncio.sleep(30)
        assert before == await server_time(exchange, session)
        await asyncio.sleep(90)
        assert 60 == round((await server_time(exchange, session) - before) / 1000)


@BARE_CLIENT
@virtual
async def test_what_is_due_after_a_jump_happens_within_a_second():
    """Nobody need call: a key that is over is over."""
    loop = asyncio.get_running_loop()
    wall = WallClock(loop.time)
    async with SimulatedExchange("calm", clock=wall) as exchange, aiohttp.ClientSession() as session:
        key = await listened(exchange, session)
        async with connect(f"{exchange.risk_url}/ws/{key}") as risk:
            await asyncio.sleep(10)
            wall.jump(3600)
            jumped = loop.time()
            assert "listenKeyExpired" == json.loads(await risk.recv())["e"]
            assert loop.time() - jumped < 1.1


@pytest.mark.parametrize(("host", "is_tied"), [("127.0.0.1", True), ("0.0.0.0", False)])  # noqa: S104  # in text only
def test_key_is_tied_to_this_machine_while_nobody_else_can_come(host, is_tied):
    """An address list that shuts out those who were let in would be of no use."""
    assert is_tied is SimulatedExchange("calm", host=host).core.rights.ip_restrict
