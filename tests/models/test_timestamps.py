"""Times told in seconds and times told in milliseconds mean the same."""

import msgspec
import pytest

from binance_margin_async.models.assets import AvailableInventory, CrossMarginPair, MarginAsset
from binance_margin_async.models.schedules import PlannedDelisting, PlannedListing
from binance_margin_async.models.timestamps import as_ms

ASSET = {"assetName": "BTC", "assetFullName": "Bitcoin", "isBorrowable": True, "isMortgageable": True}
ASSET |= {"userMinBorrow": "0", "userMinRepay": "0"}
PAIR = {"symbol": "BTCUSDT", "base": "BTC", "quote": "USDT", "id": 2**53 + 1}
PAIR |= dict.fromkeys(("isMarginTrade", "isBuyAllowed", "isSellAllowed"), True)
PLAN = {"crossMarginAssets": [], "isolatedMarginSymbols": []}
SECONDS = [
    (MarginAsset, ASSET, "delistTime", "delist_time_ms"),
    (CrossMarginPair, PAIR, "delistTime", "delist_time_ms"),
    (PlannedDelisting, PLAN, "delistTime", "delist_time_ms"),
    (PlannedListing, PLAN, "listTime", "list_time_ms"),
    (AvailableInventory, {"assets": {}}, "updateTime", "update_time_ms"),
]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (1_795_312_345, 1_795_312_345_000),
        (1_795_312_345_678, 1_795_312_345_678),
        (99_999_999_999, 99_999_999_999_000),
        (100_000_000_000, 100_000_000_000),
        (0, 0),
    ],
)
def test_ten_digits_are_seconds_and_thirteen_milliseconds(told, expected):
    """No time the exchange speaks of lies near the border, neither 1973 nor the year 5138."""
    assert expected == as_ms(told)


@pytest.mark.parametrize(("kind", "wire", "name", "field"), SECONDS, ids=lambda value: getattr(value, "__name__", ""))
@pytest.mark.parametrize("told", [1_795_312_345, "1795312345", 1_795_312_345_000])
def test_a_reply_gives_milliseconds_whichever_was_told(kind, wire, name, field, told):
    """The exchange's own samples of these fields are in seconds, other times are not."""
    reply = msgspec.convert(wire | {name: told}, kind, strict=False)
    assert 1_795_312_345_000 == getattr(reply, field)


@pytest.mark.parametrize("kind", [MarginAsset, CrossMarginPair])
def test_what_is_not_delisted_has_no_time(kind):
    """Absent and null say the same."""
    wire = ASSET | PAIR
    assert None is msgspec.convert(wire, kind).delist_time_ms
    assert None is msgspec.convert(wire | {"delistTime": None}, kind).delist_time_ms
