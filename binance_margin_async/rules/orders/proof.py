"""
When it is proved what became of an order whose reply was lost.

That the order is there, as an event or an answer to a question, proves at once that it was accepted. That it is not
there proves nothing before the last moment at which the exchange may still begin to act on it:

    timestamp + receive window + the engine's own limit + error of our clock

The exchange drops a request that is older than its receive window just before it forwards it to the engine, so no
order begins later (spot API: timing security, read 2026-11-22). After that moment two misses, a second apart, are
proof: one alone might come from a reading copy that lags behind.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from binance_margin_async.errors import Outcome

MISSES_APART = 1.0
# The stream usually tells within this time, which saves the question.
FIRST_QUESTION = 0.3
# With the second miss and two round trips, a verdict takes less than 5 s once the exchange answers again.
LONGEST_PAUSE = 3.0
_JUST_AFTER = 0.001


class Verdict(NamedTuple):
    """
    What is proved about a call whose reply was lost.

    Args:
        outcome: ``ACCEPTED`` or ``REFUSED``; ``UNKNOWN`` where nothing can prove it, and a person has to decide.
        reason: Why.
        exchange_id: The exchange's id of what came of it, when that was learned.
        candidates: Where a person has to decide: the records that could be it.
    """

    outcome: Outcome
    reason: str
    exchange_id: int | None = None
    candidates: tuple[int, ...] = ()


@dataclass(slots=True)
class OrderProof:
    """
    What is known of one sent order, and when to ask about it next.

    Args:
        now: Loop seconds when its fate became uncertain.
        expires_at: Loop seconds after which the exchange cannot begin to act on it; see ``last_moment``.
    """

    now: float
    expires_at: float
    verdict: Outcome | None = None
    """``ACCEPTED`` or ``REFUSED`` once that is proved."""
    _pause: float = field(default=FIRST_QUESTION, init=False)
    _missed_at: float | None = field(default=None, init=False)
    _wake_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._wake_at = self.now + FIRST_QUESTION

    @property
    def wake_at(self) -> float | None:
        """When to ask the exchange next; ``None`` once there is a verdict."""
        return None if self.verdict else self._wake_at

    def on_seen(self) -> None:
        """Take note that the order is there: an event names it, or a question found it."""
        self.verdict = Outcome.ACCEPTED

    def on_refused(self) -> None:
        """Take note of an answer that proves that the exchange did not act."""
        self.verdict = Outcome.REFUSED

    def on_asked(self, *, now: float) -> None:
        """Take note that a question was sent; when no answer comes, another one is sent beside it."""
        self._wake_at = now + LONGEST_PAUSE

    def on_missing(self, *, asked_at: float, now: float) -> None:
        """
        Take note that a question did not find it.

        Args:
            asked_at: When the question was sent; only what was true then is answered.
            now: When the answer came.
        """
        if self.verdict:
            return
        if asked_at <= self.expires_at:
            # Nothing is proved yet. Asking again soon finds what the engine was slow with.
            self._wait(now, until=self.expires_at)
            return
        if self._missed_at is None:
            self._missed_at = asked_at
        elif asked_at - self._missed_at >= MISSES_APART:
            self.verdict = Outcome.REFUSED
            return
        self._wake_at = max(now, self._missed_at + MISSES_APART)

    def on_unanswered(self, *, now: float) -> None:
        """Take note that a question failed, which tells nothing about the order."""
        if not self.verdict:
            self._wait(now)

    def _wait(self, now: float, until: float = math.inf) -> None:
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        # The first question that can prove something is asked just after that moment, not a pause later.
        self._wake_at = min(now + self._pause, max(now, until) + _JUST_AFTER)


def is_named(client_order_id: str, body: bytes) -> bool:
    """
    Return whether an answer of success that cannot be read tells of an order or a list, and not that it was rejected.

    Our ids are used once, so that the exchange says one is proof, whatever else in its answer is new or broken.

    Args:
        client_order_id: Our id of the order, or of the list.
        body: The answer.
    """
    named = rb'"(?:c|listC)lientOrderId"\s*:\s*"' + re.escape(client_order_id.encode()) + rb'"'
    return re.search(named, body) is not None and b'"REJECT' not in body


def last_moment(stamped_at: float, *, recv_window_ms: int, clock_error: float, engine_limit: float) -> float:
    """
    Return when the exchange can no longer begin to act on a request.

    Args:
        stamped_at: When it was stamped, in seconds of the same clock as the result.
        recv_window_ms: Its receive window.
        clock_error: How far our idea of the exchange's time may be wrong, in seconds.
        engine_limit: How long an accepted request may wait for the engine, in seconds.
    """
    return stamped_at + recv_window_ms / 1000 + engine_limit + clock_error
