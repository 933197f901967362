"""
On which side of the market, and of each other, the prices of triggers and legs must be.

Source: spot: new order, order lists; codes -2010, -1165 to -1168, -1196 to -1199 (read 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from binance_margin_async.models.enums import OrderType, Side
from binance_margin_async.models.violations import Violation
from binance_margin_async.money import plain
from binance_margin_async.rules.orders.context import OrderContext, judged
from binance_margin_async.rules.orders.parts import Part

Parts = tuple[Part, ...]


def check_sides(parts: Parts, context: OrderContext) -> Iterator[Violation]:
    """Yield each price of *parts* that is on the wrong side of the market or of another leg."""
    for part in parts:
        yield from _against_market(part, context.last_price)
    legs = {part.name: part for part in parts}
    yield from _oco(legs)
    yield from _otoco(legs)


# A pending leg meets the market only when it is placed, so nothing is known of it yet.
def _against_market(part: Part, last: Decimal | None) -> Iterator[Violation]:
    if last is None or part.is_pending:
        return
    if part.has_trigger:
        level, name, trouble = part.stop_price, "TRIGGER_SIDE", "the order would trigger at once"
    elif part.name == "limit":
        level, name, trouble = part.price, "LEG_PRICES", "the limit leg would trade at once"
    else:
        return
    if level is None:
        return
    must_be_above = part.triggers_above if part.has_trigger else part.side is Side.SELL
    is_beyond = level <= last if must_be_above else level >= last
    severity = judged(level, last, is_beyond=is_beyond, is_exact=False)
    if severity is not None:
        where = "above" if must_be_above else "below"
        yield Violation(
            name=name,
            what=f"{plain(level)} is not {where} the last price {plain(last)}, or hardly so: {trouble}",
            what_to_do=f"choose a price further {where} the market",
            severity=severity,
            part=part.name,
        )


def _oco(legs: dict[str, Part]) -> Iterator[Violation]:
    limit, stop = legs.get("limit"), legs.get("stop")
    if limit is None or stop is None or limit.price is None or stop.stop_price is None:
        return
    is_sell = limit.side is Side.SELL
    if limit.price <= stop.stop_price if is_sell else limit.price >= stop.stop_price:
        where = "above" if is_sell else "below"
        yield Violation(
            name="LEG_PRICES",
            what=f"price {plain(limit.price)} of a {limit.side} must be {where} stop_price {plain(stop.stop_price)}",
            what_to_do="swap them, or turn the side",
        )


def _otoco(legs: dict[str, Part]) -> Iterator[Violation]:
    above, below = legs.get("above"), legs.get("below")
    if above is None:
        return
    yield from _exit_kind(above, is_limit=above.side is Side.SELL)
    if below is None:
        return
    yield from _exit_kind(below, is_limit=below.side is Side.BUY)
    high, low = _level(above), _level(below)
    if high is not None and low is not None and high <= low:
        yield Violation(
            name="LEG_PRICES",
            what=f"the leg above is at {plain(high)}, the one below at {plain(low)}",
            what_to_do="give the leg above the higher price",
        )


# A limit that takes a profit sells above or buys below the market; a stop is on the other side.
def _exit_kind(leg: Part, *, is_limit: bool) -> Iterator[Violation]:
    if (leg.type is OrderType.LIMIT_MAKER) != is_limit:
        wanted = "LimitMakerLeg" if is_limit else "StopLossLeg or StopLossLimitLeg"
        yield Violation(
            name="LEG_SIDES",
            what=f"a {leg.type} {leg.side} cannot wait {leg.name} the market",
            what_to_do=f"use a {wanted} here",
            part=leg.name,
        )


def _level(leg: Part) -> Decimal | None:
    return leg.stop_price if leg.has_trigger else leg.price
