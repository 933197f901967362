"""The ways an order can take to the exchange, and how each is opened."""

from __future__ import annotations

import importlib.util
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from binance_margin_async.client import MarginClient
from binance_margin_async.config import Config, OrderTransport
from binance_margin_async.errors import ConfigError, MissingExtraError
from binance_margin_async.models.account import Account
from binance_margin_async.models.orders import SingleOrder
from binance_margin_async.rest.lane import SpecialKeyAccess
from binance_margin_async.rest.spot_orders import SpotOrderCalls


class WayName(StrEnum):
    AIOHTTP = "aiohttp"
    """``client.orders.place`` over aiohttp."""
    LANE = "lane"
    """The same over the order lane."""
    SPECIAL = "special"
    """``client.lane.new_order``, ``/api/v3`` with a special key."""
    WEBSOCKET = "websocket"
    """The same over the WebSocket API, which is unproven."""


class Open(NamedTuple):
    """An order that is open, and what cancels it."""

    client_order_id: str
    cancel: Callable[[], Awaitable[object]]


class Way(NamedTuple):
    """
    One way, opened.

    Args:
        name: Which.
        client: Its own client, so that its times are its own.
        routes: Of placing and of cancelling, as ``client.latency()`` names them.
        place: Places an order.
        ping: Asks for nothing, over the connections that carry the orders; ``None`` where that cannot be done.
    """

    name: WayName
    client: MarginClient
    routes: tuple[str, str]
    place: Callable[[SingleOrder], Awaitable[Open]]
    ping: Callable[[], Awaitable[object]] | None


PING = "GET /api/v3/ping"
_SAPI = ("POST /sapi/v1/margin/order", "DELETE /sapi/v1/margin/order")
_SPOT = ("POST /api/v3/order", "DELETE /api/v3/order")
_ON_SAPI: dict[WayName, OrderTransport] = {WayName.AIOHTTP: "aiohttp", WayName.LANE: "lane"}


def available(key: SpecialKeyAccess | None, *, unproven: bool) -> list[WayName]:
    """
    Return the ways that can be measured here.

    Args:
        key: A special key, if there is one.
        unproven: Whether the one over the WebSocket API counts.
    """
    ways = [WayName.AIOHTTP]
    if importlib.util.find_spec("httptools") is not None:
        ways.append(WayName.LANE)
    if key is not None:
        ways += [WayName.SPECIAL, WayName.WEBSOCKET] if unproven else [WayName.SPECIAL]
    return ways


@asynccontextmanager
async def opened(
    names: Sequence[WayName], config: Config, account: Account, key: SpecialKeyAccess | None
) -> AsyncGenerator[list[Way], None]:
    """
    Open a client for each of *names* while entered.

    Raises:
        ConfigError: One needs a special key, and there is none.
        MissingExtraError: The order lane needs the extra ``speed``.
    """
    async with AsyncExitStack() as exits:
        yield [await _open(name, config, account, key, exits) for name in names]


async def _open(
    name: WayName, config: Config, account: Account, key: SpecialKeyAccess | None, exits: AsyncExitStack
) -> Way:
    if name in _ON_SAPI:
        if name is WayName.LANE and importlib.util.find_spec("httptools") is None:
            raise MissingExtraError("speed", "The order lane")
        client = MarginClient(config=config, accounts=[account], order_transport=_ON_SAPI[name])
        await exits.enter_async_context(client)
        return Way(name, client, _SAPI, partial(_place_on_desk, client), client.spot.ping)
    if key is None:
        raise ConfigError(f"{name}: this way needs a special key")
    client = MarginClient(config=config, accounts=[account], special_key=key, order_transport="aiohttp")
    await exits.enter_async_context(client)
    if name is WayName.SPECIAL:
        return Way(name, client, _SPOT, partial(_place_on_lane, client.lane), client.spot.ping)
    over_socket = await exits.enter_async_context(client.unproven_websocket_lane())
    return Way(name, client, _SPOT, partial(_place_on_lane, over_socket), None)


async def _place_on_desk(client: MarginClient, order: SingleOrder) -> Open:
    live = await client.orders.place(order)
    return Open(live.client_order_id, partial(client.orders.cancel, live))


async def _place_on_lane(lane: SpotOrderCalls, order: SingleOrder) -> Open:
    told = await lane.new_order(order)
    return Open(told.client_order_id, partial(lane.cancel_order, order.symbol, order_id=told.order_id))
