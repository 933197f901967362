"""What a restart must find again of the alerts, as plain values."""

from __future__ import annotations

import msgspec

from binance_margin_async.models.account import Account
from binance_margin_async.models.alerts import AlertTopic, Ring, Urgency


class KeptAlert(msgspec.Struct, frozen=True, kw_only=True):
    """
    One alert that is not over; times are the exchange's epoch milliseconds.

    Args:
        number: Names the crossing.
        key: Names the alert.
        topic: What it is about.
        account: Whose it is.
        rank: How bad it is.
        urgency: How soon a person should look.
        text: The last sentence about it.
        raised_ms: When it was raised, or became worse.
        hold: For how many seconds it must stay well before it counts as over.
        told: Channels that were told.
        acknowledged: Whether somebody has said that they know.
        steps: How often it was escalated.
        repeat_ms: When it is repeated.
        well_ms: When it counts as over, if it stays well until then.
    """

    number: int
    key: str
    topic: AlertTopic
    account: Account
    rank: int
    urgency: Urgency
    text: str
    raised_ms: int
    hold: float = 0.0
    told: tuple[str, ...] = ()
    acknowledged: bool = False
    steps: int = 0
    repeat_ms: int | None = None
    well_ms: int | None = None


class KeptBook(msgspec.Struct, frozen=True, kw_only=True):
    """
    All alerts that are not over.

    Args:
        last_number: Of the newest crossing; numbers are never used again.
        alerts: Oldest first.
        held: Messages kept back until it is no longer quiet.
    """

    last_number: int = 0
    alerts: tuple[KeptAlert, ...] = ()
    held: tuple[Ring, ...] = ()
