"""Who may pass: key, signature over the bytes received, time, and the rights of the key."""

import re
from enum import Enum
from urllib.parse import unquote_plus

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.wire.keys import ApiKey, KeyStore
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.signatures import fits

# Defaults and limits of the time check: margin general info, read 2026-11-22.
RECV_WINDOW_MS = 5_000
LONGEST_RECV_WINDOW_MS = 60_000
FUTURE_MS = 1_000

# From here on a timestamp can only be in microseconds.
_MICROSECONDS = 10**15

_RECV_WINDOW = re.compile(r"\d{1,6}(\.\d{1,3})?", re.ASCII)
# How every published key looks.
_API_KEY = re.compile(r"[A-Za-z0-9]{64}", re.ASCII)


class Security(Enum):
    """What a call needs."""

    NONE = "nothing"
    KEY = "the key"
    SIGNED = "key, timestamp and signature"
    TRADE = "as signed, and the right to trade"
    LOAN = "as signed, and the right to borrow, repay and transfer"
    TRANSFER = "as signed, and the right to move funds between wallets"


def find_key(sent: str, store: KeyStore, address: str) -> ApiKey:
    """
    Return the key that a request names.

    Args:
        sent: Text of the header, or of the parameter ``apiKey``.
        store: Where it must be.
        address: Where the request comes from.

    Raises:
        RefusedError: -2014 for what cannot be a key, -2015 for an unknown key or address; both with status 401.
    """
    key = store.keys.get(sent)
    if key is None and not _API_KEY.fullmatch(sent):
        raise RefusedError(-2014, "API-key format invalid.", status=401)
    if key is None or not key.rights.may_come_from(address):
        raise unwelcome()
    return key


def check_rights(security: Security, key: ApiKey, now: int, *, is_sapi: bool) -> None:
    """
    Check what the key may do.

    Raises:
        RefusedError: -2015 with status 401.
    """
    rights = key.rights
    allowed = {
        Security.SIGNED: rights.enable_reading,
        Security.TRADE: rights.may_trade(now),
        Security.LOAN: rights.enable_margin,
        Security.TRANSFER: rights.permits_universal_transfer,
    }
    # The FAQ of the special key (2026-05-14) keeps it to /api; what it meets elsewhere is not documented.
    if not allowed.get(security, True) or (key.is_special and is_sapi):
        raise unwelcome()


def check_signature(query: str, body: str, key: ApiKey) -> None:
    """
    Check the signature over query and body exactly as they were received, glued without a separator.

    Args:
        query: Raw query, percent-encoded.
        body: Raw form body.
        key: Whose signature it must be.

    Raises:
        RefusedError: -1102 without a signature, -1022 when it does not fit, or when the text was not
            percent-encoded (required since 2026-01-15; spot change log, read 2026-11-22).
    """
    query, in_query = _take_signature(query)
    body, in_body = _take_signature(body)
    payload = query + body
    sent = unquote_plus(in_query or in_body or "")
    # What is not ASCII was not encoded, whatever was signed.
    verify(key, payload.encode() if payload.isascii() else None, sent)


def verify(key: ApiKey, payload: bytes | None, signature: str) -> None:
    """
    Check *signature*, in its text form, of *payload*.

    Raises:
        RefusedError: -1102 when it is empty, -1022 when it does not fit.
    """
    if not signature:
        raise RefusedError(-1102, "Mandatory parameter 'signature' was not sent, was empty/null, or malformed.")
    if payload is None or not fits(key.kind, key.material, payload, signature):
        raise RefusedError(-1022, "Signature for this request is not valid.")


def check_time(parameters: Parameters, now: int) -> None:
    """
    Check that the request is neither from the future nor too old.

    Raises:
        RefusedError: -1102 without a timestamp, -1131 for a bad window, -1021 outside it.
    """
    parameters.required("timestamp")
    timestamp = parameters.integer("timestamp") or 0
    if timestamp >= _MICROSECONDS:
        timestamp //= 1000
    window_text = parameters.text("recvWindow") or str(RECV_WINDOW_MS)
    if not _RECV_WINDOW.fullmatch(window_text) or float(window_text) > LONGEST_RECV_WINDOW_MS:
        raise RefusedError(-1131, f"recvWindow must be less than {LONGEST_RECV_WINDOW_MS}.")
    if timestamp >= now + FUTURE_MS:
        raise RefusedError(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
    if now - timestamp > float(window_text):
        raise RefusedError(-1021, "Timestamp for this request is outside of the recvWindow.")


def unwelcome() -> RefusedError:
    """Return what is said alike for an unknown key, a wrong address and a missing right."""
    return RefusedError(-2015, "Invalid API-key, IP, or permissions for action.", status=401)


def _take_signature(encoded: str) -> tuple[str, str | None]:
    pieces = encoded.split("&")
    signature = next((piece.partition("=")[2] for piece in pieces if piece.startswith("signature=")), None)
    return "&".join(piece for piece in pieces if not piece.startswith("signature=")), signature
