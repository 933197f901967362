"""Spot calls: what is refused before it is sent, and how the answer fits what was asked for."""

import inspect

import pytest

from binance_margin_async.errors import InvalidRequestError, Outcome
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.enums import SelfTradePrevention
from binance_margin_async.models.list_replies import CanceledOrderList
from binance_margin_async.models.orders import LimitMakerOrder, LimitOrder, MarketOrder, StopLossOrder
from binance_margin_async.models.spot import (
    SpotCanceledOrder,
    SpotOrderAck,
    SpotOrderFull,
    SpotOrderResult,
    TickerPrice,
)
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rest.spot_orders import SpotOrderCalls

BTC, ETH = Isolated("BTCUSDT"), Isolated("ETHUSDT")
NAMES = {"symbol": "BTCUSDT", "orderId": 17, "orderListId": -1, "clientOrderId": "a"}
WHEN = {"transactTime": 3}
STATE = dict.fromkeys(("price", "origQty", "executedQty", "origQuoteOrderQty", "cummulativeQuoteQty"), "0")
STATE |= {"status": "NEW", "timeInForce": "GTC", "type": "LIMIT", "side": "BUY", "selfTradePreventionMode": "NONE"}
LIST = {"contingencyType": "OCO", "listStatusType": "ALL_DONE", "listOrderStatus": "ALL_DONE", "orderListId": 1}
LIST |= {"listClientOrderId": "l", "transactionTime": 3, "symbol": "BTCUSDT", "orders": [], "orderReports": []}


def limit(**options):
    return LimitOrder("BTCUSDT", "BUY", quantity=1, price=2, **options)


@pytest.mark.parametrize(
    ("response", "body", "kind"),
    [
        ("ACK", NAMES | WHEN, SpotOrderAck),
        ("RESULT", NAMES | WHEN | STATE, SpotOrderResult),
        ("FULL", NAMES | WHEN | STATE | {"fills": []}, SpotOrderFull),
        (None, NAMES | WHEN | STATE | {"fills": []}, SpotOrderFull),
    ],
)
async def test_the_reply_is_of_the_kind_that_was_asked_for(bench, response, body, kind):
    """No field is there only sometimes; without a wish it is the fullest, whatever the type of order."""
    ready = bench()
    ready.network.reply(body)
    reply = await SpotCalls(ready.executor).new_order(limit(), **({} if response is None else {"response": response}))

    assert kind is type(reply)
    assert f"newOrderRespType={response or 'FULL'}" in ready.network.sent[0].request.target


@pytest.mark.parametrize("method", ["new_order", "test_order"])
@pytest.mark.parametrize(
    ("order", "account", "named"),
    [
        (limit(side_effect="MARGIN_BUY"), CROSS, {"sideEffectType"}),
        (limit(side_effect="AUTO_REPAY", auto_repay_at_cancel=False), None, {"sideEffectType", "autoRepayAtCancel"}),
        (limit(account=BTC), None, {"isIsolated"}),
        (limit(account=BTC), CROSS, {"isIsolated"}),
        (limit(account=BTC), ETH, {"isIsolated"}),
        (limit(), BTC, {"isIsolated"}),
        (limit(account=BTC, auto_repay_at_cancel=True), ETH, {"isIsolated", "autoRepayAtCancel"}),
        (MarketOrder("BTCUSDT", "BUY"), None, {"quantity or quoteOrderQty"}),
        (StopLossOrder("BTCUSDT", "SELL", quantity=1), None, {"stopPrice or trailingDelta"}),
        (limit(time_in_force="IOC", iceberg_quantity="0.1"), None, {"timeInForce"}),
    ],
)
async def test_an_order_that_only_the_margin_call_can_place_is_not_sent(bench, method, order, account, named):
    """It would be placed without its loan; every fault is named at once."""
    ready = bench()
    with pytest.raises(InvalidRequestError) as refused:
        await getattr(SpotOrderCalls(ready.executor, account), method)(order)

    assert Outcome.NOT_SENT is refused.value.outcome
    assert all(f"{name}: " in str(refused.value) for name in named)
    assert [] == ready.network.sent


@pytest.mark.parametrize(
    ("order", "account"),
    [
        (limit(), None),
        (limit(side_effect="NO_SIDE_EFFECT"), None),
        (limit(account=BTC), BTC),
        (limit(self_trade_prevention_mode=SelfTradePrevention.DECREMENT), CROSS),
        (LimitMakerOrder("BTCUSDT", "SELL", quantity=1, price=2, iceberg_quantity="0.1"), None),
    ],
)
async def test_any_other_order_is_sent_without_a_word_about_margin(bench, order, account):
    """The spot call knows no such parameter, and refuses those it does not know."""
    ready = bench()
    ready.network.reply(NAMES | WHEN | STATE | {"fills": []})
    await SpotOrderCalls(ready.executor, account).new_order(order)

    target = ready.network.sent[0].request.target
    assert all(name not in target for name in ("isIsolated", "sideEffectType", "autoRepayAtCancel"))
    ((call, _),) = ready.replies
    assert account == call.account
    assert {account if account is None else str(account)} <= {
        each.account or None for each in ready.gate.statistics().orders
    }


