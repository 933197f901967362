"""One margin session on python-binance: only its addresses are changed. Prints what it saw as one JSON object."""

import asyncio
import json
import os
import sys
from decimal import Decimal

from binance import AsyncClient, BinanceSocketManager


class Local(AsyncClient):
    API_URL = os.environ["REST_URL"] + "/api"
    MARGIN_API_URL = os.environ["REST_URL"] + "/sapi"
    WS_API_URL = os.environ["WS_API_URL"]


async def until(socket, seen, wanted):
    """Read events until *wanted* says that the last one was it."""
    async with asyncio.timeout(20):
        while True:
            event = await socket.recv()
            event = event.get("event", event)
            seen.append(event)
            if wanted(event):
                return


async def session(client):
    seen = []
    before = await client.get_margin_account() if os.environ.get("ACTIVATED") else None
    moved = await client.make_universal_transfer(type="MAIN_MARGIN", asset="USDT", amount="5000")
    account = await client.get_margin_account()
    sockets = BinanceSocketManager(client)
    async with sockets.margin_socket() as socket:
        loan = await client.margin_borrow_repay(asset="USDT", amount="1000", type="BORROW", isIsolated="FALSE")
        price = Decimal((await client.get_margin_price_index(symbol="BTCUSDT"))["price"])
        limit = (price * Decimal("1.01")).quantize(Decimal("0.01"))
        bought = await client.create_margin_order(
            symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.05", price=str(limit)
        )
        await until(socket, seen, lambda event: event.get("i") == bought["orderId"] and event.get("X") == "FILLED")
        # More than is there: the rest is borrowed by the order itself.
        borrowing = await client.create_margin_order(
            symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.06", sideEffectType="MARGIN_BUY"
        )
        await until(socket, seen, lambda event: event.get("i") == borrowing["orderId"] and event.get("X") == "FILLED")
        above, below = (price * Decimal("1.10")).quantize(Decimal(1)), (price * Decimal("0.90")).quantize(Decimal(1))
        pair = await client.create_margin_oco_order(
            symbol="BTCUSDT", side="SELL", quantity="0.02", price=str(above), stopPrice=str(below)
        )
        await until(socket, seen, lambda event: event.get("e") == "listStatus" and event.get("l") == "EXEC_STARTED")
        open_before = await client.get_open_margin_orders(symbol="BTCUSDT")
        await client.cancel_margin_oco_order(symbol="BTCUSDT", orderListId=pair["orderListId"])
        await until(socket, seen, lambda event: event.get("e") == "listStatus" and event.get("l") == "ALL_DONE")
        open_after = await client.get_open_margin_orders(symbol="BTCUSDT")
        sold = await client.create_margin_order(symbol="BTCUSDT", side="SELL", type="MARKET", quantity="0.1")
        await until(socket, seen, lambda event: event.get("i") == sold["orderId"] and event.get("X") == "FILLED")
    owed = balance(await client.get_margin_account(), "USDT")
    debt = Decimal(owed["borrowed"]) + Decimal(owed["interest"])
    await asyncio.sleep(0.2)  # the exchange works loans off one by one, about 100 ms each
    await client.margin_borrow_repay(asset="USDT", amount=str(debt), type="REPAY", isIsolated="FALSE")
    after = await client.get_margin_account()
    return {
        "before": before,
        "transfer": moved,
        "funded": balance(account, "USDT"),
        "loan": loan,
        "orders_placed": [bought, borrowing, sold],
        "order_list": pair,
        "open_before": open_before,
        "open_after": open_after,
        "events": seen,
        "after": {asset: balance(after, asset) for asset in ("USDT", "BTC")},
        "trades": await client.get_margin_trades(symbol="BTCUSDT"),
        "orders": await client.get_all_margin_orders(symbol="BTCUSDT"),
        "loans": (await client.margin_get_borrow_repay_records(type="BORROW", asset="USDT"))["rows"],
        "repayments": (await client.margin_get_borrow_repay_records(type="REPAY", asset="USDT"))["rows"],
        "interest": (await client.get_margin_interest_history(asset="USDT"))["rows"],
    }


def balance(account, asset):
    return next(each for each in account["userAssets"] if each["asset"] == asset)


async def main():
    client = await Local.create(os.environ["API_KEY"], os.environ["API_SECRET"])
    try:
        sys.stdout.write(json.dumps(await session(client)))
    finally:
        await client.close_connection()


asyncio.run(main())
