"""Each public call: which verb, path and query it sends, with key and signature or without, and what it gives back."""

import asyncio
import inspect
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.order_replies import CanceledOrder, Order, OrderFull
from binance_margin_async.models.orders import LimitOrder, MarketOrder, StopLossLimitOrder
from binance_margin_async.models.replies import (
    ApiRestrictions,
    CollateralRatio,
    CrossAccount,
    Empty,
    ExchangeInfo,
    IsolatedAccounts,
    IsolatedTier,
    ListenKey,
    ListenToken,
    LoanReply,
    PriceIndex,
    ServerTime,
    SystemStatus,
    TradeCoefficients,
)
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.borrow import BorrowCalls
from binance_margin_async.rest.market import MarketCalls
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rest.trade import TradeCalls
from binance_margin_async.rest.user_stream import UserStreamCalls
from binance_margin_async.rest.wallet import WalletCalls
from binance_margin_async.rules.limits import Demand, Lane, Scope
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
GROUPS = (AccountCalls, BorrowCalls, MarketCalls, SpotCalls, TradeCalls, UserStreamCalls, WalletCalls)
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"


class Case(NamedTuple):
    group: type
    method: str
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    route: str
    query: str
    carries: str
    """``signed``, ``key`` or ``nothing``."""
    kind: type
    """Of the reply, or of the entries of its list."""
    account: Any = None
    """Whose order counts and loans are concerned, for whoever watches replies."""


def case(group, method, *arguments, to, query="", carries="signed", kind, account=None, **options):
    return Case(group, method, arguments, options, to, query, carries, kind, account)


