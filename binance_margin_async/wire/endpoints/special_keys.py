"""Rows: keys that trade with low latency."""

from binance_margin_async.models.replies import Empty
from binance_margin_async.models.special_keys import CreatedSpecialKey, SpecialKey
from binance_margin_async.rules.limits import uid
from binance_margin_async.wire.endpoint import Endpoint, Security

CREATE_SPECIAL_KEY = Endpoint(
    route="POST /sapi/v1/margin/apiKey",
    security=Security.TRADE,
    cost=uid(1),
    returns=CreatedSpecialKey,
    source="margin: trade, create special key (read 2026-11-22)",
)
DELETE_SPECIAL_KEY = Endpoint(
    route="DELETE /sapi/v1/margin/apiKey",
    security=Security.TRADE,
    cost=uid(1),
    returns=Empty,
    source="margin: trade, delete special key (read 2026-11-22)",
)
EDIT_SPECIAL_KEY_IP = Endpoint(
    route="PUT /sapi/v1/margin/apiKey/ip",
    security=Security.TRADE,
    cost=uid(1),
    returns=Empty,
    source="margin: trade, edit IP for special key (read 2026-11-22)",
)
SPECIAL_KEY = Endpoint(
    route="GET /sapi/v1/margin/apiKey",
    security=Security.TRADE,
    cost=uid(1),
    returns=SpecialKey,
    source="margin: trade, query special key (read 2026-11-22)",
)
SPECIAL_KEY_LIST = Endpoint(
    route="GET /sapi/v1/margin/api-key-list",
    security=Security.TRADE,
    cost=uid(1),
    returns=list[SpecialKey],
    source="margin: trade, query special key list (read 2026-11-22)",
)
EXIT_SPECIAL_KEY_MODE = Endpoint(
    route="POST /sapi/v1/margin/exit-special-key-mode",
    security=Security.TRADE,
    cost=uid(10),
    returns=Empty,
    source="margin: trade, exit special key mode (read 2026-11-22)",
)
ALL = (
    CREATE_SPECIAL_KEY,
    DELETE_SPECIAL_KEY,
    EDIT_SPECIAL_KEY_IP,
    SPECIAL_KEY,
    SPECIAL_KEY_LIST,
    EXIT_SPECIAL_KEY_MODE,
)
