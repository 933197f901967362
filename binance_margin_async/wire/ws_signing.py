"""
Signing for the WebSocket API: sorted by name and not percent-encoded, unlike REST.

Source: WebSocket API, request security; its non-ASCII example proves the raw form (read 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Mapping

from binance_margin_async.secret import Secret
from binance_margin_async.wire.parameters import Parameter, text
from binance_margin_async.wire.signing import Signer


def payload(parameters: Mapping[str, Parameter]) -> bytes:
    """
    Return the bytes that are signed for *parameters*.

    Args:
        parameters: By wire name, ``apiKey`` and ``timestamp`` among them, in any order; a ``signature`` is left out.

    Raises:
        TypeError: A value is a ``float`` or another type that has no exact form.
    """
    return _join(_texts(parameters))


def signed(
    parameters: Mapping[str, Parameter],
    *,
    api_key: Secret,
    signer: Signer,
    timestamp_ms: int,
    recv_window_ms: int | None = None,
) -> dict[str, str]:
    """
    Return the ``params`` of a signed WebSocket API call, every value as the text that was signed.

    Args:
        parameters: By wire name.
        api_key: Sent as ``apiKey``.
        signer: Signs; ``session.logon`` accepts Ed25519 keys only.
        timestamp_ms: Exchange time in epoch milliseconds; the call is valid from here on.
        recv_window_ms: For how long it is valid; ``None`` leaves it to the exchange (5,000).
    """
    stamp: dict[str, Parameter] = {"apiKey": api_key.reveal(), "recvWindow": recv_window_ms, "timestamp": timestamp_ms}
    texts = _texts({**parameters, **stamp})
    return texts | {"signature": signer.sign(_join(texts))}


def _texts(parameters: Mapping[str, Parameter]) -> dict[str, str]:
    return {
        name: text(parameters[name], name)
        for name in sorted(parameters)
        if parameters[name] is not None and name != "signature"
    }


def _join(texts: Mapping[str, str]) -> bytes:
    return "&".join(f"{name}={value}" for name, value in texts.items()).encode()
