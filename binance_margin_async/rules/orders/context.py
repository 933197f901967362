"""What is known about market and account when an order is checked, and how sure a comparison with it is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from binance_margin_async.models.violations import Severity
from binance_margin_async.rules.orders.exact import checked, distance, product
from binance_margin_async.rules.orders.loans import AssetRules

# A client only estimates the exchange's reference price; this close to a border nobody can tell (read 2026-11-22).
SLACK = Decimal("0.001")


class PairFlags(msgspec.Struct, frozen=True, kw_only=True):
    """What margin says about a pair (all pairs, cross or isolated)."""

    is_margin_trade: bool = True
    is_buy_allowed: bool = True
    is_sell_allowed: bool = True
    delist_time_ms: int | None = None
    """Set when the pair is about to be delisted."""


class OpenCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders are open; ``None`` where that is not known."""

    orders: int | None = None
    """All of them, those with a trigger included."""
    algo_orders: int | None = None
    """Those with a trigger."""
    iceberg_orders: int | None = None
    order_lists: int | None = None


class OrderContext(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is known; a rule whose facts are not known is not checked.

    Args:
        reference_price: Of the percent-price and market-notional filters: the pair's own reference price, else the
            average of the filter's minutes, else the last price.
        reference_is_exact: Whether the exchange is known to use that very number.
        last_price: Decides whether a stop would trigger at once.
        index_price: Margin's price index, for the limit-price band.
        limit_price_symbols: Cross-margin pairs that have the limit-price band.
        open_of_pair: Orders open in the pair and account.
        open_of_account: Orders open in the account, over all pairs.
        base_free: Free balance of the base asset in the order's account.
        base_locked: Locked balance of the base asset.
        quote_free: Free balance of the quote asset.
        open_buy_quantity: Sum of the quantities of open BUY orders of the pair.
        pair: Margin's flags of the pair.
        assets: Margin's rules by asset.
        long_restricted_assets: Assets of which no new long position may be opened.
        collateral_exceeded_assets: Assets whose cap as collateral is reached.

    Raises:
        ValueError: A number is negative, not finite, or absurdly long.
    """

    reference_price: Decimal | None = None
    reference_is_exact: bool = False
    last_price: Decimal | None = None
    index_price: Decimal | None = None
    limit_price_symbols: frozenset[str] = frozenset()
    open_of_pair: OpenCounts = OpenCounts()
    open_of_account: OpenCounts = OpenCounts()
    base_free: Decimal | None = None
    base_locked: Decimal | None = None
    quote_free: Decimal | None = None
    open_buy_quantity: Decimal = Decimal(0)
    pair: PairFlags | None = None
    assets: Mapping[str, AssetRules] = msgspec.field(default_factory=dict[str, AssetRules])
    long_restricted_assets: frozenset[str] = frozenset()
    collateral_exceeded_assets: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name in _AMOUNTS:
            value: Decimal | None = getattr(self, name)
            if value is not None:
                checked(value, name)


_AMOUNTS = (
    "reference_price",
    "last_price",
    "index_price",
    "base_free",
    "base_locked",
    "quote_free",
    "open_buy_quantity",
)


def judged(value: Decimal, border: Decimal, *, is_beyond: bool, is_exact: bool) -> Severity | None:
    """
    Return how sure it is that *value* is on the wrong side of *border*.

    Args:
        value: What is compared.
        border: The last value that passes.
        is_beyond: Whether *value* is on the wrong side.
        is_exact: Whether neither is estimated.

    Returns:
        A warning on either side within 0.1 % of an estimated border; ``None`` when it passes.
    """
    if not is_exact and distance(value, border) <= product(border, SLACK):
        return Severity.WARNING
    return Severity.ERROR if is_beyond else None
