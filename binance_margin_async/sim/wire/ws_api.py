"""The WebSocket API: requests in, replies out."""

from collections.abc import Callable, Mapping

import orjson

from binance_margin_async.sim.calls.order_history import count_rows
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.wallets import SPOT
from binance_margin_async.sim.messages import Send
from binance_margin_async.sim.streams.trade_streams import Subscription
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security, check_rights, check_time, find_key, unwelcome, verify
from binance_margin_async.sim.wire.call import Call
from binance_margin_async.sim.wire.keys import ApiKey
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.routes import ROUTES
from binance_margin_async.sim.wire.sessions import Session
from binance_margin_async.sim.wire.weights import TooManyError, Usage
from binance_margin_async.sim.wire.ws_requests import BadRequestError, WsRequest, read_request

# Weight of connecting, and of every method about sessions and streams, from the pool of /api
# (WebSocket API, read 2026-11-22).
CONNECT_WEIGHT = 2
USUAL_WEIGHT = 2

# Methods that do what a call of REST does, and cost the same.
CALLS: Mapping[str, str] = {
    "ping": "GET /api/v3/ping",
    "time": "GET /api/v3/time",
    "exchangeInfo": "GET /api/v3/exchangeInfo",
    "ticker.price": "GET /api/v3/ticker/price",
    "order.place": "POST /api/v3/order",
    "order.test": "POST /api/v3/order/test",
    "order.status": "GET /api/v3/order",
    "order.cancel": "DELETE /api/v3/order",
    "openOrders.status": "GET /api/v3/openOrders",
    "openOrders.cancelAll": "DELETE /api/v3/openOrders",
    "account.status": "GET /api/v3/account",
    "account.rateLimits.orders": "GET /api/v3/rateLimit/order",
    "allOrders": "GET /api/v3/allOrders",
    "myTrades": "GET /api/v3/myTrades",
}

Answer = Callable[["_Request"], object]


class WsApi:
    """
    Answer the frames of one connection after the other.

    Attributes:
        sessions: Open connections, by number.
    """

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self.sessions: dict[int, Session] = {}
        venue.keys.on_removed = self.on_key_removed

    def charge_connection(self, address: str, now: int) -> None:
        """
        Count what connecting costs.

        Raises:
            TooManyError: The counter of /api is over its cap.
        """
        usage = self._venue.meter.count("api", address, "connect", CONNECT_WEIGHT, now)
        self._venue.meter.check(usage, address, now)

    def connect(self, connection: int, session: Session) -> None:
        """Take note of a new connection."""
        self.sessions[connection] = session
        self._venue.trade_streams.connect(connection)

    def disconnect(self, connection: int) -> None:
        """Forget a connection and its subscriptions."""
        self.sessions.pop(connection, None)
        self._venue.trade_streams.disconnect(connection)

    def on_frame(self, connection: int, text: str, now: int) -> None:
        """Answer one frame; what a subscription loses by it is told after the answer."""
        session = self.sessions.get(connection)
        if session is None:
            return
        try:
            received = read_request(text)
        except BadRequestError as refusal:
            self._send(connection, {"id": refusal.number, **_error(refusal, now)})
            return
        request = _Request(self._venue, connection, session, received, now)
        self._send(connection, request.answered())
        for subscription in request.ended:
            self._venue.trade_streams.terminate(connection, subscription, now)

    def on_key_removed(self, key: ApiKey, now: int) -> None:
        """End every session and subscription that *key* opened, and say so."""
        for connection, session in self.sessions.items():
            if session.key is key:
                session.log_out()
                self._send(connection, {"id": None, **_error(unwelcome(), now)})
            self._venue.trade_streams.end_of_key(connection, key.api_key, now)

    def announce(self, event: Mapping[str, object]) -> None:
        """Push an event that belongs to no subscription to everybody."""
        for connection in self.sessions:
            self._send(connection, {"event": event})

    def _send(self, connection: int, frame: object) -> None:
        told = self.sessions[connection].told(frame)
        self._venue.outbox.append(Send(connection, orjson.dumps(told).decode()))


