"""What a rule asks for, and what makes no sense."""

from decimal import Decimal

import pytest

from binance_margin_async.models.alerts import Urgency
from binance_margin_async.models.margin import MarginState
from binance_margin_async.models.protection import ActionKind
from binance_margin_async.rules.protection.rule import Measured, ProtectionRule

SAFE = {"asset": "USDT", "most": Decimal(1), "most_per_day": Decimal(1)}


def measured(level=None, distance=None, state=MarginState.OK):
    as_number = [None if each is None else Decimal(each) for each in (level, distance)]
    return Measured(level=as_number[0], distance=as_number[1], state=state)


@pytest.mark.parametrize(
    ("terms", "complaint"),
    [
        ({}, "exactly one of level, distance and urgency, not none"),
        ({"level": Decimal("1.3"), "distance": Decimal("0.1")}, "not level, distance"),
        ({"level": Decimal(1)}, "above 1 and below 999"),
        ({"distance": Decimal(5)}, "0.05 is 5 %"),
        ({"level": Decimal("1.3"), "target": Decimal("1.2")}, "target 1.2 must be above 1.3"),
        ({"level": Decimal("1.3"), "asset": None}, "repay needs asset"),
        ({"level": Decimal("1.3"), "symbol": "BTCUSDT"}, "repay takes no symbol"),
        ({"level": Decimal("1.3"), "most": None}, "needs most and most_per_day"),
        ({"level": Decimal("1.3"), "most": Decimal(0)}, "most must be above 0, not 0"),
        ({"level": Decimal("NaN")}, "level must be above 0, not NaN"),
        ({"level": Decimal("1.3"), "cool_down": -1.0}, "cool_down must be seconds"),
        ({"level": Decimal("1.3"), "slippage": Decimal(1)}, "slippage is a fraction below 1"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_what_is_wrong(terms, complaint):
    """Before it is needed."""
    with pytest.raises(ValueError, match=complaint):
        ProtectionRule(**{"name": "rule", "kind": ActionKind.REPAY} | SAFE | terms)


def test_a_float_is_no_amount():
    """It would lose digits of money."""
    with pytest.raises(TypeError, match="most of 'rule' must be a Decimal"):
        ProtectionRule(**{"name": "rule", "kind": ActionKind.REPAY, "level": Decimal("1.3")} | SAFE | {"most": 0.1})


def test_cancels_take_no_amount():
    """They take everything that is open."""
    with pytest.raises(ValueError, match="neither most nor target"):
        ProtectionRule(name="rule", kind=ActionKind.CANCEL_ORDERS, level=Decimal("1.3"), most=Decimal(1))


@pytest.mark.parametrize(
    ("trigger", "there", "reached"),
    [
        ({"level": "1.3"}, measured("1.3"), True),
        ({"level": "1.3"}, measured("1.3001"), False),
        ({"level": "1.3"}, measured(None), False),
        ({"distance": "0.1"}, measured("1.5", "0.1"), True),
        ({"distance": "0.1"}, measured("1.5", "0.11"), False),
        ({"distance": "0.1"}, measured("1.5", None), False),
        ({"distance": "0.1"}, measured("1.05", "-0.02"), True),
        ({"urgency": Urgency.URGENT}, measured("1.2", state=MarginState.MARGIN_CALL), True),
        ({"urgency": Urgency.URGENT}, measured("1.1", state=MarginState.CRITICAL), True),
        ({"urgency": Urgency.URGENT}, measured("1.32", state=MarginState.WARN), False),
    ],
)
def test_a_rule_is_due_at_its_trigger_or_below(rule, trigger, there, reached):
    """What is not known, and an account without debt, is no reason to act."""
    terms = {name: Decimal(value) if name != "urgency" else value for name, value in trigger.items()}
    assert reached == rule("repay", **terms).is_reached(there)


def test_an_unknown_distance_ends_no_crossing(rule):
    """Nobody has seen that it is over; nothing owed ends it."""
    near = rule("repay", distance=Decimal("0.1"))
    assert not near.is_clear(measured("1.5", None), widen=Decimal("1.01"))
    assert near.is_clear(measured(None, None), widen=Decimal("1.01"))
