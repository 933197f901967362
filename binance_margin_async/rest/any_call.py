"""Calls that have no row of their own."""

from __future__ import annotations

import re
from typing import cast

from binance_margin_async.models.plain_json import Json
from binance_margin_async.rules.limits import Cost
from binance_margin_async.wire.endpoint import Endpoint, Security

VERBS = ("GET", "POST", "PUT", "DELETE")
# The rest of what a path may hold would be encoded twice, or not at all.
_is_path = re.compile(r"(?:/[A-Za-z0-9_.~-]+)+").fullmatch


def any_row(verb: str, path: str, *, cost: Cost, security: Security) -> Endpoint[Json]:
    """
    Return the row of a call that is not in the table; its answer is plain JSON.

    Raises:
        ValueError: *verb* is none of the four, or *path* is no path or holds a query.
    """
    if verb not in VERBS:
        raise ValueError(f"verb must be one of {', '.join(VERBS)}, not {verb!r}")
    if not _is_path(path):
        raise ValueError(f"path must look like '/sapi/v1/margin/account', its parameters apart: {path!r}")
    return Endpoint(
        route=f"{verb} {path}",
        security=security,
        cost=cost,
        # Stands for "whatever the exchange says": wire/replies.py reads it as Json.
        returns=cast("type[Json]", object),
        source="the caller",
    )
