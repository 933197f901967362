"""
Decide when an account's alert is raised, repeated and cleared.

Worse news counts at once, whoever brings it. Better news counts only when the exchange's own answer brings it, more
than once, for long enough, with a margin. No news is an alert of its own.
"""

from binance_margin_async.models.margin import AlertKind, MarginState
from binance_margin_async.rules.margin.holds import Holds
from binance_margin_async.rules.margin.policy import AlertPolicy
from binance_margin_async.rules.margin.reading import Reading, StateChange

_USUAL = AlertPolicy()


class AlertMachine:
    """
    Follow one account.

    Feed every reading to `on_reading`, call `on_time` when `wake_at` has come, and pass on what they return.

    Args:
        policy: How patient the alerts are.
        now: Start of watching; an account never read is an alert too.
        known: The state that an earlier watch knew, so that coming back to it is no new crossing.
    """

    def __init__(self, policy: AlertPolicy = _USUAL, *, now: float, known: MarginState | None = None) -> None:
        self._policy = policy
        self._holds = Holds(policy)
        self._state = MarginState.UNKNOWN
        # The last state that readings justified. It outlives UNKNOWN, so that coming back to the same danger is not
        # taken for a new crossing. None until a reading counted.
        self._known = known
        self._last: Reading | None = None
        # None once UNKNOWN has been raised: it is raised once, not again and again.
        self._stale_at: float | None = now + policy.stale_after(self._state)
        self._repeat_at: float | None = None
        self._schedule_repeat(now)

    @property
    def state(self) -> MarginState:
        """The state alerted now; ``UNKNOWN`` also before the first reading."""
        return self._state

    @property
    def known_state(self) -> MarginState | None:
        """The last state that readings justified, also while the state is ``UNKNOWN``; ``None`` before the first."""
        return self._known

    @property
    def is_blind(self) -> bool:
        """Whether it was told that nobody could read the account for too long, and nobody has since."""
        return self._state is MarginState.UNKNOWN and self._stale_at is None

    @property
    def last_reading(self) -> Reading | None:
        """The last reading of any source."""
        return self._last

    @property
    def wake_at(self) -> float | None:
        """When `on_time` must be called, in the seconds of the caller's clock; ``None`` when only a reading helps."""
        return min((at for at in (self._stale_at, self._repeat_at) if at is not None), default=None)

    def on_reading(self, reading: Reading, now: float) -> list[StateChange]:
        """
        Take one reading.

        Returns:
            What changed, at most two: a fall straight past the call bar is told as the margin call and as what it
            became, so that whoever counts or filters margin calls misses none. A confirmed reading ends ``UNKNOWN``:
            back to the last known state, or a worse one.
        """
        self._last = reading
        if self._stale_at is not None and now > self._stale_at:
            # The timer that should have said so is late, and the gap is over already. Still nobody saw it.
            self._holds.on_blind()
        self._holds.on_reading(reading, now=now)
        before = self._known
        self._known = self._justified(reading, now)
        worse = self._known is not None and (before is None or self._known.severity > before.severity)
        state = self._known if self._known is not None and (worse or reading.confirmed) else self._state
        kind = self._kind_of(state, worse=worse)
        changes: list[StateChange] = []
        if worse and _is_past_call(before, state):
            changes.append(self._change(AlertKind.RAISED, MarginState.MARGIN_CALL, now))
            self._state = MarginState.MARGIN_CALL
        if kind is not None:
            changes.append(self._change(kind, state, now))
        self._state = state
        self._set_timers(now, confirmed=reading.confirmed, worse=worse, moved=self._known is not before)
        return changes

    def on_time(self, now: float) -> list[StateChange]:
        """Return what is due: the account has become unknown, or its danger needs a reminder."""
        if self._stale_at is not None and now >= self._stale_at:
            change = self._change(AlertKind.RAISED, MarginState.UNKNOWN, now)
            self._state = MarginState.UNKNOWN
            self._stale_at = None
            self._holds.on_blind()
            self._schedule_repeat(now)
            return [change]
        if self._repeat_at is not None and now >= self._repeat_at:
            self._schedule_repeat(now)
            return [self._change(AlertKind.REPEATED, self._state, now)]
        return []

    def _justified(self, reading: Reading, now: float) -> MarginState | None:
        """Return the state that holds after *reading*, whether or not it is alerted."""
        known, state = self._known, reading.state
        if known is None or state.severity > known.severity:
            return state if reading.confirmed or state.rings else known
        if not reading.confirmed:
            return known
        # Without debt no price can hurt the account: there is nothing to wait for.
        return state if state is MarginState.NO_DEBT else self._better(known, now)

    def _better(self, known: MarginState, now: float) -> MarginState:
        return self._holds.best_after(known, now=now) if known.rings else known

    def _kind_of(self, state: MarginState, *, worse: bool) -> AlertKind | None:
        if worse and state.rings:
            return AlertKind.RAISED
        unknown_alerted = self._stale_at is None
        alerted = unknown_alerted if self._state is MarginState.UNKNOWN else self._state.rings
        return AlertKind.CLEARED if alerted and state is not self._state else None

    def _set_timers(self, now: float, *, confirmed: bool, worse: bool, moved: bool) -> None:
        if confirmed or worse:
            stale_at = now + self._policy.stale_after(self._state)
            # Worse news only shortens the patience: unconfirmed, it must not put off the moment of being blind.
            self._stale_at = stale_at if confirmed or self._stale_at is None else min(self._stale_at, stale_at)
        if moved:
            self._schedule_repeat(now)

    def _schedule_repeat(self, now: float) -> None:
        pause = None if self._known is None else self._policy.repeat_after(self._known)
        self._repeat_at = None if pause is None else now + pause

    def _change(self, kind: AlertKind, to_state: MarginState, now: float) -> StateChange:
        last = self._last
        return StateChange(
            kind=kind,
            from_state=self._state,
            to_state=to_state,
            level=last.level if last else None,
            bars=last.bars if last else None,
            source=last.source if last else None,
            time=now,
        )

    def __repr__(self) -> str:
        return f"AlertMachine(state={self._state}, known={self._known}, wake_at={self.wake_at})"


def _is_past_call(before: MarginState | None, after: MarginState) -> bool:
    """Whether a fall led from above the call bar, or from nowhere, to below the margin call."""
    call = MarginState.MARGIN_CALL.severity
    return after.severity > call and (before is None or before.severity < call)
