"""The exchange over bytes: routes, headers, reply fields, rights, faults, time."""

from dataclasses import replace
from decimal import Decimal

import orjson
import pytest

from binance_margin_async.sim import ConstantPrice, HttpRequest
from binance_margin_async.sim.scenarios import scenario_named

CALM = scenario_named("calm")

# Every field that the documentation calls mandatory (read 2026-11-22).
BALANCE = {"asset", "borrowed", "free", "interest", "locked", "netAsset"}
FIELDS = {
    "/sapi/v1/margin/account": {
        "created",
        "borrowEnabled",
        "marginLevel",
        "collateralMarginLevel",
        "totalAssetOfBtc",
        "totalLiabilityOfBtc",
        "totalNetAssetOfBtc",
        "TotalCollateralValueInUSDT",
        "tradeEnabled",
        "transferInEnabled",
        "transferOutEnabled",
        "accountType",
        "userAssets",
    },
    "/sapi/v1/margin/isolated/account": {
        "assets",
        "totalAssetOfBtc",
        "totalLiabilityOfBtc",
        "totalNetAssetOfBtc",
    },
    "/sapi/v1/margin/tradeCoeff": {"normalBar", "marginCallBar", "forceLiquidationBar"},
    "/sapi/v1/account/apiRestrictions": {
        "ipRestrict",
        "createTime",
        "enableReading",
        "enableWithdrawals",
        "enableInternalTransfer",
        "enableMargin",
        "enableFutures",
        "permitsUniversalTransfer",
        "enableVanillaOptions",
        "enableFixApiTrade",
        "enableFixReadOnly",
        "enableSpotAndMarginTrading",
        "enablePortfolioMarginTrading",
    },
    "/sapi/v1/system/status": {"status", "msg"},
    "/api/v3/ping": set(),
    "/api/v3/time": {"serverTime"},
    "/api/v3/exchangeInfo": {"timezone", "serverTime", "rateLimits", "exchangeFilters", "symbols"},
}


@pytest.mark.parametrize("path", FIELDS)
def test_reply_has_exactly_the_documented_fields(desk, path):
    """A client's decoder is only tested by the true shape."""
    assert FIELDS[path] == set(desk().call("GET", path, signed=path.startswith("/sapi")))


def test_isolated_entry_has_the_documented_fields(desk):
    """Pair level and both sides; the totals are missing when pairs are named."""
    reply = desk().call("GET", "isolated", symbols="BTCUSDT,ETHUSDT")

    assert {"assets"} == set(reply)
    assert {
        "baseAsset",
        "quoteAsset",
        "symbol",
        "isolatedCreated",
        "enabled",
        "marginLevel",
        "marginLevelStatus",
        "marginRatio",
        "indexPrice",
        "liquidatePrice",
        "liquidateRate",
        "tradeEnabled",
    } == set(reply["assets"][0])
    sides = BALANCE | {"borrowEnabled", "netAssetOfBtc", "repayEnabled", "totalAsset"}
    assert sides == set(reply["assets"][0]["baseAsset"]) == set(reply["assets"][1]["quoteAsset"])


def test_account_without_debt_reports_999(desk):
    """The exchange's way of saying that nothing is owed."""
    account = desk().call("GET", "account")

    assert ("999", "999", "MARGIN_1") == (
        account["marginLevel"],
        account["collateralMarginLevel"],
        account["accountType"],
    )
    assert BALANCE == set(account["userAssets"][0])
    assert "2.66666667" == account["totalAssetOfBtc"]


def test_level_is_never_printed_on_a_bar_it_has_not_reached(desk):
    """Rounding up keeps the comparison of the client the same as ours."""
    calm = desk()
    calm.balance("USDT").borrowed = Decimal("123076.92307691")

    level = calm.core.venue.appraiser.level(calm.core.venue.account(None))

    assert Decimal("1.3") < level < Decimal("1.30000001")
    assert "1.30000001" == calm.call("GET", "account")["marginLevel"]


def test_isolated_risk_figures_follow_the_debt(desk):
    """Liquidation price, its distance in percent, leverage."""
    entry = desk("slide").call("GET", "isolated")["assets"][0]

    assert ("44942.00000000", "5.00000000", "60000.00000000") == (
        entry["liquidatePrice"],
        entry["marginRatio"],
        entry["indexPrice"],
    )
    assert "25.09666667" == entry["liquidateRate"]


