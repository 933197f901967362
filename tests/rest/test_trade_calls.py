"""Orders, lists, debts and special keys: what is refused before sending, and which type a reply has."""

import pytest

from binance_margin_async.errors import InvalidRequestError, Outcome, ReplyLostError
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.enums import KeyPermission
from binance_margin_async.models.list_replies import OrderListAck, OrderListFull, OrderListResult
from binance_margin_async.models.order_legs import LimitLeg, LimitMakerLeg, MarketLeg, StopLossLeg
from binance_margin_async.models.order_lists import Oco, Oto, Otoco
from binance_margin_async.models.order_replies import OrderAck, OrderFull, OrderResult
from binance_margin_async.models.orders import LimitOrder, MarketOrder, StopLossLimitOrder
from binance_margin_async.models.replies import Empty
from binance_margin_async.rest.trade import TradeCalls

BTC = Isolated("BTCUSDT")
ORDER = {"symbol": "BTCUSDT", "orderId": 17, "clientOrderId": "a", "transactTime": 3, "isIsolated": False}
ORDER |= dict.fromkeys(("price", "origQty", "executedQty", "cummulativeQuoteQty"), "0")
ORDER |= {"status": "NEW", "type": "LIMIT", "side": "BUY"}
LIST = {"orderListId": 5, "contingencyType": "OCO", "listStatusType": "EXEC_STARTED", "listOrderStatus": "EXECUTING"}
LIST |= {"listClientOrderId": "l", "transactionTime": 3, "symbol": "BTCUSDT", "orders": []}
LIST |= {"orderReports": [ORDER | {"orderListId": 5}]}
DEBT = {"asset": "BTC", "interest": "0", "principal": "1", "liabilityAsset": "USDT", "liabilityQty": 0.25}
WORKING = {"quantity": 1, "working": LimitLeg(price=1), "pending_side": "SELL", "pending_quantity": 1}
OTO = Oto("BTCUSDT", "BUY", **WORKING, pending=MarketLeg())
OTOCO = Otoco("BTCUSDT", "BUY", **WORKING, above=LimitMakerLeg(price=3), below=StopLossLeg(stop_price=1))
OCO = Oco("BTCUSDT", "SELL", quantity=1, price=3, stop_price=1)


async def sent(bench, method, *arguments, reply, **options):
    """Return the reply of a call, and the request that was sent."""
    ready = bench()
    ready.network.reply(reply)
    told = await getattr(TradeCalls(ready.executor), method)(*arguments, **options)
    return told, ready.network.sent[0].request


@pytest.mark.parametrize(
    ("response", "kind"), [(None, OrderFull), ("ACK", OrderAck), ("RESULT", OrderResult), ("FULL", OrderFull)]
)
async def test_the_reply_of_an_order_has_the_type_that_was_asked_for(bench, response, kind):
    """Without a word, everything is told."""
    wanted = {} if response is None else {"response": response}
    reply, request = await sent(bench, "new_order", MarketOrder("BTCUSDT", "BUY", quantity=1), **wanted, reply=ORDER)
    assert type(reply) is kind
    assert f"newOrderRespType={response or 'FULL'}" in request.target


@pytest.mark.parametrize(("method", "order"), [("new_oco", OCO), ("new_oto", OTO), ("new_otoco", OTOCO)])
@pytest.mark.parametrize(
    ("response", "kind"),
    [(None, OrderListResult), ("ACK", OrderListAck), ("RESULT", OrderListResult), ("FULL", OrderListFull)],
)
async def test_the_reply_of_a_list_has_the_type_that_was_asked_for(bench, method, order, response, kind):
    """Without a word, what is documented."""
    wanted = {} if response is None else {"response": response}
    reply, request = await sent(bench, method, order, **wanted, reply=LIST)
    assert type(reply) is kind
    assert f"newOrderRespType={response or 'RESULT'}" in request.target


async def test_what_an_order_lacks_is_told_all_at_once_before_it_is_sent(bench):
    """One round for each mistake would be one too many."""
    ready = bench()
    order = StopLossLimitOrder("BTCUSDT", "BUY", quantity=1, price=1, time_in_force="IOC", iceberg_quantity="0.1")
    with pytest.raises(InvalidRequestError, match="timeInForce = GTC") as caught:
        await TradeCalls(ready.executor).new_order(order)
    assert Outcome.NOT_SENT is caught.value.outcome
    assert "stopPrice or trailingDelta" in str(caught.value)
    assert [] == ready.network.sent


async def test_a_list_is_checked_before_it_is_sent(bench):
    """As a single order is."""
    ready = bench()
    order = OTO.replace(side_effect="AUTO_REPAY", pending=StopLossLeg(trailing_delta=50))
    with pytest.raises(InvalidRequestError, match="sideEffectType") as caught:
        await TradeCalls(ready.executor).new_oto(order)
    assert "pendingPrice" in str(caught.value)
    assert [] == ready.network.sent


