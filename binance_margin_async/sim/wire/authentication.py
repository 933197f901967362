"""Who may pass: key, signature over the bytes received, time, and the rights of the key."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.wire.parameters import Parameters

# Defaults and limits of the time check: margin general info, read 2026-11-22.
RECV_WINDOW_MS = 5_000
LONGEST_RECV_WINDOW_MS = 60_000
FUTURE_MS = 1_000

_RECV_WINDOW = re.compile(r"\d{1,6}(\.\d{1,3})?", re.ASCII)


class Security(Enum):
    """What a call needs."""

    NONE = "nothing"
    KEY = "the key header"
    SIGNED = "header, timestamp and signature"
    TRADE = "as signed, and the right to trade on margin"
    LOAN = "as signed, and the right to borrow, repay and transfer"


@dataclass(slots=True)
class KeyRights:
    """What the one key may do; change it to see how a client takes a refusal."""

    ip_restrict: bool = True
    enable_reading: bool = True
    enable_spot_and_margin_trading: bool = True
    enable_margin: bool = True
    permits_universal_transfer: bool = True
    enable_withdrawals: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key pair; both halves are fakes."""

    api_key: str
    api_secret: str


def check_key(headers: Mapping[str, str], credentials: Credentials) -> None:
    """
    Check the key header; *headers* have lower-case names.

    Raises:
        RefusedError: -2014 without a key, -2015 for another one; both with status 401.
    """
    sent = headers.get("x-mbx-apikey", "")
    if not sent:
        raise RefusedError(-2014, "API-key format invalid.", status=401)
    if not hmac.compare_digest(sent.encode("utf-8", "surrogateescape"), credentials.api_key.encode()):
        raise _unwelcome()


def check_rights(security: Security, rights: KeyRights) -> None:
    """
    Check what the key may do.

    Raises:
        RefusedError: -2015 with status 401.
    """
    allowed = {
        Security.SIGNED: rights.enable_reading,
        Security.TRADE: rights.enable_spot_and_margin_trading,
        Security.LOAN: rights.enable_margin,
    }
    if not allowed.get(security, True):
        raise _unwelcome()


def check_signature(query: str, body: str, secret: str) -> None:
    """
    Check the signature over query and body exactly as they were received, glued without a separator.

    Args:
        query: Raw query, percent-encoded.
        body: Raw form body.
        secret: Secret of the key.

    Raises:
        RefusedError: -1102 without a signature, -1022 when it does not fit, or when the text was not
            percent-encoded (required since 2026-01-15; spot change log, read 2026-11-22).
    """
    query, in_query = _take_signature(query)
    body, in_body = _take_signature(body)
    sent = in_query or in_body
    if not sent:
        raise RefusedError(-1102, "Mandatory parameter 'signature' was not sent, was empty/null, or malformed.")
    payload = query + body
    due = hmac.new(secret.encode(), payload.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()
    if not payload.isascii() or not hmac.compare_digest(due.encode(), sent.lower().encode("utf-8", "surrogateescape")):
        raise RefusedError(-1022, "Signature for this request is not valid.")


def check_time(parameters: Parameters, now: int) -> None:
    """
    Check that the request is neither from the future nor too old.

    Raises:
        RefusedError: -1102 without a timestamp, -1131 for a bad window, -1021 outside it.
    """
    parameters.required("timestamp")
    timestamp = parameters.integer("timestamp") or 0
    if timestamp >= 10**15:
        timestamp //= 1000
    window_text = parameters.text("recvWindow") or str(RECV_WINDOW_MS)
    if not _RECV_WINDOW.fullmatch(window_text) or float(window_text) > LONGEST_RECV_WINDOW_MS:
        raise RefusedError(-1131, f"recvWindow must be less than {LONGEST_RECV_WINDOW_MS}.")
    if timestamp >= now + FUTURE_MS:
        raise RefusedError(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
    if now - timestamp > float(window_text):
        raise RefusedError(-1021, "Timestamp for this request is outside of the recvWindow.")


def _take_signature(encoded: str) -> tuple[str, str | None]:
    pieces = encoded.split("&")
    signature = next((piece.partition("=")[2] for piece in pieces if piece.startswith("signature=")), None)
    return "&".join(piece for piece in pieces if not piece.startswith("signature=")), signature


def _unwelcome() -> RefusedError:
    return RefusedError(-2015, "Invalid API-key, IP, or permissions for action.", status=401)