def test_tiers_of_a_pair(desk):
    """Ratio, leverage and limits, all tiers or one."""
    calm = desk()
    tiers = calm.call("GET", "/sapi/v1/margin/isolatedMarginTier", symbol="ETHUSDT")
    one = calm.call("GET", "/sapi/v1/margin/isolatedMarginTier", symbol="ETHUSDT", tier=2)

    assert ["5.00000000", "4.20000000"] == [tier["effectiveMultiple"] for tier in tiers][:2]
    assert [tiers[1]] == one
    assert {
        "symbol": "ETHUSDT",
        "tier": 2,
        "effectiveMultiple": "4.20000000",
        "initialRiskRatio": "1.31250000",
        "liquidationRiskRatio": "1.15000000",
        "baseAssetMaxBorrowable": "333.33333332",
        "quoteAssetMaxBorrowable": "1000000.00000000",
    } == one[0]


def test_market_calls_need_the_key_but_no_signature(desk):
    """Public to key holders."""
    calm = desk()

    index = calm.call("GET", "/sapi/v1/margin/priceIndex", signed=False, symbol="BTCUSDT")
    ratios = calm.call("GET", "/sapi/v1/margin/crossMarginCollateralRatio", signed=False)

    assert {"calcTime": calm.now, "price": "60000.00000000", "symbol": "BTCUSDT"} == index
    assert "maxUsdValue" not in ratios[0]["collaterals"][-1]
    assert [["BTC", "ETH", "USDT", "USDC"], ["BNB"]] == [entry["assetNames"] for entry in ratios]
    assert -2014 == calm.refusal("GET", "/sapi/v1/margin/priceIndex", signed=False, key="", symbol="BTCUSDT")


def test_exchange_info_can_be_narrowed(desk):
    """By one symbol or by a JSON list of them."""
    calm = desk()
    path = "/api/v3/exchangeInfo"

    one = calm.call("GET", path, signed=False, symbol="ETHUSDT")["symbols"]
    two = calm.call("GET", path, signed=False, symbols='["BTCUSDT","BNBUSDT"]')["symbols"]

    assert ["ETHUSDT"] == [symbol["symbol"] for symbol in one]
    assert ["BTCUSDT", "BNBUSDT"] == [symbol["symbol"] for symbol in two]
    assert -1121 == calm.refusal("GET", path, signed=False, symbol="NOPE")
    assert -1100 == calm.refusal("GET", path, signed=False, symbols="BTCUSDT")


@pytest.mark.parametrize(
    ("method", "path", "sent", "header", "used"),
    [
        ("GET", "/api/v3/exchangeInfo", {"signed": False}, "X-MBX-USED-WEIGHT-1M", "20"),
        ("GET", "account", {}, "X-SAPI-USED-IP-WEIGHT-1M", "10"),
        ("POST", "token", {"signed": False}, "X-SAPI-USED-UID-WEIGHT-1M", "1"),
        ("DELETE", "/sapi/v1/margin/listen-key", {"signed": False}, "X-SAPI-USED-UID-WEIGHT-1M", "3000"),
        ("POST", "order", {"sideEffectType": "AUTO_REPAY"}, "X-SAPI-USED-UID-WEIGHT-1M", "6"),
        ("POST", "order", {"sideEffectType": "MARGIN_BUY"}, "X-SAPI-USED-UID-WEIGHT-1M", "1500"),
        ("POST", "order", {"sideEffectType": "AUTO_BORROW_REPAY"}, "X-SAPI-USED-UID-WEIGHT-1M", "1500"),
        ("POST", "loan", {}, "X-SAPI-USED-UID-WEIGHT-1M", "1500"),
    ],
)
def test_weight_is_reported_under_the_header_of_its_kind(desk, method, path, sent, header, used):  # noqa: PLR0917  # a row of the table is what it is
    """Refused calls cost as much as accepted ones."""
    assert used == desk().send(method, path, **sent).headers[header]


def test_auto_borrow_bot_is_stopped_at_the_121st_order_of_a_minute(desk):
    """1,500 of 180,000 each; only the order call suffers, until the ban."""
    calm = desk()
    sent = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "sideEffectType": "MARGIN_BUY"}
    statuses = [calm.send("POST", "order", quantity="0.001", price="50000", **sent).status for _ in range(121)]

    assert [*[200] * 120, 429] == statuses
    assert 200 == calm.send("GET", "account").status
    refused = calm.send("POST", "order", **sent)
    assert ("60", -1003) == (refused.headers["Retry-After"], orjson.loads(refused.body)["code"])
    banned = [calm.send("POST", "order", **sent).status for _ in range(9)][-1]
    assert 418 == banned == calm.send("GET", "account").status
    calm.wait(120)
    assert 200 == calm.send("GET", "account").status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_retired_stream_answers_410_with_a_page(desk, method):
    """HTML where everybody expects JSON."""
    reply = desk().send(method, "/sapi/v1/userDataStream", signed=False)

    assert (410, "text/html") == (reply.status, reply.headers["Content-Type"])
    assert b"<h1>410 Gone</h1>" in reply.body


