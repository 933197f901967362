"""The life of a listen key, which opens the risk data stream, and the trade data stream of venues that kept it."""

from __future__ import annotations

from dataclasses import dataclass

from binance_margin_async.rules.lifecycles.validity import Validity
from binance_margin_async.secret import Secret

# Pages say 60 minutes or 24 hours (read 2026-11-22); the shorter one is safe either way.
VALIDITY = 3600.0
# The key is extended at half life, which leaves half an hour for retries; they start quickly and slow down.
FIRST_RETRY, LONGEST_RETRY = 5.0, 60.0
# After so many failed extensions a key is asked for instead: a living one comes back extended, a lost one is replaced.
MOST_EXTENSIONS = 2


@dataclass(frozen=True, slots=True)
class CreateKey:
    """Ask for a key."""


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """Extend *listen_key*."""

    listen_key: Secret


class ListenKeyLifecycle:
    """
    Decides when the key is created, extended and given up.

    Args:
        length: Seconds a key lives after it was created or extended.
    """

    def __init__(self, length: float = VALIDITY) -> None:
        self._length = length
        self._failures = 0
        self.listen_key: Secret | None = None
        self.validity: Validity | None = None
        self.wake_at: float | None = None

    def on_time(self, now: float) -> CreateKey | KeepAlive | None:
        """Return what is due at *now*."""
        if self.wake_at is not None and now < self.wake_at:
            return None
        if self.listen_key is None or self._failures >= MOST_EXTENSIONS:
            return CreateKey()
        return KeepAlive(self.listen_key)

    def living(self, now: float) -> Secret | None:
        """Return the key, unless its life is over at *now*: with it a connection would be refused."""
        is_over = self.validity is not None and self.validity.seconds_left(now) == 0
        return None if is_over else self.listen_key

    def on_created(self, listen_key: Secret, now: float) -> None:
        """Adopt a key."""
        self.listen_key = listen_key
        self.on_kept_alive(now)

    def on_kept_alive(self, now: float) -> None:
        """Note that the key lives for its full length from *now*."""
        self._failures = 0
        self.validity = Validity(now, now + self._length)
        self.wake_at = self.validity.half_at

    def on_failed(self, now: float, *, refused: bool = False) -> bool:
        """
        Note that creating or extending failed.

        Args:
            now: Loop time.
            refused: The exchange said no, rather than nothing.

        Returns:
            Whether it said no again, so that it is asked only rarely from now on.
        """
        again = refused and self._failures > 0
        wait = LONGEST_RETRY if again else min(LONGEST_RETRY, FIRST_RETRY * 2.0 ** min(self._failures, 10))
        self._failures += 1
        self.wake_at = now + wait
        return again

    def on_gone(self) -> None:
        """Note that the exchange no longer knows the key: a new one is due at once."""
        self.listen_key = None
        self.validity = None
        self._failures = 0
        self.wake_at = None
