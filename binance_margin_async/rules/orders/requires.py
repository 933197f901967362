"""
Which parameters an order call needs, and which exclude each other; the table is in ``requires_table``.

Everything here is in the exchange's words, so that a call made of plain parameters is checked like an order object.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from binance_margin_async.models.violations import Violation
from binance_margin_async.rules.orders.requires_table import CALLS, OrderCall, Rule

Given = Mapping[str, object]


def violations(route: str, parameters: Mapping[str, object]) -> list[Violation]:
    """
    Return every rule of an order call that *parameters* break.

    Args:
        route: Of the call, such as ``"POST /sapi/v1/margin/order"``; other calls have no rules here.
        parameters: Exchange's names and values; ``None`` counts as left out.

    Returns:
        One for each parameter and fault, named after the parameter; empty when all is well.
    """
    call = CALLS.get(route)
    if call is None:
        return []
    given = parameters
    for value in parameters.values():  # not "None in": a Decimal takes its time to compare itself
        if value is None:
            given = {name: each for name, each in parameters.items() if each is not None}
            break
    shape = (route, *given, *map(given.get, call.allowed))
    try:
        if shape in _sound:
            return []
    except TypeError:  # a word that is a list or the like: it is told below
        shape = ()
    found: dict[tuple[str, str], Violation] = {}
    for fault, violation in _faults(call, given):
        found.setdefault((fault, violation.name), violation)
    # Names may be anything a caller thinks of, so what is remembered is bounded.
    if shape and not found and len(_sound) < _MOST_SHAPES:
        _sound.add(shape)
    return list(found.values())


# What is given, and with which words, decides everything (no rule looks at another value), and orders come in few
# such shapes: one that was sound once is sound for ever.
_sound: set[tuple[object, ...]] = set()
_MOST_SHAPES = 1_000


def _faults(call: OrderCall, given: Given) -> Iterator[tuple[str, Violation]]:
    for name in call.mandatory:
        if name not in given:
            yield "missing", _missing(name, "every such order")
    for name, allowed in call.allowed.items():
        if name in given and given[name] not in allowed:
            yield "word", _not_allowed(name, given[name], allowed)
    for rule in call.rules:
        if _applies(rule, given):
            yield from _breaches(rule, given)


def _applies(rule: Rule, given: Given) -> bool:
    if rule.parameter not in given or (rule.values and given[rule.parameter] not in rule.values):
        return False
    return rule.unless is None or given.get(rule.unless[0]) != rule.unless[1]


def _breaches(rule: Rule, given: Given) -> Iterator[tuple[str, Violation]]:
    why = f"{rule.parameter} = {given[rule.parameter]}"
    for name in rule.all:
        if name not in given:
            yield "missing", _missing(name, why)
    if rule.any and not any(name in given for name in rule.any):
        choice = " or ".join(rule.any)
        what = f"{why} needs {choice}"
        yield "missing", Violation(name=choice, what=what, what_to_do="give at least one of them")
    for name in rule.forbid:
        if name in given:
            yield "forbidden", Violation(name=name, what=f"{why} excludes {name}", what_to_do=f"leave {name} out")
    for name, value in rule.equals:
        if given.get(name) != value:
            what = f"{why} needs {name} = {value}, not {given.get(name, 'nothing')}"
            yield "unequal", Violation(name=name, what=what, what_to_do=f"give {name} = {value}")


def _missing(name: str, why: str) -> Violation:
    return Violation(name=name, what=f"{why} needs {name}", what_to_do=f"give {name}")


def _not_allowed(name: str, value: object, allowed: tuple[str, ...]) -> Violation:
    what = f"{name} = {value} is not accepted by this call"
    return Violation(name=name, what=what, what_to_do=f"give one of {', '.join(allowed)}")
