"""What a plan asks for, where it stands, and what it has to leave out."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from binance_margin_async.rules.history.period import moment_text


class Page(NamedTuple):
    """
    One request of a plan.

    Args:
        route: Verb and path.
        parameters: Wire parameters, to be sent beside the caller's own (symbol, asset and so on).
    """

    route: str
    parameters: dict[str, str | int]


class HistoryMark(msgspec.Struct, frozen=True, gc=False):
    """
    How far a history has been told, to be stored beside the records and given to the next one as ``after``.

    It holds texts and whole numbers only: ``msgspec.json.encode(mark)`` writes it, and
    ``msgspec.json.decode(text, type=HistoryMark)`` reads it.

    Args:
        kind: Name of the kind.
        until_ms: Everything before this time has been told, and from it on nothing but *told*.
        told: Identities of the records from that time on which have been told all the same.
        of: Whose records they are: account, pair and so on.
    """

    kind: str
    until_ms: int
    told: tuple[str, ...] = ()
    of: str = ""


class HistoryGap(msgspec.Struct, frozen=True, gc=False):
    """
    A part of the period that cannot be read; its text says so to a person.

    Args:
        kind: Name of the kind.
        since_ms: Begin of the part, in epoch ms.
        until_ms: Its end, which does not belong to it.
        reason: Why, as a clause.
    """

    kind: str
    since_ms: int
    until_ms: int
    reason: str

    def __str__(self) -> str:
        since, until = moment_text(self.since_ms), moment_text(self.until_ms)
        return f"{self.kind}: {since} to {until} cannot be read: {self.reason}"


class Progress(NamedTuple):
    """How much of the period has been read, in ms of the period."""

    done_ms: int
    total_ms: int
