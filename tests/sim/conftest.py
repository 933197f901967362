"""A hand-driven client of the pure exchange: it signs for itself and sets the time."""

import hashlib
import hmac
from urllib.parse import quote

import orjson
import pytest

from binance_margin_async.sim import HttpRequest, Send, SimulatedExchange
from binance_margin_async.sim.wire.keys import Credentials

ENDPOINTS = {
    "order": "/sapi/v1/margin/order",
    "loan": "/sapi/v1/margin/borrow-repay",
    "account": "/sapi/v1/margin/account",
    "isolated": "/sapi/v1/margin/isolated/account",
    "open": "/sapi/v1/margin/openOrders",
    "move": "/sapi/v1/asset/transfer",
    "token": "/sapi/v1/userListenToken",
    "key": "/sapi/v2/margin/listen-key",
}


class Desk:
    def __init__(self, scenario="calm", **options):
        shell = SimulatedExchange(scenario, **options)
        self.core = shell.core
        self.credentials = shell.credentials
        self.start = self.now = self.core.start_ms
        self._connections = 0

    def use(self, key):
        self.credentials = Credentials(key.api_key, key.material)

    def wait(self, seconds):
        self.now += round(seconds * 1000)
        self.core.advance(self.now)

    def send(self, method, path, **params):
        return self.core.handle(self.request(method, path, **params), self.now)

    def request(self, method, path, *, signed=True, key=None, headers=None, **params):
        path = ENDPOINTS.get(path, path)
        params = {name: value for name, value in params.items() if value is not None}
        if signed:
            params.setdefault("timestamp", self.now)
        query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in params.items())
        if signed:
            query += f"&signature={self.sign(query)}"
        headers = headers or {"X-MBX-APIKEY": self.credentials.api_key if key is None else key}
        return HttpRequest(method, f"{path}?{query}", headers)

    def sign(self, payload):
        return hmac.new(self.credentials.api_secret.encode(), payload.encode(), hashlib.sha256).hexdigest()

    def call(self, method, path, **params):
        reply = self.send(method, path, **params)
        assert reply.status == 200, reply.body
        return orjson.loads(reply.body)

    def refusal(self, method, path, **params):
        reply = self.send(method, path, **params)
        assert reply.status >= 400, reply.body
        return orjson.loads(reply.body)["code"]

    def order(self, side, kind, **params):
        params.setdefault("symbol", "BTCUSDT")
        if kind == "LIMIT":
            params.setdefault("timeInForce", "GTC")
        return self.call("POST", "order", side=side, type=kind, **params)

    def loan(self, kind, asset, amount, symbol=None):
        flag = "FALSE" if symbol is None else "TRUE"
        return self.call("POST", "loan", type=kind, asset=asset, amount=amount, isIsolated=flag, symbol=symbol)

    def move(self, kind, asset, amount, **symbols):
        return self.call("POST", "move", type=kind, asset=asset, amount=amount, **symbols)

    def connect(self, path):
        self._connections += 1
        assert self.core.admit(path, self.now) is None
        self.core.connect(self._connections, path, self.now)
        return self._connections

    def frame(self, connection, method, params=None, number="1"):
        body = {"id": number, "method": method, "params": params or {}}
        self.core.on_frame(connection, orjson.dumps(body).decode(), self.now)

    def leaving(self):
        return [
            (out.connection, orjson.loads(out.text)) if isinstance(out, Send) else out
            for out in self.core.take_outbox()
        ]

    def watch(self, symbol=None):
        connection = self.connect("/ws-api/v3")
        self.subscribe(connection, symbol)
        return connection

    def subscribe(self, connection, symbol=None, **params):
        token = self.call(
            "POST", "token", signed=False, symbol=symbol, isIsolated=None if symbol is None else "true", **params
        )
        self.frame(connection, "userDataStream.subscribe.listenToken", {"listenToken": token["token"]})
        return self.leaving()[-1][1]

    def watch_risk(self):
        key = self.call("POST", "key", signed=False)["listenKey"]
        return self.connect(f"/ws/{key}")

    def events(self):
        frames = [frame for _, frame in self.leaving()]
        return [frame.get("event", frame) for frame in frames]

    def balance(self, asset, symbol=None):
        account = self.core.venue.account(symbol)
        return account.balance(asset)


@pytest.fixture(scope="session")
def desk():
    """Return the maker of desks: ``desk()`` for the calm scenario, ``desk(scenario, …)`` for another."""
    return Desk
