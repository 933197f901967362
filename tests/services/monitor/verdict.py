"""
What the exchange's ledger says of what the monitor told.

Three hear of a crossing: whoever follows ``MarginAlert``, and each channel. All are judged alike, by what has reached
them and when. Times are seconds of the loop.
"""

import itertools
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from binance_margin_async.models.alerts import RingKind
from binance_margin_async.models.margin import AlertKind, MarginState
from binance_margin_async.rules.margin.policy import AlertPolicy

# The ledger's milliseconds, and what the client's clock may be off.
MOMENT = 0.05
# What is due has arrived so many seconds later.
ARRIVED = 1.0
# Quotes have ticks: their middle is not quite the index.
TICK = "1.00002"
# A state is left when it was clear for 30 s; readings may see that a little later than it began.
CLEAR = 27.0
# What a calm account's readings are apart, and a second: what was crossed no longer ago may still be news.
NEWS = 31.0
_STATE = re.compile(r" is ([A-Z_]+):")
_POLICY = AlertPolicy()


class Told(NamedTuple):
    """
    What somebody was told about an account.

    Attributes:
        at: When it had arrived.
        raised: The states that are told as newly crossed.
        state: The state as of then; ``None`` while nobody can see the account.
    """

    at: float
    raised: tuple
    state: MarginState | None


class Message(NamedTuple):
    """A message that has arrived at a channel: when, and the row that a webhook is sent."""

    at: float
    row: dict

    @property
    def rings(self):
        """Whether it calls somebody."""
        return self.row["kind"] in {RingKind.RAISED, RingKind.REPEATED}


def told_by_alerts(alerts):
    """Return what the alerts of an account say."""
    return [
        Told(
            each.received_at,
            (each.state,) if each.kind is AlertKind.RAISED and each.state is not MarginState.UNKNOWN else (),
            None if each.state is MarginState.UNKNOWN else each.state,
        )
        for each in alerts
    ]


def told_by_messages(account, messages):
    """Return what the messages of a channel say about *account*."""
    told, state, blind = [], MarginState.OK, False
    for at, row in messages:
        if row["key"] == f"{account}/blind":
            blind = row["kind"] != RingKind.CLEARED
        elif row["key"] == f"{account}/level":
            state = MarginState(_STATE.search(row["text"])[1])
        else:
            continue
        raised = row["crossed"] if row["kind"] == RingKind.RAISED else ()
        told.append(Told(at, tuple(map(MarginState, raised)), None if blind else state))
    return told


