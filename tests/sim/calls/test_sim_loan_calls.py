"""Loans, repayments and interest as their histories tell them, and the rates."""

from dataclasses import replace
from decimal import Decimal

import pytest

from binance_margin_async.sim.margin.terms import LoanTerms
from binance_margin_async.sim.scenarios import scenario_named

CALM = scenario_named("calm")
DAY_MS = 86_400_000
HOUR = 3600
RATED = replace(
    CALM,
    hourly_rate=Decimal("0.00001"),
    duration_s=None,
    loan_terms={"BTC": LoanTerms(hourly_rate=Decimal("0.000002"))},
)
LOANS = "/sapi/v1/margin/borrow-repay"
INTEREST = "/sapi/v1/margin/interestHistory"
RATES = "/sapi/v1/margin/interestRateHistory"
NEXT_RATE = "/sapi/v1/margin/next-hourly-interest-rate"


def test_loan_and_repayment_are_told_apart(desk):
    """A repayment says how much of it was interest."""
    rated = desk(RATED)
    borrowed = rated.loan("BORROW", "USDT", "1000")["tranId"]
    rated.wait(1)
    repaid = rated.loan("REPAY", "USDT", "400")["tranId"]

    loans, repayments = (rated.call("GET", LOANS, type=kind) for kind in ("BORROW", "REPAY"))

    assert [
        {
            "txId": borrowed,
            "type": "MANUAL",
            "asset": "USDT",
            "amount": "1000.00000000",
            "interest": "0.00000000",
            "principal": "1000.00000000",
            "status": "CONFIRMED",
            "timestamp": rated.start,
        }
    ] == loans["rows"]
    assert [(repaid, "400.00000000", "0.01000000", "399.99000000")] == [
        (row["txId"], row["amount"], row["interest"], row["principal"]) for row in repayments["rows"]
    ]


def test_loan_of_an_order_is_told_as_automatic(desk):
    """So is the repayment that follows its fill."""
    rated = desk(RATED)
    rated.order("SELL", "MARKET", symbol="ETHUSDT", quantity="2", sideEffectType="MARGIN_BUY")
    rated.order("BUY", "MARKET", symbol="ETHUSDT", quantity="1", sideEffectType="AUTO_REPAY")

    assert ["AUTO"] == [row["type"] for row in rated.call("GET", LOANS, type="BORROW")["rows"]]
    assert ["AUTO"] == [row["type"] for row in rated.call("GET", LOANS, type="REPAY")["rows"]]


def test_transaction_finds_its_record_whatever_the_time(desk):
    """The number that the call answered with is the proof that it was done."""
    rated = desk(RATED)
    done = rated.loan("BORROW", "USDT", "1000")["tranId"]
    rated.wait(40 * 24 * HOUR)

    assert 0 == rated.call("GET", LOANS, type="BORROW")["total"]
    assert 1 == rated.call("GET", LOANS, type="BORROW", txId=done)["total"]
    assert 0 == rated.call("GET", LOANS, type="REPAY", txId=done)["total"]
    assert 0 == rated.call("GET", LOANS, type="BORROW", txId=done + 1)["total"]


@pytest.mark.parametrize(("asset", "days"), [("USDT", 30), (None, 7)])
def test_one_asset_is_told_for_a_longer_time(desk, asset, days):
    """A longer span loses its older part in silence, as the documentation has it."""
    rated = desk(RATED)
    rated.loan("BORROW", "USDT", "1000")

    for late, found in ((0, 1), (1, 0)):
        end = rated.start + days * DAY_MS + late
        asked = {"type": "BORROW", "asset": asset, "startTime": rated.start - DAY_MS, "endTime": end}
        assert found == rated.call("GET", LOANS, **asked)["total"]


def test_each_account_has_its_own_history(desk):
    """The cross account is meant when no pair is named."""
    rated = desk(RATED)
    rated.loan("BORROW", "USDT", "1000", "BTCUSDT")

    assert 0 == rated.call("GET", LOANS, type="BORROW")["total"]
    (row,) = rated.call("GET", LOANS, type="BORROW", isolatedSymbol="BTCUSDT")["rows"]
    assert "BTCUSDT" == row["isolatedSymbol"]


def test_interest_is_told_for_each_hour(desk):
    """The first when the loan is taken, the rest at the full hours; newest first."""
    rated = desk(RATED)
    rated.wait(HOUR / 2)
    rated.loan("BORROW", "BTC", "1")
    rated.wait(1.5 * HOUR)

    rows = rated.call("GET", INTEREST)["rows"]

    assert [("PERIODIC", 2 * HOUR), ("PERIODIC", HOUR), ("ON_BORROW", HOUR / 2)] == [
        (row["type"], (row["interestAccuredTime"] - rated.start) / 1000) for row in rows
    ]
    assert {("BTC", "BTC", "1.00000000", "0.00000200", "0.00000200")} == {
        (row["asset"], row["rawAsset"], row["principal"], row["interest"], row["interestRate"]) for row in rows
    }


