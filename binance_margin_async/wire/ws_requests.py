"""
Orders by the WebSocket API: the calls of ``/api/v3`` that have a method there, built as frames instead of addresses.

Source: WebSocket API, trading requests (read 2026-11-22). No page says that a special key may use them for margin.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from binance_margin_async.secret import Secret
from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.parameters import Parameter
from binance_margin_async.wire.requests import WireRequest
from binance_margin_async.wire.signing import Signer
from binance_margin_async.wire.ws_signing import signed

METHODS = {
    "POST /api/v3/order": "order.place",
    "POST /api/v3/order/test": "order.test",
    "GET /api/v3/order": "order.status",
    "DELETE /api/v3/order": "order.cancel",
    "GET /api/v3/openOrders": "openOrders.status",
    "DELETE /api/v3/openOrders": "openOrders.cancelAll",
}
"""Method of the WebSocket API by the route of the same call."""


def build_signed(
    row: Endpoint[Any],
    parameters: Mapping[str, Parameter],
    *,
    api_key: Secret,
    signer: Signer,
    timestamp_ms: int,
    recv_window_ms: int,
) -> WireRequest:
    """
    Return the signed request of a call, with its method as target and its parameters, key and signature as body.

    Raises:
        ValueError: The WebSocket API has no such method here.
    """
    method = METHODS.get(row.route)
    if method is None:
        raise ValueError(f"{row.route} is not called by the WebSocket API: use the client's REST call")
    params = signed(
        parameters, api_key=api_key, signer=signer, timestamp_ms=timestamp_ms, recv_window_ms=recv_window_ms
    )
    return WireRequest(row.verb, method, {}, orjson.dumps(params))
