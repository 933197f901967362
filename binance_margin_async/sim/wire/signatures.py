"""Signatures of the three kinds of keys, checked over bytes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from binance_margin_async.errors import MissingExtraError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

KeyKind = Literal["HMAC_SHA256", "RSA", "Ed25519"]

# Sizes of RSA keys that are taken (API key types, read 2026-11-22).
RSA_BITS = (2048, 4096)

_NEEDED_FOR = "Checking signatures of RSA and Ed25519 keys"


def fits(kind: KeyKind, material: str, payload: bytes, signature: str) -> bool:
    """
    Tell whether *signature* is that of *payload*.

    Args:
        kind: How the key signs.
        material: Secret or public key.
        payload: What should have been signed.
        signature: Text form, not percent-encoded: hex in any case for HMAC, base64 for the others.
    """
    if kind == "HMAC_SHA256":
        due = hmac.new(material.encode(), payload, hashlib.sha256).hexdigest()
        return hmac.compare_digest(due.encode(), signature.lower().encode("utf-8", "surrogateescape"))
    try:
        raw = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    return _is_valid(_load(material), payload, raw)


def kind_of(public_key: str) -> KeyKind:
    """
    Return how the owner of *public_key*, a PEM text, signs.

    Raises:
        ValueError: It is no public key, or none that the exchange takes.
        MissingExtraError: The extra ``crypto`` is not installed.
    """
    return "RSA" if hasattr(_load(public_key), "key_size") else "Ed25519"


@lru_cache(maxsize=64)
def _load(pem: str) -> Ed25519PublicKey | RSAPublicKey:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # extra
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415  # extra
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415  # extra
        from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415  # extra
    except ImportError:
        raise MissingExtraError("crypto", _NEEDED_FOR) from None
    try:
        key = load_pem_public_key(pem.encode())
    except UnsupportedAlgorithm as problem:
        raise ValueError(f"not a public key that can be read: {problem}") from None
    if isinstance(key, Ed25519PublicKey) or (isinstance(key, RSAPublicKey) and key.key_size in RSA_BITS):
        return key
    raise ValueError("the exchange takes Ed25519 keys, and RSA keys of 2048 or 4096 bits")


def _is_valid(key: Ed25519PublicKey | RSAPublicKey, payload: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # extra
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415  # extra
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415  # extra
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  # extra

    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, payload)
        else:
            key.verify(signature, payload, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True
