"""Real time for a virtual clock: one virtual second takes ``1 / speed`` real seconds."""

import time

# A signal handler runs during time.sleep, but the sleep then goes on to its end (PEP 475); short slices let
# Ctrl-C through on every platform. 20 wake-ups a second cost nothing.
SLICE = 0.05

# Up to here a late program is brought back on schedule, so that the overshoot of each sleep does not add up over
# hours. Beyond it the schedule is moved instead: after a suspended laptop or a long computation, hours of virtual
# time must not rush past in one burst.
FORGIVEN = 0.25


class Pace:
    """
    Holds virtual time back to a multiple of real time.

    The schedule is anchored at the first wait and keeps to it; a program that falls more than ``FORGIVEN`` real
    seconds behind runs late from then on and does not catch up.
    """

    def __init__(self, speed: float) -> None:
        """
        Set the speed; the clock is anchored at the first wait.

        Args:
            speed: Virtual seconds per real second, above zero.

        Raises:
            ValueError: *speed* is not a positive number.
        """
        if not 0 < speed < float("inf"):
            raise ValueError(
                f"pace is {speed!r}: give virtual seconds per real second, above 0, or None for no waiting"
            )
        self._speed = speed
        self._origin: float | None = None  # real time at which virtual time was zero
        self._woken = False

    def wake(self) -> None:
        """Let the current wait, or the next one, return at once; safe in a signal handler."""
        # A plain flag: an Event's lock could be held by the very wait that the handler interrupts.
        self._woken = True

    def wait(self, now: float, until: float) -> float:
        """
        Wait in real time for virtual time *until*.

        Args:
            now: Virtual time at the start, in seconds.
            until: Virtual time wanted, in seconds.

        Returns:
            Virtual time reached: *until*, or an earlier time after ``wake``.
        """
        real = time.perf_counter()
        if self._origin is None:
            self._origin = real - now / self._speed
        late = real - (self._origin + until / self._speed)
        if late > FORGIVEN:
            self._origin += late
        due = self._origin + until / self._speed
        while not self._woken and (left := due - time.perf_counter()) > 0:
            time.sleep(min(left, SLICE))
        if not self._woken:
            return until
        self._woken = False
        return min(max((time.perf_counter() - self._origin) * self._speed, now), until)
