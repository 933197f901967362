"""How the monitor's events are shown: JSON lines, plain lines, or a live table."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol, Self, TextIO

import orjson
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import StreamHealth, StreamName, StreamStatus
from binance_margin_async.models.margin import AlertKind, BarDistance, MarginAlert, MarginReading, MarginState
from binance_margin_async.money import plain

ALERTS_SHOWN = 10
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


class Screen(Protocol):
    """Shows events while entered, and sums them up at the end."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def show(self, event: Event) -> None:
        """Show one event."""
        ...

    def summarize(self) -> None:
        """Tell in a few lines what was seen."""
        ...


class Tally:
    """Counts what was seen, for the summary."""

    def __init__(self) -> None:
        self.first_ms: int | None = None
        self.last_ms = 0
        self.readings = 0
        self.alerts: dict[Account, dict[MarginState, int]] = {}

    def add(self, event: Event) -> None:
        """Count *event*."""
        if isinstance(event, MarginReading):
            self.readings += 1
            self.alerts.setdefault(event.account, {})
            if self.first_ms is None:
                self.first_ms = event.time_ms
            self.last_ms = event.time_ms
        elif isinstance(event, MarginAlert) and event.kind is AlertKind.RAISED:
            counts = self.alerts.setdefault(event.account, {})
            counts[event.state] = counts.get(event.state, 0) + 1

    def lines(self) -> list[str]:
        """Return the summary."""
        seconds = 0 if self.first_ms is None else (self.last_ms - self.first_ms) / 1000
        lines = [f"Watched {seconds:.0f} s, {self.readings} readings."]
        for account, counts in self.alerts.items():
            rung = ", ".join(f"{count} x {state}" for state, count in counts.items()) or "nothing rang"
            lines.append(f"{account}: {rung}")
        return lines


class JsonLines:
    """One JSON object a line on stdout, the summary on stderr."""

    def __init__(self, out: TextIO, errors: TextIO) -> None:
        self._out = out
        self._errors = errors
        self._tally = Tally()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, event: Event) -> None:
        self._tally.add(event)
        row = as_row(event)
        if row is not None:
            self._out.write(orjson.dumps(row).decode() + "\n")
            self._out.flush()

    def summarize(self) -> None:
        print("\n".join(self._tally.lines()), file=self._errors)


