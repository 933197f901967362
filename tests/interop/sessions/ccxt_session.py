"""One margin session on ccxt (``async_support`` for calls, ``pro`` for streams); prints what it saw as JSON."""

import asyncio
import json
import os
import sys
from decimal import Decimal

import ccxt.pro

CROSS = {"marginMode": "cross"}
REST, SOCKETS = os.environ["REST_URL"], os.environ["WS_API_URL"].removesuffix("/ws-api/v3")


def repointed(address):
    """Every address of the exchange's table, with its path, on the simulated one."""
    if isinstance(address, dict):
        return {name: repointed(each) for name, each in address.items()}
    for scheme, base in (("https://", REST), ("wss://", SOCKETS)):
        if isinstance(address, str) and address.startswith(scheme):
            _host, _, path = address.removeprefix(scheme).partition("/")
            return f"{base}/{path}" if path else base
    return address


def exchange():
    made = ccxt.pro.binance(
        {
            "apiKey": os.environ["API_KEY"],
            "secret": os.environ["API_SECRET"],
            # Margin alone: otherwise it also reads futures markets, wallets and positions, which are not served.
            "options": {
                "defaultType": "margin",
                "fetchMarkets": {"types": ["spot"]},
                "fetchMargins": False,
                "watchPositions": {"fetchPositionsSnapshot": False},
            },
        }
    )
    made.has["fetchCurrencies"] = False
    made.urls["api"] = repointed(made.urls["api"])
    return made


async def watched(made, seen, wanted):
    """Read orders from the stream until *wanted* says that the last one was it."""
    async with asyncio.timeout(20):
        while True:
            orders = await made.watch_orders("BTC/USDT", params={"type": "margin"})
            seen += [order["info"] for order in orders]
            if any(wanted(order) for order in orders):
                return


async def session(made):
    seen = []
    await made.load_markets()
    moved = await made.transfer("USDT", 5000, "spot", "cross")
    funded = await made.fetch_balance({"type": "margin"})
    listening = asyncio.create_task(watched(made, seen, lambda order: order["status"] == "closed"))
    await asyncio.sleep(0.5)  # let it subscribe
    loan = await made.borrow_cross_margin("USDT", 1000)
    price = Decimal((await made.sapi_get_margin_priceindex({"symbol": "BTCUSDT"}))["price"])
    bought = await made.create_order("BTC/USDT", "limit", "buy", 0.05, float(round(price * Decimal("1.01"), 2)), CROSS)
    await listening
    listening = asyncio.create_task(
        watched(made, seen, lambda order: order["status"] == "closed" and order["id"] != bought["id"])
    )
    on_margin = CROSS | {"sideEffectType": "MARGIN_BUY"}
    borrowing = await made.create_order("BTC/USDT", "market", "buy", 0.06, params=on_margin)
    await listening
    pair = await made.sapi_post_margin_order_oco(
        {
            "symbol": "BTCUSDT",
            "side": "SELL",
            "quantity": "0.02",
            "price": str(round(price * Decimal("1.10"))),
            "stopPrice": str(round(price * Decimal("0.90"))),
        }
    )
    open_before = await made.fetch_open_orders("BTC/USDT", params=CROSS)
    await made.cancel_order(open_before[0]["id"], "BTC/USDT", CROSS)
    open_after = await made.fetch_open_orders("BTC/USDT", params=CROSS)
    sold = await made.create_order("BTC/USDT", "market", "sell", 0.1, params=CROSS)
    owed = balance((await made.fetch_balance({"type": "margin"}))["info"], "USDT")
    await asyncio.sleep(0.2)  # the exchange works loans off one by one, about 100 ms each
    debt = Decimal(owed["borrowed"]) + Decimal(owed["interest"])
    await made.repay_cross_margin("USDT", float(debt))
    after = (await made.fetch_balance({"type": "margin"}))["info"]
    loans = await made.sapi_get_margin_borrow_repay({"asset": "USDT", "type": "BORROW"})
    repayments = await made.sapi_get_margin_borrow_repay({"asset": "USDT", "type": "REPAY"})
    return {
        "transfer": moved["info"],
        "funded": balance(funded["info"], "USDT"),
        "loan": loan["info"],
        "orders_placed": [order["info"] for order in (bought, borrowing, sold)],
        "order_list": pair,
        "open_before": [order["info"] for order in open_before],
        "open_after": [order["info"] for order in open_after],
        "events": seen,
        "after": {asset: balance(after, asset) for asset in ("USDT", "BTC")},
        "trades": [trade["info"] for trade in await made.fetch_my_trades("BTC/USDT", params=CROSS)],
        "orders": [order["info"] for order in await made.fetch_orders("BTC/USDT", params=CROSS)],
        "loans": loans["rows"],
        "repayments": repayments["rows"],
        "interest": [each["info"] for each in await made.fetch_borrow_interest("USDT")],
    }


def balance(account, asset):
    return next(each for each in account["userAssets"] if each["asset"] == asset)


async def main():
    made = exchange()
    try:
        sys.stdout.write(json.dumps(await session(made)))
    finally:
        await made.close()


asyncio.run(main())