async def test_cancelling_everything_tells_orders_from_lists(bench):
    """Both come in one array, and only a list has a contingency type."""
    ready = bench()
    ready.network.reply([NAMES | WHEN | STATE | {"origClientOrderId": "b"}, LIST])
    canceled = await SpotCalls(ready.executor).cancel_open_orders("BTCUSDT")

    assert [SpotCanceledOrder, CanceledOrderList] == [type(each) for each in canceled]


async def test_one_pair_is_one_price_and_several_are_a_list(bench):
    """One costs half the weight of all."""
    ready = bench()
    calls = SpotCalls(ready.executor)
    one = {"symbol": "BTCUSDT", "price": "1"}
    ready.network.reply(one)
    ready.network.reply([one])
    ready.network.reply([one])

    assert TickerPrice is type(await calls.ticker_price("BTCUSDT"))
    assert list is type(await calls.ticker_price(symbols=["BTCUSDT"]))
    assert list is type(await calls.ticker_price())
    assert 2 + 4 + 4 == sum(each.granted for each in ready.gate.statistics().buckets)


@pytest.mark.parametrize(
    "wrong",
    [
        ("exchange_info", ("BTCUSDT",), {}, TypeError, "symbols must be a list"),
        ("exchange_info", (), {"permissions": "MARGIN"}, TypeError, "permissions must be a list"),
        ("exchange_info", (["btcusdt"],), {}, ValueError, "upper case"),
        ("exchange_info", (["BTCUSDT"],), {"permissions": ["MARGIN"]}, ValueError, "not by both"),
        ("exchange_info", (["BTCUSDT"],), {"symbol_status": "TRADING"}, ValueError, "not by both"),
        ("exchange_info", (), {"symbol_status": "END_OF_DAY"}, ValueError, "TRADING, HALT, BREAK"),
        ("ticker_price", ("btcusdt",), {}, ValueError, "upper case"),
        ("ticker_price", (), {"symbols": "BTCUSDT"}, TypeError, "symbols must be a list"),
        ("ticker_price", ("BTCUSDT",), {"symbols": ["ETHUSDT"]}, ValueError, "not both"),
        ("ticker_price", (), {"symbol_status": "UNKNOWN"}, ValueError, "TRADING, HALT, BREAK"),
        ("new_order", (limit(),), {"peg_price_type": "MID"}, ValueError, "peg_price_type must be one of"),
        ("new_order", (limit(),), {"peg_offset_type": "TICKS"}, ValueError, "peg_offset_type must be one of"),
        ("cancel_order", ("BTCUSDT",), {}, ValueError, "name the order"),
        ("cancel_order", ("BTCUSDT",), {"order_id": 1, "restriction": "NEW"}, ValueError, "restriction must be one of"),
        ("cancel_order", ("btcusdt",), {"order_id": 1}, ValueError, "upper case"),
        ("cancel_open_orders", ("",), {}, ValueError, "upper case"),
        ("order", ("BTCUSDT",), {}, ValueError, "name the order"),
        ("open_orders", ("btcusdt",), {}, ValueError, "upper case"),
        ("all_orders", ("btcusdt",), {}, ValueError, "upper case"),
        ("my_trades", ("btcusdt",), {}, ValueError, "upper case"),
        ("my_trades", ("BTCUSDT",), {"order_id": 1, "start_ms": 1}, ValueError, "not both"),
        ("my_trades", ("BTCUSDT",), {"from_id": 0, "end_ms": 1}, ValueError, "not both"),
    ],
)
async def test_a_wrong_argument_is_refused_in_python_words(bench, wrong):
    """No weight is spent and nothing is signed."""
    method, arguments, options, kind, text = wrong
    ready = bench()
    with pytest.raises(kind, match=text):
        await getattr(SpotCalls(ready.executor), method)(*arguments, **options)
    assert [] == ready.network.sent


@pytest.mark.parametrize(("order_id", "expected"), [(None, 20), (17, 5)])
async def test_the_trades_of_one_order_cost_a_quarter(bench, order_id, expected):
    """As the page says; the dear case is the one without the parameter."""
    ready = bench()
    ready.network.reply([])
    await SpotCalls(ready.executor).my_trades("BTCUSDT", order_id=order_id)
    assert [expected] == [each.granted for each in ready.gate.statistics().buckets]


@pytest.mark.parametrize(("asked", "expected"), [(False, 1), (True, 20)])
async def test_asking_for_the_commission_makes_a_test_order_dear(bench, asked, expected):
    """And without it the answer is empty."""
    ready = bench()
    ready.network.reply({})
    told = await SpotCalls(ready.executor).test_order(limit(), compute_commission_rates=asked)

    assert (None, None, None, None) == (told.standard, told.special, told.tax, told.discount)
    assert [expected] == [each.granted for each in ready.gate.statistics().buckets]


def test_every_spot_call_names_its_route():
    """Who knows the exchange's pages finds the method by it."""
    methods = [each for name, each in inspect.getmembers(SpotCalls, inspect.iscoroutinefunction) if name[0] != "_"]
    assert 14 == len(methods)
    assert all(" /api/v3/" in each.__doc__ for each in methods)