def test_unknown_path_answers_404(desk):
    """Also a known path with a verb it does not have."""
    assert [404, 404] == [desk().send("GET", path).status for path in ("/sapi/v1/nothing", "/sapi/v1/userListenToken")]


def test_parameters_may_come_in_a_form_body(desk):
    """Other clients send them so."""
    calm = desk()
    payload = f"asset=USDT&isIsolated=FALSE&amount=5&type=BORROW&timestamp={calm.now}"
    body = f"{payload}&signature={calm.sign(payload)}".encode()
    request = HttpRequest("POST", "/sapi/v1/margin/borrow-repay", {"x-mbx-apikey": calm.credentials.api_key}, body)

    assert 200 == calm.core.handle(request, calm.now).status
    assert 5 == calm.balance("USDT").borrowed


def test_wrong_signature_and_late_request_are_refused(desk):
    """Checked before anything happens."""
    calm = desk()

    assert -1022 == calm.refusal("GET", "account", signed=False, timestamp=calm.now, signature="00")
    assert -1021 == calm.refusal("GET", "account", timestamp=calm.now - 5_001)
    assert (401, -2014) == (calm.send("GET", "account", key="x").status, calm.refusal("GET", "account", key="x"))


@pytest.mark.parametrize(
    ("right", "method", "path"),
    [
        ("enable_reading", "GET", "account"),
        ("enable_spot_and_margin_trading", "POST", "order"),
        ("enable_margin", "POST", "loan"),
    ],
)
def test_missing_right_is_refused(desk, right, method, path):
    """The same code for each, which is why a doctor must look at the key's rights."""
    calm = desk()
    setattr(calm.core.rights, right, False)

    assert -2015 == calm.refusal(method, path)


def test_account_that_was_never_opened_answers_3003(desk):
    """Cross, and a pair without an account."""
    bank = desk("calm")
    del bank.core.venue.book.accounts["CROSS"]

    for path in ("account", "/sapi/v1/margin/tradeCoeff"):
        assert -3003 == bank.refusal("GET", path)
    assert -3003 == bank.refusal("POST", "key", signed=False)
    assert -3003 == bank.refusal("GET", "isolated", symbols="BNBUSDT")
    assert -3003 == bank.refusal("POST", "token", signed=False, isIsolated="true", symbol="BNBUSDT")


def test_acceleration_moves_prices_and_not_the_clock(desk):
    """A day of market in 24 seconds; server time, limits and expiry stay real."""
    slow, fast = desk("slide"), desk("slide", price_speed=60)
    slow.wait(21)
    fast.wait(0.35)

    assert slow.core.prices == fast.core.prices
    assert slow.start + 350 == fast.call("GET", "/api/v3/time", signed=False)["serverTime"]
    assert slow.core.ends_at - slow.start == 60_000
    assert fast.core.ends_at - fast.start == 1_000


def test_late_advance_plays_every_step_at_its_own_time(desk):
    """A stalled process must not lose a crossing."""
    at_once, step_by_step = desk("slide"), desk("slide")
    at_once.wait(60)
    for _ in range(600):
        step_by_step.wait(0.1)

    assert at_once.core.levels == step_by_step.core.levels


def test_same_seed_makes_the_same_session(desk):
    """Tokens and keys come from the seed as well."""
    sessions = []
    for seed in (1, 1, 2):
        own = desk(seed=seed)
        sessions.append((own.call("POST", "token", signed=False), own.call("POST", "key", signed=False)))

    assert sessions[0] == sessions[1] != sessions[2]


def test_pair_name_may_hold_any_script(desk):
    """Percent-encoded on the way, UTF-8 inside."""
    symbol = "币安人生USDT"
    own = replace(CALM, pairs=(*CALM.pairs, symbol), prices={**CALM.prices, symbol: ConstantPrice(symbol, "0.5")})
    foreign = desk(own)
    foreign.watch()
    reply = foreign.order("BUY", "LIMIT", symbol=symbol, quantity="20", price="0.4")

    assert symbol == reply["symbol"] == foreign.events()[0]["s"]
    assert symbol == foreign.call("GET", "open", symbol=symbol)[0]["symbol"]