ORDER = "/sapi/v1/margin/order"
LOAN = "POST /sapi/v1/margin/borrow-repay"
CASES = [
    case(AccountCalls, "cross", to="GET /sapi/v1/margin/account", kind=CrossAccount),
    case(AccountCalls, "isolated", to="GET /sapi/v1/margin/isolated/account", kind=IsolatedAccounts),
    case(
        AccountCalls,
        "isolated",
        ["BTCUSDT", "ETHUSDT"],
        to="GET /sapi/v1/margin/isolated/account",
        query="symbols=BTCUSDT,ETHUSDT",
        kind=IsolatedAccounts,
    ),
    case(AccountCalls, "trade_coeff", to="GET /sapi/v1/margin/tradeCoeff", kind=TradeCoefficients),
    case(
        BorrowCalls,
        "borrow",
        "USDT",
        "1e-8",
        to=LOAN,
        query="asset=USDT&isIsolated=FALSE&amount=0.00000001&type=BORROW",
        kind=LoanReply,
        account=CROSS,
    ),
    case(
        BorrowCalls,
        "repay",
        "BTC",
        Decimal("2.50"),
        on=BTC,
        to=LOAN,
        query="asset=BTC&isIsolated=TRUE&symbol=BTCUSDT&amount=2.50&type=REPAY",
        kind=LoanReply,
        account=BTC,
    ),
    case(
        MarketCalls,
        "cross_margin_collateral_ratio",
        to="GET /sapi/v1/margin/crossMarginCollateralRatio",
        carries="key",
        kind=CollateralRatio,
    ),
    case(
        MarketCalls,
        "isolated_margin_tier",
        "BTCUSDT",
        to="GET /sapi/v1/margin/isolatedMarginTier",
        query="symbol=BTCUSDT",
        kind=IsolatedTier,
    ),
    case(
        MarketCalls,
        "isolated_margin_tier",
        "BTCUSDT",
        tier=2,
        to="GET /sapi/v1/margin/isolatedMarginTier",
        query="symbol=BTCUSDT&tier=2",
        kind=IsolatedTier,
    ),
    case(
        MarketCalls,
        "price_index",
        "币安人生USDT",
        to="GET /sapi/v1/margin/priceIndex",
        query="symbol=币安人生USDT",
        carries="key",
        kind=PriceIndex,
    ),
    case(SpotCalls, "time", to="GET /api/v3/time", carries="nothing", kind=ServerTime),
    case(SpotCalls, "exchange_info", to="GET /api/v3/exchangeInfo", carries="nothing", kind=ExchangeInfo),
    case(
        SpotCalls,
        "exchange_info",
        ("BTCUSDT", "币安人生USDT"),
        to="GET /api/v3/exchangeInfo",
        query='symbols=["BTCUSDT","币安人生USDT"]',
        carries="nothing",
        kind=ExchangeInfo,
    ),
    case(
        TradeCalls,
        "new_order",
        LimitOrder("BTCUSDT", "BUY", quantity="0.01", price=61000),
        to=f"POST {ORDER}",
        query="symbol=BTCUSDT&isIsolated=FALSE&side=BUY&type=LIMIT&quantity=0.01&price=61000"
        "&newOrderRespType=FULL&timeInForce=GTC",
        kind=OrderFull,
        account=CROSS,
    ),
    case(
        TradeCalls,
        "new_order",
        StopLossLimitOrder(
            "BTCUSDT",
            "SELL",
            quantity=Decimal("1.0"),
            price="1",
            stop_price="2",
            trailing_delta=125,
            iceberg_quantity="0.1",
            client_order_id="bma_1",
            account=BTC,
            side_effect="AUTO_REPAY",
            auto_repay_at_cancel=False,
            self_trade_prevention_mode="EXPIRE_MAKER",
        ),
        to=f"POST {ORDER}",
        query="symbol=BTCUSDT&isIsolated=TRUE&side=SELL&type=STOP_LOSS_LIMIT&quantity=1.0&price=1&stopPrice=2"
        "&newClientOrderId=bma_1&icebergQty=0.1&newOrderRespType=FULL&sideEffectType=AUTO_REPAY&timeInForce=GTC"
        "&selfTradePreventionMode=EXPIRE_MAKER&trailingDelta=125&autoRepayAtCancel=FALSE",
        kind=OrderFull,
        account=BTC,
    ),
    case(
        TradeCalls,
        "new_order",
        MarketOrder("BTCUSDT", "BUY", quote_order_quantity="25"),
        to=f"POST {ORDER}",
        query="symbol=BTCUSDT&isIsolated=FALSE&side=BUY&type=MARKET&quoteOrderQty=25&newOrderRespType=FULL",
        kind=OrderFull,
        account=CROSS,
    ),
    case(
        TradeCalls,
        "cancel_order",
        "BTCUSDT",
        order_id=17,
        to=f"DELETE {ORDER}",
        query="symbol=BTCUSDT&isIsolated=FALSE&orderId=17",
        kind=CanceledOrder,
        account=CROSS,
    ),
    case(
        TradeCalls,
        "order",
        "BTCUSDT",
        on=BTC,
        client_order_id="bma-1",
        to=f"GET {ORDER}",
        query="symbol=BTCUSDT&isIsolated=TRUE&origClientOrderId=bma-1",
        kind=Order,
        account=BTC,
    ),
    case(
        TradeCalls,
        "open_orders",
        to="GET /sapi/v1/margin/openOrders",
        query="isIsolated=FALSE",
        kind=Order,
        account=CROSS,
    ),
    case(
        TradeCalls,
        "open_orders",
        on=BTC,
        to="GET /sapi/v1/margin/openOrders",
        query="symbol=BTCUSDT&isIsolated=TRUE",
        kind=Order,
        account=BTC,
    ),
    case(
        UserStreamCalls,
        "listen_token",
        to="POST /sapi/v1/userListenToken",
        query="validity=86400000",
        carries="key",
        kind=ListenToken,
    ),
    case(
        UserStreamCalls,
        "listen_token",
        on=BTC,
        validity_ms=60_000,
        to="POST /sapi/v1/userListenToken",
        query="isIsolated=true&symbol=BTCUSDT&validity=60000",
        carries="key",
        kind=ListenToken,
    ),
    case(UserStreamCalls, "start_listen_key", to="POST /sapi/v1/margin/listen-key", carries="key", kind=ListenKey),
    case(UserStreamCalls, "start_listen_key_v2", to="POST /sapi/v2/margin/listen-key", carries="key", kind=ListenKey),
    case(
        UserStreamCalls,
        "keep_alive_listen_key",
        "k1",
        to="PUT /sapi/v1/margin/listen-key",
        query="listenKey=k1",
        carries="key",
        kind=Empty,
    ),
    case(
        UserStreamCalls,
        "keep_alive_listen_key_v2",
        "k2",
        to="PUT /sapi/v2/margin/listen-key",
        query="listenKey=k2",
        carries="key",
        kind=Empty,
    ),
    case(WalletCalls, "api_restrictions", to="GET /sapi/v1/account/apiRestrictions", kind=ApiRestrictions),
    case(WalletCalls, "system_status", to="GET /sapi/v1/system/status", carries="nothing", kind=SystemStatus),
]
ZERO = dict.fromkeys(("price", "origQty", "executedQty", "cummulativeQuoteQty"), "0")
ONE_ORDER = {"symbol": "BTCUSDT", "orderId": 17, "clientOrderId": "a", "status": "NEW", "type": "LIMIT", "side": "BUY"}
ONE_ORDER |= ZERO | {"origClientOrderId": "b", "time": 1, "updateTime": 2, "transactTime": 3}
LEVELS = dict.fromkeys(("marginLevel", "totalAssetOfBtc", "totalLiabilityOfBtc", "totalNetAssetOfBtc"), "1")
SWITCHES = dict.fromkeys(("created", "borrowEnabled", "tradeEnabled", "transferInEnabled", "transferOutEnabled"), True)
RIGHTS = ("ipRestrict", "enableReading", "enableWithdrawals", "enableInternalTransfer", "enableMargin")
RIGHTS += ("enableSpotAndMarginTrading", "permitsUniversalTransfer", "enableFutures", "enableVanillaOptions")
TIER = ("effectiveMultiple", "initialRiskRatio", "liquidationRiskRatio")
TIER += ("baseAssetMaxBorrowable", "quoteAssetMaxBorrowable")
BODIES = {
    CrossAccount: LEVELS | SWITCHES | {"userAssets": []},
    IsolatedAccounts: {"assets": []},
    TradeCoefficients: {"normalBar": "1.5", "marginCallBar": "1.3", "forceLiquidationBar": "1.1"},
    LoanReply: {"tranId": 1},
    CollateralRatio: [{"collaterals": [], "assetNames": []}],
    IsolatedTier: [{"symbol": "BTCUSDT", "tier": 1} | dict.fromkeys(TIER, "1")],
    PriceIndex: {"symbol": "BTCUSDT", "price": "1", "calcTime": 1},
    ServerTime: {"serverTime": 1},
    ExchangeInfo: {"timezone": "UTC", "serverTime": 1, "rateLimits": [], "exchangeFilters": [], "symbols": []},
    OrderFull: ONE_ORDER,
    CanceledOrder: ONE_ORDER,
    Order: ONE_ORDER,
    ListenToken: {"token": "t", "expirationTime": 1},
    ListenKey: {"listenKey": "k"},
    Empty: {},
    ApiRestrictions: {"createTime": 1} | dict.fromkeys(RIGHTS, True),
    SystemStatus: {"status": 0, "msg": "normal"},
}


