"""The picture of the live table, drawn into a string instead of a terminal."""

import io
import re
from decimal import Decimal

import msgspec
from rich.console import Console

from binance_margin_async import CROSS, Isolated
from binance_margin_async.cli.live_table import LiveTable, bar_text
from binance_margin_async.models.events import StreamHealth, StreamName, StreamStatus
from binance_margin_async.models.margin import (
    AlertKind,
    BarDistance,
    MarginAlert,
    MarginReading,
    MarginState,
    Source,
)

NOON_MS = 1_767_614_400_000  # 2026-01-05T12:00:00Z


def reading(account=CROSS, level="1.2731", state=MarginState.MARGIN_CALL):
    return MarginReading(
        account=account,
        level=None if level is None else Decimal(level),
        state=state,
        source=Source.REST,
        borrow_bar=Decimal("1.5"),
        call_bar=Decimal("1.30000000"),
        liquidation_bar=Decimal("1.10000000"),
        bars_source="account",
        to_call=BarDistance(fall=Decimal("-0.021"), prices={"BTC": Decimal(48750)}),
        to_liquidation=BarDistance(fall=Decimal("0.136"), prices={"BTC": Decimal(41250)}),
        time_ms=NOON_MS,
    )


def alert(text, *, time_ms=NOON_MS):
    return MarginAlert(
        kind=AlertKind.RAISED,
        from_state=MarginState.WARN,
        state=MarginState.MARGIN_CALL,
        level=Decimal("1.2731"),
        source=Source.REST,
        text=text,
        time_ms=time_ms,
    )


def drawn(*events, width=80):
    """Return what the table looks like after *events*, in a terminal of *width* columns."""
    console = Console(file=io.StringIO(), width=width)
    table = LiveTable(console)
    for event in events:
        table.show(event)
    console.print(table._render())
    return console.file.getvalue()


def test_an_empty_table_can_be_drawn():
    """The first picture is drawn before anything was read."""
    assert "Margin accounts" in drawn()


def test_everything_of_an_account_fits_into_eighty_columns():
    """A level or bar that is cut to an ellipsis is worth nothing."""
    live = StreamStatus(stream=StreamName.RISK, health=StreamHealth.LIVE, reason="subscribed", time_ms=NOON_MS)

    picture = drawn(reading(), reading(Isolated("BTCUSDT"), state=MarginState.LIQUIDATION), live)

    for part in ("CROSS", "BTCUSDT", "1.2731", "MARGIN_CALL", "LIQUIDATION", "1.3, 2.1% past", "1.1, 13.6% away"):
        assert part in picture
    for part in ("BTC 48,750.00", "BTC 41,250.00", "risk live", "12:00:00 UTC"):
        assert part in picture
    assert "…" not in picture
    assert max(map(len, picture.splitlines())) <= 80


def test_market_streams_stand_below_the_accounts():
    """They carry prices, and are no account's."""
    gone = StreamStatus(stream=StreamName.MARKET, health=StreamHealth.STALE, reason="cut", time_ms=NOON_MS)
    picture = drawn(reading(), gone)
    (row,) = [line for line in picture.splitlines() if "CROSS" in line and "1.2731" in line]

    assert "market" not in row
    assert "\nmarket stale" in picture


def test_the_newest_alert_stands_first():
    """A low terminal cuts the end off, and the news must not be there."""
    picture = drawn(reading(), alert("the older one"), alert("the newer one", time_ms=NOON_MS + 1000))

    assert picture.index("the newer one") < picture.index("the older one")


def test_the_state_shown_is_the_alerted_one():
    """One better reading does not end a margin call, so it must not look as if it did."""
    picture = drawn(reading(), alert("called"), reading(level="1.31", state=MarginState.WARN))

    assert "1.3100" in picture
    assert "MARGIN_CALL" in picture
    assert "WARN" not in picture


def test_no_debt_has_no_distance():
    """Without debt no price leads to a call."""
    assert "1.3" == bar_text("1.3", BarDistance(fall=None, prices={}))
    assert "no debt" in drawn(reading(level=None, state=MarginState.NO_DEBT))


def test_the_level_over_time_is_drawn_with_its_bars():
    """How fast it falls says more than where it is."""
    told = [
        msgspec.structs.replace(reading(level=level), time_ms=NOON_MS + number * 1000)
        for number, level in enumerate(("1.6", "1.5", "1.15"))
    ]
    text = drawn(*told)
    assert "CROSS since 12:00:00" in text
    assert re.search("█.*┄ call 1.3$", text, re.MULTILINE)
    assert re.search("█+.* liquidation 1.1$", text, re.MULTILINE)
    assert all(len(line) <= 80 for line in text.splitlines())


def test_an_account_without_debt_has_no_chart():
    """There is no level to draw."""
    assert "since" not in drawn(reading(level=None, state=MarginState.NO_DEBT))
