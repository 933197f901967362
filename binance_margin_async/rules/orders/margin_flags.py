"""What margin says about a pair and its assets: open for trading, delisted soon, restricted."""

from __future__ import annotations

from collections.abc import Iterator

from binance_margin_async.models.enums import Side
from binance_margin_async.models.violations import Severity, Violation
from binance_margin_async.rules.orders.context import OrderContext, PairFlags
from binance_margin_async.rules.orders.parts import Part

Parts = tuple[Part, ...]


def check_flags(parts: Parts, context: OrderContext, *, base: str, quote: str) -> Iterator[Violation]:
    """Yield what margin's flags say against *parts*, orders of the pair *base* / *quote*."""
    sides = {part.side for part in parts}
    if context.pair is not None:
        yield from _pair(context.pair, sides)
    received = {base if side is Side.BUY else quote for side in sides}
    for asset in sorted(received & context.long_restricted_assets):
        yield Violation(
            name="RESTRICTED_ASSET",
            what=f"no new long position in {asset} may be opened",
            what_to_do=f"only close a short one, or leave {asset} alone",
            severity=Severity.WARNING,
        )
    for asset in sorted(received & context.collateral_exceeded_assets):
        yield Violation(
            name="COLLATERAL_CAP",
            what=f"the cap of {asset} as collateral is reached, so what is bought may not count",
            what_to_do="look at the margin level without it",
            severity=Severity.WARNING,
        )


def _pair(pair: PairFlags, sides: set[Side]) -> Iterator[Violation]:
    if not pair.is_margin_trade:
        yield Violation(name="PAIR", what="the pair is closed for margin trading", what_to_do="choose another pair")
    for side, is_allowed in ((Side.BUY, pair.is_buy_allowed), (Side.SELL, pair.is_sell_allowed)):
        if side in sides and not is_allowed:
            yield Violation(name="PAIR", what=f"{side} is not allowed on this pair", what_to_do="choose another pair")
    if pair.delist_time_ms is not None:
        yield Violation(
            name="DELISTING",
            what=f"the pair is delisted at {pair.delist_time_ms} ms",
            what_to_do="close positions before",
            severity=Severity.WARNING,
        )
