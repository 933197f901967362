"""How the monitor's events are shown where there is no terminal: as JSON lines or plain lines."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol, Self, TextIO

import orjson

from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import StreamStatus
from binance_margin_async.models.margin import AlertKind, BarDistance, MarginAlert, MarginReading, MarginState
from binance_margin_async.money import plain
from binance_margin_async.printable import printable, printable_json

# A log gets a line when a level has moved by this share since the last line about it.
WORTH_A_LINE = Decimal("0.01")


class Screen(Protocol):
    """Shows events while entered, and sums them up at the end."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def announce(self, text: str) -> None:
        """Say what is being watched, before the first event."""
        ...

    def tell(self, text: str) -> None:
        """Show a message to people."""
        ...

    def show(self, event: Event) -> None:
        """Show one event."""
        ...

    def summarize(self, seconds: float) -> None:
        """Tell in a few lines what was seen in *seconds* of watching."""
        ...


class Tally:
    """Counts what was seen, for the summary."""

    def __init__(self) -> None:
        self.readings: int = 0
        self.alerts: dict[Account, dict[MarginState, int]] = {}

    def add(self, event: Event) -> None:
        """Count *event*."""
        if isinstance(event, MarginReading):
            self.readings += 1
            self.alerts.setdefault(event.account, {})
        elif isinstance(event, MarginAlert) and event.kind is AlertKind.RAISED:
            counts = self.alerts.setdefault(event.account, {})
            counts[event.state] = counts.get(event.state, 0) + 1

    def lines(self, seconds: float) -> list[str]:
        """Return the summary; empty when nothing was seen."""
        if not self.alerts:
            return []
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

    def announce(self, text: str) -> None:
        """Say nothing: whoever reads JSON has no use for a heading."""

    def tell(self, text: str) -> None:
        """Write it to stderr: on stdout there is nothing but JSON."""
        print(printable(text), file=self._errors, flush=True)

    def show(self, event: Event) -> None:
        """Write the event's row, if it has one."""
        self._tally.add(event)
        row = as_row(event)
        if row is not None:
            self._out.write(printable_json(orjson.dumps(row).decode()) + "\n")
            self._out.flush()

    def summarize(self, seconds: float) -> None:
        """Tell on stderr what was seen."""
        for line in self._tally.lines(seconds):
            print(printable(line), file=self._errors)


class PlainLines:
    """One line per alert, stream change and noticeable move of a level, for logs and pipes."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._tally = Tally()
        self._levels: dict[Account, Decimal | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def announce(self, text: str) -> None:
        """Write *text* as the first line."""
        print(printable(text), file=self._out, flush=True)

    def tell(self, text: str) -> None:
        """Write a line."""
        print(printable(text), file=self._out, flush=True)

    def show(self, event: Event) -> None:
        """Write a line, if the event is worth one."""
        self._tally.add(event)
        match event:
            case MarginAlert():
                self._line(event.time_ms, event.text)
            case StreamStatus():
                whose = "" if event.owner is None else f"{event.owner} "
                self._line(event.time_ms, f"{whose}{event.stream} stream {event.health}: {event.reason}")
            case MarginReading() if self._has_moved(event):
                self._levels[event.account] = event.level
                level = "nothing is owed" if event.level is None else f"margin level {event.level:.4f}"
                self._line(event.time_ms, f"{event.account} {level}, by {event.source.replace('_', ' ')}")
            case _:
                pass

    def summarize(self, seconds: float) -> None:
        """Write in a few lines what was seen."""
        for line in self._tally.lines(seconds):
            print(printable(line), file=self._out)

    def _has_moved(self, reading: MarginReading) -> bool:
        if reading.account not in self._levels:
            return True
        before = self._levels[reading.account]
        if before is None or reading.level is None:
            return before is not reading.level
        return abs(reading.level - before) >= before * WORTH_A_LINE

    def _line(self, time_ms: int, text: str) -> None:
        print(f"{clock_text(time_ms)}  {printable(text)}", file=self._out, flush=True)


def as_row(event: Event) -> dict[str, object] | None:
    """Return *event* as the JSON object the command promises; amounts are decimal text."""
    match event:
        case MarginReading():
            return {
                "type": "reading",
                "time": event.time_ms,
                "account": str(event.account),
                "level": _ratio(event.level),
                "state": event.state,
                "source": event.source,
                "bars": {
                    "borrow": plain(event.borrow_bar),
                    "call": plain(event.call_bar),
                    "liquidation": plain(event.liquidation_bar),
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
                "level": _ratio(event.level),
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
                "account": None if event.owner is None else str(event.owner),
                "stream": event.stream,
                "status": event.health,
                "reason": event.reason,
            }
        case _:
            return None


def _distance_row(distance: BarDistance | None) -> dict[str, object] | None:
    if distance is None:
        return None
    prices = {asset: plain(round(price, 8)) for asset, price in distance.prices.items()}
    moves = {asset: _ratio(move) for asset, move in distance.moves.items()}
    return {"fall": _ratio(distance.fall), "shock": _ratio(distance.shock), "prices": prices, "moves": moves}


def _ratio(number: Decimal | None) -> str | None:
    # As many decimals as the exchange gives; an estimate is a quotient of 28 digits that mean nothing.
    return None if number is None else plain(round(number, 8))


def clock_text(time_ms: int) -> str:
    """Return the time of day, UTC."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%H:%M:%S")
