"""
Settings: keys, addresses and switches, from arguments, environment and a TOML file.

An argument beats the environment, the environment beats the file, the file beats the default.
"""

from __future__ import annotations

import os
import re
import ssl
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

import msgspec

from binance_margin_async.errors import ConfigError, CredentialsError
from binance_margin_async.secret import Secret

ENV_FILE = "BINANCE_MARGIN_CONFIG"
"""Environment variable that names a TOML file."""

# Which environment variable stands for which setting.
_ENVIRONMENT = {
    "api_key": "BINANCE_API_KEY",
    "api_secret": "BINANCE_API_SECRET",
    "private_key_path": "BINANCE_PRIVATE_KEY_PATH",
    "private_key_passphrase": "BINANCE_PRIVATE_KEY_PASSPHRASE",
    "rest_url": "BINANCE_MARGIN_REST_URL",
    "ws_api_url": "BINANCE_MARGIN_WS_API_URL",
    "risk_url": "BINANCE_MARGIN_RISK_URL",
    "market_url": "BINANCE_MARGIN_MARKET_URL",
    "legacy_stream_url": "BINANCE_MARGIN_LEGACY_STREAM_URL",
    "proxy": "BINANCE_MARGIN_PROXY",
    "recv_window_ms": "BINANCE_MARGIN_RECV_WINDOW_MS",
    "journal_path": "BINANCE_MARGIN_JOURNAL",
    "order_transport": "BINANCE_MARGIN_ORDER_TRANSPORT",
    "stream_transport": "BINANCE_MARGIN_STREAM_TRANSPORT",
    "journal_durability": "BINANCE_MARGIN_JOURNAL_DURABILITY",
    "engine_limit_ms": "BINANCE_MARGIN_ENGINE_LIMIT_MS",
    "client_order_prefix": "BINANCE_MARGIN_CLIENT_ORDER_PREFIX",
}
_NUMBERS = ("recv_window_ms", "engine_limit_ms")
_SECRETS = ("api_key", "api_secret", "private_key_passphrase")
# What signs: a source that names one of these replaces whatever a weaker source named.
_SIGNING = ("api_secret", "private_key", "private_key_path")
# The exchange takes 36 of these characters (answer -1100, read 2026-11-22); the rest makes each id unique.
_is_prefix = re.compile(r"[A-Za-z0-9_-]{1,12}").fullmatch
_LONGEST_ENGINE_LIMIT_MS = 600_000
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# Where Binance serves its API (general information, read 2026-11-22); whoever owns another host would get the key.
_BINANCE = ("binance.com", "binance.vision")


Durability = Literal["full", "normal"]
"""What a power cut may take from the journal: nothing, or the last moment."""

OrderTransport = Literal["aiohttp", "lane"]
"""How orders and cancels are sent."""

StreamTransport = Literal["direct", "queued"]
"""How frames of streams are read: where they arrive, or out of the WebSocket library's queue."""

