"""
Decide which message goes to whom, and when.

One crossing rings once in each channel, however often and by whomever it is reported, also after a restart. It is
repeated and escalated until it is over or acknowledged. What becomes worse is a new crossing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from binance_margin_async.models.alerts import AlertTopic, Ring, RingKind
from binance_margin_async.models.event import Origin
from binance_margin_async.rules.alerts.condition import Condition
from binance_margin_async.rules.alerts.kept import KeptAlert, KeptBook
from binance_margin_async.rules.alerts.routing import Route, Routing

# Quiet hours are a night at most; what is more than this is no longer read one by one.
MOST_HELD = 200
_EMPTY = KeptBook()


@dataclass(slots=True)
class _Alert:
    number: int
    condition: Condition
    raised_at: float
    # Whoever was told that it is bad is also told when it is better.
    told: tuple[str, ...] = ()
    acknowledged: bool = False
    steps: int = 0
    repeat_at: float | None = None
    well_at: float | None = None


class AlertBook:
    """
    Hold every alert that is not over.

    Tell it of conditions with `on_condition` or `on_all`, call `on_time` when `wake_at` has come, and send what they
    return. Times are seconds of the caller's clock, and the exchange's epoch milliseconds of the same instant.

    Args:
        routing: Who is told of what.
        kept: What an earlier book has exported.
        now: Seconds.
        time_ms: Epoch milliseconds.
    """

    def __init__(self, routing: Routing, kept: KeptBook = _EMPTY, *, now: float, time_ms: int) -> None:
        self._routing = routing
        self._number = kept.last_number
        self._alerts = {each.key: _restored(each, now, time_ms) for each in kept.alerts}
        self._held = list(kept.held)
        self._release_at: float | None = now if self._held else None
        # Worked out only after a change: nearly every condition changes nothing, and each account may have an alert.
        self._wake_at: float | None = None
        self._is_known = False

    @property
    def wake_at(self) -> float | None:
        """When `on_time` must be called; ``None`` when there is nothing to wait for."""
        if not self._is_known:
            each = self._alerts.values()
            times = [at for alert in each for at in (alert.well_at, alert.repeat_at, self._step_at(alert))]
            self._wake_at = min((at for at in (*times, self._release_at) if at is not None), default=None)
            self._is_known = True
        return self._wake_at

    def on_condition(self, condition: Condition, *, now: float, time_ms: int) -> list[Ring]:
        """Take how bad one thing is now; the same news twice is told once."""
        alert = self._alerts.get(condition.key)
        if condition.rank == 0:
            return [] if alert is None else self._on_well(alert, condition, now, time_ms)
        if alert is None or condition.rank > alert.condition.rank:
            return self._raise(condition, alert, now, time_ms)
        known = alert.condition
        if alert.well_at is None and (known.rank, known.urgency) == (condition.rank, condition.urgency):
            alert.condition = condition
            return []
        self._is_known = False
        alert.well_at = None
        before, alert.condition = alert.condition, condition
        if condition.rank == before.rank:
            return []
        # The milder alert has a route of its own, which begins now.
        alert.raised_at, alert.steps, alert.repeat_at = now, 0, self._next_repeat(alert, now)
        return self._ring(alert, RingKind.EASED, alert.told, time_ms, now)

    def on_all(self, topic: AlertTopic, conditions: Iterable[Condition], *, now: float, time_ms: int) -> list[Ring]:
        """Take everything that is wrong about *topic*; what is known and not named is well."""
        rings: list[Ring] = []
        named: dict[str, None] = {}
        for condition in conditions:
            named[condition.key] = None
            rings += self.on_condition(condition, now=now, time_ms=time_ms)
        for alert in self._of(topic):
            if alert.condition.key not in named:
                rings += self._on_well(alert, None, now, time_ms)
        return rings

    def on_time(self, *, now: float, time_ms: int) -> list[Ring]:
        """Return what is due: what is over, escalations, reminders, and what was kept back until now."""
        rings: list[Ring] = []
        self._is_known = False
        if self._release_at is not None and now >= self._release_at:
            rings += self._release(now, time_ms)
        for alert in list(self._alerts.values()):
            if alert.well_at is not None and now >= alert.well_at:
                rings += self._clear(alert, time_ms, now)
                continue
            rings += self._escalate(alert, now, time_ms)
            if alert.repeat_at is not None and now >= alert.repeat_at:
                alert.repeat_at = self._next_repeat(alert, now)
                channels = self._route(alert).told_by(alert.steps)
                rings += self._ring(alert, RingKind.REPEATED, channels, time_ms, now)
        return rings

    def acknowledge(self, name: int | str) -> bool:
        """
        Note that somebody knows: no reminder and no escalation until it becomes worse, or is over and comes again.

        Args:
            name: Number of the crossing, or key of the alert.

        Returns:
            Whether there was such an alert that nobody had acknowledged; a number of before it became worse is none.
        """
        for alert in self._alerts.values():
            if name in {alert.number, alert.condition.key} and not alert.acknowledged:
                alert.acknowledged = True
                alert.repeat_at = None
                self._is_known = False
                return True
        return False

    def forget(self, chosen: Callable[[KeptAlert], bool], *, now: float, time_ms: int) -> None:
        """Drop alerts without a word, such as those of an account that is no longer watched."""
        for kept in self.export(now=now, time_ms=time_ms).alerts:
            if chosen(kept):
                del self._alerts[kept.key]
                self._is_known = False

    def export(self, *, now: float, time_ms: int) -> KeptBook:
        """Return everything that a restart must find again."""
        alerts = tuple(_kept(alert, now, time_ms) for alert in self._alerts.values())
        return KeptBook(last_number=self._number, alerts=alerts, held=tuple(self._held))

    def __repr__(self) -> str:
        return f"AlertBook({', '.join(self._alerts) or 'nothing'}; wake_at={self.wake_at})"

    def _raise(self, condition: Condition, known: _Alert | None, now: float, time_ms: int) -> list[Ring]:
        known_rank, told = (0, ()) if known is None else (known.condition.rank, known.told)
        self._number += 1
        self._is_known = False
        alert = _Alert(self._number, condition, raised_at=now, told=told)
        self._alerts[condition.key] = alert
        alert.repeat_at = self._next_repeat(alert, now)
        channels, crossed = self._route(alert).channels, condition.crossed(known_rank)
        return self._ring(alert, RingKind.RAISED, channels, time_ms, now, crossed=crossed)

    def _on_well(self, alert: _Alert, condition: Condition | None, now: float, time_ms: int) -> list[Ring]:
        hold = alert.condition.hold
        if hold and alert.well_at is None:
            alert.well_at = now + hold
            self._is_known = False
        if alert.well_at is not None and now < alert.well_at:
            return []
        return self._clear(alert, time_ms, now, text=None if condition is None else condition.text)

    def _clear(self, alert: _Alert, time_ms: int, now: float, *, text: str | None = None) -> list[Ring]:
        del self._alerts[alert.condition.key]
        self._is_known = False
        text = text or f"over: {alert.condition.text}"
        return self._ring(alert, RingKind.CLEARED, alert.told, time_ms, now, text=text)

    def _escalate(self, alert: _Alert, now: float, time_ms: int) -> list[Ring]:
        rings: list[Ring] = []
        while (at := self._step_at(alert)) is not None and now >= at:
            step = self._route(alert).escalate[alert.steps]
            alert.steps += 1
            # Whoever is told now must not hear the next reminder too soon.
            alert.repeat_at = self._next_repeat(alert, now)
            rings += self._ring(alert, RingKind.ESCALATED, step.channels, time_ms, now)
        return rings

    def _step_at(self, alert: _Alert) -> float | None:
        steps = self._route(alert).escalate[alert.steps :]
        return alert.raised_at + steps[0].after if steps and not alert.acknowledged else None

    def _next_repeat(self, alert: _Alert, now: float) -> float | None:
        repeat = self._route(alert).repeat
        return None if repeat is None or alert.acknowledged else now + repeat

    def _route(self, alert: _Alert) -> Route:
        return self._routing.route(alert.condition.urgency)

    def _of(self, topic: AlertTopic) -> list[_Alert]:
        return [alert for alert in self._alerts.values() if alert.condition.topic is topic]

    def _ring(
        self,
        alert: _Alert,
        kind: RingKind,
        channels: tuple[str, ...],
        time_ms: int,
        now: float,
        *,
        crossed: tuple[str, ...] = (),
        text: str | None = None,
    ) -> list[Ring]:
        condition = alert.condition
        alert.told = tuple(dict.fromkeys((*alert.told, *channels)))
        ring = Ring(
            number=alert.number,
            key=condition.key,
            topic=condition.topic,
            kind=kind,
            urgency=condition.urgency,
            text=condition.text if text is None else text,
            crossed=crossed,
            channels=channels,
            time_ms=time_ms,
        )
        ring.stamp(condition.account, Origin.LOCAL, now)
        quiet_for = self._routing.held_for(condition.urgency, time_ms)
        if quiet_for is None:
            return [ring]
        # A reminder that nobody hears is none; everything else is told in the morning.
        if kind is not RingKind.REPEATED:
            self._held = [*self._held, ring][-MOST_HELD:]
            self._release_at = now + quiet_for
        return []

    def _release(self, now: float, time_ms: int) -> list[Ring]:
        quiet_for = max((self._routing.held_for(ring.urgency, time_ms) or 0.0 for ring in self._held), default=0.0)
        if quiet_for:
            self._release_at = now + quiet_for
            return []
        released, self._held, self._release_at = self._held, [], None
        return released


def _kept(alert: _Alert, now: float, time_ms: int) -> KeptAlert:
    def epoch(at: float) -> int:
        return time_ms + round((at - now) * 1000)

    condition = alert.condition
    return KeptAlert(
        number=alert.number,
        key=condition.key,
        topic=condition.topic,
        account=condition.account,
        rank=condition.rank,
        urgency=condition.urgency,
        text=condition.text,
        raised_ms=epoch(alert.raised_at),
        hold=condition.hold,
        told=alert.told,
        acknowledged=alert.acknowledged,
        steps=alert.steps,
        repeat_ms=None if alert.repeat_at is None else epoch(alert.repeat_at),
        well_ms=None if alert.well_at is None else epoch(alert.well_at),
    )


def _restored(kept: KeptAlert, now: float, time_ms: int) -> _Alert:
    def seconds(at_ms: int | None) -> float | None:
        return None if at_ms is None else now + (at_ms - time_ms) / 1000

    condition = Condition(
        key=kept.key,
        topic=kept.topic,
        rank=kept.rank,
        urgency=kept.urgency,
        text=kept.text,
        account=kept.account,
        hold=kept.hold,
    )
    return _Alert(
        number=kept.number,
        condition=condition,
        raised_at=now + (kept.raised_ms - time_ms) / 1000,
        told=kept.told,
        acknowledged=kept.acknowledged,
        steps=kept.steps,
        repeat_at=seconds(kept.repeat_ms),
        well_at=seconds(kept.well_ms),
    )
