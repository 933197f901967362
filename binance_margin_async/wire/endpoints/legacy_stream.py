"""
Rows: keys of the retired trade data stream, for venues that still serve it.

They are not among the live calls: Binance answers 410 since 2026-02-20.
"""

from binance_margin_async.models.replies import Empty, ListenKey
from binance_margin_async.rules.limits import Lane, uid
from binance_margin_async.wire.endpoint import Endpoint, Security

_SOURCE = "margin: user data streams, as published until 2025-11-10 (read 2026-11-22)"

START_CROSS = Endpoint(
    route="POST /sapi/v1/userDataStream",
    security=Security.USER_STREAM,
    cost=uid(1),
    returns=ListenKey,
    source=_SOURCE,
    lane=Lane.SAFETY,
)
KEEP_CROSS_ALIVE = Endpoint(
    route="PUT /sapi/v1/userDataStream",
    security=Security.USER_STREAM,
    cost=uid(1),
    returns=Empty,
    source=_SOURCE,
    lane=Lane.SAFETY,
)
CLOSE_CROSS = Endpoint(
    route="DELETE /sapi/v1/userDataStream",
    security=Security.USER_STREAM,
    cost=uid(1),
    returns=Empty,
    source=_SOURCE,
)
START_ISOLATED = Endpoint(
    route="POST /sapi/v1/userDataStream/isolated",
    security=Security.USER_STREAM,
    cost=uid(1),
    returns=ListenKey,
    source=_SOURCE,
    lane=Lane.SAFETY,
)
KEEP_ISOLATED_ALIVE = Endpoint(
    route="PUT /sapi/v1/userDataStream/isolated",
    security=Security.USER_STREAM,
    cost=uid(1),
    returns=Empty,
    source=_SOURCE,
    lane=Lane.SAFETY,
)
CLOSE_ISOLATED = Endpoint(
    route="DELETE /sapi/v1/userDataStream/isolated",
    security=Security.USER_STREAM,
    cost=uid(1),
    returns=Empty,
    source=_SOURCE,
)
