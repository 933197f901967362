"""
Bugs that monitors have, planted in ours to see that the oracle finds them.

Each is one function that replaces something of the package, through a ``pytest.MonkeyPatch``, so that it can be undone.
"""

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from binance_margin_async.bus import Bus
from binance_margin_async.models.alerts import AlertTopic, RingKind
from binance_margin_async.models.events import StreamHealth, StreamStatus
from binance_margin_async.models.margin import Source
from binance_margin_async.rules.alerts.book import AlertBook
from binance_margin_async.rules.margin.alerts import AlertMachine
from binance_margin_async.services.alerts.delivery import Delivery

BLUNDERS = {}


class Blunder(NamedTuple):
    """
    One bug.

    Attributes:
        plant: Plants it through the monkeypatch that it is given.
        rules: What it breaks; a schedule on which only something else goes wrong has not found it.
    """

    plant: object
    rules: frozenset


def _breaks(*rules):
    def note(plant):
        BLUNDERS[plant.__name__] = Blunder(plant, frozenset(rules))
        return plant

    return note


def _deafen(patch, *sources):
    """Let no reading of these sources be worse than calm."""
    take = AlertMachine.on_reading

    def calm(self, reading, now):
        if reading.source in sources:
            reading = replace(reading, level=Decimal(9), collateral_level=None, status_text=None)
        return take(self, reading, now)

    patch.setattr(AlertMachine, "on_reading", calm)


@_breaks("missed")
def alert_from_the_stream_only(patch):
    """Only what the risk stream pushes raises an alert; readings and estimates are taken for calm."""
    _deafen(patch, Source.REST, Source.ESTIMATE)


@_breaks("missed")
def no_own_computation(patch):
    """Only what the exchange says raises an alert."""
    _deafen(patch, Source.ESTIMATE)


@_breaks("missed", "forgotten")
def ring_forgotten_after_a_reconnect(patch):
    """The first crossing after a stream has come back is taken for one that was known before."""
    publish, decide = Bus.publish, AlertBook.on_condition
    back = []

    def note(self, event):
        if isinstance(event, StreamStatus) and event.health is StreamHealth.LIVE:
            back.append(event)
        publish(self, event)

    def forgetful(self, condition, *, now, time_ms):
        rings = decide(self, condition, now=now, time_ms=time_ms)
        if len(back) > _STREAMS and condition.topic is AlertTopic.LEVEL:
            kept = [ring for ring in rings if ring.kind is not RingKind.RAISED]
            if kept != rings:
                del back[_STREAMS:]
            return kept
        return rings

    patch.setattr(Bus, "publish", note)
    patch.setattr(AlertBook, "on_condition", forgetful)


# That come to life at the start of a schedule: trade and market of both accounts, and risk of the cross account.
_STREAMS = 4


@_breaks("doubled", "twice")
def double_ring_in_the_second_channel(patch):
    """What the second channel is told, it is told again."""
    put = Delivery.put

    def twice(self, ring):
        put(self, ring)
        for name in ring.channels[1:]:
            self.put_in(name, ring)

    patch.setattr(Delivery, "put", twice)


@_breaks("blind", "missed")
def being_blind_never_rings(patch):
    """Silence is taken for calm."""
    start, take = AlertMachine.__init__, AlertMachine.on_reading

    def patient(self, *arguments, **options):
        start(self, *arguments, **options)
        self._stale_at = float("inf")

    def endless(self, reading, now):
        changes = take(self, reading, now)
        self._stale_at = float("inf")
        return changes

    patch.setattr(AlertMachine, "__init__", patient)
    patch.setattr(AlertMachine, "on_reading", endless)


@_breaks("twice", "doubled")
def trembling_rings_each_time(patch):
    """A state is left as soon as it is: there is no hold, and no share above the bar."""
    patch.setattr(AlertMachine, "_better", lambda _self, _known, _now: None)
    justified = AlertMachine._justified
    patch.setattr(AlertMachine, "_justified", lambda self, reading, now: justified(self, reading, now) or reading.state)


@_breaks("forgotten")
def reminders_never_come(patch):
    """It rings once, whoever sleeps."""
    patch.setattr(AlertBook, "_next_repeat", lambda *_: None)
