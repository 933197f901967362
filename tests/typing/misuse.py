"""
Calls that type checkers must refuse, and types that they must know; read by them, never run.

A line that is wrong on purpose ends with the codes of mypy and of basedpyright for it.
"""

from typing import assert_type

from binance_margin_async import (
    CROSS,
    Isolated,
    LimitOrder,
    MarginClient,
    MarketOrder,
    Oco,
    OrderAck,
    OrderFull,
    OrderListFull,
    OrderListResult,
    OrderResponse,
    OrderResult,
    OrderUpdate,
    SpotOrderAck,
    SpotOrderFull,
    StopLossLimitOrder,
)

LIMIT = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="61000", account=Isolated("BTCUSDT"))


async def misspelled_keywords(client: MarginClient) -> None:
    await client.borrow.borrow("USDT", "250", account=CROSS)
    await client.borrow.borrow("USDT", "250", acount=CROSS)  # wrong: call-arg, reportCallIssue
    await client.trade.cancel_order("BTCUSDT", orderid=1)  # wrong: call-arg, reportCallIssue
    LimitOrder("BTCUSDT", "BUY", quantity="1", price="1", iceberg="1")  # wrong: call-arg, reportCallIssue
    LimitOrder("BTCUSDT", "BUY", quantity="1", price="1", sideeffect="x")  # wrong: call-arg, reportCallIssue
    MarketOrder("BTCUSDT", "BUY", quote_quantity="1")  # wrong: call-arg, reportCallIssue
    MarginClient(api_key="a", api_secrets="b")  # wrong: call-arg, reportCallIssue
    await client.request("GET", "/sapi/v1/margin/account", weight=1)  # wrong: call-arg, reportCallIssue
    await client.spot.ticker_price("BTCUSDT", symbl="x")  # wrong: call-overload, reportCallIssue
    client.events(OrderUpdate, acount=CROSS)  # wrong: call-arg, reportCallIssue


async def floats_for_money(client: MarginClient) -> None:
    await client.borrow.repay("USDT", 250)
    await client.borrow.repay("USDT", 250.5)  # wrong: arg-type, reportArgumentType
    LimitOrder("BTCUSDT", "BUY", quantity=0.01, price="61000")  # wrong: arg-type, reportArgumentType
    LimitOrder("BTCUSDT", "BUY", quantity="0.01", price=61000.5)  # wrong: arg-type, reportArgumentType
    Oco("BTCUSDT", "SELL", quantity="1", price="3", stop_price=1.5)  # wrong: arg-type, reportArgumentType
    params = {"amount": 1.5}
    await client.request("POST", "/sapi/v1/asset/transfer", params)  # wrong: arg-type, reportArgumentType


async def what_an_order_cannot_do_without() -> None:
    LimitOrder("BTCUSDT", "BUY", quantity="0.01")  # wrong: call-arg, reportCallIssue
    StopLossLimitOrder("BTCUSDT", "BUY", quantity="1", stop_price="1")  # wrong: call-arg, reportCallIssue
    LIMIT.price = None  # wrong: misc, reportAttributeAccessIssue


async def events_are_of_the_kind_asked_for(client: MarginClient) -> None:
    async with client.events(OrderUpdate) as updates:
        async for update in updates:
            assert_type(update, OrderUpdate)
            assert update.cumulative_quantty  # wrong: attr-defined, reportAttributeAccessIssue


async def an_answer_has_the_type_that_was_asked_for(client: MarginClient) -> None:
    assert_type(await client.trade.new_order(LIMIT), OrderFull)
    assert_type(await client.trade.new_order(LIMIT, response="RESULT"), OrderResult)
    assert_type(await client.trade.new_order(LIMIT, response=OrderResponse.ACK), OrderAck)
    order = await client.trade.new_order(LIMIT, response="ACK")
    assert order.order_id
    assert order.status  # wrong: attr-defined, reportAttributeAccessIssue
    oco = Oco("BTCUSDT", "SELL", quantity="1", price="3", stop_price="1")
    assert_type(await client.trade.new_oco(oco), OrderListResult)
    assert_type(await client.trade.new_oco(oco, response="FULL"), OrderListFull)
    assert_type(await client.spot.new_order(LIMIT, strategy_id=7), SpotOrderFull)
    assert_type(await client.spot.new_order(LIMIT, response="ACK"), SpotOrderAck)
    await client.spot.new_order(LIMIT, respons="ACK")  # wrong: call-overload, reportCallIssue
