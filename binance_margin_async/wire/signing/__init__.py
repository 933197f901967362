"""Signatures over exactly the bytes that are sent: by a shared secret, a private key, or somebody else's vault."""

from binance_margin_async.wire.signing.choice import signer_of
from binance_margin_async.wire.signing.outside import OutsideSigner
from binance_margin_async.wire.signing.private_key import PrivateKeySigner, signer_from_pem
from binance_margin_async.wire.signing.shared_secret import HmacSigner
from binance_margin_async.wire.signing.signer import Signer

__all__ = ["HmacSigner", "OutsideSigner", "PrivateKeySigner", "Signer", "signer_from_pem", "signer_of"]
