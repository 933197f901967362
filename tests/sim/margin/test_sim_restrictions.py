"""Every refusal about loans, repayments, transfers and barred orders can be provoked, by a switch or by a scenario."""

from dataclasses import replace
from decimal import Decimal

import pytest

from binance_margin_async.sim import LoanTerms
from binance_margin_async.sim.margin.restrictions import Schedule
from binance_margin_async.sim.scenarios import scenario_named

CALM = replace(scenario_named("calm"), hourly_rate=Decimal(0))
BORROW = {"type": "BORROW", "asset": "USDT", "amount": "10", "isIsolated": "FALSE"}
REPAY = {**BORROW, "type": "REPAY"}
INTO = {"type": "MAIN_MARGIN", "asset": "USDT", "amount": "10"}
OUT = {**INTO, "type": "MARGIN_MAIN"}

BUY = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.001"}
OCO = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "0.01", "price": "70000", "stopPrice": "50000"}


def switches(own):
    return own.core.venue.restrictions


def terms(own):
    return own.core.venue.terms.of("USDT")


SWITCHED = [
    (-3008, "loan", BORROW, lambda own: setattr(switches(own), "lending_is_open", False)),
    (-3012, "loan", BORROW, lambda own: setattr(terms(own), "is_borrowable", False)),
    (-3012, "loan", BORROW, lambda own: switches(own).delistings.append(Schedule(0, ("USDT",)))),
    (-3013, "loan", BORROW, lambda own: setattr(terms(own), "min_borrow", Decimal(11))),
    (-3014, "loan", BORROW, lambda own: switches(own).ban("CROSS", "borrow")),
    (-3045, "loan", BORROW, lambda own: own.core.venue.book.stock("pool of the cross account", "USDT", -(10**9))),
    (-3010, "loan", REPAY, lambda own: setattr(switches(own), "repaying_is_open", False)),
    (-3016, "loan", REPAY, lambda own: setattr(terms(own), "min_repay", Decimal(11))),
    (-3024, "loan", {**REPAY, "amount": "95"}, lambda own: setattr(terms(own), "min_repay", Decimal(11))),
    (-3036, "loan", REPAY, lambda own: switches(own).ban("CROSS", "repay")),
    (-3009, "move", INTO, lambda own: switches(own).collateral_exceeded.append("USDT")),
    (-3017, "move", INTO, lambda own: setattr(terms(own), "is_collateral", False)),
    (-3018, "move", INTO, lambda own: switches(own).ban("CROSS", "transfer_in")),
    (-3043, "move", INTO, lambda own: setattr(switches(own), "transfers_in_are_open", False)),
    (-3065, "move", INTO, lambda own: switches(own).delistings.append(Schedule(0, ("USDT",)))),
    (-3021, "order", BUY, lambda own: switches(own).closed_pairs.append("BTCUSDT")),
    (-3022, "order", BUY, lambda own: switches(own).ban("CROSS", "trade")),
    (-3067, "order", BUY, lambda own: switches(own).closed_assets.append("BTC")),
    (-3067, "/sapi/v1/margin/order/oco", OCO, lambda own: switches(own).closed_assets.append("USDT")),
    (-3019, "move", OUT, lambda own: switches(own).ban("CROSS", "transfer_out")),
]


@pytest.mark.parametrize(
    ("code", "path", "sent", "turn"), SWITCHED, ids=[f"{row[0]}-{number}" for number, row in enumerate(SWITCHED)]
)
def test_switch_provokes_its_refusal(desk, code, path, sent, turn):
    """The very same request is fine before; a refused one changes nothing."""
    own = desk(CALM)
    own.loan("BORROW", "USDT", "100")
    own.wait(1)
    free = own.balance("USDT").free
    turn(own)

    assert code == own.refusal("POST", path, **sent)
    assert free == own.balance("USDT").free
    other = desk(CALM)
    other.loan("BORROW", "USDT", "100")
    other.wait(1)
    other.call("POST", path, **sent)


def test_whole_debt_may_be_paid_however_small(desk):
    """Otherwise it could never be got rid of."""
    own = desk(replace(CALM, loan_terms={"USDT": LoanTerms(min_repay=Decimal(50))}))
    own.loan("BORROW", "USDT", "10")
    own.wait(1)
    own.loan("REPAY", "USDT", "10")

    assert Decimal(0) == own.balance("USDT").liability


def test_nothing_leaves_an_account_in_a_margin_call(desk):
    """Another refusal than that of a level that is merely too low for it."""
    own = desk("slide")
    own.wait(13)

    assert -3023 == own.refusal("POST", "move", type="MARGIN_MAIN", asset="BTC", amount="0.1")


def test_everything_waits_while_a_liquidation_runs(desk):
    """Loans and transfers out are refused with the same code."""
    own = desk("slide")
    own.wait(25)

    assert -3037 == own.refusal("POST", "move", type="MARGIN_MAIN", asset="BTC", amount="0.1")
    assert -3037 == own.refusal("POST", "loan", **REPAY)
    assert -3037 == own.refusal("POST", "/sapi/v1/margin/manual-liquidation", type="MARGIN")
