"""Candles as people have them: every crossing rings before the next price, whatever is muted."""

import random

import pytest
from replays import MUTED, replay

MINUTE_US = 60_000_000
BEGUN_US = 1_767_225_600_000_000  # 2026-01-01; Binance's files count in microseconds since 2025


def candles(seed=3, minutes=40):
    """Yield lines as Binance's public kline files have them: a crash of an eighth, and half of it regained."""
    rng, price = random.Random(seed), 21_700.0
    for minute in range(minutes):
        opened = price
        pull = -0.009 if 5 <= minute < 20 else 0.004
        price = opened * (1 + pull + rng.gauss(0, 0.006))
        high, low = max(opened, price) * (1 + rng.random() / 250), min(opened, price) * (1 - rng.random() / 250)
        prices = ",".join(f"{each:.2f}" for each in (opened, high, low, price))
        begun = BEGUN_US + minute * MINUTE_US
        yield f"{begun},{prices},{rng.random():.5f},{begun + MINUTE_US - 1},0,1,0,0,0"


@pytest.mark.parametrize("kind", MUTED)
def test_every_crossing_of_a_replay_rings_before_the_next_price(tmp_path, kind):
    """With everything, by own computation, by pushed levels and polling, and by polling alone within its period."""
    file = tmp_path / "BTCUSDT-1m-2026-01.csv"
    file.write_text("\n".join(candles()) + "\n")

    over = replay(file, kind)

    assert [] == over.problems
    assert over.crossings >= 4
    assert 4 <= over.rings
    assert over.latest < 1 or kind in {"no quotes", "only readings"}
