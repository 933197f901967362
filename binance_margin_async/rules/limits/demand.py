"""What one call asks of the limiter."""

from collections.abc import Mapping
from typing import Self

import msgspec

from binance_margin_async.rules.limits.cost import Cost, Lane, Scope

# Every /api call, over REST or WebSocket, draws on one pool (spot API docs, read 2026-11-22).
SHARED = "/api"


def pool_of(route: str) -> str:
    """
    Return what the weight of *route* (``"VERB /path"``) is counted together with: ``SHARED``, or only itself.
    """
    return SHARED if route.partition(" ")[2].startswith(f"{SHARED}/") else route


class Demand(msgspec.Struct, frozen=True, gc=False):
    """
    Ask for the right to make one call.

    Args:
        scope: Whom the weight is counted against.
        endpoint: Verb and path such as ``"POST /sapi/v1/margin/order"``, or ``SHARED`` for every ``/api`` call.
        weight: Request weight, parameters taken into account.
        lane: How urgent the call is.
        orders: How many orders the call places.
        account: Key of the account whose order counters rise, such as ``"CROSS"`` or ``"BTCUSDT"``.
        serial: Key of the account in which this call may not overlap with its like (borrow, repay, transfer).
    """

    scope: Scope
    endpoint: str
    weight: int
    lane: Lane = Lane.QUERY
    orders: int = 0
    account: str | None = None
    serial: str | None = None

    @classmethod
    def of(
        cls,
        cost: Cost,
        endpoint: str,
        parameters: Mapping[str, object],
        *,
        lane: Lane,
        account: str | None = None,
        serial: str | None = None,
    ) -> Self:
        """
        Return the demand of a call with *parameters* whose weight is counted with *endpoint*; see ``pool_of``.
        """
        return cls(cost.scope, endpoint, cost.weigh(parameters), lane, cost.orders, account, serial)