async def call(bench, each):
    """Make the call of *each* on a fresh bench; return bench and reply."""
    ready = bench()
    body = BODIES[each.kind]
    ready.network.reply([body] if each.method == "open_orders" else body)
    options = {"account" if name == "on" else name: value for name, value in each.options.items()}
    reply = await getattr(each.group(ready.executor), each.method)(*each.arguments, **options)
    return ready, reply


@pytest.mark.parametrize("each", CASES, ids=lambda each: f"{each.method} {each.query[:40]}")
async def test_a_call_sends_its_own_request_and_returns_its_own_reply(bench, each):
    """Verb, path, query, key, signature, body; and the reply of the promised type."""
    ready, reply = await call(bench, each)
    ((request, *_),) = ready.network.sent
    path, _, query = request.target.partition("?")
    own, _, stamp = query.rpartition("recvWindow=5000&timestamp=") if each.carries == "signed" else (query, "", "")
    timestamp, _, signature = stamp.partition("&signature=")

    assert each.route == f"{request.method} {path}"
    assert each.query == unquote(own).rstrip("&")
    assert ({} if each.carries == "nothing" else {"X-MBX-APIKEY": KEY}) == request.headers
    assert (each.carries == "signed") is (len(signature) == 64 and len(timestamp) == 13)
    assert ("signature" in request.target) is (each.carries == "signed")
    assert request.body is None
    assert each.kind is type(reply[0] if isinstance(reply, list) else reply)


@pytest.mark.parametrize("each", CASES, ids=lambda each: f"{each.method} {each.query[:40]}")
async def test_who_watches_replies_hears_of_the_call_as_it_was_meant(bench, each):
    """Row, parameters and account, once."""
    ready, reply = await call(bench, each)
    ((heard, decoded),) = ready.replies

    assert decoded is reply
    assert (each.route, each.account) == (heard.row.route, heard.account)


