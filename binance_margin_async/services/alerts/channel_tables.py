"""Channels out of the tables of a policy file, and where their secrets come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from binance_margin_async.errors import ConfigError
from binance_margin_async.secret import Secret
from binance_margin_async.services.alerts.apprise_channel import AppriseChannel
from binance_margin_async.services.alerts.channel import Channel, LogChannel, TerminalChannel
from binance_margin_async.services.alerts.command import CommandChannel
from binance_margin_async.services.alerts.webhook import WebhookChannel

_PREFIX = "env:"


class Secrets:
    """
    Looks up what stands for a secret.

    Attributes:
        written_here: Whether a secret stood in the file itself.

    Args:
        environ: Environment variables.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.written_here: bool = False

    def secret(self, text: str, field: str) -> Secret:
        """
        Return what *text* stands for: ``env:NAME`` for a variable, anything else for itself.

        Raises:
            ConfigError: There is no such variable, or it is empty.
        """
        if not text.startswith(_PREFIX):
            self.written_here = True
            return Secret(text)
        name = text.removeprefix(_PREFIX)
        found = self._environ.get(name, "").strip()
        if not found:
            raise ConfigError(f"{field}: the environment variable {name or '(no name)'} is not set")
        return Secret(found)


class _LocalTable(msgspec.Struct, forbid_unknown_fields=True):
    kind: Literal["log", "terminal"]
    fallback: str | None = None

    def channel(self, name: str, _secrets: Secrets) -> Channel:
        kind = LogChannel if self.kind == "log" else TerminalChannel
        return kind(name, fallback=self.fallback)


class _WebhookTable(msgspec.Struct, forbid_unknown_fields=True):
    kind: str
    url: str
    secret: str | None = None
    fallback: str | None = None

    def channel(self, name: str, secrets: Secrets) -> Channel:
        secret = None if self.secret is None else secrets.secret(self.secret, "secret")
        return WebhookChannel(name, secrets.secret(self.url, "url"), secret=secret, fallback=self.fallback)


class _CommandTable(msgspec.Struct, forbid_unknown_fields=True):
    kind: str
    argv: list[str]
    fallback: str | None = None

    def channel(self, name: str, _secrets: Secrets) -> Channel:
        return CommandChannel(name, self.argv, fallback=self.fallback)


class _AppriseTable(msgspec.Struct, forbid_unknown_fields=True):
    kind: str
    url: str
    fallback: str | None = None

    def channel(self, name: str, secrets: Secrets) -> Channel:
        return AppriseChannel(name, secrets.secret(self.url, "url"), fallback=self.fallback)


ChannelTable = _LocalTable | _WebhookTable | _CommandTable | _AppriseTable
KINDS: Mapping[str, type[ChannelTable]] = {
    "log": _LocalTable,
    "terminal": _LocalTable,
    "webhook": _WebhookTable,
    "command": _CommandTable,
    "apprise": _AppriseTable,
}
