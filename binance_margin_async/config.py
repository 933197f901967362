"""
Settings: keys, addresses and switches, from arguments, environment and a TOML file.

An argument beats the environment, the environment beats the file, the file beats the default.
"""

from __future__ import annotations

import os
import ssl
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Never
from urllib.parse import urlsplit

import msgspec

from binance_margin_async.errors import ConfigError, CredentialsError

ENV_FILE = "BINANCE_MARGIN_CONFIG"
"""Environment variable that names a TOML file."""

# Which environment variable stands for which setting.
_ENVIRONMENT = {
    "api_key": "BINANCE_API_KEY",
    "api_secret": "BINANCE_API_SECRET",
    "rest_url": "BINANCE_MARGIN_REST_URL",
    "ws_api_url": "BINANCE_MARGIN_WS_API_URL",
    "risk_url": "BINANCE_MARGIN_RISK_URL",
    "proxy": "BINANCE_MARGIN_PROXY",
    "recv_window_ms": "BINANCE_MARGIN_RECV_WINDOW_MS",
}
_SECRETS = ("api_key", "api_secret")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Secret:
    """A text that does not print, pickle or copy itself; ``reveal`` is the only way to it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text  # its own kind

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> Never:
        raise TypeError("a Secret is not pickled or copied: pass on the object itself")


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Everything a client needs to know before it starts.

    Args:
        api_key: API key; public calls work without.
        api_secret: Its secret.
        rest_url: Base address of the REST API.
        ws_api_url: Address of the WebSocket API, which carries the trade data stream.
        risk_url: Base address of the risk data stream.
        proxy: Address of an HTTP proxy; proxies of the environment are not used by themselves.
        ssl_context: Replaces the default certificate verification; it cannot be switched off.
        recv_window_ms: How long a signed request stays acceptable, in ms, 1 to 60,000.
        sign_listen_token: Sign the call for a listen token; sources disagree whether it must be.

    Raises:
        ConfigError: A value is out of its range, or an address would send a key in clear text.
    """

    api_key: Secret | None = None
    api_secret: Secret | None = None
    rest_url: str = "https://api.binance.com"
    ws_api_url: str = "wss://ws-api.binance.com:443/ws-api/v3"
    risk_url: str = "wss://margin-stream.binance.com"
    proxy: str | None = None
    ssl_context: ssl.SSLContext | None = None
    # Short on purpose: it is also how long a lost order may still begin (documents: default 5,000).
    recv_window_ms: int = 5_000
    sign_listen_token: bool = False

    def __post_init__(self) -> None:
        _check_address("rest_url", self.rest_url, ("http", "https"))
        _check_address("ws_api_url", self.ws_api_url, ("ws", "wss"))
        _check_address("risk_url", self.risk_url, ("ws", "wss"))
        if not 1 <= self.recv_window_ms <= 60_000:
            raise ConfigError(f"recv_window_ms must be 1 to 60,000 ms, not {self.recv_window_ms}")

    @property
    def has_credentials(self) -> bool:
        """Whether both key and secret are there."""
        return self.api_key is not None and self.api_secret is not None

    @classmethod
    def load(
        cls, path: str | Path | None = None, *, environ: Mapping[str, str] | None = None, **arguments: Any
    ) -> Config:
        """
        Read settings from *path*, the environment and *arguments*.

        Args:
            path: TOML file; without it, the file that ``BINANCE_MARGIN_CONFIG`` names, if any.
            environ: Instead of the process's environment.
            arguments: Settings that beat both; ``None`` means not given.

        Raises:
            ConfigError: A file cannot be read, or a key or value is wrong; the text says which.
        """
        environ = os.environ if environ is None else environ
        path = path or environ.get(ENV_FILE)
        values: dict[str, Any] = _read_file(Path(path)) if path else {}
        values |= _read_environment(environ)
        values |= {name: value for name, value in arguments.items() if value is not None}
        for name in _SECRETS:
            if isinstance(values.get(name), str):
                values[name] = Secret(values[name])
        return cls(**values)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """What a TOML file may say."""

    api_key: str | None = None
    api_secret: str | None = None
    api_key_file: str | None = None
    api_secret_file: str | None = None
    rest_url: str | None = None
    ws_api_url: str | None = None
    risk_url: str | None = None
    proxy: str | None = None
    recv_window_ms: int | None = None
    sign_listen_token: bool | None = None


def require_credentials(config: Config) -> tuple[str, str]:
    """
    Return API key and secret.

    Raises:
        CredentialsError: One is missing; the text says how to give it.
    """
    for value, name in ((config.api_key, "BINANCE_API_KEY"), (config.api_secret, "BINANCE_API_SECRET")):
        if value is None or not value.reveal():
            raise CredentialsError(
                f"no API key: set BINANCE_API_KEY and BINANCE_API_SECRET (missing: {name}), or name files that hold "
                "them in BINANCE_API_KEY_FILE and BINANCE_API_SECRET_FILE; without a key, use the simulated exchange"
            )
    assert config.api_key is not None  # noqa: S101  # shown by the loop above
    assert config.api_secret is not None  # noqa: S101
    return config.api_key.reveal(), config.api_secret.reveal()


def _check_address(name: str, address: str, schemes: tuple[str, str]) -> None:
    plain, encrypted = schemes
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port
    except ValueError as problem:
        raise ConfigError(f"{name} is no address: {problem}") from None
    if parts.scheme not in schemes or not host:
        raise ConfigError(f"{name} must look like {encrypted}://host, not {address!r}")
    if parts.scheme == plain and host not in _LOOPBACK:
        raise ConfigError(f"{name} must use {encrypted}:// so that the API key is never sent in clear text: {address}")


def _read_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for setting, variable in _ENVIRONMENT.items():
        text = environ.get(variable, "").strip()
        file = environ.get(f"{variable}_FILE", "").strip() if setting in _SECRETS else ""
        if text and file:
            raise ConfigError(f"both {variable} and {variable}_FILE are set: keep one")
        if file:
            text = _read_secret(Path(file), f"{variable}_FILE")
        if text:
            values[setting] = _whole_number(variable, text) if setting == "recv_window_ms" else text
    return values


def _whole_number(variable: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ConfigError(f"{variable} must be a whole number, not {text!r}") from None


def _read_secret(path: Path, source: str) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "not text"
        raise ConfigError(f"{source}: cannot read {path} ({reason})") from None
    if not text:
        raise ConfigError(f"{source}: {path} is empty")
    return text


def _read_file(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        mode = path.stat().st_mode
    except OSError as problem:
        raise ConfigError(f"cannot read the settings file {path} ({problem.strerror})") from None
    try:
        file = msgspec.toml.decode(content, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path}: {problem}") from None
    if file.api_secret and os.name == "posix" and mode & (stat.S_IRGRP | stat.S_IROTH):
        raise ConfigError(f"{path} holds a secret and others can read it: run  chmod 600 {path}")
    values = {name: value for name, value in msgspec.structs.asdict(file).items() if value is not None}
    for name in _SECRETS:
        secret_file = values.pop(f"{name}_file", None)
        if secret_file is not None:
            if name in values:
                raise ConfigError(f"{path}: both {name} and {name}_file are set: keep one")
            values[name] = _read_secret(path.parent / secret_file, f"{path}: {name}_file")
    return values