@pytest.mark.parametrize(
    ("method", "arguments", "options", "expected"),
    [
        ("new_order", (LimitOrder("BTCUSDT", "BUY", quantity=1, price=1, client_order_id="mine"),), {}, "mine"),
        ("new_oco", (OCO.replace(list_client_order_id="mine"),), {}, "mine"),
        ("cancel_order", ("BTCUSDT",), {"client_order_id": "mine", "cancel_client_order_id": "other"}, "mine"),
        (
            "cancel_order_list",
            ("BTCUSDT",),
            {"list_client_order_id": "mine", "cancel_client_order_id": "other"},
            "mine",
        ),
        ("cancel_open_orders", ("BTCUSDT",), {}, None),
    ],
)
async def test_a_lost_reply_names_the_order_that_may_be_live(bench, method, arguments, options, expected):
    """And not the cancel's own id, by which it cannot be found."""
    ready = bench()
    ready.network.fail(ReplyLostError("gone"))
    with pytest.raises(ReplyLostError) as caught:
        await getattr(TradeCalls(ready.executor), method)(*arguments, **options)
    assert expected == caught.value.client_order_id


@pytest.mark.parametrize("told", [DEBT, [DEBT]])
async def test_a_manual_liquidation_tells_its_debts_however_the_exchange_writes_them(bench, told):
    """One object is documented although several debts may be paid."""
    (debt,), request = await sent(bench, "manual_liquidation", CROSS, reply=told)
    assert "BTC" == debt.asset
    assert "type=MARGIN&" in request.target


async def test_an_exchange_of_small_debts_may_be_answered_with_nothing(bench):
    """No body is documented."""
    reply, _ = await sent(bench, "exchange_small_liability", ["BTC"], reply=b"")
    assert Empty() == reply


async def test_a_permission_may_be_given_as_plain_text(bench):
    """The exchange's word."""
    wire = {"apiKey": "k", "secretKey": None, "type": "Ed25519"}
    for word in ("READ", KeyPermission.READ):
        _, request = await sent(bench, "create_special_key", "fast", permission=word, reply=wire)
        assert "permissionMode=READ" in request.target


REFUSED = [
    ("cancel_order_list", ("BTCUSDT",), {}, ValueError, "name the order list"),
    ("cancel_order_list", ("ETHUSDT",), {"order_list_id": 1, "account": BTC}, ValueError, "isolated account"),
    ("cancel_open_orders", ("ETHUSDT",), {"account": BTC}, ValueError, "isolated account"),
    ("cancel_open_orders", ("btcusdt",), {}, ValueError, "upper case"),
    ("order_list", (), {}, ValueError, "name the order list"),
    ("all_order_list", (), {"from_id": 1, "end_ms": 2}, ValueError, "excludes"),
    ("oto_open_order_list", ("btcusdt",), {}, ValueError, "upper case"),
    ("all_orders", ("ETHUSDT",), {"account": BTC}, ValueError, "isolated account"),
    ("my_trades", ("btcusdt",), {}, ValueError, "upper case"),
    ("my_prevented_matches", ("BTCUSDT",), {}, ValueError, "prevented_match_id"),
    ("my_prevented_matches", ("BTCUSDT",), {"prevented_match_id": 1, "from_id": 2}, ValueError, "order_id only"),
    ("exchange_small_liability", ("BTC",), {}, TypeError, "list of asset names"),
    ("exchange_small_liability", ([],), {}, ValueError, "1 to 10"),
    ("exchange_small_liability", (["A"] * 11,), {}, ValueError, "1 to 10"),
    ("repay_liquidation_loan", ("USDC", 0.1), {}, TypeError, "float"),
    ("repay_liquidation_loan", ("USDC", 0), {}, ValueError, "above zero"),
    ("create_special_key", ("fast",), {"addresses": "203.0.113.7"}, TypeError, "list of IP addresses"),
    ("create_special_key", ("fast",), {"addresses": ["203.0.113.7"] * 31}, ValueError, "at most 30"),
    ("create_special_key", ("fast",), {"permission": "WITHDRAW"}, ValueError, "TRADE, READ"),
    ("delete_special_key", (), {}, ValueError, "name the key"),
    ("edit_special_key_ip", ("k", []), {}, ValueError, "at least one"),
]


@pytest.mark.parametrize("wrong", REFUSED, ids=[f"{name} {text}" for name, *_, text in REFUSED])
async def test_a_wrong_argument_of_a_trade_call_is_refused_before_anything_is_sent(bench, wrong):
    """In Python's own words for it."""
    method, arguments, options, kind, text = wrong
    ready = bench()
    with pytest.raises(kind, match=text):
        await getattr(TradeCalls(ready.executor), method)(*arguments, **options)
    assert [] == ready.network.sent
