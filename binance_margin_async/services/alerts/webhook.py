"""Messages as signed HTTP requests."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

import orjson

from binance_margin_async.clock import Clock
from binance_margin_async.errors import ConfigError, DeliveryError, MarginError
from binance_margin_async.models.alerts import Ring
from binance_margin_async.net.http import HttpTransport
from binance_margin_async.rules.alerts.patience import ATTEMPT_LIMIT
from binance_margin_async.secret import Secret
from binance_margin_async.services.alerts.message import row
from binance_margin_async.wire.requests import WireRequest

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
TIME_HEADER, SIGNATURE_HEADER, ID_HEADER = "X-Margin-Time", "X-Margin-Signature", "X-Margin-Id"


class WebhookChannel:
    """
    Posts each message as JSON to one address.

    ``X-Margin-Time`` is the time of the attempt in epoch milliseconds. ``X-Margin-Signature`` is ``sha256=`` and the
    HMAC of that time, a point and the body, in hexadecimal digits. ``X-Margin-Id`` is the same in every attempt, so
    that a receiver can drop what it has already. An answer other than 2xx counts as not delivered; redirects are not
    followed.

    Args:
        name: Its name in the policy.
        url: ``https://…``; ``http://…`` to this machine only, as what is in the address is often a secret.
        secret: Signs; without one there is no signature.
        fallback: The channel that is told what this one does not deliver.

    Raises:
        ConfigError: The address cannot be used.
    """

    def __init__(self, name: str, url: Secret, *, secret: Secret | None = None, fallback: str | None = None) -> None:
        self.name: str = name
        self.fallback: str | None = fallback
        self._base, self._target, self._shown = _parts(name, url.reveal())
        self._secret = secret
        self._transport: HttpTransport | None = None
        self._clock: Clock | None = None

    def __repr__(self) -> str:
        return f"<WebhookChannel {self.name} {self._shown}>"

    async def open(self, clock: Clock, /) -> None:
        """Create the session; no connection is made yet."""
        self._clock = clock
        self._transport = HttpTransport(self._base, time=clock.now)
        await self._transport.open()

    async def send(self, ring: Ring) -> None:
        """
        Post it once.

        Raises:
            DeliveryError: The address could not be reached, did not answer, or refused it.
        """
        if self._transport is None or self._clock is None:
            raise DeliveryError("the channel is not open")
        request = self._request(ring, self._clock.exchange_ms())
        try:
            reply = await self._transport.send(request, deadline=self._clock.now() + ATTEMPT_LIMIT)
        except MarginError as problem:
            # The transport speaks of an exchange, and of the path, which may be a secret.
            why = type(problem).__name__.removesuffix("Error")
            raise DeliveryError(f"no answer from {self._shown} ({why})") from None
        if not 200 <= reply.status < 300:
            raise DeliveryError(f"{self._shown} answered {reply.status}")

    async def close(self) -> None:
        """Close every connection."""
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.close()

    def _request(self, ring: Ring, time_ms: int) -> WireRequest:
        body = orjson.dumps(row(ring))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "binance_margin_async",
            ID_HEADER: f"{ring.number}-{ring.kind}-{ring.time_ms}",
            TIME_HEADER: str(time_ms),
        }
        if self._secret is not None:
            signed = f"{time_ms}.".encode() + body
            digest = hmac.new(self._secret.reveal().encode(), signed, hashlib.sha256).hexdigest()
            headers[SIGNATURE_HEADER] = f"sha256={digest}"
        return WireRequest("POST", self._target, headers, body)


def _parts(name: str, url: str) -> tuple[str, str, str]:
    """Return base address, target, and what may be shown of it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ConfigError(f"channel {name!r}: its url is no address") from None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise ConfigError(f"channel {name!r}: its url must look like https://host/path, without user and password")
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise ConfigError(f"channel {name!r}: its url must use https://, as its path is often a secret")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ConfigError(f"channel {name!r}: its url holds characters that must be percent-encoded")
    shown = f"[{host}]" if ":" in host else host
    base = f"{parts.scheme}://{shown}" + ("" if port is None else f":{port}")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return base, target, f"{base}/***"
