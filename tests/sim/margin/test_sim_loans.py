"""Borrowing, repaying, and interest for every begun hour."""

from dataclasses import replace
from decimal import Decimal

import pytest

from binance_margin_async.sim.scenarios import scenario_named

CALM = scenario_named("calm")

# 2026-01-05T00:00:00Z.
MIDNIGHT = 1_767_571_200_000
RATED = replace(CALM, hourly_rate=Decimal("0.00001"))


def moment(text):
    hours, minutes = text.split(":")
    return MIDNIGHT + (int(hours) * 60 + int(minutes)) * 60_000


@pytest.mark.parametrize(
    ("borrowed_at", "repaid_at", "hours"),
    [
        ("13:20", "14:15", 2),
        ("13:20", "13:59", 1),
        ("13:00", "14:00", 2),
        ("13:59", "14:01", 2),
        ("13:20", "16:00", 4),
    ],
)
def test_every_begun_hour_costs_a_full_one(desk, borrowed_at, repaid_at, hours):
    """The first at once, the others at each full UTC hour."""
    rated = desk(RATED, start_ms=moment(borrowed_at))
    rated.loan("BORROW", "USDT", "1000")
    rated.wait((moment(repaid_at) - moment(borrowed_at)) / 1000)

    assert Decimal("0.01") * hours == rated.balance("USDT").interest


def test_faster_market_time_brings_more_hours(desk):
    """Acceleration moves prices and interest hours, not the server's clock."""
    rated = desk(RATED, price_speed=3600)
    rated.loan("BORROW", "USDT", "1000")
    rated.wait(3)

    assert Decimal("0.04") == rated.balance("USDT").interest
    assert MIDNIGHT + 3000 == rated.call("GET", "/api/v3/time", signed=False)["serverTime"]


def test_repayment_pays_interest_first(desk):
    """What is left of a small payment lowers the principal."""
    rated = desk(RATED)
    rated.loan("BORROW", "USDT", "1000")
    rated.wait(1)
    rated.loan("REPAY", "USDT", "0.015")

    balance = rated.balance("USDT")
    assert (Decimal("999.995"), Decimal(0)) == (balance.borrowed, balance.interest)


def test_risk_stream_tells_each_change_of_the_debt(desk):
    """Borrow, interest and repay; a reading of the amounts as changes."""
    rated = desk(RATED, start_ms=moment("13:20"))
    rated.watch_risk()
    rated.loan("BORROW", "USDT", "1000")
    rated.wait(2400)
    rated.loan("REPAY", "USDT", "500")

    seen = [(event["t"], event["p"], event["i"]) for event in rated.events()]

    assert [
        ("BORROW", "1000.00000000", "0.01000000"),
        ("INTEREST", "0.00000000", "0.01000000"),
        ("REPAY", "499.98000000", "0.02000000"),
    ] == seen


def test_loan_changes_the_free_balance_on_the_trade_stream(desk):
    """Any balance change is followed by a position, says the documentation."""
    calm = desk()
    calm.watch()
    calm.loan("BORROW", "USDT", "250")

    assert [{"a": "USDT", "f": "100250.00000000", "l": "0.00000000"}] == calm.events()[0]["B"]


def test_borrow_room_of_cross_is_the_initial_ratio(desk):
    """160,000 of collateral at 1.5: after borrowing X, (160,000 + X) / X ≥ 1.5."""
    assert -3006 == desk().refusal("POST", "loan", type="BORROW", asset="USDT", amount="320000.01", isIsolated="FALSE")
    desk().loan("BORROW", "USDT", "320000")


def test_borrow_room_of_an_isolated_pair_depends_on_the_tier(desk):
    """35,000 at 1.25 allows 140,000 in the first tier of the five-fold pair."""
    calm = desk()
    symbol = {"symbol": "ETHUSDT", "isIsolated": "TRUE"}

    assert -3006 == calm.refusal("POST", "loan", type="BORROW", asset="USDT", amount="140000.01", **symbol)
    calm.loan("BORROW", "USDT", "140000", "ETHUSDT")


def test_second_loan_while_one_is_in_work_is_refused(desk):
    """Loans of one account are worked off one after the other; other accounts do not wait."""
    calm = desk()
    calm.loan("BORROW", "USDT", "100")
    calm.wait(0.099)

    assert -3007 == calm.refusal("POST", "loan", type="REPAY", asset="USDT", amount="1", isIsolated="FALSE")
    calm.loan("BORROW", "USDT", "100", "BTCUSDT")
    calm.wait(0.001)
    calm.loan("REPAY", "USDT", "1")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"type": "REPAY", "asset": "BTC", "amount": "0.1"}, -3015),
        ({"type": "REPAY", "asset": "USDT", "amount": "100.1"}, -3015),
        ({"type": "BORROW", "asset": "DOGE", "amount": "1"}, -3027),
        ({"type": "BORROW", "asset": "ETH", "amount": "1", "isIsolated": "TRUE", "symbol": "BTCUSDT"}, -3027),
        ({"type": "BORROW", "asset": "USDT", "amount": "1", "isIsolated": "TRUE", "symbol": "BNBUSDT"}, -3003),
        ({"type": "BORROW", "asset": "USDT", "amount": "1", "isIsolated": "TRUE", "symbol": "XYUSDT"}, -1121),
        ({"type": "BORROW", "asset": "USDT", "amount": "1", "isIsolated": "TRUE"}, -1102),
        ({"type": "BORROW", "asset": "USDT", "amount": "1", "isIsolated": None}, -1102),
        ({"type": "LEND", "asset": "USDT", "amount": "1"}, -1130),
        ({"type": "BORROW", "asset": "USDT"}, -1102),
        ({"type": "BORROW", "asset": "USDT", "amount": "1e2"}, -1100),
    ],
)
def test_loan_refusals(desk, sent, code):
    """Each with the code the client's error table knows."""
    calm = desk(RATED)
    calm.loan("BORROW", "USDT", "100")
    calm.wait(1)

    assert code == calm.refusal("POST", "loan", **{"isIsolated": "FALSE", **sent})


def test_repay_above_the_free_balance_is_refused(desk):
    """A debt can be larger than what is at hand."""
    calm = desk()
    calm.loan("BORROW", "USDT", "100")
    calm.order("BUY", "MARKET", quoteOrderQty="100000")
    calm.order("BUY", "MARKET", quantity="0.0016")
    calm.wait(1)

    assert -3041 == calm.refusal("POST", "loan", type="REPAY", asset="USDT", amount="100", isIsolated="FALSE")
