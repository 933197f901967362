"""Calls at the bar, and what a forced liquidation leaves."""

from dataclasses import replace
from decimal import Decimal

from binance_margin_async.sim import Holding, IsolatedOpening, ScriptedPrice
from binance_margin_async.sim.scenarios import scenario_named

CALM = scenario_named("calm")


def falling(*points):
    return {**CALM.prices, "BTCUSDT": ScriptedPrice("BTCUSDT", [(0, "60000"), *points])}


LONG = replace(
    CALM,
    prices=falling((10, "52000"), (20, "44000"), (40, "43000")),
    cross={"BTC": Holding(free=Decimal(1)), "USDT": Holding(borrowed=Decimal(40_000))},
    isolated={},
    hourly_rate=Decimal(0),
)
SHORT = replace(
    CALM,
    prices=falling((10, "70000"), (20, "79000")),
    cross={"BTC": Holding(borrowed=Decimal(1)), "USDT": Holding(free=Decimal(85_000))},
    isolated={},
    hourly_rate=Decimal(0),
)


def test_status_change_is_pushed_with_the_level(desk):
    """At the moment of the step, with eight decimals."""
    long = desk(LONG)
    long.watch_risk()
    long.wait(10)

    expected = {"e": "MARGIN_LEVEL_STATUS_CHANGE", "E": long.now, "l": "1.30000000", "s": "MARGIN_CALL"}
    assert [expected] == long.events()


def test_status_is_pushed_on_change_only(desk):
    """A price that moves inside a band is no news."""
    steady = desk(replace(LONG, prices=falling((5, "59000"), (10, "58000"))))
    steady.watch_risk()
    steady.wait(20)

    assert [] == steady.events()


def test_liquidation_is_seen_before_it_is_carried_out(desk):
    """For three seconds the account is locked and says so."""
    long = desk(LONG)
    long.wait(20)

    assert long.call("GET", "account")["tradeEnabled"] is False
    order = {"symbol": "BTCUSDT", "side": "SELL", "type": "MARKET", "quantity": "0.1"}
    assert -2010 == long.refusal("POST", "order", **order)
    assert -3037 == long.refusal("POST", "loan", type="REPAY", asset="USDT", amount="1", isIsolated="FALSE")

    long.wait(3)
    assert long.call("GET", "account")["tradeEnabled"] is True


def test_liquidated_long_owes_nothing_and_keeps_the_rest(desk):
    """As much is sold as the debt needs; orders are cancelled by the exchange; the client does not know the ids."""
    long = desk(LONG)
    connection = long.watch()
    long.order("SELL", "LIMIT", quantity="0.5", price="70000", newClientOrderId="mine")
    long.leaving()
    long.wait(23)

    events = [frame["event"] for number, frame in long.leaving() if number == connection]
    reports = [event for event in events if event["e"] == "executionReport"]
    assert [("mine", "EXPIRED", "EXCHANGE_CANCELED")] == [(e["c"], e["x"], e["eR"]) for e in reports if "eR" in e]
    assert [("NEW", "SELL"), ("TRADE", "SELL")] == [(e["x"], e["S"]) for e in reports if e["c"] == "autoclose-1"]
    assert "FILLED" == reports[-1]["X"]
    bitcoin, dollars = long.balance("BTC"), long.balance("USDT")
    assert 0 == dollars.liability
    assert Decimal("0.08999") == bitcoin.free
    assert [Decimal("0.91001")] == [order.executed for order in long.core.liquidations]


def test_liquidated_short_buys_back_what_it_owes(desk):
    """The debt in the base asset is bought with the quote asset."""
    short = desk(SHORT)
    short.wait(23)

    bitcoin = short.balance("BTC")
    assert 0 == bitcoin.liability
    assert 0 < short.balance("USDT").free < Decimal(85_000) - Decimal(79_000)
    assert ["BUY"] == [order.ticket.side for order in short.core.liquidations]


def test_liquidation_goes_through_the_dollar(desk):
    """A debt in one coin against another coin needs two trades."""
    cross = {"ETH": Holding(free=Decimal(30)), "BTC": Holding(borrowed=Decimal(1))}
    pair = desk(replace(SHORT, cross=cross, prices=falling((10, "82000"))))
    pair.wait(23)

    assert [("SELL", "ETHUSDT"), ("BUY", "BTCUSDT")] == [(o.ticket.side, o.symbol) for o in pair.core.liquidations]
    assert 0 == pair.balance("BTC").liability


def test_account_that_owes_more_than_it_has_is_cleared(desk):
    """What its sale did not pay becomes a liquidation loan; the account itself owes nothing any more."""
    cross = {"BTC": Holding(free=Decimal("1.000001")), "USDT": Holding(borrowed=Decimal(40_000))}
    broken = desk(replace(LONG, cross=cross, prices=falling((10, "30000"))))
    broken.wait(60)

    # 30,000 less the commission of 0.1 percent came in, and three cents' worth of dust was taken.
    assert 1 == len(broken.core.liquidations)
    assert Decimal(0) == broken.balance("USDT").liability
    assert "EXCESSIVE" == broken.core.venue.risk.statuses["CROSS"]
    assert "10029.97000000" == broken.call("GET", "/sapi/v1/margin/liquidation-loan")["remainingAmount"]


def test_isolated_liquidation_touches_its_pair_only(desk):
    """That is what isolated means."""
    pair = IsolatedOpening({"BTC": Holding(free=Decimal("0.2")), "USDT": Holding(borrowed=Decimal(9_000))}, leverage=10)
    both = desk(replace(LONG, cross=CALM.cross, isolated={"BTCUSDT": pair}, prices=falling((10, "46800"))))
    before = both.call("GET", "account")["userAssets"]
    both.wait(10)
    assert "FORCE_LIQUIDATION" == both.call("GET", "isolated")["assets"][0]["marginLevelStatus"]
    both.wait(3)

    assert "EXCESSIVE" == both.call("GET", "isolated")["assets"][0]["marginLevelStatus"]
    assert before == both.call("GET", "account")["userAssets"]


def test_interest_alone_can_ring(desk):
    """Unpaid interest is part of the debt: the level sinks while the price stands still."""
    cross = {"BTC": Holding(free=Decimal(1)), "USDT": Holding(borrowed=Decimal(46_000))}
    creeping = desk(replace(CALM, cross=cross, hourly_rate=Decimal("0.004")))
    creeping.wait(1800)
    creeping.watch_risk()
    creeping.wait(1800)

    assert ["USER_LIABILITY_CHANGE", "MARGIN_LEVEL_STATUS_CHANGE"] == [event["e"] for event in creeping.events()]


def test_every_price_step_is_recorded_for_every_account(desk):
    """Tests count crossings here, not on the wire."""
    played = desk("slide")
    played.wait(1)

    expected = [(at, account) for at in (0, 500, 1000) for account in ("CROSS", "BTCUSDT")]
    assert expected == [(record.time - played.start, record.account) for record in played.core.levels]
