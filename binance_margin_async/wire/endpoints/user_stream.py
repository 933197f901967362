"""Rows: tokens and keys that open the streams."""

from binance_margin_async.models.replies import Empty, ListenKey, ListenToken
from binance_margin_async.rules.limits import Lane, ip, uid
from binance_margin_async.wire.endpoint import Endpoint, Security

LISTEN_TOKEN = Endpoint(
    route="POST /sapi/v1/userListenToken",
    security=Security.USER_STREAM,
    cost=uid(1),
    returns=ListenToken,
    source="margin: trade data stream, listen token (read 2026-11-22)",
    lane=Lane.SAFETY,
)
START_LISTEN_KEY = Endpoint(
    route="POST /sapi/v1/margin/listen-key",
    security=Security.USER_STREAM,
    cost=uid(1),
    returns=ListenKey,
    source="margin: risk data stream, start (read 2026-11-22)",
    lane=Lane.SAFETY,
)
KEEP_ALIVE_LISTEN_KEY = Endpoint(
    route="PUT /sapi/v1/margin/listen-key",
    security=Security.USER_STREAM,
    cost=uid(1),
    returns=Empty,
    source="margin: risk data stream, keep alive (read 2026-11-22)",
    lane=Lane.SAFETY,
)
CLOSE_LISTEN_KEY = Endpoint(
    route="DELETE /sapi/v1/margin/listen-key",
    security=Security.USER_STREAM,
    cost=uid(3000),
    returns=Empty,
    source="margin: risk data stream, close (read 2026-11-22)",
)
START_LISTEN_KEY_V2 = Endpoint(
    route="POST /sapi/v2/margin/listen-key",
    security=Security.USER_STREAM,
    cost=ip(1),
    returns=ListenKey,
    source="official margin SDK 8.8.0 (read 2026-11-22)",
    lane=Lane.SAFETY,
)
KEEP_ALIVE_LISTEN_KEY_V2 = Endpoint(
    route="PUT /sapi/v2/margin/listen-key",
    security=Security.USER_STREAM,
    cost=ip(1),
    returns=Empty,
    source="official margin SDK 8.8.0 (read 2026-11-22)",
    lane=Lane.SAFETY,
)
CLOSE_LISTEN_KEY_V2 = Endpoint(
    route="DELETE /sapi/v2/margin/listen-key",
    security=Security.USER_STREAM,
    cost=ip(1),
    returns=Empty,
    source="official margin SDK 8.8.0 (read 2026-11-22)",
)
ALL = (
    LISTEN_TOKEN,
    START_LISTEN_KEY,
    KEEP_ALIVE_LISTEN_KEY,
    CLOSE_LISTEN_KEY,
    START_LISTEN_KEY_V2,
    KEEP_ALIVE_LISTEN_KEY_V2,
    CLOSE_LISTEN_KEY_V2,
)
