"""Requests: the exact bytes of one call, signed last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from binance_margin_async.secret import Secret
from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.parameters import Parameter, encode, query
from binance_margin_async.wire.signing import Signer

KEY_HEADER = "X-MBX-APIKEY"


class WireRequest(msgspec.Struct, frozen=True, gc=False):
    """
    What a transport sends: nothing in it may be changed or encoded again.

    ``target`` is path and query, percent-encoded. Neither it nor the headers may be logged:
    they hold the key and the signature.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None = None

    def __repr__(self) -> str:
        return f"WireRequest({self.method} {self.target.partition('?')[0]})"


def build(row: Endpoint[Any], parameters: Mapping[str, Parameter], *, api_key: Secret | None = None) -> WireRequest:
    """
    Return the request of a call that carries no signature.

    Args:
        row: The endpoint.
        parameters: By wire name, in the order in which they are sent.
        api_key: Sent as a header when the endpoint asks for one.
    """
    return _request(row, query(parameters), api_key)


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
    Return a signed request, everything in the query.

    Args:
        row: The endpoint.
        parameters: By wire name, in the order in which they are sent.
        api_key: Sent as a header.
        signer: Signs the encoded query, byte for byte as it will be sent.
        timestamp_ms: Exchange time in epoch milliseconds; the call is valid from here on.
        recv_window_ms: For how long it is valid.
    """
    unsigned = query(parameters)
    payload = f"{unsigned}{'&' if unsigned else ''}recvWindow={recv_window_ms}&timestamp={timestamp_ms}"
    signature = encode(signer.sign(payload.encode()))
    return _request(row, f"{payload}&signature={signature}", api_key)


def _request(row: Endpoint[Any], encoded: str, api_key: Secret | None) -> WireRequest:
    target = f"{row.path}?{encoded}" if encoded else row.path
    headers = {KEY_HEADER: api_key.reveal()} if api_key is not None and row.needs_key else {}
    return WireRequest(row.verb, target, headers)
