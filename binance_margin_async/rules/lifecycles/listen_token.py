"""The life of one account's subscription to the trade data stream, which a listen token opens."""

from __future__ import annotations

from collections.abc import Callable

from binance_margin_async.rules.lifecycles.validity import Validity

# The exchange's default and maximum (read 2026-11-22).
VALIDITY = 86_400.0
# Renewal is due at half life, which leaves twelve hours for retries; renewals of many accounts
# are spread over the tenth before it.
JITTER = 0.10
# Without a subscription events are being missed: ask often enough to be back soon after the exchange is.
FIRST_RETRY, LONGEST_RETRY = 1.0, 10.0
FIRST_RENEWAL_RETRY, LONGEST_RENEWAL_RETRY = 60.0, 300.0
# A refusal does not pass by waiting a moment: ask again soon once, then rarely.
REFUSED_RETRY = 60.0


class ListenTokenLifecycle:
    """
    Decides when an account is (again) subscribed, always with a fresh token.

    A token is never kept: each subscription mints its own, so that a reconnect can never
    reuse an old one.

    Args:
        roll: Returns a random number in [0, 1), for the jitter.
    """

    def __init__(self, roll: Callable[[], float]) -> None:
        self._roll = roll
        self._connected = False
        self._failures = 0
        self.subscription_id: int | None = None
        self.validity: Validity | None = None
        self.wake_at: float | None = None

    @property
    def is_subscribed(self) -> bool:
        """Whether the account's events arrive."""
        return self.subscription_id is not None

    def is_due(self, now: float) -> bool:
        """Whether a token is to be minted and subscribed at *now*."""
        return self._connected and self.wake_at is not None and now >= self.wake_at

    def on_connected(self, now: float) -> None:
        """Note a new connection: nothing is subscribed on it yet."""
        self._connected = True
        self._failures = 0
        self.subscription_id = None
        self.wake_at = now

    def on_disconnected(self) -> None:
        """Note that the connection is gone, and the subscription with it."""
        self._connected = False
        self.subscription_id = None
        self.wake_at = None

    def on_subscribed(self, subscription_id: int, expires_at: float, now: float) -> None:
        """
        Note a new or renewed subscription.

        Args:
            subscription_id: As the exchange named it; a renewal may keep or change it.
            expires_at: Loop time at which the token ends.
            now: Loop time.
        """
        self._failures = 0
        self.subscription_id = subscription_id
        self.validity = Validity(now, expires_at)
        half_life = (expires_at - now) / 2
        self.wake_at = now + max(1.0, half_life * (1 - JITTER * self._roll()))

    def on_failed(self, now: float, *, urgent: bool, refused: bool = False) -> bool:
        """
        Note that minting, subscribing or the first reading failed.

        Args:
            now: Loop time.
            urgent: The account's events do not arrive, or not on this connection; a running subscription is renewed at
                leisure.
            refused: The exchange said no, rather than nothing.

        Returns:
            Whether it said no again, so that it is asked only rarely from now on.
        """
        first, longest = (FIRST_RETRY, LONGEST_RETRY) if urgent else (FIRST_RENEWAL_RETRY, LONGEST_RENEWAL_RETRY)
        wait = min(longest, first * 2.0 ** min(self._failures, 10))
        again = refused and self._failures > 0
        if again:
            wait = max(wait, REFUSED_RETRY)
        if self.is_subscribed and self.validity is not None and not again:
            # Never sleep through the second half of what is left.
            wait = min(wait, max(1.0, (self.validity.ends_at - now) / 2))
        self._failures += 1
        self.wake_at = now + wait
        return again

    def on_gap(self, now: float) -> None:
        """Note that events may have been missed although the subscription runs: subscribe and read once more."""
        if self._connected:
            self.wake_at = now

    def on_terminated(self, subscription_id: int, now: float) -> bool:
        """
        Note that the exchange ended a subscription.

        Returns:
            Whether it was the current one; the end of a superseded one changes nothing.
        """
        if subscription_id != self.subscription_id:
            return False
        self._failures = 0
        self.subscription_id = None
        self.wake_at = now
        return True
