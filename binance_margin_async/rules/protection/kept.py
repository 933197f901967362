"""What a restart must find again of protective actions, as plain values; times are epoch milliseconds."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.account import Account
from binance_margin_async.rules.protection.look import Deed


class Spent(msgspec.Struct, frozen=True):
    """What an action has used of the daily cap of its rule."""

    at_ms: int
    amount: Decimal


class KeptRule(msgspec.Struct, frozen=True, kw_only=True):
    """
    Hold where one rule stands in one account.

    Args:
        name: Of the rule.
        acted: Whether the crossing that lasts has had its action.
        ready_ms: End of its cool-down.
        spent: Within the last 24 hours, oldest first.
    """

    name: str
    acted: bool = False
    ready_ms: int = 0
    spent: tuple[Spent, ...] = ()


class KeptGuard(msgspec.Struct, frozen=True, kw_only=True):
    """Where the rules of one account stand, and the action whose outcome is open."""

    account: Account
    rules: tuple[KeptRule, ...] = ()
    pending: Deed | None = None
