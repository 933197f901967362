"""
The example strategy inside an aiohttp application.

Run ``python docs/examples/in_aiohttp.py`` and look at http://127.0.0.1:8080/ meanwhile. The client is opened before the
application answers its first request, and closed after its last one.
"""

import asyncio
from collections.abc import AsyncIterator

import strategy
from aiohttp import web

from binance_margin_async import MarginClient

CLIENT = web.AppKey("client", MarginClient)
TRADING = web.AppKey("trading", asyncio.Task[strategy.Session])


def application(client: MarginClient) -> web.Application:
    """Return an application that trades on *client* while it runs, and tells how the account is doing."""

    async def trade(app: web.Application) -> AsyncIterator[None]:
        async with client:
            app[CLIENT] = client
            app[TRADING] = asyncio.create_task(strategy.run(client))
            yield
            app[TRADING].cancel()
            await asyncio.wait([app[TRADING]])

    app = web.Application()
    app.cleanup_ctx.append(trade)
    app.router.add_get("/", show)
    return app


async def show(request: web.Request) -> web.Response:
    """Tell the margin level, and how far the strategy has come."""
    account = await request.app[CLIENT].account.cross()
    trading = request.app[TRADING]
    orders = trading.result().orders if trading.done() else []
    return web.json_response({"margin_level": str(account.margin_level), "orders": [order.status for order in orders]})


if __name__ == "__main__":
    web.run_app(application(MarginClient.simulated("slide")), host="127.0.0.1", port=8080)
