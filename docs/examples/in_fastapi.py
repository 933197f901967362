"""
The example strategy inside a FastAPI application.

Run ``python docs/examples/in_fastapi.py`` and look at http://127.0.0.1:8080/ meanwhile. The client belongs to the
application's lifespan: it is opened before the first request is answered, and closed after the last one.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import strategy
import uvicorn
from fastapi import FastAPI

from binance_margin_async import MarginClient


def application(client: MarginClient) -> FastAPI:
    """Return an application that trades on *client* while it runs, and tells how the account is doing."""

    @asynccontextmanager
    async def trade(app: FastAPI) -> AsyncIterator[None]:
        async with client:
            app.state.trading = asyncio.create_task(strategy.run(client))
            yield
            app.state.trading.cancel()
            await asyncio.wait([app.state.trading])

    app = FastAPI(lifespan=trade)

    @app.get("/")
    async def show() -> dict[str, str | list[str]]:
        """Tell the margin level, and how far the strategy has come."""
        account = await client.account.cross()
        trading: asyncio.Task[strategy.Session] = app.state.trading
        orders = trading.result().orders if trading.done() else []
        return {"margin_level": str(account.margin_level), "orders": [order.status for order in orders]}

    return app


if __name__ == "__main__":
    uvicorn.run(application(MarginClient.simulated("slide")), host="127.0.0.1", port=8080)
