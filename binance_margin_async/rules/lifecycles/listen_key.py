"""The life of the listen key, which opens the risk data stream."""

from __future__ import annotations

from dataclasses import dataclass

# Pages say 60 minutes or 24 hours (read 2026-11-22); the shorter one is safe either way.
VALIDITY = 3600.0
# The key is renewed at half life. Retries start quickly and slow down; when three quarters
# are gone the key is given up for a new one while there is still time to get it.
FIRST_RETRY, LONGEST_RETRY = 5.0, 60.0
GIVE_UP_SHARE = 0.75
# The newer call is charged to the address instead of the account; older venues lack it.
VERSIONS = (2, 1)


@dataclass(frozen=True, slots=True)
class CreateKey:
    """Ask for a key."""


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """Extend *listen_key*; a secret."""

    listen_key: str

    def __repr__(self) -> str:
        return "KeepAlive(***)"


class ListenKeyLifecycle:
    """
    Decides when the key is created, extended and given up.

    Args:
        validity: Seconds a key lives after it was created or extended.
    """

    def __init__(self, validity: float = VALIDITY) -> None:
        self._validity = validity
        self._versions = list(VERSIONS)
        self._extended_at = 0.0
        self._failures = 0
        self.listen_key: str | None = None
        self.wake_at: float | None = None

    @property
    def version(self) -> int:
        """Which version of the key calls to use; remembered once one was missing."""
        return self._versions[0]

    @property
    def at_risk(self) -> bool:
        """Whether the last attempt to extend the key failed."""
        return self._failures > 0 and self.listen_key is not None

    def seconds_left(self, now: float) -> float:
        """Return how long the key still lives if nothing extends it."""
        return max(0.0, self._extended_at + self._validity - now) if self.listen_key is not None else 0.0

    def on_time(self, now: float) -> CreateKey | KeepAlive | None:
        """Return what is due at *now*."""
        if self.wake_at is not None and now < self.wake_at:
            return None
        if self.listen_key is None:
            return CreateKey()
        if now >= self._extended_at + self._validity * GIVE_UP_SHARE:
            return CreateKey()
        return KeepAlive(self.listen_key)

    def on_created(self, listen_key: str, now: float) -> None:
        """Adopt a key."""
        self.listen_key = listen_key
        self.on_kept_alive(now)

    def on_kept_alive(self, now: float) -> None:
        """Note that the key lives for its full validity from *now*."""
        self._failures = 0
        self._extended_at = now
        # Half the validity leaves room for two failures and a new key.
        self.wake_at = now + self._validity / 2

    def on_failed(self, now: float) -> None:
        """Note that creating or extending failed for a reason that may pass."""
        wait = min(LONGEST_RETRY, FIRST_RETRY * 2.0 ** min(self._failures, 10))
        self._failures += 1
        self.wake_at = now + wait

    def on_version_missing(self) -> bool:
        """Fall back to the older calls; return whether there are any."""
        if len(self._versions) > 1:
            self._versions.pop(0)
            self.wake_at = None
            return True
        return False

    def on_gone(self) -> None:
        """Note that the exchange no longer knows the key: a new one is due at once."""
        self.listen_key = None
        self._failures = 0
        self.wake_at = None
