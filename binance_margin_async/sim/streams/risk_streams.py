"""The listen key of the risk data stream."""

import random
import string
from collections.abc import Mapping

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.streams.stream_host import StreamHost

# A key lives this long after it was made or last extended (margin: risk data stream, read 2026-11-22).
KEY_LIFE_MS = 60 * 60 * 1000

# What follows the last event is not documented.
NORMAL = 1000


class RiskStreams:
    """
    The one live key of an account.

    Attributes:
        listen_key: ``None`` before the first, and after it ended.
        expires_at: End of its life, in epoch milliseconds.
    """

    def __init__(self, host: StreamHost, chance: random.Random) -> None:
        self._host = host
        self._chance = chance
        self.listen_key: str | None = None
        self.expires_at: int = 0

    @property
    def wake_at(self) -> int | None:
        """When the key dies."""
        return None if self.listen_key is None else self.expires_at

    def start_key(self, now: int) -> str:
        """Return the live key, extended, or a new one."""
        if self.listen_key is None:
            self.listen_key = "".join(self._chance.choices(string.ascii_letters + string.digits, k=60))
        self.expires_at = now + KEY_LIFE_MS
        return self.listen_key

    def keep_alive(self, key: str, now: int) -> None:
        """
        Extend the key.

        Raises:
            RefusedError: -1125 for a key that is not, or no more, alive.
        """
        if key != self.listen_key:
            raise RefusedError(-1125, "This listenKey does not exist.")
        self.expires_at = now + KEY_LIFE_MS

    def end_key(self, now: int) -> None:
        """End the key, tell its listeners, and close their connections."""
        ended, self.listen_key = self.listen_key, None
        if ended is not None:
            told = {"e": "listenKeyExpired", "E": now, "listenKey": ended}
            self._host.end(ended, told, code=NORMAL, reason="listen key expired")

    def publish(self, event: Mapping[str, object]) -> None:
        """Push *event* to every listener of the live key."""
        if self.listen_key is not None:
            self._host.publish(self.listen_key, event)

    def advance(self, now: int) -> None:
        """Let the key end when its time is over."""
        if self.listen_key is not None and self.expires_at <= now:
            self.end_key(now)
