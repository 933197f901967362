"""What machine and book promise together for every history, restarts included: no crossing missed, none rung twice."""

from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.account import CROSS
from binance_margin_async.models.alerts import RingKind, Urgency
from binance_margin_async.models.margin import MarginState, Source
from binance_margin_async.rules.alerts.book import AlertBook
from binance_margin_async.rules.alerts.condition import LEVELS, level_condition
from binance_margin_async.rules.alerts.kept import KeptBook
from binance_margin_async.rules.alerts.routing import Route, Routing, Step
from binance_margin_async.rules.margin.alerts import AlertMachine
from binance_margin_async.rules.margin.bars import Bars
from binance_margin_async.rules.margin.policy import AlertPolicy
from binance_margin_async.rules.margin.reading import Reading

BARS = Bars(Decimal("1.5"), Decimal("1.3"), Decimal("1.1"))
REPEAT = 120.0
ROUTING = Routing({urgency: Route(("a", "b"), repeat=REPEAT, escalate=(Step(50.0, ("c",)),)) for urgency in Urgency})
EPOCH_MS = 1_795_564_800_000

levels = st.sampled_from([None, *map(Decimal, ["1.1", "1.12", "1.2", "1.3", "1.313", "1.34", "1.4", "1.7", "2.5"])])
readings = st.builds(Reading, level=levels, bars=st.just(BARS), source=st.sampled_from([Source.REST, *Source]))
RESTART, ACKNOWLEDGE = "restart", "acknowledge"
histories = st.lists(
    st.tuples(st.sampled_from([1, 2, 10, 14, 40, 200]), readings | st.sampled_from([RESTART, ACKNOWLEDGE])),
    max_size=50,
)


class Watch:
    """One account, its machine and the book, as the monitor has them; everything that rang is kept."""

    def __init__(self):
        self.policy = AlertPolicy(stale_floor=1e9)
        self.rings = []
        self.machine = AlertMachine(self.policy, now=0.0)
        self.book = AlertBook(ROUTING, **at(0))

    def on_time(self, now):
        while (wake_at := self.book.wake_at) is not None and wake_at <= now:
            self.rings += [(wake_at, ring) for ring in self.book.on_time(**at(wake_at))]

    def on_reading(self, reading, now):
        before = self.machine.known_state
        self.machine.on_reading(reading, now)
        known = self.machine.known_state
        if known is not None:
            rung = self.book.on_condition(level_condition(CROSS, known, str(known)), **at(now))
            self.rings += [(now, ring) for ring in rung]
        return before, known

    def restart(self, now):
        kept = msgspec.json.decode(msgspec.json.encode(self.book.export(**at(now))), type=KeptBook)
        ranks = [each.rank for each in kept.alerts]
        known = LEVELS[ranks[0] - 1] if ranks else None
        self.machine = AlertMachine(self.policy, now=now, known=known)
        self.book = AlertBook(ROUTING, kept, **at(now))


def at(now):
    return {"now": float(now), "time_ms": EPOCH_MS + round(now * 1000)}


def severity(state):
    return MarginState.OK.severity if state is None or not state.rings else state.severity


@given(histories)
def test_every_crossing_rings_once_and_no_crossing_is_missed(history):
    """Each bar that a state newly falls through is named by exactly one message, whoever restarts in between."""
    watch, now, expected = Watch(), 0, []
    for pause, step in history:
        now += pause
        watch.on_time(now)
        if step == RESTART:
            watch.restart(now)
        elif step == ACKNOWLEDGE:
            watch.book.acknowledge("CROSS/level")
        else:
            before, known = watch.on_reading(step, now)
            expected += [(now, state) for state in LEVELS if severity(before) < state.severity <= severity(known)]

    raised = [(when, ring) for when, ring in watch.rings if ring.kind is RingKind.RAISED]
    assert expected == [(when, state) for when, ring in raised for state in ring.crossed]
    assert all(ring.crossed for _, ring in raised)


@given(histories)
def test_one_crossing_rings_in_a_channel_at_most_once_per_repeat_time(history):
    """Raised or repeated, by whatever way: a channel hears of the same number again after the repeat time at least."""
    watch, now, acknowledged = Watch(), 0, {}
    for pause, step in history:
        now += pause
        watch.on_time(now)
        if step == RESTART:
            watch.restart(now)
        elif step == ACKNOWLEDGE:
            acknowledged |= {kept.number: now for kept in watch.book.export(**at(now)).alerts}
            watch.book.acknowledge("CROSS/level")
        else:
            watch.on_reading(step, now)

    heard = {}
    for when, ring in watch.rings:
        if ring.kind in {RingKind.EASED, RingKind.CLEARED}:
            heard = {key: last for key, last in heard.items() if key[0] != ring.number}
            continue
        assert ring.kind is RingKind.RAISED or when <= acknowledged.get(ring.number, when)
        for channel in ring.channels:
            last = heard.get((ring.number, channel))
            assert last is None or when - last >= REPEAT
            heard[ring.number, channel] = when


@given(histories)
def test_the_next_time_is_that_of_the_earliest_alert_after_every_step(history):
    """It is kept between changes, as every account may have an alert; a stale one would be a missed ring."""
    watch, now = Watch(), 0
    for pause, step in history:
        now += pause
        watch.on_time(now)
        if step == RESTART:
            watch.restart(now)
        elif step == ACKNOWLEDGE:
            watch.book.acknowledge("CROSS/level")
        else:
            watch.on_reading(step, now)
        kept, watch.book._is_known = watch.book.wake_at, False
        assert watch.book.wake_at == kept
