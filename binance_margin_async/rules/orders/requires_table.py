"""
The parameter rules of the calls that place orders.

Source: margin: trade, new order, new OCO, new OTO, new OTOCO; per type, where the margin pages are silent, spot: new
order, which margin orders follow (read 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Rule(msgspec.Struct, frozen=True):
    """When *parameter* is given (with one of *values*, if there are any), the rest must hold."""

    parameter: str
    values: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    """All of these must be given."""
    any: tuple[str, ...] = ()
    """At least one of these must be given."""
    forbid: tuple[str, ...] = ()
    """None of these may be given."""
    equals: tuple[tuple[str, str], ...] = ()
    """Each of these must be given with exactly that value."""
    unless: tuple[str, str] | None = None
    """The rule does not hold when this parameter has this value."""


class OrderCall(msgspec.Struct, frozen=True):
    """What one call wants."""

    mandatory: tuple[str, ...]
    allowed: Mapping[str, tuple[str, ...]]
    """The words each parameter accepts."""
    rules: tuple[Rule, ...]


_SIDES = ("BUY", "SELL")
_TIMES_IN_FORCE = ("GTC", "IOC", "FOK")
_TYPES = (
    "LIMIT",
    "MARKET",
    "STOP_LOSS",
    "STOP_LOSS_LIMIT",
    "TAKE_PROFIT",
    "TAKE_PROFIT_LIMIT",
    "LIMIT_MAKER",
)
_TRIGGER = ("STOP_LOSS", "TAKE_PROFIT")
_TRIGGER_LIMIT = ("STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT")
_EXITS = ("LIMIT_MAKER", "STOP_LOSS", "STOP_LOSS_LIMIT")

_COMMON: dict[str, tuple[str, ...]] = {
    "isIsolated": ("TRUE", "FALSE"),
    "newOrderRespType": ("ACK", "RESULT", "FULL"),
    "sideEffectType": ("NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_REPAY", "AUTO_BORROW_REPAY"),
    "selfTradePreventionMode": ("EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "NONE"),
}
# OTO and OTOCO never accepted AUTO_REPAY; AUTO_BORROW_REPAY joined on 2026-08-14 (SDK 8.1.1, read 2026-11-22).
_COMMON_OF_OTO = {**_COMMON, "sideEffectType": ("NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_BORROW_REPAY")}

_SINGLE = OrderCall(
    mandatory=("symbol", "side", "type"),
    allowed={**_COMMON, "side": _SIDES, "type": _TYPES, "timeInForce": _TIMES_IN_FORCE},
    rules=(
        Rule("type", ("LIMIT",), all=("timeInForce", "quantity", "price")),
        Rule("type", ("MARKET",), any=("quantity", "quoteOrderQty"), forbid=("price",)),
        Rule("type", _TRIGGER, all=("quantity",), any=("stopPrice", "trailingDelta")),
        Rule("type", _TRIGGER_LIMIT, all=("timeInForce", "quantity", "price"), any=("stopPrice", "trailingDelta")),
        Rule("type", ("LIMIT_MAKER",), all=("quantity", "price")),
        Rule("type", ("LIMIT", "MARKET", "LIMIT_MAKER"), forbid=("stopPrice", "trailingDelta")),
        Rule("type", ("MARKET", *_TRIGGER), forbid=("icebergQty",)),
        Rule("type", ("LIMIT", *_TRIGGER, *_TRIGGER_LIMIT, "LIMIT_MAKER"), forbid=("quoteOrderQty",)),
        Rule("quoteOrderQty", forbid=("quantity",)),
        # A LIMIT_MAKER order has no time in force.
        Rule("icebergQty", equals=(("timeInForce", "GTC"),), unless=("type", "LIMIT_MAKER")),
    ),
)

_SPOT = OrderCall(
    mandatory=_SINGLE.mandatory,
    allowed={
        "newOrderRespType": _COMMON["newOrderRespType"],
        "side": _SIDES,
        "type": _TYPES,
        "timeInForce": _TIMES_IN_FORCE,
        "selfTradePreventionMode": (*_COMMON["selfTradePreventionMode"], "DECREMENT", "TRANSFER"),
        "pegPriceType": ("PRIMARY_PEG", "MARKET_PEG"),
        "pegOffsetType": ("PRICE_LEVEL",),
    },
    rules=_SINGLE.rules,
)

_OCO = OrderCall(
    mandatory=("symbol", "side", "quantity", "price", "stopPrice"),
    allowed={**_COMMON, "side": _SIDES, "stopLimitTimeInForce": _TIMES_IN_FORCE},
    rules=(
        Rule("stopLimitPrice", all=("stopLimitTimeInForce",)),
        Rule("stopIcebergQty", equals=(("stopLimitTimeInForce", "GTC"),)),
    ),
)

_WORKING_MANDATORY = ("workingType", "workingSide", "workingPrice", "workingQuantity")
_WORKING_ALLOWED = {
    "workingType": ("LIMIT", "LIMIT_MAKER"),
    "workingSide": _SIDES,
    "workingTimeInForce": _TIMES_IN_FORCE,
}
_WORKING_RULES = (
    Rule("workingType", ("LIMIT",), all=("workingTimeInForce",)),
    Rule("workingIcebergQty", equals=(("workingTimeInForce", "GTC"),), unless=("workingType", "LIMIT_MAKER")),
)

_OTO = OrderCall(
    mandatory=("symbol", *_WORKING_MANDATORY, "pendingType", "pendingSide", "pendingQuantity"),
    allowed={
        **_COMMON_OF_OTO,
        **_WORKING_ALLOWED,
        "pendingType": _TYPES,
        "pendingSide": _SIDES,
        "pendingTimeInForce": _TIMES_IN_FORCE,
    },
    rules=(
        *_WORKING_RULES,
        Rule("pendingType", ("LIMIT",), all=("pendingPrice", "pendingTimeInForce")),
        Rule("pendingType", _TRIGGER, any=("pendingStopPrice", "pendingTrailingDelta")),
        Rule(
            "pendingType",
            _TRIGGER_LIMIT,
            all=("pendingPrice", "pendingTimeInForce"),
            any=("pendingStopPrice", "pendingTrailingDelta"),
        ),
        Rule("pendingType", ("LIMIT_MAKER",), all=("pendingPrice",)),
        # In force since 2026-06-15 (change log, read 2026-11-22).
        Rule("pendingTrailingDelta", all=("pendingPrice",)),
        Rule("pendingIcebergQty", equals=(("pendingTimeInForce", "GTC"),), unless=("pendingType", "LIMIT_MAKER")),
    ),
)


def _exit_allowed(leg: str) -> dict[str, tuple[str, ...]]:
    return {f"{leg}Type": _EXITS, f"{leg}TimeInForce": _TIMES_IN_FORCE}


def _exit_rules(leg: str) -> tuple[Rule, ...]:
    triggers = (f"{leg}StopPrice", f"{leg}TrailingDelta")
    return (
        Rule(f"{leg}Type", ("LIMIT_MAKER",), all=(f"{leg}Price",)),
        Rule(f"{leg}Type", ("STOP_LOSS",), any=triggers),
        Rule(f"{leg}Type", ("STOP_LOSS_LIMIT",), all=(f"{leg}Price", f"{leg}TimeInForce"), any=triggers),
        # In force since 2026-06-15 (change log, read 2026-11-22).
        Rule(f"{leg}TrailingDelta", all=(f"{leg}Price",)),
        Rule(f"{leg}IcebergQty", equals=((f"{leg}TimeInForce", "GTC"),), unless=(f"{leg}Type", "LIMIT_MAKER")),
    )


_OTOCO = OrderCall(
    mandatory=("symbol", *_WORKING_MANDATORY, "pendingSide", "pendingQuantity", "pendingAboveType"),
    allowed={
        **_COMMON_OF_OTO,
        **_WORKING_ALLOWED,
        "pendingSide": _SIDES,
        **_exit_allowed("pendingAbove"),
        **_exit_allowed("pendingBelow"),
    },
    rules=(*_WORKING_RULES, *_exit_rules("pendingAbove"), *_exit_rules("pendingBelow")),
)

CALLS: Mapping[str, OrderCall] = {
    "POST /api/v3/order": _SPOT,
    "POST /api/v3/order/test": _SPOT,
    "POST /sapi/v1/margin/order": _SINGLE,
    "POST /sapi/v1/margin/order/oco": _OCO,
    "POST /sapi/v1/margin/order/oto": _OTO,
    "POST /sapi/v1/margin/order/otoco": _OTOCO,
}
