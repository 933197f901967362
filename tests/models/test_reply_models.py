"""Every answer of the exchange, read from an own awkward sample: numbers as text, text as numbers, unknown extras."""

import logging
from decimal import Decimal

import msgspec
import orjson
import pytest

from binance_margin_async.errors import DecodeError, Outcome
from binance_margin_async.models import enums
from binance_margin_async.models.enums import (
    AccountType,
    MarginLevelStatus,
    OrderStatus,
    OrderType,
    SelfTradePrevention,
    Side,
    SymbolStatus,
)
from binance_margin_async.models.order_replies import CanceledOrder, Fill, Order, OrderAck, OrderFull, OrderResult
from binance_margin_async.models.replies import (
    ApiRestrictions,
    CollateralRatio,
    CollateralTier,
    CrossAccount,
    CrossAsset,
    Empty,
    ExchangeInfo,
    IsolatedAccounts,
    IsolatedAsset,
    IsolatedPair,
    IsolatedTier,
    ListenKey,
    ListenToken,
    LoanReply,
    PriceIndex,
    RateLimit,
    ServerTime,
    SymbolInfo,
    SystemStatus,
    TradeCoefficients,
)
from binance_margin_async.secret import Secret
from binance_margin_async.wire import replies
from binance_margin_async.wire.endpoints import account, borrow, market, spot, trade, user_stream, wallet

TINY = Decimal("0.00000001")
CROSS_WIRE = {
    "created": True,
    "accountType": "MARGIN_1",
    "borrowEnabled": True,
    "tradeEnabled": "true",
    "transferInEnabled": True,
    "transferOutEnabled": False,
    "marginLevel": 2.5,
    "collateralMarginLevel": "1.98",
    "totalAssetOfBtc": "10.00000001",
    "totalLiabilityOfBtc": 4,
    "totalNetAssetOfBtc": "6.00000001",
    "TotalCollateralValueInUSDT": "612345.67",
    "totalOpenOrderLossInUSDT": "0",
    "userAssets": [
        {"asset": "BTC", "free": 1e-8, "locked": "0", "borrowed": "1E-8", "interest": "0", "netAsset": "0", "x": 1}
    ],
}
CROSS_REPLY = CrossAccount(
    created=True,
    account_type=AccountType.MARGIN_1,
    borrow_enabled=True,
    trade_enabled=True,
    transfer_in_enabled=True,
    transfer_out_enabled=False,
    margin_level=Decimal("2.5"),
    total_asset_of_btc=Decimal("10.00000001"),
    total_liability_of_btc=Decimal(4),
    total_net_asset_of_btc=Decimal("6.00000001"),
    user_assets=(
        CrossAsset(asset="BTC", free=TINY, locked=Decimal(0), borrowed=TINY, interest=Decimal(0), net_asset=Decimal(0)),
    ),
    collateral_level_lower=Decimal("1.98"),
    collateral_value_upper=Decimal("612345.67"),
    total_open_order_loss_in_usdt=Decimal(0),
)


def isolated_asset(name):
    amounts = dict.fromkeys(("free", "locked", "borrowed", "interest", "netAsset", "netAssetOfBtc", "totalAsset"), "1")
    return {"asset": name, "borrowEnabled": True, "repayEnabled": 1} | amounts


def isolated_asset_reply(name):
    one = Decimal(1)
    return IsolatedAsset(
        asset=name,
        free=one,
        locked=one,
        borrowed=one,
        interest=one,
        net_asset=one,
        net_asset_of_btc=one,
        total_asset=one,
        borrow_enabled=True,
        repay_enabled=True,
    )


