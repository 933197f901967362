"""The monitor's live table: accounts and their levels above, the last alerts below, redrawn in place."""

from __future__ import annotations

from collections import deque
from typing import Self

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from binance_margin_async.cli.screens import Tally, clock_text
from binance_margin_async.cli.sparkline import sparkline
from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import StreamHealth, StreamName, StreamStatus
from binance_margin_async.models.margin import BarDistance, MarginAlert, MarginReading, MarginState
from binance_margin_async.printable import printable
from binance_margin_async.rules.margin.level_history import LevelHistory

ALERTS_SHOWN = 10
# Charts of so many accounts, this wide and this high, leave room for the alerts on a terminal of 80 columns.
CHARTS_SHOWN, CHART_WIDTH, CHART_HEIGHT = 3, 58, 4
_COLOURS = {
    MarginState.NO_DEBT: "green",
    MarginState.OK: "green",
    MarginState.NOTICE: "cyan",
    MarginState.NO_BORROW: "cyan",
    MarginState.WARN: "yellow",
    MarginState.MARGIN_CALL: "bold red",
    MarginState.CRITICAL: "bold white on red",
    MarginState.LIQUIDATION: "bold white on red",
    MarginState.UNKNOWN: "bold magenta",
}


class LiveTable:
    """
    A table for a terminal of 80 columns or more.

    Args:
        console: Where it is drawn; the terminal when left out.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()
        self._tally = Tally()
        self._readings: dict[Account, MarginReading] = {}
        self._states: dict[Account, MarginState] = {}
        self._past: dict[Account, LevelHistory] = {}
        self._streams: dict[tuple[Account | None, StreamName], StreamStatus] = {}
        self._alerts: deque[MarginAlert] = deque(maxlen=ALERTS_SHOWN)
        # Last, because it draws at once.
        self._live = Live(console=self._console, get_renderable=self._render, refresh_per_second=8)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.refresh()
        self._live.__exit__(None, None, None)

    def announce(self, text: str) -> None:
        """Say above the table what is being watched."""
        self._console.print(Text(printable(text)))

    def tell(self, text: str) -> None:
        """Show a message above the table."""
        self._console.print(Text(printable(text)))

    def show(self, event: Event) -> None:
        """Take one event into the next picture."""
        self._tally.add(event)
        match event:
            case MarginReading():
                # The state first: the thread that draws looks it up for every reading it finds.
                self._states.setdefault(event.account, event.state)
                self._past.setdefault(event.account, LevelHistory()).add(event.level, event.time_ms)
                self._readings[event.account] = event
            case MarginAlert():
                self._alerts.appendleft(event)
                self._states[event.account] = event.state
            case StreamStatus():
                self._streams[event.owner, event.stream] = event
            case _:
                pass

    def summarize(self, seconds: float) -> None:
        """Tell in a few lines what was seen."""
        for line in self._tally.lines(seconds):
            self._console.print(Text(printable(line)))

    def _render(self) -> Group:
        # Copies: the live display draws from a thread of its own.
        readings, alerts = list(self._readings.values()), list(self._alerts)
        charts = [self._chart(reading) for reading in readings[:CHARTS_SHOWN]]
        market = [self._stream_text(None), Text()] if (None, StreamName.MARKET) in self._streams else []
        return Group(self._accounts(readings), *market, *charts, _news(alerts))

    def _chart(self, reading: MarginReading) -> Text:
        points = self._past[reading.account].points
        bars = {"call": reading.call_bar, "liquidation": reading.liquidation_bar}
        lines = sparkline(points, **bars, width=CHART_WIDTH, height=CHART_HEIGHT)
        if not lines:
            return Text()
        since = f"{printable(str(reading.account))} since {clock_text(points[0].time_ms)}"
        return Text("\n").join([Text(since, "bold"), *lines, Text()])

    def _accounts(self, readings: list[MarginReading]) -> Table:
        newest = max((reading.time_ms for reading in readings), default=None)
        title = "Margin accounts" if newest is None else f"Margin accounts at {clock_text(newest)} UTC"
        table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
        for heading in ("account", "level", "state"):
            table.add_column(heading, no_wrap=True)
        for heading in ("call at", "liquidation at", "streams"):
            table.add_column(heading, overflow="fold")
        for reading in readings:
            state = self._states[reading.account]
            table.add_row(
                Text(printable(str(reading.account))),
                Text("no debt" if reading.level is None else f"{reading.level:.4f}", style=_COLOURS[reading.state]),
                Text(state, style=_COLOURS[state]),
                Text(bar_text(f"{reading.call_bar.normalize():f}", reading.to_call)),
                Text(bar_text(f"{reading.liquidation_bar.normalize():f}", reading.to_liquidation)),
                self._stream_text(reading.account),
            )
        return table

    def _stream_text(self, account: Account | None) -> Text:
        known = [status for name in StreamName if (status := self._streams.get((account, name))) is not None]
        lines = [
            Text(f"{status.stream} {status.health}", "green" if status.health is StreamHealth.LIVE else "bold red")
            for status in known
        ]
        return Text("\n").join(lines)


def _news(alerts: list[MarginAlert]) -> Table:
    # The newest first: when the terminal is too low, the oldest are cut off.
    table = Table(title="Last alerts, newest first", title_justify="left", show_header=False, box=None, padding=(0, 1))
    for alert in alerts:
        table.add_row(clock_text(alert.time_ms), Text(printable(alert.text), _COLOURS[alert.state]))
    return table


def bar_text(bar: str, distance: BarDistance | None) -> str:
    """Return a bar, how far all prices together may fall to it, and below that the price of each asset alone."""
    if distance is None or distance.fall is None:
        return bar
    where = f"{distance.fall:.1%} away" if distance.fall >= 0 else f"{-distance.fall:.1%} past"
    prices = [f"{asset} {price:,.2f}" for asset, price in distance.prices.items()]
    return "\n".join([f"{bar}, {where}", *map(printable, prices)])
