"""No margin call is missed, none rings twice, whatever is in trouble: judged by the exchange's own ledger."""

from collections import Counter
from decimal import Decimal

import pytest
from crossings import KINDS, Watched, play

from binance_margin_async.models.account import CROSS
from binance_margin_async.models.event import Origin
from binance_margin_async.models.margin import AlertKind, MarginAlert, MarginState

WINDOW, WINDOWS = 40, 10


@pytest.mark.parametrize("first", range(0, WINDOW * WINDOWS, WINDOW))
def test_every_crossing_rings_once_and_in_time(first):
    """Within a second while quotes or levels arrive, else within a poll and a second; being blind is told too."""
    played = {seed: play(seed) for seed in range(first, first + WINDOW)}

    assert {} == {seed: problems for seed, (_, _, problems, _) in played.items() if problems}
    assert sum(crossings for _, crossings, _, _ in played.values()) > WINDOW


def test_each_kind_of_trouble_is_met():
    """What never strikes is not tested."""
    met = Counter(Watched(seed).kind for seed in range(WINDOW * WINDOWS))
    assert set(KINDS) == set(met)


CALL = MarginState.MARGIN_CALL
BAR = Decimal("1.3")
FALLS = [(0.0, Decimal("1.6")), (20.0, Decimal("1.2"))]


def ring(at):
    alert = MarginAlert(
        kind=AlertKind.RAISED, from_state=MarginState.OK, state=CALL, level=BAR, source=None, text="", time_ms=0
    )
    alert.stamp(CROSS, Origin.LOCAL, at)
    return alert


@pytest.mark.parametrize(
    ("line", "rings", "broken"),
    [
        (FALLS, [20.5], []),
        (FALLS, [], ["missed"]),
        (FALLS, [22.0], ["missed"]),
        (FALLS, [20.5, 40.0], ["twice"]),
        (FALLS[:1], [20.5], ["false"]),
    ],
    ids=["in time", "missing", "late", "twice", "without reason"],
)
def test_the_oracle_finds_what_is_wrong(line, rings, broken):
    """A judge that finds nothing proves nothing."""
    watched = Watched(0)
    watched.kind, watched.trouble_at, watched.over_at, watched.end = "none", 5.0, 50.0, 60.0

    watched.judge_bar(CROSS, line, [ring(at) for at in rings], CALL, BAR)

    assert broken == [rule for rule, _ in watched.problems]
