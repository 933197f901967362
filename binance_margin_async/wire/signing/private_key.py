"""
Private keys: RSA and Ed25519, read from PEM text.

Source: exchange's API key types and request security pages (read 2026-11-22).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from binance_margin_async.errors import ConfigError, MissingExtraError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

# The exchange takes RSA keys of 2048 and 4096 bits (API key types, read 2026-11-22).
_SMALLEST_RSA = 2048
_LABEL = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----")


class PrivateKeySigner:
    """
    Signs with a private key; the text form is base64.

    Args:
        kind: ``"RSA"`` or ``"Ed25519"``.
        sign: Makes the raw signature.
    """

    __slots__ = ("_sign", "kind")

    def __init__(self, kind: str, sign: Callable[[bytes], bytes]) -> None:
        self.kind: str = kind
        self._sign = sign

    def sign(self, payload: bytes) -> str:
        """Return the signature of *payload* in base64, not yet percent-encoded."""
        return base64.b64encode(self._sign(payload)).decode()

    def __repr__(self) -> str:
        return f"<PrivateKeySigner {self.kind} ***>"


def signer_from_pem(pem: str, passphrase: str | None = None) -> PrivateKeySigner:
    """
    Return the signer of a private key; its kind is found from the key.

    Args:
        pem: PEM text, PKCS#8 or RSA's older form, encrypted or not.
        passphrase: Opens an encrypted key.

    Raises:
        ConfigError: It is no private key, of a kind the exchange does not take, or the passphrase is missing or
            wrong; the text never holds any of the key.
        MissingExtraError: The extra ``crypto`` is not installed.
    """
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  # extra
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415  # extra
    except ImportError:
        raise MissingExtraError("crypto", "Signing with a private key") from None
    key = _load(pem, passphrase)
    if isinstance(key, Ed25519PrivateKey):
        return PrivateKeySigner("Ed25519", key.sign)
    if isinstance(key, RSAPrivateKey):
        if key.key_size < _SMALLEST_RSA:
            raise ConfigError(
                f"the private key is an RSA key of {key.key_size} bits: the exchange takes 2048 or 4096, make a new one"
            )
        return PrivateKeySigner("RSA", _rsa(key.sign))
    kind = type(key).__name__.removesuffix("PrivateKey")
    raise ConfigError(f"the private key is of the kind {kind}: the exchange takes Ed25519 and RSA keys only")


def _rsa(sign: Callable[..., bytes]) -> Callable[[bytes], bytes]:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415  # extra
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  # extra

    padding, digest = PKCS1v15(), SHA256()
    return lambda payload: sign(payload, padding, digest)


def _load(pem: str, passphrase: str | None) -> PrivateKeyTypes:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # extra
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415  # extra

    _check_label(pem)
    try:
        return load_pem_private_key(pem.encode(), passphrase.encode() if passphrase else None)
    except TypeError:
        if passphrase:
            raise ConfigError("the private key is not encrypted, but a passphrase was given: leave it out") from None
        raise ConfigError(
            "the private key is encrypted: give its passphrase in BINANCE_PRIVATE_KEY_PASSPHRASE, in a file named in "
            "BINANCE_PRIVATE_KEY_PASSPHRASE_FILE, or as private_key_passphrase"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        reason = "the passphrase is wrong, or the key is damaged" if passphrase else "it is damaged or of another form"
        raise ConfigError(f"the private key cannot be read: {reason}") from None


def _check_label(pem: str) -> None:
    """Say what a PEM text is when it is no private key; a mistake in the choice of the file is the usual one."""
    label = _LABEL.search(pem)
    if label is None:
        raise ConfigError(
            "the private key is no PEM text: it starts with -----BEGIN PRIVATE KEY-----; to name its file, use "
            "BINANCE_PRIVATE_KEY_PATH or private_key_path"
        )
    if label[1] == "OPENSSH PRIVATE KEY":
        raise ConfigError("the private key is in OpenSSH's own form: the exchange's keys are PEM texts in PKCS#8")
    if not label[1].endswith("PRIVATE KEY"):
        raise ConfigError(f"the private key is a PEM text of another thing ({label[1].lower()}): give the private half")
