"""A signature made elsewhere: the key stays in a key management service or a hardware module."""

from __future__ import annotations

import base64

from binance_margin_async.config import Sign
from binance_margin_async.errors import ConfigError


class OutsideSigner:
    """
    Signs by asking *sign*.

    Args:
        sign: Gets the payload; returns the raw signature as bytes, or its text as the exchange wants it (base64, or
            hexadecimal for HMAC). It is called on the event loop for every signed request: while it runs, nothing
            else does.
    """

    __slots__ = ("_sign",)

    def __init__(self, sign: Sign) -> None:
        self._sign = sign

    def sign(self, payload: bytes) -> str:
        """
        Return the signature of *payload*; bytes are written in base64.

        Raises:
            ConfigError: The callable returned neither bytes nor text.
        """
        signature: object = self._sign(payload)
        if isinstance(signature, str) and signature:
            return signature
        if isinstance(signature, bytes) and signature:
            return base64.b64encode(signature).decode()
        raise ConfigError(
            "the callable given as private_key must return the signature as bytes or text, "
            f"not {type(signature).__name__ if signature else 'nothing'}: nothing was sent"
        )

    def __repr__(self) -> str:
        return "<OutsideSigner ***>"
