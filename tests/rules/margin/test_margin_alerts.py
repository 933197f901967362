"""The alert machine of one account, transition by transition."""

from decimal import Decimal
from itertools import pairwise

import pytest

from binance_margin_async.models.margin import AlertKind, MarginState, Source
from binance_margin_async.rules.margin.alerts import AlertMachine
from binance_margin_async.rules.margin.bars import Bars
from binance_margin_async.rules.margin.policy import AlertPolicy
from binance_margin_async.rules.margin.reading import Reading, StateChange

BARS = Bars(Decimal("1.5"), Decimal("1.3"), Decimal("1.1"))
NO_DEBT, OK, NOTICE, NO_BORROW, WARN, MARGIN_CALL, CRITICAL, LIQUIDATION, UNKNOWN = MarginState
RAISED, REPEATED, CLEARED = AlertKind
REST, RISK_STREAM, ESTIMATE = Source

# A level well inside each state, far from all bars.
TYPICAL = {
    NO_DEBT: None,
    OK: "2.5",
    NOTICE: "1.8",
    NO_BORROW: "1.45",
    WARN: "1.34",
    MARGIN_CALL: "1.25",
    CRITICAL: "1.12",
    LIQUIDATION: "1.05",
}
RINGING = [NOTICE, NO_BORROW, WARN, MARGIN_CALL, CRITICAL, LIQUIDATION]


def reading(level: str | None, source: Source = REST, text: str | None = None) -> Reading:
    return Reading(None if level is None else Decimal(level), BARS, source, status_text=text)


def short(changes: list[StateChange]) -> list[tuple[AlertKind, MarginState, MarginState]]:
    return [(change.kind, change.from_state, change.to_state) for change in changes]


def machine_in(state: MarginState, now: float = 0.0) -> AlertMachine:
    machine = AlertMachine(now=now)
    machine.on_reading(reading(TYPICAL[state]), now)
    assert machine.state is state
    return machine


