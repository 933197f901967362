"""What signs is what the settings hold."""

import pytest

from binance_margin_async.config import Config
from binance_margin_async.errors import ConfigError, CredentialsError
from binance_margin_async.secret import Secret
from binance_margin_async.wire.signing import HmacSigner, OutsideSigner, signer_from_pem, signer_of

API_KEY = Secret("api-key")


def test_a_secret_signs_with_hmac():
    """The kind most keys have."""
    signer = signer_of(Config(api_key=API_KEY, api_secret=Secret("secret")))
    assert HmacSigner("secret").sign(b"payload") == signer.sign(b"payload")


def test_a_private_key_signs_with_itself(ed25519_key, pem_of):
    """Opened by its passphrase."""
    config = Config(
        api_key=API_KEY,
        private_key=Secret(pem_of(ed25519_key, "passphrase")),
        private_key_passphrase=Secret("passphrase"),
    )
    assert signer_from_pem(pem_of(ed25519_key)).sign(b"payload") == signer_of(config).sign(b"payload")


def test_a_private_key_that_cannot_be_used_is_refused(ed25519_key, pem_of):
    """Without its passphrase."""
    with pytest.raises(ConfigError, match="is encrypted"):
        signer_of(Config(api_key=API_KEY, private_key=Secret(pem_of(ed25519_key, "passphrase"))))


def test_a_callable_signs():
    """The key never enters this process."""
    signer = signer_of(Config(api_key=API_KEY, private_key=lambda payload: payload[::-1]))
    assert OutsideSigner(lambda payload: payload[::-1]).sign(b"ab") == signer.sign(b"ab")


@pytest.mark.parametrize("settings", [{}, {"api_key": API_KEY}, {"private_key": Secret("pem")}])
def test_half_a_pair_does_not_sign(settings):
    """A signature without its key, or a key without its signature, says nothing."""
    with pytest.raises(CredentialsError, match="missing"):
        signer_of(Config(**settings))
