"""From the options of ``order place`` and its sisters to an order, with everything that is wrong told at once."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from binance_margin_async.models.account import Account
from binance_margin_async.models.order_legs import (
    Leg,
    LimitLeg,
    LimitMakerLeg,
    MarketLeg,
    StopLossLeg,
    StopLossLimitLeg,
    TakeProfitLeg,
    TakeProfitLimitLeg,
)
from binance_margin_async.models.order_lists import Oco, Oto, Otoco
from binance_margin_async.models.order_request import OrderOptions
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

Given = dict[str, object]
"""Options by their names in Python; only those that were given."""

_ORDERS: dict[str, type[SingleOrder]] = {
    kind.type: kind
    for kind in (
        LimitOrder,
        MarketOrder,
        StopLossOrder,
        StopLossLimitOrder,
        TakeProfitOrder,
        TakeProfitLimitOrder,
        LimitMakerOrder,
    )
}
_LEGS: dict[object, type[Leg]] = {
    kind.type: kind
    for kind in (
        LimitLeg,
        MarketLeg,
        StopLossLeg,
        StopLossLimitLeg,
        TakeProfitLeg,
        TakeProfitLimitLeg,
        LimitMakerLeg,
    )
}

# How the exchange calls what an option says; the rules speak its language, and people get theirs back.
_COMMON = {
    "symbol": "symbol",
    "side_effect": "sideEffectType",
    "auto_repay_at_cancel": "autoRepayAtCancel",
    "self_trade_prevention_mode": "selfTradePreventionMode",
}
_LEG = {
    "type": "Type",
    "price": "Price",
    "stop_price": "StopPrice",
    "trailing_delta": "TrailingDelta",
    "iceberg_quantity": "IcebergQty",
    "time_in_force": "TimeInForce",
    "client_order_id": "ClientOrderId",
}
_SINGLE_WORDS = {
    **_COMMON,
    "side": "side",
    "type": "type",
    "quantity": "quantity",
    "quote_order_quantity": "quoteOrderQty",
    "price": "price",
    "stop_price": "stopPrice",
    "trailing_delta": "trailingDelta",
    "iceberg_quantity": "icebergQty",
    "time_in_force": "timeInForce",
    "client_order_id": "newClientOrderId",
}
_OCO_WORDS = {
    **_COMMON,
    "side": "side",
    "quantity": "quantity",
    "price": "price",
    "stop_price": "stopPrice",
    "stop_limit_price": "stopLimitPrice",
    "stop_limit_time_in_force": "stopLimitTimeInForce",
    "limit_iceberg_quantity": "limitIcebergQty",
    "stop_iceberg_quantity": "stopIcebergQty",
    "limit_client_order_id": "limitClientOrderId",
    "stop_client_order_id": "stopClientOrderId",
    "list_client_order_id": "listClientOrderId",
}


def _with_legs(**legs: str) -> dict[str, str]:
    return {
        **_COMMON,
        "side": "workingSide",
        "quantity": "workingQuantity",
        "pending_side": "pendingSide",
        "pending_quantity": "pendingQuantity",
        "list_client_order_id": "listClientOrderId",
        **{f"{leg}.{name}": word + part for leg, word in legs.items() for name, part in _LEG.items()},
    }


_SINGLE_CALL = ("POST /sapi/v1/margin/order", _SINGLE_WORDS)
_LIST_CALLS: dict[type[Oco | Oto | Otoco], tuple[str, dict[str, str]]] = {
    Oco: ("POST /sapi/v1/margin/order/oco", _OCO_WORDS),
    Oto: ("POST /sapi/v1/margin/order/oto", _with_legs(working="working", pending="pending")),
    Otoco: (
        "POST /sapi/v1/margin/order/otoco",
        _with_legs(working="working", above="pendingAbove", below="pendingBelow"),
    ),
}
_PLACES = {"symbol": "PAIR", "side": "SIDE", "type": "TYPE"}


def single_order(kind: str, symbol: str, side: str, account: Account, given: Given) -> SingleOrder:
    """
    Return the order that the options describe.

    Raises:
        ValueError: Options are missing, superfluous or wrong; all of them are named.
    """
    form = _Form(*_SINGLE_CALL)
    form.named |= {"symbol": symbol, "side": side, "type": kind}
    make = _ORDERS[kind]
    options = form.part(make, given)
    form.check(kind)
    build = cast("Callable[..., SingleOrder]", make)
    return build(symbol, side, account=account, **options)


def order_list(
    kind: type[Oco | Oto | Otoco],
    symbol: str,
    side: str,
    account: Account,
    given: Given,
    *,
    legs: Mapping[str, Given],
) -> Oco | Oto | Otoco:
    """
    Return the order list that the options describe.

    Args:
        kind: ``Oco``, ``Oto`` or ``Otoco``.
        symbol: Pair.
        side: Of the only, or of the working leg.
        account: ``CROSS`` or ``Isolated(symbol)``.
        given: What concerns the list.
        legs: By name, what concerns one leg, with its ``type``; empty for a leg that is left out.

    Raises:
        ValueError: Options are missing, superfluous or wrong; all of them are named.
    """
    form = _Form(*_LIST_CALLS[kind])
    form.named |= {"symbol": symbol, "side": side}
    if "stop_limit_price" in given:
        given = {"stop_limit_time_in_force": "GTC"} | given
    options = form.part(kind, given)
    parts = {leg: form.leg(leg, choice) for leg, choice in legs.items() if choice}
    form.check(kind.__name__.upper())
    made = {leg: make(**choice) for leg, (make, choice) in parts.items()}
    build = cast("Callable[..., Oco | Oto | Otoco]", kind)
    return build(symbol, side, account=account, **options, **made)


class _Form:
    """
    What was given for one call, and what is wrong with it.

    Args:
        route: Of the call.
        words: The exchange's word for each option.
    """

    def __init__(self, route: str, words: Mapping[str, str]) -> None:
        self._route = route
        self._words = words
        self._faults: list[str] = []
        self.named: Given = {}

    def part(self, make: type, given: Given, prefix: str = "") -> Given:
        """Return what *make* takes of the options *given*, and note the others as faults."""
        taken = {*inspect.signature(make).parameters, *OrderOptions.__annotations__}
        if "time_in_force" in taken:
            given = {"time_in_force": "GTC"} | given
        useful = {name: value for name, value in given.items() if name in taken}
        self.named |= {prefix + name: value for name, value in useful.items()}
        self._faults += [f"{_typed(prefix + name)} has no meaning here" for name in given if name not in taken]
        return useful

    def leg(self, name: str, choice: Given) -> tuple[Callable[..., Leg], Given]:
        """Return the kind of a leg and its options."""
        kind, options = choice.get("type"), {name: value for name, value in choice.items() if name != "type"}
        if kind is None:
            if name == "below":  # the only leg that may be left out, so that no rule misses its type
                self._faults.append("--below.type is missing")
            return Leg, options
        self.named[f"{name}.type"] = kind
        return _LEGS[kind], self.part(_LEGS[kind], options, f"{name}.")

    def check(self, what: str) -> None:
        """
        Refuse whatever has a fault.

        Raises:
            ValueError: With all of them.
        """
        faults = [*self._broken_rules(), *self._faults]
        if faults:
            raise ValueError(f"this {what} cannot be placed: {'; '.join(faults)}")

    def _broken_rules(self) -> Iterator[str]:
        """Yield what the exchange would say against it, in the words of the command line."""
        typed = {word: _typed(name) for name, word in self._words.items()}
        any_word = re.compile(rf"\b({'|'.join(sorted(typed, key=len, reverse=True))})\b")
        for each in violations(self._route, {self._words[name]: value for name, value in self.named.items()}):
            what_to_do = "" if each.what_to_do == f"give {each.name}" else f", {each.what_to_do}"
            yield any_word.sub(lambda match: typed[match[0]], each.what + what_to_do)


def _typed(name: str) -> str:
    return _PLACES.get(name, f"--{name.replace('_', '-')}")
