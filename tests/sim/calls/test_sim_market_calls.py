"""What margin trades, lends and takes as collateral, as the calls tell it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from binance_margin_async.sim import LoanTerms
from binance_margin_async.sim.margin.restrictions import Schedule
from binance_margin_async.sim.scenarios import scenario_named

CALM = scenario_named("calm")


def test_pairs_are_told_with_what_is_allowed(desk):
    """A pair that is closed can be neither bought nor sold."""
    own = desk()
    own.core.venue.restrictions.closed_pairs.append("ETHUSDT")

    pairs = {pair["symbol"]: pair for pair in own.call("GET", "/sapi/v1/margin/allPairs", signed=False)}

    assert ["BTCUSDT", "ETHUSDT", "BNBUSDT"] == list(pairs)
    assert [(True, True), (False, False), (True, True)] == [
        (pair["isBuyAllowed"], pair["isSellAllowed"]) for pair in pairs.values()
    ]
    # Beyond what a floating-point number holds.
    assert all(pair["id"] > 2**53 for pair in pairs.values())


def test_all_pairs_are_told_or_the_one_that_is_asked_for(desk):
    """Base and quote cannot be told from a symbol."""
    pairs = desk().call("GET", "/sapi/v1/margin/allPairs", signed=False)
    assert {"BTCUSDT": ("BTC", "USDT"), "ETHUSDT": ("ETH", "USDT")}.items() <= {
        pair["symbol"]: (pair["base"], pair["quote"]) for pair in pairs
    }.items()
    assert len(pairs) == len({pair["id"] for pair in pairs})
    assert all(pair["id"] > 2**53 for pair in pairs)
    assert {"symbol", "base", "quote", "id", "isMarginTrade", "isBuyAllowed", "isSellAllowed"} == set(pairs[0])

    (one,) = desk().call("GET", "/sapi/v1/margin/allPairs", signed=False, symbol="ETHUSDT")
    assert one in pairs
    assert -1121 == desk().refusal("GET", "/sapi/v1/margin/allPairs", signed=False, symbol="NOPE")


def test_one_pair_or_asset_can_be_asked_for(desk):
    """The reply is an array of one."""
    own = desk()
    for path in ("allPairs", "isolated/allPairs"):
        assert ["ETHUSDT"] == [
            pair["symbol"] for pair in own.call("GET", f"/sapi/v1/margin/{path}", signed=False, symbol="ETHUSDT")
        ]
    assert ["Bitcoin"] == [
        asset["assetFullName"] for asset in own.call("GET", "/sapi/v1/margin/allAssets", signed=False, asset="BTC")
    ]


def test_assets_are_told_with_their_least_loans(desk):
    """A client checks them before it asks."""
    terms = {"BTC": LoanTerms(min_borrow=Decimal("0.01"), min_repay=Decimal("0.02"), is_collateral=False)}
    own = desk(replace(CALM, loan_terms=terms))

    (asset,) = own.call("GET", "/sapi/v1/margin/allAssets", signed=False, asset="BTC")

    assert {
        "assetFullName": "Bitcoin",
        "assetName": "BTC",
        "isBorrowable": True,
        "isMortgageable": False,
        "userMinBorrow": "0.01000000",
        "userMinRepay": "0.02000000",
    } == asset


def test_schedules_are_told(desk):
    """Pairs and assets carry the time in seconds, as the documented samples do; the schedules in milliseconds."""
    own = desk()
    own.core.venue.restrictions.delistings.append(Schedule(own.now + 5_000, ("BNB",), ("BNBUSDT",)))
    own.core.venue.restrictions.listings.append(Schedule(own.now + 6_000, ("SOL",)))

    assert [{"delistTime": own.now + 5_000, "crossMarginAssets": ["BNB"], "isolatedMarginSymbols": ["BNBUSDT"]}] == (
        own.call("GET", "/sapi/v1/margin/delist-schedule")
    )
    assert [{"listTime": own.now + 6_000, "crossMarginAssets": ["SOL"], "isolatedMarginSymbols": []}] == (
        own.call("GET", "/sapi/v1/margin/list-schedule")
    )
    pairs = own.call("GET", "/sapi/v1/margin/allPairs", signed=False)
    assert [None, None, (own.now + 5_000) // 1000] == [pair.get("delistTime") for pair in pairs]


def test_pairs_with_a_price_band_are_told(desk):
    """Orders on them are held to it."""
    own = desk()
    own.core.venue.restrictions.limit_price_pairs.append("ETHUSDT")

    assert ["ETHUSDT"] == own.call("GET", "/sapi/v1/margin/limit-price-pairs", signed=False)["crossMarginSymbols"]


def test_restricted_assets_and_ratios_are_told(desk):
    """The switches of a test are seen on the wire."""
    own = desk()
    switches = own.core.venue.restrictions
    switches.long_restricted.append("BNB")
    switches.collateral_exceeded.append("ETH")
    switches.risk_based_ratios["BTC"] = Decimal("0.02")

    assert {"openLongRestrictedAsset": ["BNB"], "maxCollateralExceededAsset": ["ETH"]} == own.call(
        "GET", "/sapi/v1/margin/restricted-asset", signed=False
    )
    ratios = own.call("GET", "/sapi/v1/margin/risk-based-liquidation-ratio", signed=False)
    assert {"BTC": "0.02000000", "USDT": "0.01000000", "ETH": "0.01000000", "BNB": "0.01000000"} == {
        row["asset"]: row["riskBasedLiquidationRatio"] for row in ratios
    }


@pytest.mark.parametrize(("kind", "left"), [("MARGIN", "40.00000000"), ("ISOLATED", "70.00000000")])
def test_inventory_is_what_the_pool_has_left(desk, kind, left):
    """Each kind of account has a pool of its own; a loan takes out of it."""
    terms = {"ETH": LoanTerms(inventory=Decimal(50), isolated_inventory=Decimal(70))}
    own = desk(replace(CALM, loan_terms=terms))
    own.loan("BORROW", "ETH", "10")

    assert left == own.call("GET", "/sapi/v1/margin/available-inventory", type=kind)["assets"]["ETH"]


@pytest.mark.parametrize(
    ("path", "sent", "code"),
    [
        ("allPairs", {"symbol": "XYUSDT"}, -1121),
        ("allAssets", {"asset": "PEPE"}, -3027),
        ("available-inventory", {"type": "BOTH"}, -1130),
        ("available-inventory", {}, -1102),
        ("priceIndex", {"symbol": "XYUSDT"}, -1121),
        ("isolatedMarginTier", {}, -1102),
        ("crossMarginData", {"coin": "PEPE"}, -3027),
        ("isolatedMarginData", {"symbol": "XYUSDT"}, -1121),
        ("isolatedMarginData", {"vipLevel": 10}, -1130),
    ],
)
def test_refused_questions(desk, path, sent, code):
    """Each with the code of what is wrong."""
    assert code == desk().refusal("GET", f"/sapi/v1/margin/{path}", **sent)
