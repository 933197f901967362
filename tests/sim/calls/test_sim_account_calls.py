"""The cross account's leverage and terms, and the switches of isolated accounts."""

from dataclasses import replace
from decimal import Decimal

import pytest

from binance_margin_async.sim import Holding, LoanTerms
from binance_margin_async.sim.scenarios import scenario_named

CALM = replace(scenario_named("calm"), hourly_rate=Decimal(0), duration_s=None)
LEVERAGE = "/sapi/v1/margin/max-leverage"
LIMIT = "/sapi/v1/margin/isolated/accountLimit"


def bars(own):
    reply = own.call("GET", "/sapi/v1/margin/tradeCoeff")
    return [float(reply[name]) for name in ("normalBar", "marginCallBar", "forceLiquidationBar")]


def test_leverage_changes_the_bars(desk):
    """More leverage, later calls."""
    calm = desk(CALM)
    assert [1.5, 1.3, 1.1] == bars(calm)
    calm.call("POST", LEVERAGE, maxLeverage=5)
    assert [1.25, 1.16, 1.1] == bars(calm)
    calm.wait(60)
    calm.call("POST", LEVERAGE, maxLeverage=3)

    assert [1.5, 1.3, 1.1] == bars(calm)


def test_leverage_widens_the_room_to_borrow(desk):
    """160,000 of collateral: 320,000 at 1.5, 640,000 at 1.25."""
    calm = desk(CALM)
    calm.call("POST", LEVERAGE, maxLeverage=5)

    assert Decimal(640_000) == calm.core.venue.room.max_borrowable(calm.core.venue.account(None), "USDT")


def test_leverage_may_change_once_a_minute(desk):
    """The second call in a minute is too many, whatever it asks for."""
    calm = desk(CALM)
    calm.call("POST", LEVERAGE, maxLeverage=5)
    calm.wait(59)
    reply = calm.send("POST", LEVERAGE, maxLeverage=3)
    assert (429, "1") == (reply.status, reply.headers["Retry-After"])
    calm.wait(1)

    calm.call("POST", LEVERAGE, maxLeverage=3)


@pytest.mark.parametrize(("leverage", "code"), [(10, -1020), (20, -1020), (4, -1130), ("five", -1100), (None, -1102)])
def test_other_leverages_are_refused(desk, leverage, code):
    """Ten and twenty belonged to a mode that is closed."""
    assert code == desk(CALM).refusal("POST", LEVERAGE, maxLeverage=leverage)


def test_level_must_allow_the_lower_leverage(desk):
    """1.4 is enough for five times, and not for three times."""
    cross = {"BTC": Holding(Decimal(1)), "USDT": Holding(borrowed=Decimal(60_000) / Decimal("1.4"))}
    called = desk(replace(CALM, cross=cross))

    assert -3023 == called.refusal("POST", LEVERAGE, maxLeverage=3)
    called.wait(60)
    called.call("POST", LEVERAGE, maxLeverage=5)


def test_terms_of_loans_are_told(desk):
    """A scenario may make one asset differ."""
    special = {"BTC": LoanTerms(hourly_rate=Decimal("0.00001"), borrow_limit=Decimal(7), is_borrowable=False)}
    (row,) = desk(replace(CALM, loan_terms=special)).call("GET", "/sapi/v1/margin/crossMarginData", coin="BTC")

    assert {
        "vipLevel": 0,
        "coin": "BTC",
        "transferIn": True,
        "borrowable": False,
        "dailyInterest": "0.00024000",
        "yearlyInterest": "0.08760000",
        "borrowLimit": "7.00000000",
        "marginablePairs": ["BTCUSDT"],
    } == row


def test_isolated_terms_are_those_of_the_first_tier(desk):
    """The limits are the smaller of tier and account."""
    (row,) = desk(CALM).call("GET", "/sapi/v1/margin/isolatedMarginData", symbol="BTCUSDT")

    assert ("BTCUSDT", "10") == (row["symbol"], row["leverage"])
    assert [("BTC", "8.33333333"), ("USDT", "500000.00000000")] == [
        (entry["coin"], entry["borrowLimit"]) for entry in row["data"]
    ]


def emptied(desk):
    own = desk(CALM)
    own.move("ISOLATEDMARGIN_MARGIN", "ETH", 5, fromSymbol="ETHUSDT")
    own.move("ISOLATEDMARGIN_MARGIN", "USDT", 20_000, fromSymbol="ETHUSDT")
    return own


def test_pair_is_switched_off_and_on_again(desk):
    """Meanwhile its account is as good as not there, but can be looked at."""
    own = emptied(desk)
    own.call("DELETE", "isolated", symbol="ETHUSDT")

    assert {"enabledAccount": 1, "maxAccount": 20} == own.call("GET", LIMIT)
    assert -3003 == own.refusal("GET", "/sapi/v1/margin/maxTransferable", asset="ETH", isolatedSymbol="ETHUSDT")
    assert -3043 == own.refusal(
        "POST", "move", type="MARGIN_ISOLATEDMARGIN", asset="USDT", amount=1, toSymbol="ETHUSDT"
    )
    assert not own.call("GET", "isolated", symbols="ETHUSDT")["assets"][0]["enabled"]
    own.call("POST", "isolated", symbol="ETHUSDT")
    assert own.call("GET", "isolated", symbols="ETHUSDT")["assets"][0]["enabled"]


def test_pair_is_switched_off_once_a_day(desk):
    """It can be switched on at any time."""
    own = emptied(desk)
    own.call("DELETE", "isolated", symbol="ETHUSDT")
    own.call("POST", "isolated", symbol="ETHUSDT")
    own.wait(24 * 3600 - 1)
    assert -3026 == own.refusal("DELETE", "isolated", symbol="ETHUSDT")
    own.wait(1)

    own.call("DELETE", "isolated", symbol="ETHUSDT")


@pytest.mark.parametrize(
    ("verb", "symbol", "code"),
    [("DELETE", "BTCUSDT", -3041), ("DELETE", "BNBUSDT", -3003), ("POST", "BNBUSDT", -3003), ("POST", "XYUSDT", -1121)],
)
def test_refused_switches(desk, verb, symbol, code):
    """Only an empty account can be switched off, and only a transfer opens one."""
    assert code == desk(CALM).refusal(verb, "isolated", symbol=symbol)


def test_fees_in_bnb_are_a_switch_of_their_own(desk):
    """One of the two switches may be left as it is."""
    own = desk(CALM)
    assert -1102 == own.refusal("POST", "/sapi/v1/bnbBurn")
    own.call("POST", "/sapi/v1/bnbBurn", spotBNBBurn="true")
    own.call("POST", "/sapi/v1/bnbBurn", interestBNBBurn="true")
    own.call("POST", "/sapi/v1/bnbBurn", spotBNBBurn="false")

    assert {"spotBNBBurn": False, "interestBNBBurn": True} == own.call("GET", "/sapi/v1/bnbBurn")
    assert (False, True) == (own.core.venue.trading.fees.in_bnb, own.core.venue.interest.in_bnb)