class _Request:
    # One request on its way: what it costs, what it ends, and the counts its reply tells.

    def __init__(self, venue: Venue, connection: int, session: Session, received: WsRequest, now: int) -> None:
        self._venue = venue
        self._streams = venue.trade_streams
        self._connection = connection
        self._session = session
        self._received = received
        self._now = now
        self._orders: list[dict[str, object]] = []
        self.ended: list[int] = []

    def answered(self) -> dict[str, object]:
        try:
            self._venue.meter.check_ban(self._session.address, self._now)
            reply: dict[str, object] = {"status": 200, "result": self._result()}
        except RefusedError as refusal:
            reply = _error(refusal, self._now)
        reply = {"id": self._received.number, **reply}
        wished = self._received.return_rate_limits
        if self._session.return_rate_limits if wished is None else wished:
            reply["rateLimits"] = [*self._orders, _weight(self._usage(0))]
        return reply

    def _result(self) -> object:
        method = self._received.method
        name = CALLS.get(method, "")
        if name in ROUTES:
            return self._call(name)
        own: Mapping[str, Answer] = OWN_METHODS
        self._venue.meter.check(self._usage(USUAL_WEIGHT), self._session.address, self._now)
        if method not in own:
            raise RefusedError(-1020, "This operation is not supported.")
        return own[method](self)

    def _call(self, name: str) -> object:
        parameters = self._received.parameters
        call = Call(self._venue, name, ROUTES[name], parameters, self._session.address, self._now)
        call.charge()
        if call.route.security is not Security.NONE:
            parameters.caller = self._authorized(parameters, call.route.security)
        try:
            return call.perform()
        finally:
            if call.places_orders:
                self._orders = count_rows(self._venue, call.account, self._now)

    def _authorized(self, parameters: Parameters, security: Security) -> ApiKey:
        # An API key in the request stands for that request alone; without one the session's logon counts.
        sent = self._received.params.get("apiKey")
        if sent is None and self._session.key is not None:
            key = self._session.key
        else:
            key = find_key(parameters.required("apiKey"), self._venue.keys, self._session.address)
            verify(key, self._received.payload, self._received.params.get("signature", ""))
        check_time(parameters, self._shown_time)
        check_rights(security, key, self._now, is_sapi=False)
        return key

    @property
    def _shown_time(self) -> int:
        return self._now + self._venue.conditions.clock_shift_ms

    def _usage(self, weight: int) -> Usage:
        return self._venue.meter.count("api", self._session.address, "ws", weight, self._now)

    # -- sessions ---------------------------------------------------------------------------------------------------

    def log_on(self) -> object:
        parameters = self._received.parameters
        key = find_key(parameters.required("apiKey"), self._venue.keys, self._session.address)
        signature = self._received.params.get("signature", "")
        # Only Ed25519 keys log on; others meet -1022 (documented, and reported by users; read 2026-11-22).
        verify(key, self._received.payload if key.kind == "Ed25519" else None, signature)
        check_time(parameters, self._shown_time)
        self._session.log_on(key, self._now)
        return self.status()

    def log_out(self) -> object:
        held = self._streams.connections[self._connection].subscriptions
        self.ended += [number for number, subscription in held.items() if subscription.by_session]
        self._session.log_out()
        return self.status()

    def status(self) -> object:
        session = self._session
        held = self._streams.connections[self._connection].subscriptions
        return {
            "apiKey": None if session.key is None else session.key.api_key,
            "authorizedSince": session.authorized_at,
            "connectedSince": session.connected_at,
            "returnRateLimits": session.return_rate_limits,
            "serverTime": self._shown_time,
            "userDataStream": any(number not in self.ended for number in held),
        }

    def subscriptions(self) -> object:
        return [{"subscriptionId": number} for number in self._streams.connections[self._connection].subscriptions]

    # -- user data streams ------------------------------------------------------------------------------------------

    def subscribe(self) -> object:
        key = self._session.key
        if key is None:
            raise RefusedError(-1002, "You are not authorized to execute this request.", status=401)
        return self._subscribe(key, by_session=True)

    def subscribe_with_signature(self) -> object:
        parameters = self._received.parameters
        parameters.required("apiKey")
        return self._subscribe(self._authorized(parameters, Security.SIGNED), by_session=False)

    def subscribe_with_token(self) -> object:
        token = self._received.parameters.required("listenToken")
        if self._venue.conditions.tokens_refused:
            raise RefusedError(-1209, "Invalid listenToken.")
        number, subscription, replaced = self._streams.subscribe(self._connection, token)
        if replaced is not None:
            self.ended.append(replaced)
        # Microseconds, as in the published example; the token itself came with milliseconds.
        return {"subscriptionId": number, "expirationTime": (subscription.expires_at or 0) * 1000}

    def unsubscribe(self) -> object:
        held = self._streams.connections[self._connection].subscriptions
        number = self._received.parameters.integer("subscriptionId")
        if number is not None and number not in held:
            raise RefusedError(-2036, "User data stream subscription not active.")
        self.ended += list(held) if number is None else [number]
        return {}

    def _subscribe(self, key: ApiKey, *, by_session: bool) -> object:
        # A low-latency key's account; an ordinary key's is the spot account, whatever its owner may have hoped.
        account = key.account or SPOT
        fresh = Subscription(account, api_key=key.api_key, by_session=by_session)
        return {"subscriptionId": self._streams.subscribe_account(self._connection, fresh)}


OWN_METHODS: Mapping[str, Answer] = {
    "session.logon": _Request.log_on,
    "session.logout": _Request.log_out,
    "session.status": _Request.status,
    "session.subscriptions": _Request.subscriptions,
    "userDataStream.subscribe": _Request.subscribe,
    "userDataStream.subscribe.signature": _Request.subscribe_with_signature,
    "userDataStream.subscribe.listenToken": _Request.subscribe_with_token,
    "userDataStream.unsubscribe": _Request.unsubscribe,
}


def _error(refusal: RefusedError, now: int) -> dict[str, object]:
    error: dict[str, object] = {"code": refusal.code, "msg": refusal.text}
    if isinstance(refusal, TooManyError):
        error["data"] = {"serverTime": now, "retryAfter": refusal.retry_at}
    return {"status": refusal.status, "error": error}


def _weight(usage: Usage) -> dict[str, object]:
    return {
        "rateLimitType": "REQUEST_WEIGHT",
        "interval": "MINUTE",
        "intervalNum": 1,
        "limit": usage.cap,
        "count": usage.used,
    }
