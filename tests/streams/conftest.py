"""A client on a simulated exchange in virtual time, with a timeline of everything both of them did."""

import asyncio
from contextlib import AsyncExitStack
from typing import NamedTuple
from urllib.parse import urlsplit

import orjson
import pytest

from binance_margin_async import CROSS, Config, MarginClient
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import StreamStatus
from binance_margin_async.sim import Fault, Send, SimulatedExchange

TOKEN = "POST /sapi/v1/userListenToken"
CLOCK = "GET /api/v3/time"
LIMITS = "GET /api/v3/exchangeInfo"
LOOK = "session.subscriptions"
# What is asked regularly, and to repair what was missed: both have tests of their own.
REPAIR = {f"GET /sapi/v1/margin/{name}" for name in ("openOrders", "myTrades", "allOrders", "order", "orderList")}
ROUTINE = {CLOCK, LIMITS, LOOK, *REPAIR}
SUBSCRIBE = "userDataStream.subscribe.listenToken"


class Entry(NamedTuple):
    at: float
    what: str


class Stage:
    """
    Client and exchange, both running while entered, with every stream live.

    ``timeline`` holds, in order: REST calls (``"VERB /path"``), connections (``"connect trade"``), methods of the
    WebSocket API, and what the client says of its streams (``"trade stale CROSS"``). Unless it ``compares``, the client
    does not look every five minutes for what the stream may have lost.
    """

    transport = "direct"

    def __init__(self, scenario="calm", *, accounts=(CROSS,), compares=False, **options):
        self._compares = compares
        self.exchange = SimulatedExchange(scenario, **options)
        self.core = self.exchange.core
        self.client = MarginClient(sim=self.exchange, accounts=accounts, config=Config(stream_transport=self.transport))
        self.timeline = []
        self.heard = []
        self.minted = []
        self.subscribed = []
        self._exit = AsyncExitStack()

    async def __aenter__(self):
        self._record_the_exchange()
        await self._exit.enter_async_context(self.client)
        if not self._compares:
            await self.client._parts.supervisor.stop("repair")
        await self._exit.enter_async_context(self.client.on(Event, handler=self._hear))
        await asyncio.sleep(1)  # what happens from now on is not part of the start
        return self

    async def __aexit__(self, *_):
        await self._exit.aclose()

    @property
    def now(self):
        return asyncio.get_running_loop().time()

    @property
    def network(self):
        return asyncio.get_running_loop().network

    def since(self, begun):
        """What happened, leaving out what is asked regularly or to repair."""
        return [entry.what for entry in self.timeline if entry.at >= begun and entry.what not in ROUTINE]

    def calls(self, route, since=0.0):
        return [entry.at for entry in self.timeline if entry.what == route and entry.at >= since]

    def statuses(self, since=0.0):
        return [event for event in self.heard if isinstance(event, StreamStatus) and event.received_at >= since]

    def changes(self, stream, since=0.0):
        """What was told of one stream, and when."""
        return [(event.health, event.received_at) for event in self.statuses(since) if event.stream is stream]

    def health(self):
        """The last health told of each stream and account."""
        return {(event.stream, event.account): event.health for event in self.statuses()}

    def events(self, kind, since=0.0):
        return [event for event in self.heard if isinstance(event, kind) and event.received_at >= since]

    def told(self, health, since=0.0):
        """When each stream and account first became so."""
        told = {}
        for event in self.statuses(since):
            if event.health == health:
                told.setdefault((event.stream, event.account), event.received_at)
        return told

    def links(self, kind):
        """The living WebSocket connections: "trade", "risk", "market" or "all"."""
        port = urlsplit(self.exchange.risk_url).port
        open_ = [link for link in self.network.connections(port) if link.server.get_protocol().request is not None]
        return [link for link in open_ if kind in {"all", _kind(link.server.get_protocol().request.path)}]

    def cut(self, kind, how):
        """End connections: by "reset", "fin", "hole" (both ends go on believing), or a close code."""
        links = self.links(kind)
        assert links
        if isinstance(how, int):
            assert len(links) == self.exchange.drop_sockets(kind, abruptly=False, code=how)
            return
        for link in links:
            {"reset": link.reset, "fin": link.close, "hole": link.black_hole}[how]()

    def push(self, kind, frame):
        """Let the exchange send a frame of its own accord."""
        for number, link in self.exchange._sockets._links.items():
            if _kind(link.request.path) == kind:
                self.exchange._sockets.deliver(Send(number, frame))

    def ports(self):
        return [urlsplit(url).port for url in (self.exchange.rest_url, self.exchange.risk_url)]

    def fail(self, route, *, times=1, status=500, body=b'{"code":-1000,"msg":"planted"}', headers=None):
        """Answer the next calls of a route wrongly, without any effect; 0 times heals it."""
        self.core.faults.clear(route)
        if times:
            told = {"status": status, "body": body.decode(), "headers": headers}
            self.exchange.inject(Fault("reply", target=route, times=times, **told))

    def exchange_now(self):
        return self.exchange._now()

    def _hear(self, event):
        self.heard.append(event)
        if isinstance(event, StreamStatus):
            self._note(f"{event.stream} {event.health} {event.account}")

    def _note(self, what):
        self.timeline.append(Entry(self.now, what))

    # The exchange works as ever; what reaches it is written down on the way.
    def _record_the_exchange(self):
        core, handle, connect, on_frame = self.core, self.core.handle, self.core.connect, self.core.on_frame

        def noting_handle(request, now):
            route = f"{request.method} {request.target.partition('?')[0]}"
            self._note(route)
            reply = handle(request, now)
            if route == TOKEN and reply.status == 200:
                self.minted.append(orjson.loads(reply.body)["token"])
            return reply

        def noting_connect(number, path, *rest):
            self._note(f"connect {_kind(path)}")
            connect(number, path, *rest)

        def noting_frame(number, text, now):
            frame = orjson.loads(text)
            self._note(frame["method"])
            if frame["method"] == SUBSCRIBE:
                self.subscribed.append(frame["params"]["listenToken"])
            on_frame(number, text, now)

        core.handle, core.connect, core.on_frame = noting_handle, noting_connect, noting_frame


def _kind(path):
    if path.startswith("/stream"):
        return "market"
    return "trade" if path.startswith("/ws-api") else "risk"


@pytest.fixture(scope="session")
def staged(request):
    """Return the maker of stages; with ``--stream-transport queued`` every stream is read that way."""
    Stage.transport = request.config.getoption("--stream-transport")
    return Stage
