"""HMAC-SHA256: the API secret signs."""

from __future__ import annotations

import hashlib

_BLOCK = 64  # block size of SHA-256 in bytes (RFC 2104)


class HmacSigner:
    """
    HMAC-SHA256 in hexadecimal.

    The two padded inner states are prepared once and copied for each signature, which
    takes less than half the time of a fresh ``hmac`` object.

    Args:
        secret: The API secret.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, secret: str) -> None:
        key = secret.encode()
        if len(key) > _BLOCK:
            key = hashlib.sha256(key).digest()
        key = key.ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def sign(self, payload: bytes) -> str:
        """Return the signature of *payload* in lower-case hexadecimal."""
        inner = self._inner.copy()
        inner.update(payload)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.hexdigest()

    def __repr__(self) -> str:
        return "<HmacSigner ***>"
