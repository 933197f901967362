"""Who may look: decided from a request's method, host and authorization, before anything else is done with it."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable
from enum import IntEnum
from ipaddress import ip_address

from binance_margin_async.secret import Secret


class Refusal(IntEnum):
    """The status that a request is refused with."""

    METHOD = 405
    HOST = 421
    TOKEN = 401


class Guard:
    """
    Lets requests in, or says why not.

    A web page that makes its own name stand for this computer (DNS rebinding) still sends that name as the host. So an
    address or ``localhost`` is taken, and a name only if it was given.

    Args:
        names: Further host names under which the page may be asked for.
        token: What a request must bring, as the password of basic authorization or as a bearer token, if anything.
    """

    def __init__(self, names: Iterable[str] = (), token: Secret | None = None) -> None:
        self._names = frozenset({"localhost", *(name.lower() for name in names)})
        self._token = token

    def refusal(self, method: str, host: str, authorization: str) -> Refusal | None:
        """
        Return why a request is refused; ``None`` if it is not.

        Args:
            method: Its method.
            host: Its ``Host`` header.
            authorization: Its ``Authorization`` header, or empty.
        """
        if method != "GET":
            return Refusal.METHOD
        if not self._knows(host):
            return Refusal.HOST
        if self._token is not None and not hmac.compare_digest(_brought(authorization), self._token.reveal().encode()):
            return Refusal.TOKEN
        return None

    def _knows(self, host: str) -> bool:
        name = _without_port(host).lower()
        return name in self._names or _is_address(name)


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _brought(authorization: str) -> bytes:
    """Return the token that a request brings; empty when it brings none."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip().encode("utf-8", "surrogateescape")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return b""
    return b""
