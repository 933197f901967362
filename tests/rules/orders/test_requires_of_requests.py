"""Order objects against the parameter rules: what types cannot say is found, and nothing else."""

import pytest

from binance_margin_async.models.order_legs import (
    LimitLeg,
    LimitMakerLeg,
    MarketLeg,
    StopLossLeg,
    StopLossLimitLeg,
    TakeProfitLeg,
    TakeProfitLimitLeg,
)
from binance_margin_async.models.order_lists import Oco, Oto, Otoco
from binance_margin_async.models.orders import (
    LimitMakerOrder,
    LimitOrder,
    MarketOrder,
    SingleOrder,
    StopLossLimitOrder,
    StopLossOrder,
    TakeProfitLimitOrder,
    TakeProfitOrder,
)
from binance_margin_async.rules.orders.requires import violations
from binance_margin_async.wire.orders import parameters

PAIR = "BTCUSDT"
EXIT = {"pending_side": "SELL", "pending_quantity": 1}
TRIGGERS = ({"stop_price": 1}, {"trailing_delta": 1}, {"stop_price": 1, "trailing_delta": 1})


def faults_of(order):
    path = "" if isinstance(order, SingleOrder) else f"/{type(order).__name__.lower()}"
    return [each.name for each in violations(f"POST /sapi/v1/margin/order{path}", parameters(order))]


def oto(pending, **changes):
    return Oto(PAIR, "BUY", **{"quantity": 1, "working": LimitLeg(price=1), "pending": pending, **EXIT, **changes})


def otoco(above, below=None, **changes):
    working = LimitMakerLeg(price=1, iceberg_quantity=1)
    return Otoco(PAIR, "BUY", **{"quantity": 1, "working": working, "above": above, "below": below, **EXIT, **changes})


GOOD = [
    LimitOrder(PAIR, "BUY", quantity=1, price=1, iceberg_quantity=1),
    LimitMakerOrder(PAIR, "BUY", quantity=1, price=1, iceberg_quantity=1),
    MarketOrder(PAIR, "BUY", quantity=1),
    MarketOrder(PAIR, "BUY", quote_order_quantity=1),
    *(kind(PAIR, "BUY", quantity=1, **trigger) for kind in (StopLossOrder, TakeProfitOrder) for trigger in TRIGGERS),
    *(
        kind(PAIR, "BUY", quantity=1, price=1, iceberg_quantity=1, **trigger)
        for kind in (StopLossLimitOrder, TakeProfitLimitOrder)
        for trigger in TRIGGERS
    ),
    Oco(PAIR, "SELL", quantity=1, price=3, stop_price=1, limit_iceberg_quantity=1),
    Oco(PAIR, "SELL", quantity=1, price=3, stop_price=1, stop_limit_price=1, stop_iceberg_quantity=1),
    oto(LimitLeg(price=1, iceberg_quantity=1), working=LimitLeg(price=1, iceberg_quantity=1)),
    oto(LimitMakerLeg(price=1, iceberg_quantity=1)),
    oto(MarketLeg()),
    *(oto(kind(price=1, **trigger)) for kind in (StopLossLeg, TakeProfitLeg) for trigger in TRIGGERS),
    *(
        oto(kind(price=1, iceberg_quantity=1, **trigger))
        for kind in (StopLossLimitLeg, TakeProfitLimitLeg)
        for trigger in TRIGGERS
    ),
    oto(StopLossLeg(stop_price=1)),
    otoco(LimitMakerLeg(price=1, iceberg_quantity=1)),
    otoco(StopLossLeg(stop_price=1), LimitMakerLeg(price=1)),
    otoco(LimitMakerLeg(price=1), StopLossLimitLeg(price=1, trailing_delta=1, iceberg_quantity=1)),
]


@pytest.mark.parametrize("order", GOOD, ids=repr)
def test_an_order_that_types_let_through_breaks_no_rule(order):
    """Constructing an impossible order is hard."""
    assert [] == faults_of(order)


@pytest.mark.parametrize(
    ("order", "faults"),
    [
        (LimitOrder(PAIR, "BUY", quantity=1, price=1, iceberg_quantity=1, time_in_force="IOC"), ["timeInForce"]),
        (MarketOrder(PAIR, "BUY"), ["quantity or quoteOrderQty"]),
        (MarketOrder(PAIR, "BUY", quantity=1, quote_order_quantity=1), ["quantity"]),
        (StopLossOrder(PAIR, "BUY", quantity=1), ["stopPrice or trailingDelta"]),
        (TakeProfitLimitOrder(PAIR, "BUY", quantity=1, price=1), ["stopPrice or trailingDelta"]),
        (Oco(PAIR, "SELL", quantity=1, price=3, stop_price=1, stop_iceberg_quantity=1), ["stopLimitTimeInForce"]),
        (oto(StopLossLeg()), ["pendingStopPrice or pendingTrailingDelta"]),
        (oto(TakeProfitLeg(trailing_delta=1)), ["pendingPrice"]),
        (oto(MarketLeg(), side_effect="AUTO_REPAY"), ["sideEffectType"]),
        (
            otoco(
                StopLossLeg(trailing_delta=1),
                StopLossLimitLeg(price=1, iceberg_quantity=1, time_in_force="FOK"),
                side_effect="AUTO_REPAY",
                self_trade_prevention_mode="TRANSFER",
            ),
            [
                "sideEffectType",
                "selfTradePreventionMode",
                "pendingAbovePrice",
                "pendingBelowStopPrice or pendingBelowTrailingDelta",
                "pendingBelowTimeInForce",
            ],
        ),
    ],
)
def test_what_types_cannot_say_is_found_before_sending(order, faults):
    """All of it at once."""
    assert sorted(faults) == sorted(faults_of(order))
