"""The trade data stream of before 2026-02-20: a listen key for each account, events under its name."""

import random
from collections.abc import Mapping

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.streams.risk_streams import RiskStreams
from binance_margin_async.sim.streams.stream_host import StreamHost


class LegacyStreams:
    """
    The listen keys of the accounts, while a venue still serves them.

    Attributes:
        is_served: Whether the calls about them answer; otherwise they are retired.
    """

    def __init__(self, host: StreamHost, chance: random.Random, *, is_served: bool) -> None:
        self._host = host
        self._chance = chance
        self._keys: dict[str, RiskStreams] = {}
        self.is_served: bool = is_served

    @property
    def wake_at(self) -> int | None:
        """When the next key dies."""
        return min((key.wake_at for key in self._keys.values() if key.wake_at is not None), default=None)

    def start(self, account: str, now: int) -> str:
        """Return the live key of *account*, extended, or a new one."""
        return self._keys.setdefault(account, RiskStreams(self._host, self._chance)).start_key(now)

    def keep_alive(self, account: str, key: str, now: int) -> None:
        """
        Extend a key.

        Raises:
            RefusedError: -1125 when it is not, or no more, that of *account*.
        """
        self._of(account).keep_alive(key, now)

    def end(self, account: str, key: str, now: int) -> None:
        """
        End a key and tell its listeners.

        Raises:
            RefusedError: As in :meth:`keep_alive`.
        """
        self.keep_alive(account, key, now)
        self._of(account).end_key(now)

    def is_live(self, name: str) -> bool:
        """Tell whether *name* is a live key."""
        return any(key.listen_key == name for key in self._keys.values())

    def publish(self, account: str, event: Mapping[str, object]) -> None:
        """Push *event* to the listeners of the account's key."""
        if account in self._keys:
            self._keys[account].publish(event)

    def advance(self, now: int) -> None:
        """Let keys end whose time is over."""
        for key in self._keys.values():
            key.advance(now)

    def end_all(self, now: int) -> None:
        """Let every key end early."""
        for key in self._keys.values():
            key.end_key(now)

    def _of(self, account: str) -> RiskStreams:
        if account not in self._keys:
            raise RefusedError(-1125, "This listenKey does not exist.")
        return self._keys[account]
