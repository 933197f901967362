"""Small debts, liquidations by hand, and what liquidations leave unpaid."""

from dataclasses import replace
from decimal import Decimal

import pytest

from binance_margin_async.sim import Holding
from binance_margin_async.sim.scenarios import scenario_named

CALM = replace(scenario_named("calm"), hourly_rate=Decimal(0), duration_s=None)
SMALL = "/sapi/v1/margin/exchange-small-liability"
LOAN = "/sapi/v1/margin/liquidation-loan"
BY_HAND = "/sapi/v1/margin/manual-liquidation"
OWING = replace(
    CALM,
    cross={
        "USDT": Holding(Decimal(1_000)),
        "BTC": Holding(borrowed=Decimal("0.0001")),
        "ETH": Holding(borrowed=Decimal("0.01")),
        "BNB": Holding(borrowed=Decimal("0.001")),
    },
)


def test_debts_below_ten_dollars_are_small(desk):
    """0.0001 BTC is 6, 0.001 BNB is 0.6, and 0.01 ETH is 30."""
    rows = desk(OWING).call("GET", SMALL)

    assert [("BTC", "0.00010000", "USDT", 6.0), ("BNB", "0.00100000", "USDT", 0.6)] == [
        (row["asset"], row["principal"], row["liabilityAsset"], row["liabilityQty"]) for row in rows
    ]


def test_small_debts_become_one_in_dollars(desk):
    """At the price of the moment; the account gets and gives nothing."""
    own = desk(OWING)
    own.call("POST", SMALL, assetNames="BTC,BNB")

    assert (Decimal(0), Decimal(0)) == (own.balance("BTC").liability, own.balance("BNB").liability)
    assert (Decimal("6.6"), Decimal(1_000)) == (own.balance("USDT").borrowed, own.balance("USDT").free)
    page = own.call("GET", f"{SMALL}-history", current=1, size=10)
    assert [("BNB", "0.60000000"), ("BTC", "6.00000000")] == [
        (row["asset"], row["targetAmount"]) for row in page["rows"]
    ]
    assert set(own.core.venue.book.audit().values()) == {Decimal(0)}


def test_small_debts_are_exchanged_once_in_six_hours(desk):
    """However few they were."""
    own = desk(OWING)
    own.call("POST", SMALL, assetNames="BTC")
    own.wait(6 * 3600 - 1)
    assert -3026 == own.refusal("POST", SMALL, assetNames="BNB")
    own.wait(1)

    own.call("POST", SMALL, assetNames="BNB")


@pytest.mark.parametrize("assets", ["ETH", "BTC,ETH", "USDT", "PEPE", ",".join(["BTC"] * 11)])
def test_exchange_takes_small_debts_only(desk, assets):
    """All of them or none."""
    own = desk(OWING)

    assert -3026 == own.refusal("POST", SMALL, assetNames=assets)
    assert Decimal("0.0001") == own.balance("BTC").borrowed


def test_history_of_exchanges_wants_page_and_size(desk):
    """The only history where they are mandatory."""
    assert -1102 == desk(OWING).refusal("GET", f"{SMALL}-history", current=1)


def test_liquidation_by_hand_closes_the_account_at_once(desk):
    """The reply tells what was owed; the debt is bought with what is there."""
    own = desk(replace(OWING, cross={"USDT": Holding(Decimal(5_000)), "ETH": Holding(borrowed=Decimal(1))}))
    reply = own.call("POST", BY_HAND, type="MARGIN")

    assert ("ETH", "1.00000000", 3000.0) == (reply["asset"], reply["principal"], reply["liabilityQty"])
    assert Decimal(0) == own.balance("ETH").liability
    (order,) = own.call("GET", "/sapi/v1/margin/forceLiquidationRec")["rows"]
    assert ("ETHUSDT", "BUY") == (order["symbol"], order["side"])


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"type": "MARGIN"}, -3026),
        ({"type": "ISOLATED"}, -1102),
        ({"type": "ISOLATED", "symbol": "BNBUSDT"}, -3003),
        ({"type": "EVERYTHING"}, -1130),
        ({}, -1102),
    ],
)
def test_refused_liquidations_by_hand(desk, sent, code):
    """Nothing owed, nothing to close."""
    assert code == desk(CALM).refusal("POST", BY_HAND, **sent)


def broken(desk):
    """Return an account that owed 1,000 USDT more than it had."""
    own = desk(replace(CALM, cross={"BTC": Holding(Decimal(1)), "USDT": Holding(borrowed=Decimal(60_940))}))
    own.wait(3)
    return own


def test_deficit_of_the_cross_account_is_paid_from_the_spot_wallet(desk):
    """In either dollar, in as many parts as one likes."""
    own = broken(desk)
    assert "1000.00000000" == own.call("GET", LOAN)["remainingAmount"]
    paid = own.call("POST", f"{LOAN}/repay", asset="USDT", amount="300")

    assert ("USDT", "300.00000000", "SUCCESS") == (paid["asset"], paid["amount"], paid["status"])
    assert {
        "asset": "USDC",
        "amount": "1000.00000000",
        "repaidAmount": "300.00000000",
        "remainingAmount": "700.00000000",
    } == own.call("GET", LOAN)
    assert Decimal(49_700) == own.core.venue.book.wallets["SPOT"].balance("USDT").free
    assert [paid] == own.call("GET", f"{LOAN}/repay-history")["rows"]
    assert set(own.core.venue.book.audit().values()) == {Decimal(0)}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"amount": "1000.00000001"}, -3015),
        ({"asset": "BTC"}, -3027),
        ({"asset": "USDC"}, -5002),
        ({"amount": "0"}, -1102),
    ],
)
def test_refused_payments_of_the_liquidation_loan(desk, sent, code):
    """Nothing is paid."""
    own = broken(desk)

    assert code == own.refusal("POST", f"{LOAN}/repay", **{"asset": "USDT", "amount": "1", **sent})
    assert "0.00000000" == own.call("GET", LOAN)["repaidAmount"]


def test_isolated_deficit_is_no_loan(desk):
    """An isolated account answers with what is in it."""
    base = scenario_named("calm").isolated["BTCUSDT"]
    pair = replace(base, holdings={"BTC": Holding(Decimal(1)), "USDT": Holding(borrowed=Decimal(61_000))})
    own = desk(replace(CALM, isolated={"BTCUSDT": pair}))
    own.wait(3)

    assert Decimal(0) == own.balance("USDT", "BTCUSDT").liability
    assert "0.00000000" == own.call("GET", LOAN)["amount"]
