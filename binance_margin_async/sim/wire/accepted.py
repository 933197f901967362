"""Parameters that the calls under /api take; unlike /sapi, they refuse any other."""

from collections.abc import Mapping

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.wire.parameters import Parameters

_AUTHORITY = ("apiKey", "recvWindow", "signature", "timestamp")
_ORDER = (
    "symbol",
    "side",
    "type",
    "timeInForce",
    "quantity",
    "quoteOrderQty",
    "price",
    "newClientOrderId",
    "strategyId",
    "strategyType",
    "stopPrice",
    "trailingDelta",
    "icebergQty",
    "newOrderRespType",
    "selfTradePreventionMode",
    "pegPriceType",
    "pegOffsetValue",
    "pegOffsetType",
)

# Spot REST pages, read 2026-11-22.
ACCEPTED: Mapping[str, tuple[str, ...]] = {
    "GET /api/v3/ping": (),
    "GET /api/v3/time": (),
    "GET /api/v3/exchangeInfo": ("symbol", "symbols", "permissions", "showPermissionSets", "symbolStatus"),
    "GET /api/v3/ticker/price": ("symbol", "symbols", "symbolStatus"),
    "POST /api/v3/order": (*_ORDER, *_AUTHORITY),
    "POST /api/v3/order/test": (*_ORDER, "computeCommissionRates", *_AUTHORITY),
    "DELETE /api/v3/order": (
        *("symbol", "orderId", "origClientOrderId", "newClientOrderId", "cancelRestrictions"),
        *_AUTHORITY,
    ),
    "GET /api/v3/order": ("symbol", "orderId", "origClientOrderId", *_AUTHORITY),
    "GET /api/v3/openOrders": ("symbol", *_AUTHORITY),
    "DELETE /api/v3/openOrders": ("symbol", *_AUTHORITY),
    "GET /api/v3/allOrders": ("symbol", "orderId", "startTime", "endTime", "limit", *_AUTHORITY),
    "GET /api/v3/myTrades": ("symbol", "orderId", "startTime", "endTime", "fromId", "limit", *_AUTHORITY),
    "GET /api/v3/account": ("omitZeroBalances", *_AUTHORITY),
    "GET /api/v3/rateLimit/order": _AUTHORITY,
}


def check_accepted(route: str, parameters: Parameters) -> None:
    """
    Refuse a parameter that *route* (verb and path) does not take.

    Raises:
        RefusedError: -1101 from a call that is not signed, -1104 from one that is.
    """
    accepted = ACCEPTED.get(route)
    if accepted is None:
        return
    sent = parameters.names
    read = [name for name in sent if name in accepted]
    if len(read) == len(sent):
        return
    if "signature" not in accepted:
        text = f"Too many parameters; expected '{len(accepted)}' and received '{len(sent)}'."
        raise RefusedError(-1101, text)
    text = f"Not all sent parameters were read; read '{len(read)}' parameter(s) but was sent '{len(sent)}'."
    raise RefusedError(-1104, text)