def test_interest_reaches_back_thirty_days(desk):
    """Of more, the older part is lost."""
    rated = desk(RATED)
    rated.loan("BORROW", "USDT", "1000")
    rated.wait(31 * 24 * HOUR)

    page = rated.call("GET", INTEREST, startTime=rated.start, size=100)

    assert 30 * 24 + 1 == page["total"]
    assert 7 * 24 + 1 == rated.call("GET", INTEREST)["total"]


def test_interest_in_bnb_costs_less_and_adds_no_debt(desk):
    """0.01 USDT at 600 USDT for one BNB, less five percent."""
    scenario = replace(RATED, cross={**CALM.cross, "BNB": replace(CALM.cross["BTC"], free=Decimal(1))})
    rated = desk(scenario)
    rated.call("POST", "/sapi/v1/bnbBurn", interestBNBBurn="true")
    rated.loan("BORROW", "USDT", "1000")

    (row,) = rated.call("GET", INTEREST)["rows"]

    assert ("ON_BORROW_CONVERTED", "BNB", "USDT", "0.00001583") == tuple(
        row[name] for name in ("type", "asset", "rawAsset", "interest")
    )
    assert Decimal(0) == rated.balance("USDT").interest
    assert Decimal("0.99998417") == rated.balance("BNB").free


def test_interest_stays_a_debt_without_bnb(desk):
    """The switch alone does not pay."""
    rated = desk(RATED)
    rated.call("POST", "/sapi/v1/bnbBurn", interestBNBBurn="true")
    rated.loan("BORROW", "USDT", "1000")

    assert "ON_BORROW" == rated.call("GET", INTEREST)["rows"][0]["type"]
    assert Decimal("0.01") == rated.balance("USDT").interest


def test_every_asset_has_its_own_rate(desk):
    """In the order they were asked for."""
    rates = desk(RATED).call("GET", NEXT_RATE, assets="USDT,BTC", isIsolated="FALSE")

    assert [("USDT", "0.00001000"), ("BTC", "0.00000200")] == [
        (rate["asset"], rate["nextHourlyInterestRate"]) for rate in rates
    ]


def test_rates_are_told_by_the_day(desk):
    """A changed rate holds from the next midnight's entry on; the days before the start have the first."""
    rated = desk(RATED)
    rated.wait(24 * HOUR)
    rated.core.venue.terms.of("USDT").set_rate(Decimal("0.00002"), rated.now)
    rated.wait(24 * HOUR)

    rates = rated.call("GET", RATES, asset="USDT", startTime=rated.start - DAY_MS)

    assert ["0.00048000", "0.00048000", "0.00024000", "0.00024000"] == [rate["dailyInterestRate"] for rate in rates]
    assert [rated.now - days * DAY_MS for days in range(4)] == [rate["timestamp"] for rate in rates]


@pytest.mark.parametrize(
    ("path", "sent", "code"),
    [
        (LOANS, {"type": "LEND"}, -1130),
        (LOANS, {}, -1102),
        (LOANS, {"type": "BORROW", "size": 101}, -1130),
        (INTEREST, {"startTime": 5, "endTime": 4}, -3011),
        (RATES, {"asset": "PEPE"}, -3027),
        (RATES, {"asset": "BTC", "vipLevel": 10}, -1130),
        (RATES, {"asset": "BTC", "startTime": 0, "endTime": 32 * DAY_MS}, -1127),
        (NEXT_RATE, {"assets": "BTC"}, -1102),
        (NEXT_RATE, {"assets": ",".join(["BTC"] * 21), "isIsolated": "FALSE"}, -1130),
        (NEXT_RATE, {"assets": "PEPE", "isIsolated": "FALSE"}, -3027),
        ("/sapi/v1/margin/maxBorrowable", {"asset": "PEPE"}, -3027),
        ("/sapi/v1/margin/maxBorrowable", {"asset": "BTC", "isolatedSymbol": "ETHUSDT"}, -3027),
        ("/sapi/v1/margin/maxBorrowable", {"asset": "BTC", "isolatedSymbol": "BNBUSDT"}, -3003),
    ],
)
def test_refused_readings(desk, path, sent, code):
    """Each with the code that the error table has for it."""
    assert code == desk(RATED).refusal("GET", path, **sent)
