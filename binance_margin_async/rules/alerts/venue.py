"""What the exchange announces or restricts, compared with the assets that somebody watches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from binance_margin_async.models.alerts import AlertTopic, Urgency
from binance_margin_async.models.assets import AvailableInventory, RestrictedAssets
from binance_margin_async.models.replies import CollateralRatio, CollateralTier, SystemStatus
from binance_margin_async.models.schedules import PlannedDelisting
from binance_margin_async.money import plain
from binance_margin_async.rules.alerts.condition import Condition

_DAY_MS = 86_400_000
# From this many days on nobody may leave it for later: what is owed is settled by force then.
_LAST_DAYS = 2


def of_delistings(
    planned: Iterable[PlannedDelisting], *, assets: Sequence[str], pairs: Sequence[str], time_ms: int
) -> Iterator[Condition]:
    """
    Yield what leaves margin of what is watched.

    Args:
        planned: As told by the exchange.
        assets: Held or owed in the cross account.
        pairs: Isolated accounts.
        time_ms: Now, in epoch milliseconds.
    """
    for plan in planned:
        leaving = [
            *((asset, f"{asset} leaves cross margin") for asset in plan.cross_assets if asset in assets),
            *((pair, f"{pair} leaves isolated margin") for pair in plan.isolated_symbols if pair in pairs),
        ]
        days = max(0, (plan.delist_time_ms - time_ms) // _DAY_MS)
        is_close = days < _LAST_DAYS
        for name, what in leaving:
            yield Condition(
                key=f"delisting/{name}",
                topic=AlertTopic.DELISTING,
                # That it has come close is a second crossing.
                rank=2 if is_close else 1,
                urgency=Urgency.URGENT if is_close else Urgency.WARNING,
                text=f"{what} in {days} days: repay and sell, or move it away, before that is done by force",
            )


Tiers = Mapping[str, tuple[CollateralTier, ...]]


def tiers_of(ratios: Iterable[CollateralRatio]) -> Tiers:
    """Return what each asset counts for."""
    return {asset: ratio.collaterals for ratio in ratios for asset in ratio.asset_names}


def of_collateral(known: Tiers, told: Tiers, *, assets: Sequence[str]) -> Iterator[Condition]:
    """
    Yield the watched *assets* that count for something else as collateral than before.

    Args:
        known: What held when it was looked at first, or was acknowledged.
        told: What holds now.
        assets: Held in the cross account.
    """
    for asset in assets:
        if asset in known and known[asset] != told.get(asset):
            tiers = told.get(asset, ())
            yield Condition(
                key=collateral_key(asset),
                topic=AlertTopic.COLLATERAL,
                rank=1,
                urgency=Urgency.WARNING,
                text=f"{asset} counts as collateral at {_spelled(tiers)} now; before at {_spelled(known[asset])}",
            )


def collateral_key(asset: str) -> str:
    """Return the key of the alert about what *asset* counts for."""
    return f"collateral/{asset}"


def accepted(known: Tiers, told: Tiers, acknowledged: Iterable[str]) -> Tiers:
    """Return what is known from now on: *told* for assets that are new, or whose change has the key *acknowledged*."""
    keys = frozenset(acknowledged)
    kept = {asset: tiers for asset, tiers in known.items() if collateral_key(asset) not in keys}
    return {**told, **kept}


def of_restrictions(told: RestrictedAssets, *, assets: Sequence[str]) -> Iterator[Condition]:
    """Yield which watched *assets* the exchange restricts."""
    for asset in assets:
        reasons = [
            *(["no new long position may be opened"] if asset in told.long_restricted else []),
            *(["its cap as collateral is reached"] if asset in told.collateral_exceeded else []),
        ]
        if reasons:
            yield Condition(
                key=f"restricted/{asset}",
                topic=AlertTopic.RESTRICTED,
                rank=len(reasons),
                urgency=Urgency.WARNING,
                text=f"{asset} is restricted: {', and '.join(reasons)}",
            )


def of_maintenance(told: SystemStatus) -> Iterator[Condition]:
    """Yield whether the exchange is under maintenance; orders and repayments are refused then."""
    if told.status != 0:
        yield Condition(
            key="maintenance",
            topic=AlertTopic.MAINTENANCE,
            rank=1,
            urgency=Urgency.URGENT,
            text="the exchange is under maintenance: orders, repayments and transfers may be refused",
        )


def of_inventory(told: AvailableInventory, least: Mapping[str, Decimal]) -> Iterator[Condition]:
    """Yield the assets of which less can be borrowed than *least* says, in units of the asset."""
    for asset, wanted in least.items():
        available = told.assets.get(asset, Decimal(0))
        if available < wanted:
            yield Condition(
                key=f"inventory/{asset}",
                topic=AlertTopic.INVENTORY,
                rank=1,
                urgency=Urgency.WARNING,
                text=f"only {plain(available)} {asset} can still be borrowed, less than {plain(wanted)}",
            )


def _spelled(tiers: Sequence[CollateralTier]) -> str:
    steps = [
        f"{plain(tier.discount_rate)} {'above' if tier.max_usd_value is None else 'up to'} "
        f"{plain(tier.min_usd_value if tier.max_usd_value is None else tier.max_usd_value)} USD"
        for tier in tiers
    ]
    return ", ".join(steps) or "nothing"
