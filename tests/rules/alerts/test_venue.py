"""What the exchange announces, compared with what is watched."""

from decimal import Decimal

from binance_margin_async.models.alerts import Urgency
from binance_margin_async.models.assets import AvailableInventory, RestrictedAssets
from binance_margin_async.models.replies import CollateralRatio, CollateralTier, SystemStatus
from binance_margin_async.models.schedules import PlannedDelisting
from binance_margin_async.rules.alerts.venue import (
    accepted,
    of_collateral,
    of_delistings,
    of_inventory,
    of_maintenance,
    of_restrictions,
    tiers_of,
)

NOW_MS = 1_795_564_800_000
DAY_MS = 86_400_000


def short(conditions):
    return [(each.key, each.rank, each.urgency) for each in conditions]


def ratio(rate, *assets):
    tier = CollateralTier(min_usd_value=Decimal(0), max_usd_value=None, discount_rate=Decimal(rate))
    return CollateralRatio(collaterals=(tier,), asset_names=assets)


def test_a_delisting_is_told_when_it_concerns_somebody_and_again_when_it_is_close():
    """Two days before, what is left is settled by force."""
    plans = [
        PlannedDelisting(
            delist_time_ms=NOW_MS + 5 * DAY_MS, cross_assets=("OLD", "GONE"), isolated_symbols=("OLDUSDT",)
        ),
        PlannedDelisting(delist_time_ms=NOW_MS + DAY_MS, cross_assets=("BAD",), isolated_symbols=("BADUSDT",)),
    ]

    told = of_delistings(plans, assets=["OLD", "BAD", "BTC"], pairs=["OLDUSDT"], time_ms=NOW_MS)

    assert [
        ("delisting/OLD", 1, Urgency.WARNING),
        ("delisting/OLDUSDT", 1, Urgency.WARNING),
        ("delisting/BAD", 2, Urgency.URGENT),
    ] == short(told)


def test_an_asset_that_counts_for_less_is_told_with_both_rates():
    """The level has not moved, but what may be borrowed has."""
    known = tiers_of([ratio("1", "USDT"), ratio("0.95", "BTC", "ETH")])
    told = tiers_of([ratio("1", "USDT"), ratio("0.9", "BTC", "ETH")])

    (changed,) = of_collateral(known, told, assets=["USDT", "BTC", "NEW"])

    assert ("collateral/BTC", 1, Urgency.WARNING) == (changed.key, changed.rank, changed.urgency)
    assert "BTC counts as collateral at 0.9 above 0 USD now; before at 0.95 above 0 USD" == changed.text


def test_an_asset_that_is_no_collateral_any_more_is_told():
    """It is missing from the answer then."""
    (changed,) = of_collateral(tiers_of([ratio("0.5", "OLD")]), {}, assets=["OLD"])

    assert "OLD counts as collateral at nothing now; before at 0.5 above 0 USD" == changed.text


def test_what_was_acknowledged_is_what_is_known_from_then_on():
    """Of that asset alone; a new asset is known as it is found."""
    known = tiers_of([ratio("0.95", "BTC", "ETH")])
    told = tiers_of([ratio("0.9", "BTC", "ETH"), ratio("1", "NEW")])

    assert tiers_of([ratio("0.9", "BTC"), ratio("0.95", "ETH"), ratio("1", "NEW")]) == accepted(
        known, told, ["collateral/BTC", "restricted/ETH"]
    )


def test_both_restrictions_of_an_asset_are_worse_than_one():
    """So that the second one rings."""
    told = RestrictedAssets(long_restricted=("A", "B"), collateral_exceeded=("B", "C"))

    assert [("restricted/A", 1, Urgency.WARNING), ("restricted/B", 2, Urgency.WARNING)] == short(
        of_restrictions(told, assets=["A", "B"])
    )


def test_maintenance_is_urgent():
    """Nobody can repay meanwhile."""
    assert [("maintenance", 1, Urgency.URGENT)] == short(
        of_maintenance(SystemStatus(status=1, msg="system maintenance"))
    )
    assert [] == short(of_maintenance(SystemStatus(status=0)))


def test_little_left_to_borrow_is_told_and_an_asset_not_listed_counts_as_none():
    """Exactly as much as asked for is enough."""
    told = AvailableInventory(assets={"USDT": Decimal(100), "BTC": Decimal(2)}, update_time_ms=NOW_MS)

    few = list(of_inventory(told, {"USDT": Decimal(100), "BTC": Decimal(3), "DOGE": Decimal(1)}))

    assert ["inventory/BTC", "inventory/DOGE"] == [each.key for each in few]
    assert "only 2 BTC can still be borrowed, less than 3" == few[0].text