Sign = Callable[[bytes], bytes | str]
"""Signs a payload elsewhere, such as in a key management service; bytes are sent in base64, text as it is."""


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Everything a client needs to know before it starts.

    Args:
        api_key: API key; public calls work without.
        api_secret: Its secret, for an HMAC key.
        private_key: Instead of the secret, for an RSA or Ed25519 key: the key as PEM text, or a callable that signs.
        private_key_passphrase: Opens an encrypted private key.
        rest_url: Base address of the REST API.
        ws_api_url: Address of the WebSocket API, which carries the trade data stream.
        risk_url: Base address of the risk data stream.
        market_url: Base address of the public market streams.
        proxy: Address of an HTTP proxy; proxies of the environment are not used by themselves.
        ssl_context: Replaces the default certificate verification; it cannot be switched off.
        recv_window_ms: How long a signed request stays acceptable, in ms, 1 to 60,000.
        allow_custom_host: The addresses may lead to other hosts than Binance's and this computer; whoever runs such a
            host sees the API key. For a gateway of your own, or a venue that speaks the same language.
        sign_listen_token: Sign the call for a listen token; sources disagree whether it must be.
        engine_limit_ms: How long the exchange may hold a request that it took before it acts on it, in ms, 0 to
            600,000. An order that is not there is taken for refused only after that.
        journal_path: File in which orders are written down before they are sent; in memory when left out.
        order_transport: How orders and cancels are sent: ``"aiohttp"``, or ``"lane"`` over plain connections that are
            kept warm, at six tenths of the cost (extra ``speed``). With a proxy it is always aiohttp.
        stream_transport: How frames of streams are read: ``"direct"`` where they arrive, or ``"queued"`` by the
            WebSocket library's own ``recv()``, which costs more. With a proxy it is always queued.
        journal_durability: What a power cut may take from that file: nothing with ``"full"``, the last moment with
            ``"normal"``, which is quicker.
        client_order_prefix: How the ids of orders placed through ``client.orders`` begin, 1 to 12 characters.
        legacy_trade_stream: Open the trade data stream with listen keys, the way Binance ended on 2026-02-20, for a
            venue that still serves it.
        legacy_stream_url: Base address of that stream's host.
        only_user: No other process uses these accounts' streams: leaving deletes their listen keys. Otherwise a key is
            left to end by itself, because deleting it would silence everybody.

    Raises:
        ConfigError: A value is out of its range, there are a secret and a private key, or an address would send a key
            in clear text or to a stranger.
    """

    api_key: Secret | None = None
    api_secret: Secret | None = None
    private_key: Secret | Sign | None = None
    private_key_passphrase: Secret | None = None
    rest_url: str = "https://api.binance.com"
    ws_api_url: str = "wss://ws-api.binance.com:443/ws-api/v3"
    risk_url: str = "wss://margin-stream.binance.com"
    market_url: str = "wss://stream.binance.com:9443"
    proxy: str | None = None
    ssl_context: ssl.SSLContext | None = None
    # Short on purpose: it is also how long a lost order may still begin (documents: default 5,000).
    recv_window_ms: int = 5_000
    allow_custom_host: bool = False
    sign_listen_token: bool = False
    # The exchange gives its engine 10 s (codes -1006 and -1007, read 2026-11-22); margin adds a hop nobody documents.
    engine_limit_ms: int = 15_000
    journal_path: str | None = None
    order_transport: OrderTransport = "aiohttp"
    stream_transport: StreamTransport = "direct"
    journal_durability: Durability = "full"
    client_order_prefix: str = "bma"
    legacy_trade_stream: bool = False
    legacy_stream_url: str = "wss://stream.binance.com:9443"
    only_user: bool = False

    def __post_init__(self) -> None:
        _check_address("rest_url", self.rest_url, ("http", "https"), any_host=self.allow_custom_host)
        for name in ("ws_api_url", "risk_url", "market_url", "legacy_stream_url"):
            _check_address(name, getattr(self, name), ("ws", "wss"), any_host=self.allow_custom_host)
        if not 1 <= self.recv_window_ms <= 60_000:
            raise ConfigError(f"recv_window_ms must be 1 to 60,000 ms, not {self.recv_window_ms}")
        if not 0 <= self.engine_limit_ms <= _LONGEST_ENGINE_LIMIT_MS:
            raise ConfigError(f"engine_limit_ms must be 0 to 600,000 ms, not {self.engine_limit_ms}")
        if self.order_transport not in get_args(OrderTransport):
            raise ConfigError(f"order_transport must be 'aiohttp' or 'lane', not {self.order_transport!r}")
        if self.stream_transport not in get_args(StreamTransport):
            raise ConfigError(f"stream_transport must be 'direct' or 'queued', not {self.stream_transport!r}")
        if self.journal_durability not in get_args(Durability):
            raise ConfigError(f"journal_durability must be 'full' or 'normal', not {self.journal_durability!r}")
        if not _is_prefix(self.client_order_prefix):
            raise ConfigError(
                f"client_order_prefix must be 1 to 12 of A-Z a-z 0-9 _ -, not {self.client_order_prefix!r}"
            )
        if self.private_key is not None and not (isinstance(self.private_key, Secret) or callable(self.private_key)):
            raise ConfigError("private_key must be a Secret of PEM text or a callable; a file goes to private_key_path")
        if self.api_secret is not None and self.private_key is not None:
            raise ConfigError("an API key has a secret (HMAC) or a private key (RSA, Ed25519), not both: keep one")

    def __repr__(self) -> str:
        """Tell everything but secrets and the proxy, which may hold a password."""
        told = {name: getattr(self, name) for name in self.__struct_fields__}
        if self.proxy is not None:
            told["proxy"] = "***"
        return f"Config({', '.join(f'{name}={value!r}' for name, value in told.items())})"

    @property
    def has_credentials(self) -> bool:
        """Whether there are an API key and something that signs."""
        return self.api_key is not None and (self.api_secret is not None or self.private_key is not None)

    @classmethod
    def load(
        cls, path: str | Path | None = None, *, environ: Mapping[str, str] | None = None, **arguments: Any
    ) -> Config:
        """
        Read settings from *path*, the environment and *arguments*.

        Args:
            path: TOML file; without it, the file that ``BINANCE_MARGIN_CONFIG`` names, if any.
            environ: Instead of the process's environment.
            arguments: Settings that beat both; ``None`` means not given. Also ``private_key_path``, the file of a
                private key.

        Raises:
            ConfigError: A file cannot be read, or a key or value is wrong; the text says which.
        """
        environ = os.environ if environ is None else environ
        path = path or environ.get(ENV_FILE)
        # Wrapped first of all: tools that print a traceback print the locals too.
        arguments = {name: _wrapped(name, value) for name, value in arguments.items() if value is not None}
        values: dict[str, Any] = _read_file(Path(path)) if path else {}
        _overlay(values, _read_environment(environ))
        _overlay(values, arguments)
        key_file = values.pop("private_key_path", None)
        if key_file is not None:
            values["private_key"] = _read_secret(Path(key_file), "private_key_path")
        return cls(**values)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """What a TOML file may say."""

    api_key: str | None = None
    api_secret: str | None = None
    api_key_file: str | None = None
    api_secret_file: str | None = None
    private_key_path: str | None = None
    private_key_passphrase: str | None = None
    private_key_passphrase_file: str | None = None
    rest_url: str | None = None
    ws_api_url: str | None = None
    risk_url: str | None = None
    market_url: str | None = None
    proxy: str | None = None
    recv_window_ms: int | None = None
    allow_custom_host: bool | None = None
    sign_listen_token: bool | None = None
    engine_limit_ms: int | None = None
    journal_path: str | None = None
    order_transport: str | None = None
    stream_transport: str | None = None
    journal_durability: str | None = None
    client_order_prefix: str | None = None
    legacy_trade_stream: bool | None = None
    legacy_stream_url: str | None = None
    only_user: bool | None = None

    def __repr__(self) -> str:
        return "<a settings file>"  # it holds secrets


def _wrapped(name: str, value: Any) -> Any:
    """Hide *value* if the setting *name* is a secret."""
    if name not in {*_SECRETS, "private_key"}:
        return value
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")  # PEM text is plain ASCII
    return Secret(value) if isinstance(value, str) else value


def require_credentials(config: Config) -> Secret:
    """
    Return the API key, once it is sure that there is something to sign with.

    Raises:
        CredentialsError: One is missing; the text says how to give it.
    """
    api_key = config.api_key if config.api_key is not None and config.api_key.reveal() else None
    can_sign = config.private_key is not None or (config.api_secret is not None and config.api_secret.reveal() != "")
    if api_key is None or not can_sign:
        missing = "BINANCE_API_KEY" if api_key is None else "BINANCE_API_SECRET"
        raise CredentialsError(
            f"no API key: set BINANCE_API_KEY and BINANCE_API_SECRET (missing: {missing}), or name files that hold "
            "them in BINANCE_API_KEY_FILE and BINANCE_API_SECRET_FILE; an RSA or Ed25519 key takes "
            "BINANCE_PRIVATE_KEY_PATH instead of a secret; without a key, use the simulated exchange"
        )
    return api_key


def _overlay(values: dict[str, Any], stronger: Mapping[str, Any]) -> None:
    """Put the settings of a stronger source over *values*; its way of signing replaces any other."""
    named = [name for name in _SIGNING if name in stronger]
    if len(named) > 1:
        raise ConfigError(f"{' and '.join(named)} are given: an API key has one of them, keep one")
    if named:
        for name in _SIGNING:
            values.pop(name, None)
    values |= stronger


def _check_address(name: str, address: str, schemes: tuple[str, str], *, any_host: bool) -> None:
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
    is_known = host in _LOOPBACK or any(host == each or host.endswith(f".{each}") for each in _BINANCE)
    if not (is_known or any_host):
        raise ConfigError(
            f"{name} leads to {host}, which is no host of Binance's: it would see the API key. If that is meant, set "
            "allow_custom_host"
        )


def _read_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for setting, variable in _ENVIRONMENT.items():
        if setting in _SECRETS:
            secret = secret_named(variable, environ)
            values |= {} if secret is None else {setting: secret}
        elif text := environ.get(variable, "").strip():
            values[setting] = _whole_number(variable, text) if setting in _NUMBERS else _wrapped(setting, text)
    return values


def secret_named(variable: str, environ: Mapping[str, str]) -> Secret | None:
    """
    Return the secret in *variable* of *environ*, or in the file that the same with ``_FILE`` names; ``None`` without.

    Raises:
        ConfigError: Both are set, or the file cannot be read.
    """
    text, file = environ.get(variable, "").strip(), environ.get(f"{variable}_FILE", "").strip()
    if text and file:
        raise ConfigError(f"both {variable} and {variable}_FILE are set: keep one")
    if file:
        return _read_secret(Path(file), f"{variable}_FILE")
    return Secret(text) if text else None


def _whole_number(variable: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ConfigError(f"{variable} must be a whole number, not {text!r}") from None


def _read_secret(path: Path, source: str) -> Secret:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "not text"
        raise ConfigError(f"{source}: cannot read {path} ({reason})") from None
    if not text:
        raise ConfigError(f"{source}: {path} is empty")
    return Secret(text)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        mode = path.stat().st_mode
        file = msgspec.toml.decode(path.read_bytes(), type=_File)
    except OSError as problem:
        raise ConfigError(f"cannot read the settings file {path} ({problem.strerror})") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path}: {problem}") from None
    if (file.api_secret or file.private_key_passphrase) and os.name == "posix" and mode & (stat.S_IRGRP | stat.S_IROTH):
        raise ConfigError(f"{path} holds a secret and others can read it: run  chmod 600 {path}")
    values = {name: _wrapped(name, value) for name, value in msgspec.structs.asdict(file).items() if value is not None}
    if file.private_key_path is not None:
        values["private_key_path"] = path.parent / file.private_key_path
    for name in _SECRETS:
        secret_file = values.pop(f"{name}_file", None)
        if secret_file is not None:
            if name in values:
                raise ConfigError(f"{path}: both {name} and {name}_file are set: keep one")
            values[name] = _read_secret(path.parent / secret_file, f"{path}: {name}_file")
    return values
