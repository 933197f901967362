"""The WebSocket lane: the calls of the lane as frames, each answered by its id or lost with its connection."""

import asyncio
import hashlib
import hmac
from decimal import Decimal

import msgspec
import orjson
import pytest
from websockets.asyncio.server import serve

from binance_margin_async import (
    BannedError,
    ClosedError,
    ConfigError,
    InvalidRequestError,
    Isolated,
    LimitOrder,
    MarginClient,
    MarketOrder,
    NotSentError,
    OrderNotFoundError,
    OrderStatus,
    OrderUpdate,
    Outcome,
    ReplyLostError,
    SimulatedExchange,
    SpecialKeyAccess,
    SpotOrderAck,
    SpotOrderFull,
)
from binance_margin_async.testing import virtual

PORT = 9000
KEY, SECRET = "SpecialKey" * 6, "SpecialSecret" * 4  # made up
BTC = Isolated("BTCUSDT")
ORDER = {"symbol": "BTCUSDT", "orderId": 7, "clientOrderId": "mine", "orderListId": -1, "transactTime": 5}
STATE = {
    "price": "60000",
    "origQty": "0.01",
    "executedQty": "0",
    "origQuoteOrderQty": "0",
    "cummulativeQuoteQty": "0",
    "status": "NEW",
    "timeInForce": "GTC",
    "type": "LIMIT",
    "side": "BUY",
    "workingTime": 5,
    "selfTradePreventionMode": "NONE",
}
LIMIT = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="60000", client_order_id="mine")


class Venue:
    """
    A WebSocket API that answers what *script* says: one entry for each request.

    An entry is the answer without its id, ``"hold"`` for none yet, or ``"cut"`` for an end of the connection.
    """

    def __init__(self, *script):
        self.script = list(script)
        self.seen = []
        self.held = []
        self.connections = 0

    async def __call__(self, connection):
        self.connections += 1
        async for text in connection:
            request = orjson.loads(text)
            self.seen.append(request)
            entry = self.script.pop(0)
            if entry == "hold":
                self.held.append((connection, request["id"]))
            elif entry == "cut":
                connection.transport.abort()
            else:
                await connection.send(orjson.dumps({"id": request["id"], **entry}).decode())

    async def answer(self, number, body):
        connection, request_id = self.held[number]
        await connection.send(orjson.dumps({"id": request_id, **body}).decode())


def good(result=None, **more):
    return {"status": 200, "result": ORDER | STATE | {"fills": []} if result is None else result, **more}


def refused(status, code, **data):
    return {"status": status, "error": {"code": code, "msg": "planted", "data": data or None}}


class Stage:
    """A client whose WebSocket API is *venue*, and its lane while entered."""

    def __init__(self, venue, *, key=None):
        self.venue = venue
        self.key = key or SpecialKeyAccess(KEY, SECRET)

    async def __aenter__(self):
        self.exchange = SimulatedExchange("calm")
        await self.exchange.__aenter__()
        self.server = await serve(self.venue, "127.0.0.1", PORT).__aenter__()
        config = msgspec.structs.replace(self.exchange.config, ws_api_url=f"ws://127.0.0.1:{PORT}/ws-api/v3")
        self.client = await MarginClient(config=config, special_key=self.key).__aenter__()
        self.opened = self.client.unproven_websocket_lane()
        return await self.opened.__aenter__()

    async def __aexit__(self, *_):
        await self.opened.__aexit__(None, None, None)
        await self.client.aclose()
        self.server.close()
        await self.server.wait_closed()
        await self.exchange.__aexit__(None, None, None)


@virtual
async def test_an_order_is_placed_by_a_signed_frame_without_a_word_about_margin():
    """Sorted, not percent-encoded, signed by the special key; the key's account is the order's."""
    venue = Venue(good())
    async with Stage(venue) as lane:
        placed = await lane.new_order(LIMIT)

    assert SpotOrderFull is type(placed)
    (frame,) = venue.seen
    params = frame["params"]
    assert "order.place" == frame["method"]
    assert {"isIsolated", "sideEffectType"}.isdisjoint(params)
    assert (KEY, "mine", "60000") == (params["apiKey"], params["newClientOrderId"], params["price"])
    payload = "&".join(f"{name}={params[name]}" for name in sorted(params) if name != "signature")
    assert hmac.new(SECRET.encode(), payload.encode(), hashlib.sha256).hexdigest() == params["signature"]


@pytest.mark.parametrize(
    ("call", "method", "result"),
    [
        (lambda lane: lane.new_order(LIMIT, response="ACK"), "order.place", ORDER),
        (
            lambda lane: lane.cancel_order("BTCUSDT", order_id=7),
            "order.cancel",
            {**ORDER, **STATE, "origClientOrderId": "a"},
        ),
        (lambda lane: lane.cancel_open_orders("BTCUSDT"), "openOrders.cancelAll", []),
        (lambda lane: lane.open_orders(), "openOrders.status", []),
        (lambda lane: lane.test_order(LIMIT), "order.test", {}),
    ],
)
@virtual
async def test_every_call_of_the_lane_has_a_method(call, method, result):
    """The same names, arguments and answers over either road."""
    venue = Venue(good(result))
    async with Stage(venue) as lane:
        await call(lane)
    assert [method] == [frame["method"] for frame in venue.seen]


