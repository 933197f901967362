"""What the alert machine promises for every history."""

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.margin import AlertKind, MarginState, Source
from binance_margin_async.rules.margin.alerts import AlertMachine
from binance_margin_async.rules.margin.bars import Bars
from binance_margin_async.rules.margin.policy import AlertPolicy
from binance_margin_async.rules.margin.reading import Reading, StateChange

BARS = Bars(Decimal("1.5"), Decimal("1.3"), Decimal("1.1"))
USUAL = AlertPolicy()
STATUS_TEXTS = [None, None, None, "EXCESSIVE", "NORMAL", "MARGIN_CALL", "PRE_LIQUIDATION", "NEW_WORD"]

# Levels at, just above and between the borders, and no debt.
level_values = st.sampled_from(
    [
        None,
        *map(Decimal, ["1.1", "1.12", "1.15", "1.2", "1.3", "1.305", "1.313", "1.3131", "1.34", "1.4", "1.7", "2.5"]),
    ]
)
readings = st.builds(
    Reading,
    level=level_values,
    bars=st.just(BARS),
    source=st.sampled_from([Source.REST, Source.REST, *Source]),
    status_text=st.sampled_from(STATUS_TEXTS),
)
# Pauses in whole seconds; the long ones leave the account unknown.
histories = st.lists(st.tuples(st.sampled_from([1, 2, 5, 10, 14, 16, 40, 200]), readings), max_size=60)


@dataclass
class Step:
    reading: Reading
    before: MarginState
    known_before: MarginState | None
    after: MarginState
    known_after: MarginState | None
    changes: list[StateChange]


def run(history: list[tuple[int, Reading]], policy: AlertPolicy = USUAL) -> list[Step]:
    """Play a history, telling the machine the time whenever it asked for it."""
    machine, seconds, steps = AlertMachine(policy, now=0.0), 0, []
    for pause, reading in history:
        seconds += pause
        timed: list[StateChange] = []
        while machine.wake_at is not None and machine.wake_at <= seconds:
            timed += machine.on_time(machine.wake_at)
        before, known = machine.state, machine.known_state
        changes = machine.on_reading(reading, seconds)
        steps.append(Step(reading, before, known, machine.state, machine.known_state, timed + changes))
    return steps


@given(histories)
def test_unconfirmed_reading_never_lowers(history):
    """Neither the state nor what is remembered gets better by an estimate or a push."""
    for step in run(history):
        if not step.reading.confirmed and step.known_after is not step.known_before:
            assert step.known_after is step.after
        if not step.reading.confirmed and step.after is not step.before:
            assert step.after.rings
            assert step.known_before is None or step.after.severity > step.known_before.severity


@given(histories)
def test_worse_state_is_never_silent(history):
    """After any reading that rings, the alert is at least as bad as the reading, or the account is unknown."""
    for step in run(history):
        state = step.reading.state
        if state.rings and (step.known_before is None or state.severity > step.known_before.severity):
            last = step.changes[-1]
            assert (last.kind, last.to_state) == (AlertKind.RAISED, state)
        if state.rings:
            assert step.after is MarginState.UNKNOWN or step.after.severity >= state.severity


@given(histories)
def test_changes_are_a_chain(history):
    """A consumer who adds up the changes stands where the machine stands."""
    told: MarginState | None = None
    for step in run(history):
        for change in step.changes:
            assert change.from_state is told or told is None or not (change.from_state.rings or told.rings)
            assert (change.kind is AlertKind.REPEATED) <= (change.from_state is change.to_state)
            told = change.to_state
        if told is None:
            assert step.after is MarginState.UNKNOWN or not step.after.rings
        else:
            assert told is step.after or not (told.rings or step.after.rings)


@given(histories)
def test_machine_never_asks_to_be_woken_in_the_past(history):
    """A timer in the past would spin."""
    machine, seconds = AlertMachine(now=0.0), 0
    for pause, reading in history:
        seconds += pause
        machine.on_time(seconds)
        machine.on_reading(reading, seconds)

        assert machine.wake_at is None or machine.wake_at > seconds


@given(histories, st.sampled_from([MarginState.WARN, MarginState.MARGIN_CALL, MarginState.CRITICAL]))
def test_one_ring_per_crossing_of_each_bar(history, barred):
    """A bar rings again exactly when it was cleared by one percent for 30 s, as a model of that one bar alone says."""
    expected, armed, since, count, seconds = 0, True, None, 0, 0
    for pause, reading in history:
        seconds += pause
        if reading.state.severity >= barred.severity:
            expected, armed = expected + armed, False
        clear = reading.state_within(Decimal("1.01")).severity < barred.severity
        if not clear:
            since, count = None, 0
        elif reading.confirmed:
            since, count = seconds if since is None else since, count + 1
            held = count >= 2 and seconds - since >= 30
            armed = armed or held or reading.state is MarginState.NO_DEBT

    never_blind = AlertPolicy(stale_floor=1e9)
    crossings = [
        raised
        for step in run(history, never_blind)
        if (raised := [change.to_state for change in step.changes if change.kind is AlertKind.RAISED])
        and raised[-1].severity >= barred.severity
        and (step.known_before is None or step.known_before.severity < barred.severity)
    ]

    assert len(crossings) == expected
    if barred is MarginState.MARGIN_CALL:
        assert all(raised.count(MarginState.MARGIN_CALL) == 1 for raised in crossings)
