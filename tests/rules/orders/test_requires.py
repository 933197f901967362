"""What an order call needs: every combination is judged as a second, hand-written reading of the rules says."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from binance_margin_async.models.violations import Severity
from binance_margin_async.rules.orders.requires import violations
from binance_margin_async.rules.orders.requires_table import CALLS

SINGLE = "POST /sapi/v1/margin/order"
OCO = "POST /sapi/v1/margin/order/oco"
OTO = "POST /sapi/v1/margin/order/oto"
OTOCO = "POST /sapi/v1/margin/order/otoco"

SIDES = ["BUY", "SELL"]
TIMES = ["GTC", "IOC", "FOK"]
TYPES = ["LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT", "LIMIT_MAKER"]
EXITS = ["LIMIT_MAKER", "STOP_LOSS", "STOP_LOSS_LIMIT"]
# What some call accepts for some of its words; hypothesis finds them in the package's source and would try them.
WORDS = {
    *("TRUE", "FALSE", "ACK", "RESULT", "FULL", "NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"),
    *("NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_REPAY", "AUTO_BORROW_REPAY"),
}
EFFECTS = ["NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_REPAY", "AUTO_BORROW_REPAY"]
NUMBER = ["1"]
ABSENT = None


def given_or_not(**choices):
    return st.fixed_dictionaries({name: st.sampled_from([ABSENT, *values]) for name, values in choices.items()})


def legs(*names):
    return {
        f"{name}{what}": values
        for name in names
        for what, values in {
            "Price": NUMBER,
            "StopPrice": NUMBER,
            "TrailingDelta": NUMBER,
            "IcebergQty": NUMBER,
            "TimeInForce": TIMES,
        }.items()
    }


WORKING = {
    "workingType": ["LIMIT", "LIMIT_MAKER"],
    "workingSide": SIDES,
    "workingPrice": NUMBER,
    "workingQuantity": NUMBER,
    "workingIcebergQty": NUMBER,
    "workingTimeInForce": TIMES,
}

SINGLES = given_or_not(
    symbol=["BTCUSDT"],
    side=SIDES,
    type=TYPES,
    quantity=NUMBER,
    quoteOrderQty=NUMBER,
    price=NUMBER,
    stopPrice=NUMBER,
    trailingDelta=NUMBER,
    icebergQty=NUMBER,
    timeInForce=TIMES,
    sideEffectType=EFFECTS,
)
OCOS = given_or_not(
    symbol=["BTCUSDT"],
    side=SIDES,
    quantity=NUMBER,
    price=NUMBER,
    stopPrice=NUMBER,
    stopLimitPrice=NUMBER,
    limitIcebergQty=NUMBER,
    stopIcebergQty=NUMBER,
    stopLimitTimeInForce=TIMES,
    sideEffectType=EFFECTS,
)
OTOS = given_or_not(
    symbol=["BTCUSDT"],
    sideEffectType=EFFECTS,
    pendingType=TYPES,
    pendingSide=SIDES,
    pendingQuantity=NUMBER,
    **WORKING,
    **legs("pending"),
)
OTOCOS = given_or_not(
    symbol=["BTCUSDT"],
    sideEffectType=EFFECTS,
    pendingSide=SIDES,
    pendingQuantity=NUMBER,
    pendingAboveType=EXITS,
    pendingBelowType=EXITS,
    **WORKING,
    **legs("pendingAbove", "pendingBelow"),
)


class Reading:
    """The rules once more, in plain steps: which parameters are at fault."""

    def __init__(self, parameters):
        self.parameters = parameters
        self.faults = set()

    def has(self, name):
        return self.parameters.get(name) is not ABSENT

    def need(self, *names):
        self.faults |= {name for name in names if not self.has(name)}

    def need_one(self, one, other):
        if not self.has(one) and not self.has(other):
            self.faults.add(f"{one} or {other}")

    def refuse(self, *names):
        self.faults |= {name for name in names if self.has(name)}

    def need_gtc(self, iceberg, time_in_force):
        if self.has(iceberg) and self.parameters.get(time_in_force) != "GTC":
            self.faults.add(time_in_force)

    def single(self):
        self.need("symbol", "side", "type")
        kind = self.parameters["type"]
        if kind is ABSENT:
            self.need_gtc("icebergQty", "timeInForce")
        elif kind == "MARKET":
            self.need_one("quantity", "quoteOrderQty")
            self.refuse("price", "stopPrice", "trailingDelta", "icebergQty")
        else:
            self.need("quantity")
            self.refuse("quoteOrderQty")
            if "LIMIT" in kind:
                self.need("price")
            if kind.endswith("LIMIT"):
                self.need("timeInForce")
            if kind in {"LIMIT", "LIMIT_MAKER"}:
                self.refuse("stopPrice", "trailingDelta")
            else:
                self.need_one("stopPrice", "trailingDelta")
            if kind in {"STOP_LOSS", "TAKE_PROFIT"}:
                self.refuse("icebergQty")
        if kind not in {ABSENT, "LIMIT_MAKER"}:
            self.need_gtc("icebergQty", "timeInForce")
        if self.has("quoteOrderQty"):
            self.refuse("quantity")
        return self.faults

    def oco(self):
        self.need("symbol", "side", "quantity", "price", "stopPrice")
        if self.has("stopLimitPrice"):
            self.need("stopLimitTimeInForce")
        self.need_gtc("stopIcebergQty", "stopLimitTimeInForce")
        return self.faults

    def working(self):
        self.need("symbol", "workingType", "workingSide", "workingPrice", "workingQuantity")
        if self.parameters["workingType"] == "LIMIT":
            self.need("workingTimeInForce")
        if self.parameters["workingType"] != "LIMIT_MAKER":
            self.need_gtc("workingIcebergQty", "workingTimeInForce")
        if self.parameters["sideEffectType"] == "AUTO_REPAY":
            self.faults.add("sideEffectType")

    def pending(self, leg):
        kind = self.parameters[f"{leg}Type"]
        if kind is not ABSENT and "LIMIT" in kind:
            self.need(f"{leg}Price")
        if kind is not ABSENT and kind.endswith("LIMIT"):
            self.need(f"{leg}TimeInForce")
        if kind is not ABSENT and kind not in {"LIMIT", "LIMIT_MAKER", "MARKET"}:
            self.need_one(f"{leg}StopPrice", f"{leg}TrailingDelta")
        if self.has(f"{leg}TrailingDelta"):
            self.need(f"{leg}Price")
        if kind != "LIMIT_MAKER":
            self.need_gtc(f"{leg}IcebergQty", f"{leg}TimeInForce")

    def oto(self):
        self.working()
        self.need("pendingType", "pendingSide", "pendingQuantity")
        self.pending("pending")
        return self.faults

    def otoco(self):
        self.working()
        self.need("pendingAboveType", "pendingSide", "pendingQuantity")
        self.pending("pendingAbove")
        self.pending("pendingBelow")
        return self.faults


def faults_of(route, parameters):
    return {violation.name for violation in violations(route, parameters)}


@settings(max_examples=400)
@given(parameters=SINGLES)
def test_a_single_order_is_refused_for_exactly_the_parameters_at_fault(parameters):
    """Nothing passes that the exchange refuses, nothing is refused that it takes."""
    assert Reading(parameters).single() == faults_of(SINGLE, parameters)


@settings(max_examples=400)
@given(parameters=OCOS)
def test_an_oco_is_refused_for_exactly_the_parameters_at_fault(parameters):
    """As above."""
    assert Reading(parameters).oco() == faults_of(OCO, parameters)


@settings(max_examples=400)
@given(parameters=OTOS)
def test_an_oto_is_refused_for_exactly_the_parameters_at_fault(parameters):
    """As above."""
    assert Reading(parameters).oto() == faults_of(OTO, parameters)


@settings(max_examples=400)
@given(parameters=OTOCOS)
def test_an_otoco_is_refused_for_exactly_the_parameters_at_fault(parameters):
    """As above."""
    assert Reading(parameters).otoco() == faults_of(OTOCO, parameters)


LIMIT = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "quantity": "1", "price": "1", "timeInForce": "GTC"}


@pytest.mark.parametrize(
    ("route", "parameters"),
    [
        (SINGLE, LIMIT),
        (SINGLE, {**LIMIT, "icebergQty": "0.1", "sideEffectType": "AUTO_REPAY", "isIsolated": "TRUE"}),
        (SINGLE, {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quoteOrderQty": "10"}),
        (SINGLE, {**LIMIT, "type": "TAKE_PROFIT_LIMIT", "stopPrice": "1", "trailingDelta": "10"}),
        (SINGLE, {**LIMIT, "type": "LIMIT_MAKER", "timeInForce": None, "icebergQty": "0.1"}),
        (OCO, {"symbol": "BTCUSDT", "side": "SELL", "quantity": "1", "price": "3", "stopPrice": "1"}),
        ("POST /sapi/v1/margin/borrow-repay", {}),
    ],
)
def test_a_complete_call_has_no_violation(route, parameters):
    """Nor has a call that places no order."""
    assert [] == violations(route, parameters)


def test_all_violations_are_listed_at_once_and_say_what_to_do():
    """Nobody has to be refused five times in a row."""
    found = violations(SINGLE, {"symbol": "BTCUSDT", "type": "MARKET", "price": "1", "icebergQty": "1", "side": "buy"})
    assert ["side", "quantity or quoteOrderQty", "price", "icebergQty", "timeInForce"] == [each.name for each in found]
    assert {Severity.ERROR} == {each.severity for each in found}
    assert "price: type = MARKET excludes price; leave price out" == str(found[2])


def test_a_parameter_that_two_rules_miss_is_named_once():
    """A trailing take-profit limit needs its price twice over."""
    parameters = {
        "symbol": "BTCUSDT",
        "workingType": "LIMIT_MAKER",
        "workingSide": "BUY",
        "workingPrice": "1",
        "workingQuantity": "1",
        "pendingType": "TAKE_PROFIT_LIMIT",
        "pendingSide": "SELL",
        "pendingQuantity": "1",
        "pendingTrailingDelta": "100",
        "pendingTimeInForce": "GTC",
    }
    assert ["pendingPrice"] == [each.name for each in violations(OTO, parameters)]


@example(route=OTO, name="workingType", value="MARKET")
@example(route=OTOCO, name="pendingAboveType", value="TAKE_PROFIT")
@example(route=SINGLE, name="selfTradePreventionMode", value="DECREMENT")
@given(
    route=st.sampled_from([SINGLE, OCO, OTO, OTOCO]),
    name=st.sampled_from(["isIsolated", "sideEffectType", "newOrderRespType", "selfTradePreventionMode"]),
    value=st.text().filter(lambda text: text not in WORDS),
)
def test_a_word_that_the_call_does_not_accept_is_named(route, name, value):
    """Lower case and words of other calls are typing errors, not news."""
    found = [each for each in violations(route, {name: value}) if each.name == name]
    assert ["is not accepted" in each.what for each in found] == [True]


def test_no_rule_looks_at_a_value_that_is_no_word_of_its_call():
    """Orders of one shape are judged once: of other parameters than words, only that they are given may count."""
    for call in CALLS.values():
        looked_at = {rule.parameter for rule in call.rules if rule.values}
        looked_at |= {name for rule in call.rules for name, _ in rule.equals}
        looked_at |= {rule.unless[0] for rule in call.rules if rule.unless is not None}
        assert looked_at <= set(call.allowed)


@pytest.mark.parametrize("word", [["LIMIT"], {"LIMIT": 1}])
def test_a_word_that_is_no_text_is_told_like_any_other_wrong_word(word):
    """It cannot be looked up among the shapes known to be sound."""
    found = violations("POST /sapi/v1/margin/order", {"symbol": "BTCUSDT", "side": "BUY", "type": word})
    assert ["type"] == [violation.name for violation in found]
