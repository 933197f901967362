"""
When it is proved what became of a loan, a repayment or a transfer whose reply was lost.

Such a call has no id of ours, so that only the exchange's records tell of it. Before its last moment they prove
nothing: one that fits may be somebody else's, and ours may still come. After it, what two readings say, a second apart,
is final: no record that fits means refused, one means accepted. More than one is for a person to decide.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from binance_margin_async.errors import Outcome
from binance_margin_async.rules.orders.proof import LONGEST_PAUSE, MISSES_APART, Verdict
from binance_margin_async.rules.orders.records import Match

_JUST_AFTER = 0.001
# How long a record may lag behind the debt it changed before a person is asked; not documented, our guess.
RECORD_LAG = 60.0


@dataclass(slots=True)
class RecordProof:
    """
    What is known of one such call, and when to read next.

    Args:
        now: Loop seconds when its fate became uncertain.
        expires_at: Loop seconds after which the exchange cannot begin to act on it; see ``last_moment``.
    """

    now: float
    expires_at: float
    verdict: Verdict | None = None
    """Once nothing more can be learned; its outcome is ``UNKNOWN`` where a person has to decide."""
    _wake_at: float = field(init=False)
    _read: tuple[Match, bool] | None = field(default=None, init=False)
    _read_at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._wake_at = max(self.now, self.expires_at) + _JUST_AFTER

    @property
    def wake_at(self) -> float | None:
        """When to read next; ``None`` once there is a verdict."""
        return None if self.verdict else self._wake_at

    def on_reading(self, found: Match, *, contradicted: bool, asked_at: float, now: float) -> None:
        """
        Take what the records tell.

        Args:
            found: The records that fit.
            contradicted: Whether the debt changed although no record tells why.
            asked_at: When they were asked for; only what was true then is answered.
            now: When the answer was there.
        """
        if self.verdict:
            return
        if asked_at <= self.expires_at:
            self._wake_at = max(now, self.expires_at) + _JUST_AFTER
            return
        if contradicted and asked_at <= self.expires_at + RECORD_LAG:
            self._read, self._wake_at = None, now + LONGEST_PAUSE
            return
        if self._read != (found, contradicted):
            self._read, self._read_at = (found, contradicted), asked_at
        elif asked_at - self._read_at >= MISSES_APART:
            self.verdict = _judged(found, contradicted=contradicted)
            return
        self._wake_at = max(now, self._read_at + MISSES_APART)

    def on_unanswered(self, *, now: float) -> None:
        """Take note that a reading failed, which tells nothing."""
        self._wake_at = now + LONGEST_PAUSE


def _judged(found: Match, *, contradicted: bool) -> Verdict:
    candidates = found.candidates
    if len(candidates) > 1:
        return Verdict(
            Outcome.UNKNOWN, f"{len(candidates)} records could be it, and nothing tells which", candidates=candidates
        )
    only = next(iter(candidates), None)
    if only is None:
        if contradicted:
            return Verdict(Outcome.UNKNOWN, "the debt has changed by its amount, and no record tells why")
        return Verdict(Outcome.REFUSED, "proved: no record of it was there after its last moment")
    if found.others:
        return Verdict(
            Outcome.UNKNOWN,
            "one record could be it, but somebody else makes the same call in this account",
            candidates=candidates,
        )
    return Verdict(Outcome.ACCEPTED, "proved: one record tells of it", exchange_id=only)
