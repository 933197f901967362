"""Which signer the settings ask for."""

from __future__ import annotations

from binance_margin_async.config import Config, require_credentials
from binance_margin_async.secret import Secret
from binance_margin_async.wire.signing.outside import OutsideSigner
from binance_margin_async.wire.signing.private_key import signer_from_pem
from binance_margin_async.wire.signing.shared_secret import HmacSigner
from binance_margin_async.wire.signing.signer import Signer


def signer_of(config: Config) -> Signer:
    """
    Return what signs requests: the API secret, the private key, or the callable given instead of one.

    Raises:
        CredentialsError: There is nothing to sign with.
        ConfigError: The private key cannot be used; the text says why.
        MissingExtraError: A private key needs the extra ``crypto``.
    """
    require_credentials(config)
    if config.api_secret is not None:
        return HmacSigner(config.api_secret.reveal())
    if isinstance(config.private_key, Secret):
        passphrase = config.private_key_passphrase
        return signer_from_pem(config.private_key.reveal(), passphrase.reveal() if passphrase else None)
    assert config.private_key is not None  # noqa: S101  # require_credentials has seen it
    return OutsideSigner(config.private_key)
