"""
Calls that the exchange no longer offers, so that whoever makes one is told what took its place.

Source: margin change log, spot change log, the official connector's removals of 2024-03-31 (read 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Retirement(NamedTuple):
    """
    The end of one call.

    Args:
        retired_on: Day on which the exchange stopped answering it.
        successor: What to call or do instead; ``None`` when nothing took its place.
    """

    retired_on: str
    successor: str | None

    def __str__(self) -> str:
        instead = f"use {self.successor}" if self.successor else "nothing takes its place"
        return f"This call was retired by the exchange on {self.retired_on}: {instead}."


_LISTEN_KEY_END, _RELEASE_2024 = "2026-02-20", "2024-03-31"
_TOKEN = Retirement(_LISTEN_KEY_END, "POST /sapi/v1/userListenToken")
_SUBSCRIBE = Retirement(
    _LISTEN_KEY_END, "userDataStream.subscribe or userDataStream.subscribe.signature on the spot WebSocket API"
)
_BORROW_REPAY = Retirement(_RELEASE_2024, "POST /sapi/v1/margin/borrow-repay")
_RECORDS = Retirement(_RELEASE_2024, "GET /sapi/v1/margin/borrow-repay")
_TRANSFER = Retirement(_RELEASE_2024, "POST /sapi/v1/asset/transfer")

RETIRED: Mapping[str, Retirement] = {
    "GET /sapi/v1/margin/leverageBracket": Retirement("2026-04-13", None),
    "POST /sapi/v1/userDataStream": _TOKEN,
    "PUT /sapi/v1/userDataStream": _TOKEN,
    "DELETE /sapi/v1/userDataStream": _TOKEN,
    "POST /sapi/v1/userDataStream/isolated": _TOKEN,
    "PUT /sapi/v1/userDataStream/isolated": _TOKEN,
    "DELETE /sapi/v1/userDataStream/isolated": _TOKEN,
    "POST /api/v3/userDataStream": _SUBSCRIBE,
    "PUT /api/v3/userDataStream": _SUBSCRIBE,
    "DELETE /api/v3/userDataStream": _SUBSCRIBE,
    "POST /sapi/v1/margin/transfer": _TRANSFER,
    "POST /sapi/v1/margin/isolated/transfer": _TRANSFER,
    "GET /sapi/v1/margin/isolated/transfer": Retirement(_RELEASE_2024, "GET /sapi/v1/margin/transfer"),
    "POST /sapi/v1/margin/loan": _BORROW_REPAY,
    "POST /sapi/v1/margin/repay": _BORROW_REPAY,
    "GET /sapi/v1/margin/loan": _RECORDS,
    "GET /sapi/v1/margin/repay": _RECORDS,
    "GET /sapi/v1/margin/asset": Retirement(_RELEASE_2024, "GET /sapi/v1/margin/allAssets"),
    "GET /sapi/v1/margin/pair": Retirement(_RELEASE_2024, "GET /sapi/v1/margin/allPairs"),
    "GET /sapi/v1/margin/isolated/pair": Retirement(_RELEASE_2024, "GET /sapi/v1/margin/isolated/allPairs"),
    "GET /sapi/v1/margin/dribblet": Retirement(_RELEASE_2024, "GET /sapi/v1/asset/dribblet with accountType=MARGIN"),
    "GET /sapi/v1/margin/dust": Retirement(_RELEASE_2024, "POST /sapi/v1/asset/dust-btc with accountType=MARGIN"),
    "POST /sapi/v1/margin/dust": Retirement(_RELEASE_2024, "POST /sapi/v1/asset/dust with accountType=MARGIN"),
    "POST /sapi/v1/margin/isolated/create": Retirement("2021-05-15", "a first transfer into the isolated account"),
}
"""By verb and path."""

_GONE_STATUS = frozenset({404, 410})
_UNSUPPORTED = -1020


def retirement(route: str, status: int, code: int | None) -> Retirement | None:
    """
    Return the end of the call to *route*, if that is what an answer with *status* and *code* means.
    """
    return RETIRED.get(route) if status in _GONE_STATUS or code == _UNSUPPORTED else None