METHODS = [
    (group, name)
    for group in GROUPS
    for name, function in vars(group).items()
    if not name.startswith("_") and inspect.iscoroutinefunction(function)
]


@pytest.mark.parametrize(("group", "name"), METHODS, ids=lambda value: getattr(value, "__name__", value))
def test_a_call_names_its_route_in_its_docstring(group, name):
    """Who knows the exchange's pages finds the method by it."""
    routes = {each.route for each in CASES if (each.group, each.method) == (group, name)}
    assert all(f"``{route}``" in getattr(group, name).__doc__ for route in routes)


# -- what is refused before anything is sent -----------------------------------------------------------------------

REFUSED = [
    (TradeCalls, "cancel_order", ("BTCUSDT",), {}, ValueError, "name the order"),
    (TradeCalls, "cancel_order", ("btcusdt",), {"order_id": 1}, ValueError, "upper case"),
    (TradeCalls, "cancel_order", ("ETHUSDT",), {"order_id": 1, "account": BTC}, ValueError, "isolated account"),
    (TradeCalls, "order", ("BTCUSDT",), {}, ValueError, "name the order"),
    (TradeCalls, "order", ("BTC USDT",), {"order_id": 1}, ValueError, "upper case"),
    (TradeCalls, "open_orders", ("btcusdt",), {}, ValueError, "upper case"),
    (TradeCalls, "open_orders", ("ETHUSDT",), {"account": BTC}, ValueError, "isolated account"),
    (BorrowCalls, "borrow", ("USDT", 0.1), {}, TypeError, "quantity must be .*float"),
    (BorrowCalls, "borrow", ("USDT", 0), {}, ValueError, "above zero"),
    (BorrowCalls, "repay", ("USDT", 0.1), {}, TypeError, "quantity must be .*float"),
    (BorrowCalls, "repay", ("USDT", "-1"), {}, ValueError, "above zero"),
    (MarketCalls, "price_index", ("btcusdt",), {}, ValueError, "upper case"),
    (MarketCalls, "isolated_margin_tier", ("",), {}, ValueError, "upper case"),
    (AccountCalls, "isolated", ("BTCUSDT",), {}, ValueError, "at most 5"),
    (AccountCalls, "isolated", (["A", "B", "C", "D", "E", "F"],), {}, ValueError, "at most 5"),
    (AccountCalls, "isolated", (["BTCUSDT", "ethusdt"],), {}, ValueError, "upper case"),
    (SpotCalls, "exchange_info", ("BTCUSDT",), {}, TypeError, "list of pairs"),
    (SpotCalls, "exchange_info", (["btcusdt"],), {}, ValueError, "upper case"),
]


@pytest.mark.parametrize(
    "wrong", REFUSED, ids=[f"{method} {kind.__name__} {text[:24]}" for _, method, _, _, kind, text in REFUSED]
)
async def test_a_wrong_argument_is_refused_before_anything_is_sent(bench, wrong):
    """In Python's own words for it; no weight is spent and nothing is signed."""
    group, method, arguments, options, kind, text = wrong
    ready = bench()
    with pytest.raises(kind, match=text):
        await getattr(group(ready.executor), method)(*arguments, **options)
    assert [] == ready.network.sent


@virtual
async def test_a_repayment_overtakes_the_loans_that_wait(bench):
    """When weight is short, what lowers risk goes first."""
    ready = bench()
    calls = BorrowCalls(ready.executor)
    for _ in range(4):
        ready.network.reply({"tranId": 1})
    while ready.limiter.reserve(Demand(Scope.UID, LOAN, 100, Lane.SAFETY), ready.loop.time()) == 0.0:
        pass  # others have used the weight up
    async with asyncio.TaskGroup() as group:
        for symbol in ("AUSDT", "BUSDT", "CUSDT"):
            group.create_task(calls.borrow("USDT", 1, account=Isolated(symbol)))
        await asyncio.sleep(0.001)
        group.create_task(calls.repay("USDT", 1, account=BTC))

    assert ["REPAY", "BORROW", "BORROW", "BORROW"] == [heard.parameters["type"] for heard, _ in ready.replies]
    assert ready.loop.time() > 0.5
