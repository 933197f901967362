"""
Replies about special keys, which trade with low latency.

Field lists: margin API documents, trade (read 2026-11-22).
"""

from __future__ import annotations

from binance_margin_async.models.enums import KeyPermission, KeyType
from binance_margin_async.models.replies import Reply
from binance_margin_async.secret import Secret


class CreatedSpecialKey(Reply, frozen=True, kw_only=True):
    """
    A new special key.

    ``secret_key`` is told this once and never again: store what ``reveal`` returns. ``None`` for a key that came with a
    public key.
    """

    api_key: str
    secret_key: Secret | None = None
    type: KeyType


class SpecialKey(Reply, frozen=True, kw_only=True):
    """A special key and what it may do."""

    api_key: str
    api_name: str
    ip: str
    """Addresses with commas; ``"0.0.0.0"`` stands only until the first are set."""
    type: KeyType
    permission_mode: KeyPermission

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that may use the key, one by one."""
        return tuple(filter(None, (address.strip() for address in self.ip.split(","))))