@dataclass
class Account:
    """
    What happened to an account.

    Args:
        name: For people.
        line: Its levels in the ledger, each with the second from which on it held.
        read: When the exchange's answers about it arrived.
        known: What the alerts said of it; the monitor's patience goes by that.
        end: When the schedule ended.

    Attributes:
        crossings: How often a bar was crossed, for each that was judged.
        latest: After how many seconds the latest ring came.
    """

    name: str
    line: list
    read: list
    known: list
    end: float
    problems: list = field(default_factory=list)
    crossings: int = 0
    latest: float = 0.0

    def judge(self, who, told, bars, patience):
        """
        Judge what *who* was told.

        Args:
            who: For people.
            told: All of it, in order.
            bars: By state.
            patience: Returns until when a crossing at some time must have been told, or being blind.
        """
        for state, bar in bars.items():
            self._judge_missed(who, told, state, bar, patience)
            self._judge_rings(who, [each.at for each in told if state in each.raised], state, bar)

    def _judge_missed(self, who, told, state, bar, patience):
        for first, last in stretches(self.line, self.end, lambda level: level is not None and level <= bar):
            self.crossings += 1
            rings = [each.at - first for each in told if first <= each.at < last and state in each.raised]
            self.latest = max(self.latest, *rings[:1], 0.0)
            deadline = patience(first)
            now = state_at(told, deadline)
            if deadline < last and now is not None and now.severity < state.severity:
                self.fault("missed", f"{who} was not told of {state} at {first:.2f} by {deadline:.2f}")

    def _judge_rings(self, who, rings, state, bar):
        for at in rings:
            looked = self._looked_before(at)
            levels = values(self.line, min(at - NEWS, looked), at + MOMENT)
            if not any(level is not None and level <= bar * type(bar)(TICK) for _, level in levels):
                self.fault("false", f"{who} was told of {state} at {at:.2f}, and the ledger never said so")
        well = stretches(self.line, self.end, lambda level: level is None or level > bar)
        for before, after in itertools.pairwise(rings):
            paid = any(level is None for _, level in values(self.line, before, after + MOMENT))
            if not paid and not any(min(last, after) - max(first, before) >= CLEAR for first, last in well):
                self.fault("twice", f"{who} was told of {state} at {before:.2f} and again at {after:.2f}")

    def judge_sight(self, who, told):
        """Judge whether *who* was told in time, and not before, that nobody reads the account."""
        blind = [each.at for before, each in itertools.pairwise([*told[:1], *told]) if is_blinded(before, each)]
        for before, after in zip(self.read, [*self.read[1:], self.end], strict=True):
            due = self.blind_at(before) + ARRIVED
            if after > due and not any(before < at <= due for at in blind):
                self.fault("blind", f"{who} was not told by {due:.2f} that nobody has looked since {before:.2f}")
        for at in blind:
            looked = self._looked_before(at)
            if at - looked < _POLICY.stale_floor - MOMENT:
                self.fault("sees", f"{who} was told at {at:.2f} that nobody looks, and somebody did at {looked:.2f}")

    def _looked_before(self, at):
        """Return when somebody looked before what had arrived at *at* was sent."""
        return max((each for each in self.read if each < at - ARRIVED), default=0.0)

    def blind_at(self, looked):
        """Return when it is too long ago that the account was read, if that was at *looked*."""
        state = state_at(self.known, looked)
        return looked + _POLICY.stale_after(MarginState.UNKNOWN if state is None else state)

    def fault(self, rule, text):
        """Note a broken promise."""
        self.problems.append((rule, f"{self.name}: {text}"))


def judge_repeats(who, messages, repeat, end, *, slack=ARRIVED):
    """
    Yield messages that come twice, reminders too early, and reminders that never come.

    Args:
        who: The channel.
        messages: All that reached it, in order.
        repeat: Seconds between reminders, by urgency; an urgency that is not named has none.
        end: When the schedule ended.
        slack: How much later a reminder may come.
    """
    by_key = {}
    for each in messages:
        by_key.setdefault(each.row["key"], []).append(each)
    for key, line in by_key.items():
        for before, after in itertools.pairwise(line):
            same = before.row["number"] == after.row["number"]
            pause = repeat.get(after.row["urgency"], 0.0)
            again = after.row["kind"] == RingKind.RAISED or after.at - before.at < pause - MOMENT
            if same and before.rings and after.rings and again:
                yield "doubled", f"{who}: {key} at {before.at:.2f} and again at {after.at:.2f}"
        for before, after in itertools.pairwise([*line, Message(end, {"kind": None})]):
            pause = repeat.get(before.row["urgency"])
            if before.row["kind"] != RingKind.CLEARED and pause is not None and after.at - before.at > pause + slack:
                yield "forgotten", f"{who}: no reminder of {key} between {before.at:.2f} and {after.at:.2f}"


def is_blinded(before, after):
    """Whether somebody learns now that nobody can see the account."""
    return after.state is None and (before is after or before.state is not None)


def state_at(told, at):
    """Return the state told last until then; ``None`` when it was that nobody can see."""
    until = [each.state for each in told if each.at <= at]
    return until[-1] if until else MarginState.OK


def stretches(line, end, holds):
    """Return from when to when each stretch lasts in which the level fulfils *holds*."""
    found, since = [], None
    for at, level in line:
        if holds(level) and since is None:
            since = at
        elif not holds(level) and since is not None:
            found.append((since, at))
            since = None
    return found if since is None else [*found, (since, end)]


def values(line, first, last):
    """Return the levels that held at some time between *first* and *last*."""
    later = [at for at, _ in line[1:]] + [float("inf")]
    return [(at, level) for (at, level), until in zip(line, later, strict=True) if at <= last and until > first]
