"""Text of others that would steer a terminal, forge a line or turn text around: no way out lets it through."""

import contextlib
import io
import logging
from decimal import Decimal

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

from binance_margin_async import CROSS, Isolated
from binance_margin_async.cli.history.formats import CsvRows, JsonRows
from binance_margin_async.cli.live_table import LiveTable
from binance_margin_async.cli.running import complain
from binance_margin_async.cli.screens import JsonLines, PlainLines
from binance_margin_async.cli.tables import print_json, print_results, print_table
from binance_margin_async.errors import ExchangeError, MarginError
from binance_margin_async.models.alerts import AlertTopic, Ring, RingKind, Urgency
from binance_margin_async.models.events import StreamHealth, StreamName, StreamStatus
from binance_margin_async.models.margin import AlertKind, BarDistance, MarginAlert, MarginReading, MarginState, Source
from binance_margin_async.net.redaction import RedactingFilter
from binance_margin_async.printable import printable, printable_json, printable_lines
from binance_margin_async.services.alerts import message

NASTY = "\x1b\x07\x9b\r\n\x00\x7f\u202e\u2066\u200b\u2028\ufeff<>&[/]{}\"'\\ab"
HOSTILE = st.text(st.sampled_from(NASTY) | st.characters(exclude_categories=["Cs"]), max_size=40)
# A symbol has no blanks; everything else may stand in it.
HOSTILE_PAIR = Isolated("\x1b[2J\x9b\x07\u202e[/]<B>")


def events(text):
    distance = BarDistance(fall=Decimal("0.1"), prices={text: Decimal(1)})
    bars = {name: Decimal(1) for name in ("level", "borrow_bar", "call_bar", "liquidation_bar")}
    made = [
        MarginReading(
            state=MarginState.WARN,
            source=Source.REST,
            bars_source="account",
            to_call=distance,
            to_liquidation=distance,
            time_ms=0,
            **bars,
        ),
        MarginAlert(
            kind=AlertKind.RAISED,
            from_state=MarginState.OK,
            state=MarginState.WARN,
            level=Decimal(1),
            source=Source.REST,
            text=text,
            time_ms=0,
        ),
        StreamStatus(stream=StreamName.TRADE, health=StreamHealth.STALE, reason=text, time_ms=0),
    ]
    for event in made:
        event.stamp(HOSTILE_PAIR, event.origin, 0.0)
    return made


def ring(text):
    return Ring(
        number=1,
        key=text,
        topic=AlertTopic.LEVEL,
        kind=RingKind.RAISED,
        urgency=Urgency.URGENT,
        text=text,
        crossed=(text, text),
        channels=(),
        time_ms=0,
        account=CROSS,
    )


def printed(write):
    """What *write* puts on stdout and stderr."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        write()
    return out.getvalue()


def on_screen(make, text):
    out = io.StringIO()
    screen = make(out)
    screen.announce(text)
    screen.tell(text)
    for event in events(text):
        screen.show(event)
    if isinstance(screen, LiveTable):
        screen._console.print(screen._render())
    screen.summarize(1.0)
    return out.getvalue()


def logged(text):
    problem = ValueError(text)
    record = logging.LogRecord("any", logging.ERROR, __file__, 1, "said %s", (text,), (ValueError, problem, None))
    RedactingFilter().filter(record)
    return logging.Formatter().format(record)


class Terminal(io.BytesIO):
    def isatty(self):
        return True


def in_rows(make, text):
    out = Terminal()
    with make(out) as rows:
        rows.write({"a": text})
    return out.getvalue().decode()


WAYS_OUT = {
    "an error": lambda text: f"{MarginError(text)} {ExchangeError(text, text=text)!r}",
    "a log record and its traceback": logged,
    "a title": lambda text: message.title(ring(text)),
    "a headline": lambda text: message.headline(ring(text)),
    "a message": lambda text: message.body(ring(text)),
    "a webhook or command": lambda text: "".join(
        map(str, orjson.loads(orjson.dumps(message.row(ring(text)))).values())
    ),
    "a complaint": lambda text: printed(lambda: complain(ExchangeError(text))),
    "a table": lambda text: printed(lambda: print_table(("a", "b"), [(text, text)])),
    "JSON": lambda text: printed(lambda: print_json({"a": text, text: "b"})),
    "an answer": lambda text: printed(lambda: print_results(text, str, as_json=False)),
    "plain lines": lambda text: on_screen(PlainLines, text),
    "JSON lines": lambda text: on_screen(lambda out: JsonLines(out, out), text),
    "the live table": lambda text: on_screen(lambda out: LiveTable(Console(file=out, width=80)), text),
    "CSV on a terminal": lambda text: in_rows(lambda out: CsvRows(out, {"a": str}), text),
    "JSON rows": lambda text: in_rows(JsonRows, text),
}


@pytest.mark.parametrize("way_out", WAYS_OUT)
@given(text=HOSTILE)
@example(text="\x1b[2J\x1b]0;owned\x07\u202etxt\r\nERROR forged [red]x[/red] [/] </td>")
def test_no_control_or_bidirectional_character_gets_out(way_out, text):
    """Promise I5: a symbol, a message or an id of the exchange is shown, and obeyed by no terminal."""
    told = WAYS_OUT[way_out](text)
    assert [] == [each for each in told if not (each.isprintable() or each in "\n\t")]


@given(text=HOSTILE)
def test_an_error_forges_no_line(text):
    """Promise I5: a line break in a message would begin what looks like another record."""
    assert "\n" not in f"{MarginError(text)}{message.headline(ring(text))}{message.title(ring(text))}"


@given(text=HOSTILE)
def test_json_still_says_the_same(text):
    """What was escaped for people is the same text for programs."""
    assert {"a": text} == orjson.loads(printable_json(orjson.dumps({"a": text}).decode()))


@given(text=HOSTILE)
def test_what_is_escaped_once_stays_as_it_is(text):
    """A text passes several hands on its way out."""
    assert printable(text) == printable(printable(text))
    assert printable_lines(text) == printable_lines(printable_lines(text))


def test_brackets_are_no_markup():
    """Rich would take them for colours and links, or fail on them."""
    assert "[red]x[/red] [/]" in WAYS_OUT["a table"]("[red]x[/red] [/]")
