"""Frames of the WebSocket API: requests in, replies out."""

from collections.abc import Mapping

import orjson

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.messages import Outbox, Send
from binance_margin_async.sim.streams.trade_streams import TradeStreams
from binance_margin_async.sim.wire.weights import Meter, TooManyError, Usage

# Weight of every method here, taken from the pool of /api (WebSocket API, read 2026-11-22).
WEIGHTS = {"ping": 1, "time": 1}
USUAL_WEIGHT = 2
CONNECT_WEIGHT = 2


class WsApi:
    """Answer the frames of one connection after the other."""

    def __init__(self, streams: TradeStreams, meter: Meter, outbox: Outbox) -> None:
        self._streams = streams
        self._meter = meter
        self._outbox = outbox

    def connect(self, connection: int, now: int) -> None:
        """Take note of a new connection, which costs weight."""
        self._meter.count("api", "connect", CONNECT_WEIGHT, now)
        self._streams.connect(connection, now)

    def on_frame(self, connection: int, text: str, now: int) -> None:
        """Answer one frame; what a subscription loses by it is told after the answer."""
        if connection not in self._streams.connections:
            return
        try:
            frame = orjson.loads(text)
            number, method, params = frame.get("id"), str(frame["method"]), dict(frame.get("params") or {})
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
            refusal = RefusedError(-1135, "JSON Request is invalid: expected an object with a method.")
            self._send(connection, {"id": None, **_error(refusal, now)})
            return
        usage = self._meter.count("api", "ws", WEIGHTS.get(method, USUAL_WEIGHT), now)
        ended: list[int] = []
        try:
            self._meter.check_ban(now)
            self._meter.check(usage, now)
            reply = {"status": 200, "result": self._answer(connection, method, params, ended, now)}
        except RefusedError as refusal:
            reply = _error(refusal, now)
        self._send(connection, {"id": number, **reply, "rateLimits": [_rate_limit(usage)]})
        for subscription in ended:
            self._streams.terminate(connection, subscription, now)

    def _answer(self, connection: int, method: str, params: Mapping[str, object], ended: list[int], now: int) -> object:
        match method:
            case "ping":
                return {}
            case "time":
                return {"serverTime": now}
            case "userDataStream.subscribe.listenToken":
                return self._subscribe(connection, params, ended)
            case "userDataStream.unsubscribe":
                ended += self._unsubscribed(connection, params)
                return {}
            case "session.subscriptions":
                return [{"subscriptionId": key} for key in self._streams.connections[connection].subscriptions]
            case "session.status":
                return self._status(connection, now)
            case _:
                raise RefusedError(-1020, "This operation is not supported.")

    def _subscribe(self, connection: int, params: Mapping[str, object], ended: list[int]) -> object:
        token = params.get("listenToken")
        if not isinstance(token, str) or not token:
            raise RefusedError(-1102, "Mandatory parameter 'listenToken' was not sent, was empty/null, or malformed.")
        number, subscription, replaced = self._streams.subscribe(connection, token)
        if replaced is not None:
            ended.append(replaced)
        # Microseconds, as in the published example; the token itself came with milliseconds.
        return {"subscriptionId": number, "expirationTime": subscription.expires_at * 1000}

    def _unsubscribed(self, connection: int, params: Mapping[str, object]) -> list[int]:
        held = self._streams.connections[connection].subscriptions
        number = params.get("subscriptionId")
        if number is None:
            return list(held)
        if not isinstance(number, int) or number not in held:
            raise RefusedError(-2036, "User data stream subscription not active.")
        return [number]

    def _status(self, connection: int, now: int) -> object:
        link = self._streams.connections[connection]
        return {
            "apiKey": None,
            "authorizedSince": None,
            "connectedSince": link.connected_at,
            "returnRateLimits": True,
            "serverTime": now,
            "userDataStream": bool(link.subscriptions),
        }

    def _send(self, connection: int, frame: Mapping[str, object]) -> None:
        self._outbox.append(Send(connection, orjson.dumps(frame).decode()))


def _error(refusal: RefusedError, now: int) -> dict[str, object]:
    error: dict[str, object] = {"code": refusal.code, "msg": refusal.text}
    if isinstance(refusal, TooManyError):
        error["data"] = {"serverTime": now, "retryAfter": refusal.retry_at}
    return {"status": refusal.status, "error": error}


def _rate_limit(usage: Usage) -> dict[str, object]:
    return {
        "rateLimitType": "REQUEST_WEIGHT",
        "interval": "MINUTE",
        "intervalNum": 1,
        "limit": usage.cap,
        "count": usage.used,
    }
