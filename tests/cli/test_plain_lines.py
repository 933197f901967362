"""The lines for logs and pipes."""

import io
from decimal import Decimal

import pytest

from binance_margin_async import CROSS, StreamHealth, StreamName, StreamRefused, StreamStatus
from binance_margin_async.cli.screens import PlainLines, as_row
from binance_margin_async.models.margin import MarginReading, MarginState, Source

MIDNIGHT_MS = 1_767_571_200_000  # 2026-01-05T00:00:00Z


def reading(level, *, second=0):
    return MarginReading(
        account=CROSS,
        level=None if level is None else Decimal(level),
        state=MarginState.OK,
        source=Source.RISK_STREAM,
        borrow_bar=Decimal("1.5"),
        call_bar=Decimal("1.3"),
        liquidation_bar=Decimal("1.1"),
        bars_source="account",
        to_call=None,
        to_liquidation=None,
        time_ms=MIDNIGHT_MS + second * 1000,
    )


def written(*events):
    out = io.StringIO()
    screen = PlainLines(out)
    for event in events:
        screen.show(event)
    return out.getvalue().splitlines()


def test_a_level_gets_a_line_when_it_has_moved_by_a_hundredth():
    """A log shows a level falling, but not every one of its many readings."""
    lines = written(reading("2"), reading("1.9801", second=1), reading("1.98", second=2))

    assert [
        "00:00:00  CROSS margin level 2.0000, by risk stream",
        "00:00:02  CROSS margin level 1.9800, by risk stream",
    ] == lines


def test_a_slow_fall_is_measured_from_the_last_line():
    """Many small steps make a fall too."""
    lines = written(*(reading(Decimal(2) - Decimal("0.005") * step) for step in range(9)))

    assert 3 == len(lines)


def test_the_end_of_a_debt_gets_a_line():
    """No level is not a level that did not move."""
    lines = written(reading("1.2"), reading(None), reading(None), reading("1.2"))

    assert ["1.2000", "nothing is owed", "1.2000"] == [
        next(part for part in ("1.2000", "nothing is owed") if part in line) for line in lines
    ]


@pytest.mark.parametrize(
    ("stream", "owner", "line"),
    [
        (StreamName.RISK, "CROSS", "00:00:00  CROSS risk stream closed: why"),
        (StreamName.MARKET, None, "00:00:00  market stream closed: why"),
    ],
)
def test_a_market_stream_is_no_account_s(stream, owner, line):
    """When nobody needs prices any more, nobody must think that an account is left alone."""
    status = StreamStatus(stream=stream, health=StreamHealth.CLOSED, reason="why", time_ms=MIDNIGHT_MS)
    refused = StreamRefused(stream=stream, reason="why", again_in=1.0, time_ms=MIDNIGHT_MS)

    assert [line] == written(status)
    assert owner == as_row(status)["account"]
    assert [owner] * 2 == [each.owner and str(each.owner) for each in (status, refused)]


def test_nothing_is_summed_up_when_nothing_was_seen():
    """After an error, zero readings would only hide the sentence that matters."""
    out = io.StringIO()
    PlainLines(out).summarize(0.4)

    assert not out.getvalue()
