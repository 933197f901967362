"""Ways to place the same signed limit order, each yielding one awaitable operation."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import os
import time
import urllib.parse
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import aiohttp

from binance_margin_async import Config, LimitOrder, Limits, MarginClient, Secret
from binance_margin_async.rules.limits import Limiter
from binance_margin_async.rules.limits.caps import Caps
from harness.rounds import Operation

ORDER = "/sapi/v1/margin/order"
PRICE, QUANTITY = Decimal("61000.00"), Decimal("0.01")


def unlimited() -> Limits:
    """Limits that count as always and never make a call wait: waiting is not what is measured."""
    limits = Limits()
    limits.limiter = Limiter(Caps(ip=10**9, uid=10**9, shared=10**9, orders_10s=10**9))
    return limits


@contextlib.asynccontextmanager
async def new_order(address: str, **settings: Any) -> AsyncIterator[Operation]:
    """``client.trade.new_order``: checks, limiter, stamp, signature, send, headers, typed reply."""
    config = Config(api_key=Secret("key"), api_secret=Secret("secret"), rest_url=address, **settings)
    async with MarginClient(config=config, limits=unlimited()) as client:

        async def operation() -> None:
            await client.trade.new_order(LimitOrder("BTCUSDT", "BUY", quantity=QUANTITY, price=PRICE))

        yield operation


def new_order_on_the_lane(address: str) -> contextlib.AbstractAsyncContextManager[Operation]:
    """The same over the order lane."""
    return new_order(address, order_transport="lane")


@contextlib.asynccontextmanager
async def python_binance(address: str) -> AsyncIterator[Operation]:
    """python-binance, as its documents say: no limiter, untyped reply."""
    from binance import AsyncClient  # noqa: PLC0415  # a peer that may be absent

    client = AsyncClient("key", "secret")
    client.MARGIN_API_URL = address + "/sapi"

    async def operation() -> None:
        await client.create_margin_order(
            symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.01", price="61000.00"
        )

    try:
        yield operation
    finally:
        await client.close_connection()


@contextlib.asynccontextmanager
async def ccxt(address: str) -> AsyncIterator[Operation]:
    """ccxt with its limiter off and its markets given, so that only the order itself is measured."""
    import ccxt.async_support as library  # noqa: PLC0415  # a peer that may be absent

    exchange = library.binance({"apiKey": "key", "secret": "secret", "enableRateLimit": False})
    exchange.cafile = os.environ.get("SSL_CERT_FILE", exchange.cafile)
    exchange.urls["api"]["sapi"] = address + "/sapi/v1"
    market = exchange.safe_market_structure(
        {
            "id": "BTCUSDT",
            "symbol": "BTC/USDT",
            "base": "BTC",
            "quote": "USDT",
            "baseId": "BTC",
            "quoteId": "USDT",
            "type": "spot",
            "spot": True,
            "margin": True,
            "active": True,
            "precision": {"amount": 1e-5, "price": 1e-2},
            "info": {"orderTypes": ["LIMIT", "MARKET"]},
        }
    )
    exchange.set_markets([market])

    async def operation() -> None:
        await exchange.create_order("BTC/USDT", "limit", "buy", 0.01, 61000, {"marginMode": "cross"})

    try:
        yield operation
    finally:
        await exchange.close()


def _signed_query() -> str:
    pairs = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "quantity": "0.01", "price": "61000.00"}
    text = urllib.parse.urlencode({**pairs, "timestamp": int(time.time() * 1000)})  # noqa: TID251
    return f"{text}&signature={hmac.new(b'secret', text.encode(), hashlib.sha256).hexdigest()}"


@contextlib.asynccontextmanager
async def bare_aiohttp(address: str) -> AsyncIterator[Operation]:
    """A plain signed ``session.post`` whose reply goes through ``json``."""
    async with aiohttp.ClientSession() as session:

        async def operation() -> None:
            async with session.post(f"{address}{ORDER}?{_signed_query()}", headers={"X-MBX-APIKEY": "key"}) as reply:
                json.loads(await reply.read())

        yield operation


class _Floor(asyncio.Protocol):
    """The least a client can do: write prepared bytes, let httptools find the end of the reply."""

    def __init__(self) -> None:
        import httptools  # noqa: PLC0415  # only this contender needs it

        self.parser = httptools.HttpResponseParser(self)
        self.done: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        if self.done is not None:
            self.done.set_result(None)

    def on_body(self, body: bytes) -> None:
        self.body = body


@contextlib.asynccontextmanager
async def floor(address: str) -> AsyncIterator[Operation]:
    """asyncio and httptools with bytes prepared beforehand: no signature, no decoding."""
    loop = asyncio.get_running_loop()
    parts = urllib.parse.urlsplit(address)
    transports: list[asyncio.Transport] = []
    idle: list[_Floor] = []
    text = f"POST {ORDER}?{_signed_query()} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 0\r\n\r\n".encode()

    async def operation() -> None:
        if idle:
            own = idle.pop()
        else:
            _, own = await loop.create_connection(_Floor, parts.hostname, parts.port)
            transports.append(own.transport)
        own.done = loop.create_future()
        own.transport.write(text)
        await own.done
        idle.append(own)

    try:
        yield operation
    finally:
        for transport in transports:
            transport.close()
