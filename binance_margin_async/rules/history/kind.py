"""What has to be known about one history call to read any period of it."""

from __future__ import annotations

from dataclasses import dataclass

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Numbered:
    """Pages are numbered from 1; a page that is not full is the last one."""

    page: str = "current"
    size: str = "size"


@dataclass(frozen=True, slots=True)
class ById:
    """
    Oldest first; the next page starts at an id, which comes back, and runs on past the window.

    Args:
        start: Parameter that takes the id; the times must be left out beside it.
        id: Field that holds it.
        size: Parameter that takes the page size.
    """

    start: str
    id: str
    size: str = "limit"


@dataclass(frozen=True, slots=True)
class ByTime:
    """No page can be turned, or not safely: when one is full, a shorter window is asked for."""

    size: str = "limit"


@dataclass(frozen=True, slots=True)
class Whole:
    """One answer holds the whole window."""


Paging = Numbered | ById | ByTime | Whole


@dataclass(frozen=True, slots=True)
class HistoryKind:
    """
    One history call.

    Fields are named as on the wire; records may be mappings or reply structs.

    Args:
        name: What users call it.
        route: Verb and path.
        window_ms: Longest period one request may cover.
        paging: How more than one page of a window is read.
        page_size: Records of a full page; the most the exchange gives, as far as is known.
        time: Field by which the exchange files a record, in epoch ms.
        identity: Fields that tell a record from every other one. Too many do no harm; fields that change later do.
        source: Where the facts come from, with the day they were read.
        reach_ms: How far back the exchange tells; ``None`` when no limit is documented.
        parameters: Fixed parameters of the call.
        filed_by_time: Whether *time* is sure to decide in which period the exchange lists a record.
    """

    name: str
    route: str
    window_ms: int
    paging: Paging
    page_size: int
    time: str
    identity: tuple[str, ...]
    source: str
    reach_ms: int | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    filed_by_time: bool = True
