"""When a read may be asked again: few tries, full jitter, and a budget that a bad hour cannot exceed."""

from __future__ import annotations

from collections.abc import Callable

from binance_margin_async.errors import ClockError, MarginError, NotSentError, ReplyLostError, ServerError

TRIES = 3
FIRST_WAIT, LONGEST_WAIT = 0.25, 4.0  # seconds; doubled with each try
# Share of all calls that may be retries: more would feed the outage that causes them.
SHARE = 0.10


class RetryPolicy:
    """
    Decides whether and when a failed read is asked again.

    Args:
        roll: Returns a random number in [0, 1), for the jitter.
    """

    def __init__(self, roll: Callable[[], float]) -> None:
        self._roll = roll
        # A small start, so that the first calls of a client may be retried too.
        self._budget = 3.0

    def on_call(self) -> None:
        """Count a first try; each earns a tenth of a retry, up to ten."""
        if self._budget < 10.0:
            self._budget = min(10.0, self._budget + SHARE)

    def wait(self, problem: MarginError, tries: int) -> float | None:
        """
        Return seconds to wait before asking again, or ``None`` to give up.

        Args:
            problem: What the last try ended with.
            tries: How many were made.
        """
        if tries >= TRIES or self._budget < 1.0 or not _is_passing(problem):
            return None
        self._budget -= 1.0
        return self._roll() * min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (tries - 1))


def _is_passing(problem: MarginError) -> bool:
    """Whether the trouble may be over soon; limits and bans are the limiter's business."""
    if isinstance(problem, ServerError):
        return problem.status is not None and problem.status >= 500
    # A refused timestamp passes once the clock has been measured again.
    return isinstance(problem, NotSentError | ReplyLostError | ClockError)
