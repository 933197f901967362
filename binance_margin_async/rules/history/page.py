"""What a plan asks for, and where it stands."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


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
    How far a history has been told, to be stored beside the records and given to the next plan.

    Args:
        kind: Name of the kind.
        until_ms: Everything before this time has been told, and nothing from it on.
    """

    kind: str
    until_ms: int


class Progress(NamedTuple):
    """How much of the period has been read, in ms of the period."""

    done_ms: int
    total_ms: int
