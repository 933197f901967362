"""What may be borrowed and what may leave, to the last unit."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance_margin_async.sim import Holding, IsolatedOpening
from binance_margin_async.sim.amounts import GRAIN
from binance_margin_async.sim.margin.terms import LoanTerms
from binance_margin_async.sim.scenarios import scenario_named

CALM = scenario_named("calm")
FREE_OF_CHARGE = replace(CALM, hourly_rate=Decimal(0))

amounts = st.decimals("0", "200000", places=8)
coins = st.decimals("0", "30000", places=8)


def of_cross(desk, **holdings):
    scenario = replace(FREE_OF_CHARGE, cross=holdings)
    return desk(scenario).core.venue


@settings(max_examples=60, deadline=None)
@given(usdt=amounts, bnb=coins, debt=amounts, asset=st.sampled_from(("BTC", "BNB", "USDT", "ETH")))
def test_largest_loan_is_the_last_that_is_granted(desk, usdt, bnb, debt, asset):
    """One unit more is refused; BNB counts for less the more there is of it."""
    venue = of_cross(desk, USDT=Holding(usdt, debt), BNB=Holding(bnb))
    account = venue.account(None)

    most = venue.room.max_borrowable(account, asset)

    assert most == 0 or venue.room.may_borrow(account, asset, most)
    assert most >= venue.room.inventory(account, asset) or not venue.room.may_borrow(account, asset, most + GRAIN)


@settings(max_examples=60, deadline=None)
@given(usdt=amounts, bnb=coins, debt=amounts, asset=st.sampled_from(("BNB", "USDT")))
def test_largest_transfer_is_the_last_that_is_granted(desk, usdt, bnb, debt, asset):
    """One unit more is refused, unless everything may go."""
    venue = of_cross(desk, USDT=Holding(usdt, debt), BNB=Holding(bnb))
    account = venue.account(None)

    most = venue.room.max_transferable(account, asset)

    assert most == 0 or venue.room.may_leave(account, asset, most)
    assert most == account.balance(asset).free or not venue.room.may_leave(account, asset, most + GRAIN)


@settings(max_examples=40, deadline=None)
@given(
    usdt=st.decimals("0", "900000", places=8),
    owed=st.decimals("0", "2000000", places=8),
    coins_owed=st.decimals("0", "30", places=8),
    asset=st.sampled_from(("BTC", "USDT")),
)
def test_largest_isolated_loan_is_the_last_that_is_granted(desk, usdt, owed, coins_owed, asset):
    """A larger debt belongs to a tier with a higher bar."""
    holdings = {"BTC": Holding(Decimal(1), coins_owed), "USDT": Holding(usdt, owed)}
    venue = desk(replace(FREE_OF_CHARGE, isolated={"BTCUSDT": IsolatedOpening(holdings)})).core.venue
    account = venue.account("BTCUSDT")

    most = venue.room.max_borrowable(account, asset)

    assert most == 0 or venue.room.may_borrow(account, asset, most)
    assert not venue.room.may_borrow(account, asset, most + GRAIN)


@pytest.mark.parametrize(
    ("held", "owed", "room"),
    [(1000, 0, 2000), (5000, 2000, 4000), (3000, 2500, 0)],
)
def test_room_to_borrow_follows_the_published_rule(desk, held, owed, room):
    """(collateral - 1.5 · debt) ÷ 0.5, never below zero."""
    venue = of_cross(desk, USDT=Holding(Decimal(held), Decimal(owed)))

    assert Decimal(room) == venue.room.max_borrowable(venue.account(None), "USDT")


def test_haircut_lowers_the_room(desk):
    """Borrowed BNB counts for 0.95: (5,000 - 1.5 · 2,000) ÷ (1.5 - 0.95) in value."""
    venue = of_cross(desk, USDT=Holding(Decimal(5000), Decimal(2000)))

    assert Decimal("6.06060606") == venue.room.max_borrowable(venue.account(None), "BNB")


def test_room_is_reckoned_slice_by_slice(desk):
    """
    4.8 million of BNB count for 0.95, the next 5 million for 0.8.

    400,000 of collateral over 1.5 times the debt: 200,000 more at a price of 0.55 each leave 290,000, and these are
    used up at 0.7 each.
    """
    terms = {"BNB": LoanTerms(borrow_limit=Decimal(10**9))}
    holdings = {"BNB": Holding(Decimal(8_000)), "USDT": Holding(borrowed=Decimal(4_160_000) / Decimal("1.5"))}
    scenario = replace(FREE_OF_CHARGE, cross=holdings, loan_terms=terms)
    venue = desk(scenario).core.venue
    value = Decimal(200_000) + (Decimal(400_000) - Decimal(200_000) * Decimal("0.55")) / Decimal("0.7")

    assert abs(value / 600 - venue.room.max_borrowable(venue.account(None), "BNB")) < Decimal("1e-7")


def test_loan_of_an_asset_that_the_account_never_held_counts(desk):
    """A debt in a new asset is a debt."""
    venue = of_cross(desk, USDT=Holding(Decimal(1000)))

    assert not venue.room.may_borrow(venue.account(None), "BTC", Decimal("0.04"))


def test_everything_may_leave_an_account_without_debt(desk):
    """The bar of two is about debts."""
    venue = of_cross(desk, USDT=Holding(Decimal(1000)), BTC=Holding(Decimal(1)))

    assert Decimal(1000) == venue.room.max_transferable(venue.account(None), "USDT")


def test_limit_of_the_account_caps_the_room(desk):
    """It counts what is owed already."""
    terms = {"USDT": LoanTerms(borrow_limit=Decimal(100))}
    calm = desk(replace(FREE_OF_CHARGE, loan_terms=terms))
    calm.loan("BORROW", "USDT", "60")
    calm.wait(1)

    assert {"amount": "40.00000000", "borrowLimit": "100.00000000"} == calm.call(
        "GET", "/sapi/v1/margin/maxBorrowable", asset="USDT"
    )
    assert -3006 == calm.refusal("POST", "loan", type="BORROW", asset="USDT", amount="40.00000001", isIsolated="FALSE")


def test_pool_caps_the_room_and_runs_dry(desk):
    """What one account has borrowed is not there for the next; what is paid back is."""
    terms = {"USDT": LoanTerms(inventory=Decimal(100), isolated_inventory=Decimal(30))}
    calm = desk(replace(FREE_OF_CHARGE, loan_terms=terms))
    calm.loan("BORROW", "USDT", "60")
    calm.wait(1)

    assert "40.00000000" == calm.call("GET", "/sapi/v1/margin/maxBorrowable", asset="USDT")["amount"]
    assert -3045 == calm.refusal("POST", "loan", type="BORROW", asset="USDT", amount="40.00000001", isIsolated="FALSE")
    calm.loan("REPAY", "USDT", "60")
    calm.wait(1)
    calm.loan("BORROW", "USDT", "100")
    assert -3045 == calm.refusal(
        "POST", "loan", type="BORROW", asset="USDT", amount="31", isIsolated="TRUE", symbol="BTCUSDT"
    )


def test_order_that_would_borrow_too_much_is_refused_when_the_pool_is_dry(desk):
    """And leaves nothing behind."""
    calm = desk(replace(FREE_OF_CHARGE, loan_terms={"ETH": LoanTerms(inventory=Decimal(1))}))
    sent = {"symbol": "ETHUSDT", "side": "SELL", "type": "MARKET", "sideEffectType": "MARGIN_BUY"}

    assert -3045 == calm.refusal("POST", "order", quantity="1.5", **sent)
    assert {} == calm.core.venue.trading.open