ISOLATED_WIRE = {
    "assets": [
        {
            "symbol": "BTCUSDT",
            "baseAsset": isolated_asset("BTC"),
            "quoteAsset": isolated_asset("USDT"),
            "isolatedCreated": True,
            "enabled": True,
            "marginLevel": "1.22",
            "marginLevelStatus": "A_WORD_OF_TOMORROW",
            "marginRatio": "10",
            "indexPrice": "61000.5",
            "liquidatePrice": 0,
            "liquidateRate": "0.1",
            "tradeEnabled": True,
        }
    ]
}
ISOLATED_REPLY = IsolatedAccounts(
    pairs=(
        IsolatedPair(
            symbol="BTCUSDT",
            base_asset=isolated_asset_reply("BTC"),
            quote_asset=isolated_asset_reply("USDT"),
            isolated_created=True,
            enabled=True,
            margin_level=Decimal("1.22"),
            margin_level_status=MarginLevelStatus.UNKNOWN,
            margin_ratio=Decimal(10),
            index_price=Decimal("61000.5"),
            liquidate_price=Decimal(0),
            liquidate_rate=Decimal("0.1"),
            trade_enabled=True,
        ),
    )
)
ORDER_WIRE = {
    "symbol": "BTCUSDT",
    "orderId": 2**53 + 1,
    "clientOrderId": "bma-1",
    "isIsolated": True,
    "price": 61000.10,
    "origQty": "0.01000000",
    "executedQty": "0",
    "cummulativeQuoteQty": "-1",
    "status": "NEW",
    "timeInForce": "GTC",
    "type": "STOP_LOSS_LIMIT",
    "side": "BUY",
    "stopPrice": "60000",
    "icebergQty": 1e-8,
    "isWorking": False,
    "time": "1795312000001",
    "updateTime": 1795312000002,
    "accountId": 7,
}
ORDER_REPLY = Order(
    symbol="BTCUSDT",
    order_id=2**53 + 1,
    client_order_id="bma-1",
    is_isolated=True,
    price=Decimal("61000.1"),
    quantity=Decimal("0.01"),
    executed_quantity=Decimal(0),
    executed_quote=Decimal(-1),
    status=OrderStatus.NEW,
    type=OrderType.STOP_LOSS_LIMIT,
    side=Side.BUY,
    stop_price=Decimal(60000),
    iceberg_quantity=TINY,
    is_working=False,
    time_ms=1795312000001,
    update_time_ms=1795312000002,
)
NEW_WIRE = {
    "symbol": "BTCUSDT",
    "orderId": "9007199254740993",
    "clientOrderId": "bma-2",
    "isIsolated": False,
    "transactTime": 1795312000003,
    "price": "0",
    "origQty": "0.5",
    "executedQty": "0.5",
    "cummulativeQuoteQty": "30500",
    "status": "FILLED",
    "timeInForce": "GTC",
    "type": "MARKET",
    "side": "SELL",
    "selfTradePreventionMode": "NONE",
    "marginBuyBorrowAmount": 1e-8,
    "marginBuyBorrowAsset": "BTC",
    "fills": [{"price": 61000, "qty": "0.5", "commission": "0.1", "commissionAsset": "BNB", "tradeId": 2**63}],
}
NEW_REPLY = OrderFull(
    symbol="BTCUSDT",
    order_id=2**53 + 1,
    client_order_id="bma-2",
    transact_time_ms=1795312000003,
    price=Decimal(0),
    quantity=Decimal("0.5"),
    executed_quantity=Decimal("0.5"),
    executed_quote=Decimal(30500),
    status=OrderStatus.FILLED,
    type=OrderType.MARKET,
    side=Side.SELL,
    borrowed=TINY,
    borrowed_asset="BTC",
    fills=(
        Fill(
            price=Decimal(61000),
            quantity=Decimal("0.5"),
            commission=Decimal("0.1"),
            commission_asset="BNB",
            trade_id=2**63,
        ),
    ),
)
CANCEL_WIRE = {
    "symbol": "BTCUSDT",
    "orderId": "17",
    "origClientOrderId": "bma-3",
    "clientOrderId": "cancel-1",
    "price": "1",
    "origQty": 2,
    "executedQty": "0.5",
    "cummulativeQuoteQty": 0.5,
    "status": "CANCELED",
    "type": "LIMIT",
    "side": "BUY",
}
CANCEL_REPLY = CanceledOrder(
    symbol="BTCUSDT",
    order_id=17,
    orig_client_order_id="bma-3",
    client_order_id="cancel-1",
    price=Decimal(1),
    quantity=Decimal(2),
    executed_quantity=Decimal("0.5"),
    executed_quote=Decimal("0.5"),
    status=OrderStatus.CANCELED,
    type=OrderType.LIMIT,
    side=Side.BUY,
)
RIGHTS_WIRE = {
    "ipRestrict": True,
    "createTime": "1700000000000",
    "enableReading": True,
    "enableWithdrawals": False,
    "enableInternalTransfer": False,
    "enableMargin": True,
    "enableFutures": False,
    "permitsUniversalTransfer": False,
    "enableVanillaOptions": False,
    "enableSpotAndMarginTrading": True,
    "tradingAuthorityExpirationTime": None,
}
RIGHTS_REPLY = ApiRestrictions(
    ip_restrict=True,
    create_time_ms=1700000000000,
    enable_reading=True,
    enable_withdrawals=False,
    enable_internal_transfer=False,
    enable_margin=True,
    enable_futures=False,
    enable_vanilla_options=False,
    enable_spot_and_margin_trading=True,
    permits_universal_transfer=False,
)
INFO_WIRE = {
    "timezone": "UTC",
    "serverTime": "1795312000004",
    "rateLimits": [
        {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": "6000", "count": 3}
    ],
    "exchangeFilters": [],
    "symbols": [
        {
            "symbol": "币安人生USDT",
            "status": "CANCEL_ONLY",
            "baseAsset": "币安人生",
            "quoteAsset": "USDT",
            "baseAssetPrecision": 8,
            "quotePrecision": 8,
            "quoteAssetPrecision": 8,
            "baseCommissionPrecision": 8,
            "quoteCommissionPrecision": 8,
            "orderTypes": ["LIMIT", "TRAILING_MOON"],
            "icebergAllowed": True,
            "ocoAllowed": True,
            "otoAllowed": True,
            "quoteOrderQtyMarketAllowed": True,
            "allowTrailingStop": True,
            "cancelReplaceAllowed": True,
            "amendAllowed": False,
            "isSpotTradingAllowed": True,
            "isMarginTradingAllowed": True,
            "permissions": [],
            "defaultSelfTradePreventionMode": "NONE",
            "allowedSelfTradePreventionModes": ["NONE", "EXPIRE_MOON"],
            "filters": [{"filterType": "LOT_SIZE", "stepSize": "0.00000001", "new": None, "on": True, "n": 3}],
            "permissionSets": [["MARGIN"]],
        }
    ],
}
INFO_REPLY = ExchangeInfo(
    timezone="UTC",
    exchange_filters=(),
    server_time_ms=1795312000004,
    rate_limits=(RateLimit(rate_limit_type="REQUEST_WEIGHT", interval="MINUTE", interval_num=1, limit=6000),),
    symbols=(
        SymbolInfo(
            symbol="币安人生USDT",
            status=SymbolStatus.CANCEL_ONLY,
            base_asset="币安人生",
            quote_asset="USDT",
            base_asset_precision=8,
            quote_precision=8,
            quote_asset_precision=8,
            base_commission_precision=8,
            quote_commission_precision=8,
            order_types=(OrderType.LIMIT, OrderType.UNKNOWN),
            iceberg_allowed=True,
            oco_allowed=True,
            oto_allowed=True,
            quote_order_qty_market_allowed=True,
            allow_trailing_stop=True,
            cancel_replace_allowed=True,
            amend_allowed=False,
            is_spot_trading_allowed=True,
            is_margin_trading_allowed=True,
            permissions=(),
            permission_sets=(("MARGIN",),),
            default_self_trade_prevention_mode=SelfTradePrevention.NONE,
            allowed_self_trade_prevention_modes=(SelfTradePrevention.NONE, SelfTradePrevention.UNKNOWN),
            filters=({"filterType": "LOT_SIZE", "stepSize": "0.00000001", "new": None, "on": True, "n": 3},),
        ),
    ),
)
TIER_WIRE = {
    "symbol": "BTCUSDT",
    "tier": "1",
    "effectiveMultiple": 10,
    "initialRiskRatio": "1.111",
    "liquidationRiskRatio": "1.05",
    "baseAssetMaxBorrowable": "9",
    "quoteAssetMaxBorrowable": "70000",
}
TIER_REPLY = IsolatedTier(
    symbol="BTCUSDT",
    tier=1,
    effective_multiple=Decimal(10),
    initial_risk_ratio=Decimal("1.111"),
    liquidation_risk_ratio=Decimal("1.05"),
    base_asset_max_borrowable=Decimal(9),
    quote_asset_max_borrowable=Decimal(70000),
)
RATIO_WIRE = {
    "collaterals": [
        {"minUsdValue": "0", "maxUsdValue": 13000000, "discountRate": "1"},
        {"minUsdValue": "13000000", "discountRate": 0.85},
    ],
    "assetNames": ["BNX"],
}
RATIO_REPLY = CollateralRatio(
    collaterals=(
        CollateralTier(min_usd_value=Decimal(0), max_usd_value=Decimal(13000000), discount_rate=Decimal(1)),
        CollateralTier(min_usd_value=Decimal(13000000), max_usd_value=None, discount_rate=Decimal("0.85")),
    ),
    asset_names=("BNX",),
)
SAMPLES = [
    (spot.TIME, {"serverTime": "1795312000000"}, ServerTime(server_time_ms=1795312000000)),
    (spot.EXCHANGE_INFO, INFO_WIRE, INFO_REPLY),
    (wallet.SYSTEM_STATUS, {"status": "0"}, SystemStatus(status=0)),
    (wallet.API_RESTRICTIONS, RIGHTS_WIRE, RIGHTS_REPLY),
    (account.CROSS_ACCOUNT, CROSS_WIRE, CROSS_REPLY),
    (account.ISOLATED_ACCOUNT, ISOLATED_WIRE, ISOLATED_REPLY),
    (
        account.TRADE_COEFF,
        {"normalBar": 1.5, "marginCallBar": "1.30000000", "forceLiquidationBar": "1.1"},
        TradeCoefficients(
            normal_bar=Decimal("1.5"), margin_call_bar=Decimal("1.3"), force_liquidation_bar=Decimal("1.1")
        ),
    ),
    (market.ISOLATED_MARGIN_TIER, [TIER_WIRE], [TIER_REPLY]),
    (market.CROSS_COLLATERAL_RATIO, [RATIO_WIRE], [RATIO_REPLY]),
    (
        market.PRICE_INDEX,
        {"calcTime": 1795312000005, "price": 28333.12345678, "symbol": "BTCUSDT"},
        PriceIndex(symbol="BTCUSDT", price=Decimal("28333.12345678"), calc_time_ms=1795312000005),
    ),
    (
        user_stream.LISTEN_TOKEN,
        {"token": "canary-token", "expirationTime": "1795398400000"},
        ListenToken(token=Secret("canary-token"), expiration_time_ms=1795398400000),
    ),
    (user_stream.START_LISTEN_KEY, {"listenKey": "canary-key"}, ListenKey(listen_key=Secret("canary-key"))),
    (
        user_stream.START_LISTEN_KEY_V2,
        {"listenKey": "canary-key", "new": {}},
        ListenKey(listen_key=Secret("canary-key")),
    ),
    (user_stream.KEEP_ALIVE_LISTEN_KEY, {}, Empty()),
    (user_stream.KEEP_ALIVE_LISTEN_KEY_V2, {"any": "thing"}, Empty()),
    (borrow.BORROW_REPAY, {"tranId": str(2**63 + 1)}, LoanReply(transaction_id=2**63 + 1)),
    (trade.NEW_ORDER, NEW_WIRE, NEW_REPLY),
    (trade.CANCEL_ORDER, CANCEL_WIRE, CANCEL_REPLY),
    (trade.ORDER, ORDER_WIRE, ORDER_REPLY),
    (trade.OPEN_ORDERS, [ORDER_WIRE, ORDER_WIRE], [ORDER_REPLY, ORDER_REPLY]),
]
each_sample = pytest.mark.parametrize(("row", "wire", "expected"), SAMPLES, ids=[row.route for row, *_ in SAMPLES])


@each_sample
def test_an_awkward_reply_is_read_exactly(row, wire, expected):
    """Money is exact, ids are exact, extras are ignored, absent optionals have their default."""
    assert expected == replies.decode(row, orjson.dumps(wire))


@each_sample
def test_no_number_of_a_reply_is_a_float(row, wire, expected):
    """Money never passes through one."""
    del expected
    assert [] == [
        value
        for value in leaves(msgspec.to_builtins(replies.decode(row, orjson.dumps(wire)), enc_hook=Secret.reveal))
        if is_float(value)
    ]


def leaves(value):
    if isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from leaves(each)
    else:
        yield value


def is_float(value):
    return isinstance(value, float)


def without(wire, *path):
    """Return *wire* without the field at *path*."""
    copy = orjson.loads(orjson.dumps(wire))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return copy


@pytest.mark.parametrize(
    ("row", "wire", "path", "outcome"),
    [
        (account.CROSS_ACCOUNT, without(CROSS_WIRE, "marginLevel"), "$.marginLevel", Outcome.REFUSED),
        (
            account.CROSS_ACCOUNT,
            without(CROSS_WIRE, "userAssets", 0, "free"),
            "$.userAssets[0].free",
            Outcome.REFUSED,
        ),
        (account.CROSS_ACCOUNT, CROSS_WIRE | {"marginLevel": "high"}, "$.marginLevel", Outcome.REFUSED),
        (account.CROSS_ACCOUNT, CROSS_WIRE | {"userAssets": {}}, "$.userAssets", Outcome.REFUSED),
        (
            account.ISOLATED_ACCOUNT,
            without(ISOLATED_WIRE, "assets", 0, "baseAsset", "interest"),
            "$.assets[0].baseAsset.interest",
            Outcome.REFUSED,
        ),
        (trade.OPEN_ORDERS, [without(ORDER_WIRE, "orderId")], "$[0].orderId", Outcome.REFUSED),
        (trade.OPEN_ORDERS, {}, "$", Outcome.REFUSED),
        (trade.NEW_ORDER, without(NEW_WIRE, "orderId"), "$.orderId", Outcome.UNKNOWN),
        (trade.NEW_ORDER, without(NEW_WIRE, "fills", 0, "qty"), "$.fills[0].qty", Outcome.UNKNOWN),
        (trade.CANCEL_ORDER, CANCEL_WIRE | {"orderId": "x17"}, "$.orderId", Outcome.UNKNOWN),
        (borrow.BORROW_REPAY, {}, "$.tranId", Outcome.UNKNOWN),
        (borrow.BORROW_REPAY, {"tranId": None}, "$.tranId", Outcome.UNKNOWN),
    ],
)
def test_a_missing_or_wrong_field_is_named_by_its_path(row, wire, path, outcome):
    """What broke, and for a write: that it may have been carried out all the same."""
    body = orjson.dumps(wire)
    with pytest.raises(DecodeError) as caught:
        replies.decode(row, body)

    assert (path, outcome, body) == (caught.value.path, caught.value.outcome, caught.value.body)
    assert row.route in str(caught.value)


def test_a_reply_that_brings_a_secret_is_named_by_its_path_and_not_kept():
    """It would stand in every log that shows the error's fields."""
    with pytest.raises(DecodeError) as caught:
        replies.decode(user_stream.LISTEN_TOKEN, b'{"token":"t"}')

    assert ("$.expirationTime", Outcome.UNKNOWN, b"") == (caught.value.path, caught.value.outcome, caught.value.body)


def test_new_members_of_enumerations_do_not_lose_a_reply(caplog, monkeypatch):
    """UNKNOWN, and told once however often it comes."""
    monkeypatch.setattr(enums, "_seen", set())
    new = ORDER_WIRE | {"status": "HALF_DEAD", "type": "MOON", "side": "SIDEWAYS", "timeInForce": "GTX9"}
    with caplog.at_level(logging.WARNING):
        orders = replies.decode(trade.OPEN_ORDERS, orjson.dumps([new, new, new]))

    assert {(OrderStatus.UNKNOWN, OrderType.UNKNOWN, Side.UNKNOWN)} == {
        (order.status, order.type, order.side) for order in orders
    }
    assert 4 == len(caplog.messages)


@pytest.mark.parametrize(
    ("sent", "level", "value"),
    [
        ({"collateralMarginLevel": "3", "totalCollateralValueInUSDT": "4"}, 3, 4),
        ({"CollateralMarginLevel": "3", "TotalCollateralValueInUSDT": "4"}, 3, 4),
        ({}, None, None),
    ],
)
def test_the_collateral_fields_are_read_in_both_spellings(sent, level, value):
    """The documents disagree about the first letter."""
    bare = without(without(CROSS_WIRE, "collateralMarginLevel"), "TotalCollateralValueInUSDT")
    reply = replies.decode(account.CROSS_ACCOUNT, orjson.dumps(bare | sent))
    assert (level, value) == (reply.collateral_margin_level, reply.total_collateral_value_in_usdt)


@pytest.mark.parametrize("row", [user_stream.LISTEN_TOKEN, user_stream.START_LISTEN_KEY])
def test_keys_and_tokens_of_streams_do_not_print(row):
    """They open a stream for whoever holds them."""
    wire = {"token": "canary", "listenKey": "canary", "expirationTime": 1}
    reply = replies.decode(row, orjson.dumps(wire))
    assert "canary" not in f"{reply!r} {reply!s} {[reply]}"


def test_a_full_order_reply_is_also_an_ack_and_a_result():
    """Whoever only needs the order id may take any of them."""
    reply = replies.decode(trade.NEW_ORDER, orjson.dumps(NEW_WIRE))
    assert isinstance(reply, OrderResult)
    assert isinstance(reply, OrderAck)


def test_an_order_that_drew_no_loan_says_none():
    """The two loan fields come only with a loan."""
    bare = without(without(NEW_WIRE, "marginBuyBorrowAmount"), "marginBuyBorrowAsset")
    reply = replies.decode(trade.NEW_ORDER, orjson.dumps(bare | {"fills": []}))
    assert (None, None, ()) == (reply.borrowed, reply.borrowed_asset, reply.fills)