class PlainLines:
    """One line per alert and stream change, for logs and pipes."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._tally = Tally()
        self._states: dict[Account, MarginState] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, event: Event) -> None:
        self._tally.add(event)
        match event:
            case MarginAlert():
                self._line(event.time_ms, event.text)
            case StreamStatus():
                self._line(event.time_ms, f"{event.account} {event.stream} stream {event.health}: {event.reason}")
            case MarginReading() if self._states.get(event.account) is not event.state:
                self._states[event.account] = event.state
                level = "no debt" if event.level is None else f"level {event.level:.4f}"
                self._line(event.time_ms, f"{event.account} {level}, {event.state} ({event.source})")
            case _:
                pass

    def summarize(self) -> None:
        print("\n".join(self._tally.lines()), file=self._out)

    def _line(self, time_ms: int, text: str) -> None:
        print(f"{clock_text(time_ms)}  {printable(text)}", file=self._out, flush=True)


class LiveTable:
    """A table that is redrawn in place: accounts above, the last alerts below."""

    def __init__(self) -> None:
        self._console = Console()
        self._tally = Tally()
        self._readings: dict[Account, MarginReading] = {}
        self._states: dict[Account, MarginState] = {}
        self._streams: dict[tuple[Account, StreamName], StreamStatus] = {}
        self._alerts: deque[MarginAlert] = deque(maxlen=ALERTS_SHOWN)
        # Last, because it draws at once.
        self._live = Live(console=self._console, get_renderable=self._render, refresh_per_second=8)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.refresh()
        self._live.__exit__(None, None, None)

    def show(self, event: Event) -> None:
        self._tally.add(event)
        match event:
            case MarginReading():
                self._readings[event.account] = event
                self._states.setdefault(event.account, event.state)
            case MarginAlert():
                self._alerts.append(event)
                self._states[event.account] = event.state
            case StreamStatus():
                self._streams[event.account, event.stream] = event
            case _:
                pass

    def summarize(self) -> None:
        for line in self._tally.lines():
            self._console.print(Text(line))

    def _render(self) -> Group:
        # Copies: the live display draws from a thread of its own.
        readings, alerts = list(self._readings.values()), list(self._alerts)
        table = Table(title="Margin accounts", title_justify="left", expand=False)
        for heading in ("account", "level", "state", "call", "to call", "liquidation", "to liquidation", "streams"):
            table.add_column(heading, no_wrap=True)
        for reading in readings:
            table.add_row(*self._row(reading))
        news = Table(title="Last alerts", title_justify="left", show_header=False, box=None, padding=(0, 1))
        for alert in alerts:
            colour = _COLOURS[alert.state]
            news.add_row(clock_text(alert.time_ms), Text(alert.kind, style=colour), Text(printable(alert.text), colour))
        return Group(table, news)

    def _row(self, reading: MarginReading) -> list[Text | str]:
        state = self._states[reading.account]
        return [
            str(reading.account),
            Text("no debt" if reading.level is None else f"{reading.level:.4f}", style=_COLOURS[reading.state]),
            Text(state, style=_COLOURS[state]),
            f"{reading.call_bar:f}",
            distance_text(reading.to_call),
            f"{reading.liquidation_bar:f}",
            distance_text(reading.to_liquidation),
            self._stream_text(reading.account),
        ]

    def _stream_text(self, account: Account) -> Text:
        text = Text()
        for name in StreamName:
            status = self._streams.get((account, name))
            if status is not None:
                live = status.health is StreamHealth.LIVE
                text.append(f"{name} {status.health} ", style="green" if live else "bold red")
        return text


def as_row(event: Event) -> dict[str, object] | None:
    """Return *event* as the JSON object the command promises; amounts are decimal text."""
    match event:
        case MarginReading():
            return {
                "type": "reading",
                "time": event.time_ms,
                "account": str(event.account),
                "level": _text(event.level),
                "state": event.state,
                "source": event.source,
                "bars": {
                    "borrow": _text(event.borrow_bar),
                    "call": _text(event.call_bar),
                    "liquidation": _text(event.liquidation_bar),
                    "source": event.bars_source,
                },
                "to_call": _distance_row(event.to_call),
                "to_liquidation": _distance_row(event.to_liquidation),
            }
        case MarginAlert():
            return {
                "type": "alert",
                "time": event.time_ms,
                "account": str(event.account),
                "level": _text(event.level),
                "state": event.state,
                "source": event.source,
                "kind": event.kind,
                "from_state": event.from_state,
                "text": event.text,
            }
        case StreamStatus():
            return {
                "type": "stream",
                "time": event.time_ms,
                "account": str(event.account),
                "stream": event.stream,
                "status": event.health,
                "reason": event.reason,
            }
        case _:
            return None


def _distance_row(distance: BarDistance | None) -> dict[str, object] | None:
    if distance is None:
        return None
    prices = {asset: _text(price) for asset, price in distance.prices.items()}
    return {"fall": _text(distance.fall), "prices": prices}


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def distance_text(distance: BarDistance | None) -> str:
    """Return how far a bar is, in percent and in prices."""
    if distance is None or distance.fall is None:
        return "-"
    prices = ", ".join(f"{asset} {price:,.2f}" for asset, price in distance.prices.items())
    return f"{distance.fall:.1%}" + (f" ({prices})" if prices else "")


def clock_text(time_ms: int) -> str:
    """Return the time of day, UTC."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%H:%M:%S")


def printable(text: str) -> str:
    """Return *text* without control characters: the exchange's words must not steer a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)
