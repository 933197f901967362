"""The key of the low-latency lane: what places margin orders through ``/api/v3``."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from binance_margin_async.config import Config, Sign, require_credentials
from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.secret import Secret


@dataclass(frozen=True, slots=True)
class SpecialKeyAccess:
    """
    A special key, as ``client.trade.create_special_key`` makes one, and the account it trades in.

    Args:
        api_key: The key.
        api_secret: Its secret, for an HMAC key.
        private_key: Instead of the secret, for an RSA or Ed25519 key: the key as PEM text, or a callable that signs.
        private_key_passphrase: Opens an encrypted private key.
        account: What the key was made for: ``CROSS`` or ``Isolated(symbol)``.
    """

    api_key: Secret | str
    api_secret: Secret | str | None = None
    private_key: Secret | Sign | str | None = None
    private_key_passphrase: Secret | str | None = None
    account: Account = CROSS

    def __post_init__(self) -> None:
        """Wrap what came as plain text: a client keeps this for as long as it lives."""
        for name in ("api_key", "api_secret", "private_key", "private_key_passphrase"):
            value = getattr(self, name)
            if isinstance(value, str):
                object.__setattr__(self, name, Secret(value))

    def __repr__(self) -> str:
        return f"SpecialKeyAccess(account={self.account!r})"

    def settings(self, config: Config) -> Config:
        """
        Return *config* with this key instead of the ordinary one.

        Raises:
            ConfigError: There are a secret and a private key.
            CredentialsError: Something is missing.
        """
        own = Config.load(
            environ={},
            api_key=self.api_key,
            api_secret=self.api_secret,
            private_key=self.private_key,
            private_key_passphrase=self.private_key_passphrase,
        )
        require_credentials(own)
        return msgspec.structs.replace(
            config,
            api_key=own.api_key,
            api_secret=own.api_secret,
            private_key=own.private_key,
            private_key_passphrase=own.private_key_passphrase,
        )