@virtual
async def test_answers_are_told_apart_by_their_ids():
    """The second may come first."""
    venue = Venue("hold", "hold")
    async with Stage(venue) as lane:
        first = asyncio.ensure_future(lane.new_order(LIMIT, response="ACK"))
        second = asyncio.ensure_future(lane.new_order(LIMIT, response="ACK"))
        await asyncio.sleep(1)
        await venue.answer(1, good(ORDER | {"orderId": 2}))
        await venue.answer(0, good(ORDER | {"orderId": 1}))
        assert [1, 2] == [each.order_id for each in await asyncio.gather(first, second)]
    assert 1 == venue.connections


@virtual
async def test_a_placed_order_is_an_event_of_the_keys_account():
    """Whoever listens does not see on which road it went."""
    venue = Venue(good())
    stage = Stage(venue, key=SpecialKeyAccess(KEY, SECRET, account=BTC))
    async with stage as lane, stage.client.bus.subscribe(OrderUpdate) as updates:
        await lane.new_order(LIMIT.replace(account=BTC))
        update = await anext(updates)
    assert (BTC, 7, OrderStatus.NEW) == (update.account, update.order_id, update.status)


@pytest.mark.parametrize(
    ("answer", "kind", "outcome"),
    [
        (refused(400, -2011), OrderNotFoundError, Outcome.REFUSED),
        (refused(400, -1013), InvalidRequestError, Outcome.REFUSED),
        (refused(418, -1003), BannedError, Outcome.REFUSED),
        (refused(504, -1007), Exception, Outcome.UNKNOWN),
    ],
)
@virtual
async def test_a_refusal_is_the_error_of_rest(answer, kind, outcome):
    """Class, code and outcome."""
    async with Stage(Venue(answer)) as lane:
        with pytest.raises(kind) as error:
            await lane.cancel_order("BTCUSDT", order_id=1)
    assert (outcome, answer["error"]["code"]) == (error.value.outcome, error.value.code)


@virtual
async def test_the_end_of_a_ban_is_told_in_seconds():
    """The frame names it in epoch milliseconds."""
    stage = Stage(Venue())
    async with stage as lane:
        until = stage.client.clock.exchange_ms() + 120_000
        stage.venue.script.append(refused(418, -1003, serverTime=1, retryAfter=until))
        with pytest.raises(BannedError) as error:
            await lane.cancel_order("BTCUSDT", order_id=1)
    assert 120 == pytest.approx(error.value.retry_after, abs=1)


@virtual
async def test_what_the_answer_tells_of_the_weight_counts():
    """The address has one count for REST and the WebSocket API."""
    minute = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6_000}
    limits = [{**minute, "count": 5_990}]
    stage = Stage(Venue(good(rateLimits=limits)))
    async with stage as lane:
        await asyncio.sleep(5)  # well inside a minute of the exchange
        await lane.new_order(LIMIT)
        begun = asyncio.get_running_loop().time()
        await stage.client.spot.exchange_info(["BTCUSDT"])
        assert asyncio.get_running_loop().time() - begun > 1


@pytest.mark.parametrize("entry", ["cut", "hold"])
@virtual
async def test_a_lost_answer_leaves_the_outcome_open_and_nothing_is_sent_twice(entry):
    """The connection ended, or nothing came within ten seconds."""
    venue = Venue(entry, good())
    async with Stage(venue) as lane:
        with pytest.raises(ReplyLostError) as lost:
            await lane.new_order(LIMIT)
        assert (Outcome.UNKNOWN, "mine", 1) == (lost.value.outcome, lost.value.client_order_id, len(venue.seen))
        # The next call finds a connection again.
        await lane.new_order(LIMIT)
    assert (2 if entry == "cut" else 1) == venue.connections


@virtual
async def test_without_a_connection_nothing_was_sent():
    """And that is proved: the order may be placed by another road."""
    stage = Stage(Venue())
    async with stage as lane:
        stage.server.close()
        await stage.server.wait_closed()
        with pytest.raises(NotSentError, match="WebSocket API"):
            await lane.new_order(LIMIT)


@virtual
async def test_leaving_the_lane_ends_what_still_waits():
    """Its outcome is unknown, and no task is left behind."""
    stage = Stage(Venue("hold"))
    async with stage as lane:
        waiting = asyncio.ensure_future(lane.new_order(LIMIT))
        await asyncio.sleep(1)
    with pytest.raises(ReplyLostError):
        await waiting
    with pytest.raises(ClosedError):
        await lane.new_order(MarketOrder("BTCUSDT", "BUY", quantity=Decimal(1)))


@virtual
async def test_without_a_special_key_there_is_no_lane():
    """An ordinary key would place the order in the spot wallet."""
    async with MarginClient.simulated() as client:
        with pytest.raises(ConfigError, match="special_key=SpecialKeyAccess"):
            client.lane  # noqa: B018  # looking is the test
        with pytest.raises(ConfigError, match="special_key=SpecialKeyAccess"):
            async with client.unproven_websocket_lane():
                pass


@virtual
async def test_the_ack_of_an_order_has_its_own_type():
    """As over REST."""
    async with Stage(Venue(good(ORDER))) as lane:
        assert SpotOrderAck is type(await lane.new_order(LIMIT, response="ACK"))
