"""How often a reading disagreed with the stream."""

import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.rules.account.drift import GRACE, Drift

BTC = Isolated("BTCUSDT")


@pytest.mark.parametrize(
    ("told", "at", "count"),
    [
        ((), 0.0, 1),
        (("USDT",), GRACE - 1, 1),
        (("USDT", "BTC"), GRACE - 1, 0),
        (("USDT", "BTC"), GRACE, 1),
        (("ETH",), 1.0, 1),
    ],
)
def test_a_difference_counts_unless_the_stream_speaks_of_each_asset_soon(told, at, count):
    """An event may be on its way while the account is read."""
    drift = Drift()
    drift.on_difference(CROSS, ("USDT", "BTC"), 0.0)
    drift.on_told(CROSS, told, at)
    assert count == drift.count(CROSS, GRACE)


def test_nothing_counts_before_its_time_and_nothing_twice():
    """A reading is one disagreement, however many assets it concerns."""
    drift = Drift()
    drift.on_difference(CROSS, ("USDT", "BTC"), 0.0)
    assert [0, 1, 1] == [drift.count(CROSS, now) for now in (GRACE - 0.1, GRACE, 100.0)]
    drift.on_difference(CROSS, ("USDT",), 100.0)
    drift.on_difference(CROSS, (), 100.0)
    assert 2 == drift.count(CROSS, 200.0)


def test_a_lost_event_of_an_order_counts_at_once():
    """It was asked for, and found never to have been told."""
    drift = Drift()
    drift.on_lost(CROSS)
    assert (1, 0) == (drift.count(CROSS, 0.0), drift.count(BTC, 0.0))
