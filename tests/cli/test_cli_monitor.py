"""``binance-margin monitor --sim --json``: what it writes, and that each crossing rings once."""

import csv
import os
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

SHOWN = {"reading", "alert", "stream"}
LEVELLED = {"type", "time", "account", "level", "state", "source"}
SOURCES = {"rest", "risk_stream", "estimate"}
FASTEST = "1000000"


def test_the_default_scenario_falls_calls_and_liquidates(command):
    """One line and no keys show a margin call and a liquidation, for a cross and an isolated account."""
    ended = command("monitor", "--sim", "--speed", "1000", "--json")
    assert 0 == ended.code
    assert "Watched 60 s" in ended.err

    rows = ended.rows
    assert SHOWN == {row["type"] for row in rows}
    assert all(row.keys() >= {"type", "time", "account"} for row in rows)
    told = [row for row in rows if row["type"] in {"reading", "alert"}]
    assert all(row.keys() >= LEVELLED for row in told)
    assert {row["source"] for row in told} == SOURCES
    assert {"CROSS", "BTCUSDT"} == {row["account"] for row in told}
    assert {"market"} == {row["stream"] for row in rows if row["account"] is None}
    assert {"stale", "live", "closed"} >= {row["status"] for row in rows if row["type"] == "stream"}

    for account in ("CROSS", "BTCUSDT"):
        # Once the account is sold out it owes nothing, and has no level.
        readings = [row["level"] for row in told if row["type"] == "reading" and row["account"] == account]
        levels = [Decimal(level) for level in readings if level is not None]
        assert levels[0] > Decimal("1.5") > Decimal("1.15") > min(levels)
        raised = [row["state"] for row in told if row["account"] == account and row.get("kind") == "raised"]
        assert 1 == raised.count("MARGIN_CALL")
        assert 1 == raised.count("LIQUIDATION")
        assert raised.index("MARGIN_CALL") < raised.index("LIQUIDATION")


# -- the bank run ----------------------------------------------------------------------------------------------------

# One bitcoin against 15,500 USDT: the call bar, 1.3, is at 20,150, and an alert is taken back above 1.3 · 1.01.
DEBT = Decimal(15_500)
CALL, CLEAR = Decimal("1.3"), Decimal("1.3") * Decimal("1.01")
HOLD_MS = 30_000

# Open, high, low, close of each minute; 20,351.50 is where the alert is taken back.
MINUTES = [
    # calm, then the first crossing within a minute
    *[(21_000, 21_050, 20_950, 21_000)] * 3,
    (20_900, 20_910, 20_100, 20_120),
    (20_120, 20_140, 20_000, 20_050),
    # one step above the clearing level only: no new crossing when it falls again
    (20_100, 20_600, 20_050, 20_120),
    (20_120, 20_149, 19_900, 20_000),
    # above the bar but not above the clearing level, for minutes
    *[(20_200, 20_340, 20_160, 20_200)] * 3,
    (20_140, 20_150, 20_000, 20_100),
    # clear, for good
    *[(20_900, 21_000, 20_800, 20_900)] * 4,
    # a jump down between two minutes, below the bar for one step only
    (20_900, 20_900, 20_149, 20_900),
    *[(20_900, 21_000, 20_800, 20_900)] * 4,
    # exactly at the bar counts
    (20_500, 20_500, 20_150, 20_400),
    *[(20_400, 20_900, 20_360, 20_800)] * 5,
    # a stay below, and the end above
    *[(19_000, 19_500, 18_900, 19_000)] * 4,
    *[(21_000, 21_000, 21_000, 21_000)] * 4,
]


def steps_of(minutes):
    """The exchange plays open, low, high and close of each minute, a quarter of the way to the next one apart."""
    steps = []
    spacing = 60_000
    for (at, *prices), following in zip(minutes, [*minutes[1:], None], strict=True):
        spacing = spacing if following is None else following[0] - at
        opened, high, low, closed = map(Decimal, prices)
        steps += [
            (at + number * spacing // 4, price / DEBT) for number, price in enumerate((opened, low, high, closed))
        ]
    return steps, at + spacing


def crossings(steps, end):
    """When the level reaches the call bar, re-armed only after it was clear of it for half a minute."""
    armed, clear_since, found = True, None, []
    for (at, level), (until, _) in pairwise([*steps, (end, None)]):
        if level <= CLEAR:
            clear_since = None
        elif clear_since is None:
            clear_since = at
        if level <= CALL and armed:
            armed = False
            found.append((at, until))
        if clear_since is not None and until - clear_since > HOLD_MS:
            armed = True
    return found


def check_each_crossing_rings_once(command, path, minutes, **options):
    steps, end = steps_of(minutes)
    expected = crossings(steps, end)
    arguments = ["--scenario", "bank-run", "--prices", path, "--speed", FASTEST, "--json"]
    ended = command("monitor", "--sim", *arguments, mode=[], **options)
    assert 0 == ended.code
    alerts = [row for row in ended.rows if row["type"] == "alert"]
    called = [row["time"] for row in alerts if (row["kind"], row["state"]) == ("raised", "MARGIN_CALL")]
    assert len(expected) == len(called)
    for (at, until), rung in zip(expected, called, strict=True):
        assert at <= rung < until
    # Between two calls, and after the last, the alert was taken back.
    taken_back = [row["time"] for row in alerts if (row["kind"], row["from_state"]) == ("cleared", "MARGIN_CALL")]
    for begin, until in pairwise([*called, end]):
        assert any(begin < at <= until for at in taken_back)
    assert "UNKNOWN" not in {row["state"] for row in alerts}
    return len(called)


def test_each_crossing_of_the_call_bar_rings_once_before_the_next_price_step(command, tmp_path):
    """Counted from the prices themselves: re-arming, a dip that does not re-arm, jumps, and a price at the bar."""
    begun = 1_678_233_600_000  # 2023-03-08
    minutes = [(begun + number * 60_000, *prices) for number, prices in enumerate(MINUTES)]
    path = tmp_path / "made-up.csv"
    lines = [",".join(map(str, (*minute, 1))) for minute in minutes]
    path.write_text("\n".join(["open_time,open,high,low,close,volume", *lines]), encoding="utf-8")
    assert 4 == check_each_crossing_rings_once(command, str(path), minutes)


@pytest.mark.timeout(900)
@pytest.mark.skipif("BMA_PRICE_FILE" not in os.environ, reason="BMA_PRICE_FILE names no price file of the bank run")
def test_each_crossing_in_a_real_price_file_rings_once(command):
    """The same on real prices, a file of minutes with the header open_time,open,high,low,close and ISO times."""
    path = os.environ["BMA_PRICE_FILE"]
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    minutes = [(_epoch_ms(row["open_time"]), *(row[name] for name in ("open", "high", "low", "close"))) for row in rows]
    assert check_each_crossing_rings_once(command, path, minutes, patience=880)


def _epoch_ms(text):
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)