def every_ten_seconds(level: str | None, first: float, last: float) -> list[tuple[float, str | None]]:
    """Return readings ten seconds apart, so that the account never goes blind, and one at the last instant."""
    steps = [first + 10.0 * step for step in range(int((last - first) // 10) + 1)]
    return [(now, level) for now in dict.fromkeys([*steps, last])]


def play(machine: AlertMachine, levels: list[tuple[float, str | None]], source: Source = REST) -> list[StateChange]:
    return [change for now, level in levels for change in machine.on_reading(reading(level, source), now)]


@pytest.mark.parametrize("source", list(Source))
@pytest.mark.parametrize("worse", RINGING)
@pytest.mark.parametrize("before", [NO_DEBT, OK, *RINGING])
def test_worse_state_is_raised_at_once_whoever_saw_it(before, worse, source):
    """A false ring costs a look, a missed one the account."""
    if worse.severity <= before.severity:
        return
    machine = machine_in(before)

    changes = machine.on_reading(reading(TYPICAL[worse], source), 1.0)

    # A fall straight past the call bar is told as the margin call first, so that nobody who counts calls misses one.
    way = [before, worse]
    if before.severity < MARGIN_CALL.severity < worse.severity:
        way = [before, MARGIN_CALL, worse]
    assert changes == [
        StateChange(RAISED, one, next_one, Decimal(TYPICAL[worse]), BARS, source, time=1.0)
        for one, next_one in pairwise(way)
    ]
    assert machine.state is worse


@pytest.mark.parametrize("worse", RINGING)
def test_same_state_does_not_ring_twice(worse):
    """One crossing, one ring, however many witnesses."""
    machine = machine_in(worse)

    assert play(machine, [(1.0, TYPICAL[worse])], RISK_STREAM) == []
    assert play(machine, [(2.0, TYPICAL[worse])]) == []


@pytest.mark.parametrize("better", [OK, *RINGING])
@pytest.mark.parametrize("before", RINGING)
def test_held_better_state_clears_to_what_the_readings_justify(before, better):
    """Thirty seconds and two confirmed readings above the bar just left."""
    if better.severity >= before.severity:
        return
    machine = machine_in(before)
    level = TYPICAL[better]

    assert play(machine, every_ten_seconds(level, 10.0, 39.9)) == []
    assert short(play(machine, [(40.0, level)])) == [(CLEARED, before, better)]
    assert machine.state is better


@pytest.mark.parametrize("source", [RISK_STREAM, ESTIMATE])
def test_unconfirmed_reading_neither_lowers_nor_counts_towards_lowering(source):
    """A wrong price must not silence a margin call."""
    machine = machine_in(MARGIN_CALL)

    assert play(machine, [(second, "2.5") for second in range(1, 14)], source) == []
    assert play(machine, [(14.0, "2.5")]) == []
    assert play(machine, [(27.0, "2.5"), (40.0, "2.5")]) == []
    # Thirty seconds after the first better estimate, but not yet after the first better confirmed reading.
    assert play(machine, [(43.9, "2.5")]) == []
    assert play(machine, [(44.0, "2.5")], source) == []
    assert short(play(machine, [(44.0, "2.5")])) == [(CLEARED, MARGIN_CALL, OK)]


def test_one_confirmed_reading_is_not_enough():
    """Time alone proves nothing; the second reading does."""
    policy = AlertPolicy(stale_floor=100.0, clear_readings=3)
    machine = AlertMachine(policy, now=0.0)

    play(machine, [(0.0, "1.25"), (1.0, "2.5"), (50.0, "2.5")])
    assert machine.state is MARGIN_CALL
    assert short(play(machine, [(60.0, "2.5")])) == [(CLEARED, MARGIN_CALL, OK)]


@pytest.mark.parametrize("source", list(Source))
@pytest.mark.parametrize("level", ["1.313", "1.30", "1.2"])
def test_reading_of_any_source_at_the_widened_bar_restarts_the_hold(level, source):
    """1.313 is the call bar of 1.3 plus one percent: at it is not above it."""
    machine = machine_in(MARGIN_CALL)

    assert play(machine, [(10.0, "1.4")]) == []
    assert play(machine, [(20.0, level)], source) == []
    assert play(machine, every_ten_seconds("1.4", 22.0, 51.9)) == []
    assert short(play(machine, [(52.0, "1.4")])) == [(CLEARED, MARGIN_CALL, NO_BORROW)]


def test_just_above_the_widened_bar_holds():
    """The border itself, from the other side."""
    machine = machine_in(MARGIN_CALL)

    assert short(play(machine, every_ten_seconds("1.31300001", 10.0, 40.0))) == [(CLEARED, MARGIN_CALL, WARN)]


def test_each_bar_is_held_on_its_own():
    """The call bar cleared at 10 s re-arms at 40 s, though the critical state was left only ten seconds before."""
    machine = machine_in(CRITICAL)

    changes = play(machine, [(0.0, "1.2"), (10.0, "1.4"), (20.0, "1.4"), (30.0, "1.4"), (40.0, "1.4")])

    assert short(changes) == [(CLEARED, CRITICAL, MARGIN_CALL), (CLEARED, MARGIN_CALL, NO_BORROW)]
    assert [change.time for change in changes] == [30.0, 40.0]


@pytest.mark.parametrize(("seconds_above", "rings"), [(28, 1), (30, 1), (32, 2), (45, 2)])
def test_call_rings_again_only_after_more_than_thirty_seconds_above(seconds_above, rings):
    """Readings every 2 s, the first one second after each price step: the step is re-armed when a reading saw 30 s."""
    machine = machine_in(MARGIN_CALL)
    above = [(second + 1.0, "1.32") for second in range(0, seconds_above, 2)]
    again = [(seconds_above + 1.0, "1.29"), (seconds_above + 3.0, "1.28")]

    changes = play(machine, above + again)

    assert 1 + sum(change.kind is RAISED and change.to_state is MARGIN_CALL for change in changes) == rings


@pytest.mark.parametrize("before", [OK, *RINGING])
def test_confirmed_reading_without_debt_clears_at_once(before):
    """Without debt no price can hurt, so there is nothing to hold."""
    machine = machine_in(before)

    expected = [(CLEARED, before, NO_DEBT)] if before.rings else []
    assert short(play(machine, [(1.0, None)])) == expected
    assert machine.state is NO_DEBT


def test_estimate_without_debt_clears_nothing():
    """A repayment is proved by the exchange, not by our copy of the account."""
    machine = machine_in(LIQUIDATION)

    assert play(machine, [(1.0, None)], ESTIMATE) == []
    assert machine.state is LIQUIDATION


@pytest.mark.parametrize("level", [None, "2.5"])
def test_first_reading_of_a_calm_account_is_no_alert(level):
    """A start is not an event."""
    machine = AlertMachine(now=0.0)

    assert machine.state is UNKNOWN
    assert play(machine, [(1.0, level)]) == []
    assert machine.state is (NO_DEBT if level is None else OK)


@pytest.mark.parametrize("source", list(Source))
def test_first_reading_in_danger_is_raised(source):
    """An account may already be in a margin call when the watch begins."""
    machine = AlertMachine(now=0.0)

    assert short(play(machine, [(1.0, "1.25")], source)) == [(RAISED, UNKNOWN, MARGIN_CALL)]


def test_first_estimate_of_a_calm_account_is_not_taken_for_knowledge():
    """Only a confirmed reading may say that all is well."""
    machine = AlertMachine(now=0.0)

    assert play(machine, [(1.0, "2.5")], ESTIMATE) == []
    assert machine.state is UNKNOWN
    assert machine.wake_at == 15.0


def test_account_never_read_becomes_an_alert_once():
    """Silence is never OK, from the first second."""
    machine = AlertMachine(now=100.0)

    assert machine.on_time(114.9) == []
    assert machine.on_time(115.0) == [StateChange(RAISED, UNKNOWN, UNKNOWN, None, None, None, time=115.0)]
    assert machine.on_time(1000.0) == []
    assert machine.wake_at is None
    assert short(play(machine, [(1001.0, "2.5")])) == [(CLEARED, UNKNOWN, OK)]


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (NO_DEBT, 90.0),
        (OK, 90.0),
        (NOTICE, 90.0),
        (NO_BORROW, 90.0),
        (WARN, 30.0),
        (MARGIN_CALL, 15.0),
        (CRITICAL, 15.0),
        (LIQUIDATION, 15.0),
    ],
)
def test_three_silent_poll_periods_raise_unknown(state, after):
    """Being blind is itself an alert; the level shown is the last one known."""
    machine = machine_in(state)
    level = None if TYPICAL[state] is None else Decimal(TYPICAL[state])

    assert machine.wake_at == after
    assert machine.on_time(after - 0.1) == []
    assert machine.on_time(after) == [StateChange(RAISED, state, UNKNOWN, level, BARS, REST, time=after)]
    assert (machine.state, machine.known_state) == (UNKNOWN, state)


def test_each_confirmed_reading_puts_off_blindness_and_no_other_does():
    """The risk stream may be alive while every full reading fails."""
    machine = machine_in(OK)

    play(machine, [(60.0, "2.5")])
    assert machine.wake_at == 150.0
    play(machine, [(140.0, "2.4")], ESTIMATE)
    play(machine, [(141.0, "2.4")], RISK_STREAM)
    assert machine.wake_at == 150.0


def test_unconfirmed_danger_leaves_time_for_a_confirmed_reading():
    """The shorter patience of the worse state begins with it, and never ends later than that of the calm one."""
    machine = machine_in(OK)
    play(machine, [(50.0, "1.25")], RISK_STREAM)
    assert machine.wake_at == 65.0

    machine = machine_in(OK)
    play(machine, [(80.0, "1.25")], RISK_STREAM)
    assert machine.wake_at == 90.0


@pytest.mark.parametrize("state", RINGING)
def test_same_danger_after_blindness_clears_unknown_without_a_new_ring(state):
    """Nothing was crossed: the account is where it was."""
    machine = machine_in(state)
    machine.on_time(200.0)

    assert short(play(machine, [(300.0, TYPICAL[state])])) == [(CLEARED, UNKNOWN, state)]
    assert play(machine, [(302.0, TYPICAL[state])]) == []


def test_better_reading_after_blindness_still_has_to_be_held():
    """What nobody saw was not held; the hold before the blindness does not count either."""
    machine = machine_in(MARGIN_CALL)
    play(machine, [(1.0, "2.5"), (3.0, "2.5")])
    machine.on_time(20.0)

    assert short(play(machine, [(40.0, "2.5")])) == [(CLEARED, UNKNOWN, MARGIN_CALL)]
    assert play(machine, every_ten_seconds("2.5", 50.0, 69.9)) == []
    assert short(play(machine, [(70.0, "2.5")])) == [(CLEARED, MARGIN_CALL, OK)]


def test_gap_that_the_timer_missed_breaks_the_hold_all_the_same():
    """A stalled program saw as little as a cut line."""
    machine = machine_in(MARGIN_CALL)

    assert play(machine, [(1.0, "2.5"), (40.0, "2.5")]) == []
    assert play(machine, every_ten_seconds("2.5", 50.0, 69.9)) == []
    assert short(play(machine, [(70.0, "2.5")])) == [(CLEARED, MARGIN_CALL, OK)]


@pytest.mark.parametrize("source", list(Source))
def test_worse_state_rings_at_once_while_unknown(source):
    """Blind on one eye is not deaf."""
    machine = machine_in(MARGIN_CALL)
    machine.on_time(200.0)

    assert short(play(machine, [(201.0, "1.12")], source)) == [(RAISED, UNKNOWN, CRITICAL)]


def test_unconfirmed_reading_does_not_end_unknown_unless_worse():
    """Only the exchange's full answer proves that we see again."""
    machine = machine_in(MARGIN_CALL)
    machine.on_time(200.0)

    assert play(machine, [(201.0, "1.25"), (202.0, "2.5")], RISK_STREAM) == []
    assert machine.state is UNKNOWN
    assert short(play(machine, [(203.0, "1.12")], RISK_STREAM)) == [(RAISED, UNKNOWN, CRITICAL)]
    # Still no confirmed reading: the new danger is trusted for the usual time, then nobody knows again.
    assert machine.wake_at == 218.0
    assert short(machine.on_time(218.0)) == [(RAISED, CRITICAL, UNKNOWN)]


def test_unknown_without_debt_before_clears_to_ok():
    """Somebody borrowed while nobody looked; that is no alarm."""
    machine = machine_in(NO_DEBT)
    machine.on_time(90.0)

    assert short(play(machine, [(91.0, "2.5")])) == [(CLEARED, UNKNOWN, OK)]


@pytest.mark.parametrize(("state", "pause"), [(MARGIN_CALL, 900.0), (CRITICAL, 120.0), (LIQUIDATION, 120.0)])
def test_danger_is_repeated_while_it_lasts(state, pause):
    """A reminder, from the last ring on; the level is the newest one."""
    machine = machine_in(state, now=0.0)
    machine.on_reading(reading(TYPICAL[state]), pause - 1)

    assert machine.wake_at == pause
    assert machine.on_time(pause) == [
        StateChange(REPEATED, state, state, Decimal(TYPICAL[state]), BARS, REST, time=pause)
    ]
    machine.on_reading(reading(TYPICAL[state]), 2 * pause - 1)
    assert short(machine.on_time(2 * pause)) == [(REPEATED, state, state)]


@pytest.mark.parametrize("state", [NO_DEBT, OK, NOTICE, NO_BORROW, WARN])
def test_states_short_of_a_call_are_not_repeated(state):
    """Their only timer is that of blindness."""
    machine = machine_in(state)

    assert machine.wake_at == AlertPolicy().stale_after(state)


def test_worse_danger_starts_its_own_shorter_reminder():
    """Critical is repeated two minutes after it began, whatever the margin call's clock said."""
    machine = machine_in(MARGIN_CALL)
    play(machine, [(14.0, "1.25")])
    play(machine, [(20.0, "1.12"), (130.0, "1.12")])

    assert machine.on_time(139.9) == []
    assert short(machine.on_time(140.0)) == [(REPEATED, CRITICAL, CRITICAL)]


def test_reminder_goes_on_while_unknown():
    """A danger does not pass because nobody looks; it is repeated as unknown."""
    machine = machine_in(CRITICAL)

    assert short(machine.on_time(15.0)) == [(RAISED, CRITICAL, UNKNOWN)]
    assert machine.wake_at == 135.0
    assert short(machine.on_time(135.0)) == [(REPEATED, UNKNOWN, UNKNOWN)]


def test_reminder_ends_when_the_danger_is_cleared():
    """Nothing but blindness is waited for any more."""
    machine = machine_in(CRITICAL)
    play(machine, [(1.0, None), (80.0, None)])

    assert machine.wake_at == 170.0
    assert short(machine.on_time(170.0)) == [(RAISED, NO_DEBT, UNKNOWN)]
    assert machine.wake_at is None


def test_reading_whose_word_is_worse_than_its_number_keeps_the_alert():
    """The exchange's own word holds the alert up, though the number looks safe."""
    machine = machine_in(OK)

    assert short(machine.on_reading(reading("1.7", text="MARGIN_CALL"), 1.0)) == [(RAISED, OK, MARGIN_CALL)]
    for second in range(2, 60, 2):
        assert machine.on_reading(reading("1.7", text="MARGIN_CALL"), float(second)) == []


def test_collateral_level_is_held_like_the_margin_level():
    """The notice bar of 2 is left above 2.02 of the collateral level, not of the margin level."""
    machine = AlertMachine(now=0.0)

    def at(collateral_level: str, now: float) -> list[StateChange]:
        looked = Reading(Decimal(3), BARS, REST, collateral_level=Decimal(collateral_level))
        return machine.on_reading(looked, now)

    assert short(at("2", 0.0)) == [(RAISED, UNKNOWN, NOTICE)]
    assert at("2.02", 10.0) == at("2.02", 40.0) == at("2.03", 50.0) == []
    assert short(at("2.03", 80.0)) == [(CLEARED, NOTICE, OK)]


def test_machine_tells_what_it_is_waiting_for():
    """A log line must say more than an address."""
    assert repr(machine_in(CRITICAL)) == "AlertMachine(state=CRITICAL, known=CRITICAL, wake_at=15.0)"


def test_machine_goes_on_where_an_earlier_watch_ended():
    """Coming back to a danger that was told is no new crossing, and leaving it takes as long as ever."""
    machine = AlertMachine(now=0.0, known=MARGIN_CALL)

    assert play(machine, [(1.0, "2.5")]) == []
    assert machine.state is MARGIN_CALL
    assert short(play(machine, [(10.0, "1.12")])) == [(RAISED, MARGIN_CALL, CRITICAL)]


def test_machine_that_goes_on_has_not_seen_the_account_yet():
    """What was known before says nothing of now."""
    machine = AlertMachine(now=0.0, known=MARGIN_CALL)

    assert machine.state is UNKNOWN
    assert short(machine.on_time(15.0)) == [(RAISED, UNKNOWN, UNKNOWN)]
