"""Whose event a pushed frame is: only the subscription id tells, and only the client knows the mapping."""

from __future__ import annotations

import logging

from binance_margin_async.models.account import Account
from binance_margin_async.models.stream_events import StreamEvent, UnknownEvent

_log = logging.getLogger("binance_margin_async.streams")
Pushed = StreamEvent | UnknownEvent
# Events can overtake the answer that names their subscription by a moment, not by more.
MOST_HELD = 1_000


class Routes:
    """Subscription ids of one connection, and events that came before their id was known."""

    def __init__(self) -> None:
        self._accounts: dict[int, Account] = {}
        self._held: dict[int, list[Pushed]] = {}
        self._held_count = 0

    def learn(self, subscription_id: int, account: Account) -> list[Pushed]:
        """Note whose *subscription_id* is and return the events that waited for it, oldest first."""
        self._accounts[subscription_id] = account
        waiting = self._held.pop(subscription_id, [])
        self._held_count -= len(waiting)
        return waiting

    def account_of(self, subscription_id: int) -> Account | None:
        """Return whose it is, ``None`` while unknown."""
        return self._accounts.get(subscription_id)

    def hold(self, subscription_id: int, event: Pushed) -> None:
        """Keep *event* until its subscription is known; beyond the bound it is logged and dropped."""
        if self._held_count >= MOST_HELD:
            _log.error("dropped %s of the unknown subscription %s", type(event).__name__, subscription_id)
            return
        self._held.setdefault(subscription_id, []).append(event)
        self._held_count += 1

    def forget(self, subscription_id: int) -> None:
        """Note that the subscription ended."""
        self._accounts.pop(subscription_id, None)

    def clear(self) -> None:
        """Note that the connection ended."""
        self._accounts.clear()
        self._held.clear()
        self._held_count = 0
