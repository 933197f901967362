"""Replies: from status, headers and bytes to a struct, or to the error they stand for."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast, get_args

import msgspec

from binance_margin_async.errors import (
    BannedError,
    Category,
    DecodeError,
    EndpointRetiredError,
    ExchangeError,
    FirewallError,
    Outcome,
    RateLimitedError,
    Retry,
)
from binance_margin_async.models.debts import Liability
from binance_margin_async.models.list_replies import Canceled, CanceledOpenOrder, CanceledOrderList
from binance_margin_async.models.replies import Empty
from binance_margin_async.models.spot import SpotCanceled, SpotCanceledOrder
from binance_margin_async.secret import Secret
from binance_margin_async.wire.decoders import Acknowledgement, AnyJson, Decoder, MixedArray, OneOrMany
from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.error_codes import error_class, meaning
from binance_margin_async.wire.retired import retirement

T = TypeVar("T")
# How much of a body that is no JSON goes into a message, and how much is kept for debugging.
SHOWN, KEPT = 200, 65_536
_BAN_END = re.compile(r"\b(\d{13})\b")
# Seconds to wait for a ban that is over by our measure of the exchange's clock and not by its own: far more than they
# differ by.
_SHORTEST_BAN = 1.0
# An error envelope is short; looking further would search every account snapshot in vain.
_ENVELOPE = 512
_MISSING = re.compile(r"missing required field `([^`]+)`")
# What msgspec raises for a body that cannot be read: its own errors and invalid UTF-8 are
# both a ValueError, deep nesting is not.
_UNREADABLE = (ValueError, RecursionError)


class Marks(msgspec.Struct, gc=False):
    """Loop seconds at which a request passed each stage; ``written`` is ``None`` if nothing left."""

    started: float = 0.0
    written: float | None = None
    first_byte: float | None = None
    ended: float | None = None


class WireReply(msgspec.Struct, frozen=True, gc=False):
    """What a transport brings back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    marks: Marks

    def __repr__(self) -> str:
        return f"WireReply({self.status}, {len(self.body)} bytes)"  # they may hold a secret


class ErrorBody(msgspec.Struct, gc=False):
    """The exchange's error envelope."""

    code: int
    msg: str = ""


class Refusal(NamedTuple):
    """What a reply that is an error says, before it becomes an exception."""

    status: int
    code: int | None
    text: str
    retry_after: float | None = None


# Types whose JSON cannot be read by their shape alone.
_OWN_DECODERS: dict[Hashable, Decoder] = {
    tuple[Canceled, ...]: MixedArray("contingencyType", with_key=CanceledOrderList, without=CanceledOpenOrder),
    tuple[SpotCanceled, ...]: MixedArray("contingencyType", with_key=CanceledOrderList, without=SpotCanceledOrder),
    # One object is documented although several assets may be concerned.
    tuple[Liability, ...]: OneOrMany(Liability),
    Empty: Acknowledgement(),
    object: AnyJson(),
}


@cache
def _decoder(returns: Hashable) -> Decoder:
    own = _OWN_DECODERS.get(returns)
    # Not strict: a number sent as text and text holding a number are both accepted.
    return own or msgspec.json.Decoder(cast("type[Any]", returns), strict=False, dec_hook=_made)


@cache
def _tells_secret(returns: Hashable) -> bool:
    if not (isinstance(returns, type) and issubclass(returns, msgspec.Struct)):
        return False
    return any(Secret in (field.type, *get_args(field.type)) for field in msgspec.structs.fields(returns))


def _made(kind: type[Any], value: object) -> object:
    """Make what msgspec does not know of the JSON value that stands for it."""
    if kind is not Secret:
        raise NotImplementedError(kind)
    if not isinstance(value, str):
        raise ValueError("Expected `str`")  # noqa: TRY004  # which msgspec completes with the place, as it does its own
    return Secret(value)


_error_decoder = msgspec.json.Decoder(ErrorBody, strict=False)


def decode(row: Endpoint[T], body: bytes) -> T:
    """
    Return the decoded body of a successful reply.

    Args:
        row: The endpoint, for messages.
        body: As received.

    Raises:
        DecodeError: A field is missing or of another type; ``path`` names it.
        ExchangeError: The body is an error although the status said success.
    """
    if b'"code"' in body[:_ENVELOPE]:
        _raise_hidden_error(row, body)
    try:
        return _decoder(row.returns).decode(body)  # type: ignore[arg-type, no-any-return]  # the cache hides the type
    except _UNREADABLE as problem:
        _raise_hidden_error(row, body)
        text = str(problem)
        # Tools that print a traceback with its locals would print a secret in the body.
        body = b"" if _tells_secret(row.returns) else body[:KEPT]  # type: ignore[arg-type]  # the cache hides the type
        # The exchange answered with success, so a write was carried out or not: nobody knows.
        outcome = Outcome.REFUSED if row.is_read else Outcome.UNKNOWN
        raise DecodeError(
            f"{row.route}: the answer does not have the promised shape: {text or type(problem).__name__}",
            path=_path(text),
            body=body,
            outcome=outcome,
        ) from None


def _path(problem: str) -> str:
    """Read out of msgspec's message which field is wrong; of a missing one it names the object it is missing in."""
    place = problem.rpartition(" - at `")[2].rstrip("`") if " - at `" in problem else "$"
    missing = _MISSING.search(problem)
    return f"{place}.{missing[1]}" if missing else place


def _raise_hidden_error(row: Endpoint[Any], body: bytes) -> None:
    """Some calls answer 200 with a negative code."""
    envelope = _error_body(body)
    if envelope is not None and envelope.code < 0:
        raise to_error(row, Refusal(200, envelope.code, envelope.msg))


def _error_body(body: bytes) -> ErrorBody | None:
    try:
        return _error_decoder.decode(body)
    except _UNREADABLE:
        return None


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> Refusal:
    """Read an error reply: JSON envelope if it is one, else the beginning of the body."""
    envelope = _error_body(body)
    retry_after = _seconds(headers.get("Retry-After") or headers.get("retry-after"))
    if envelope is not None:
        return Refusal(status, envelope.code, envelope.msg[:SHOWN], retry_after)
    return Refusal(status, None, body[:SHOWN].decode("utf-8", "replace"), retry_after)


def _seconds(value: str | None) -> float | None:
    try:
        seconds = float(value) if value else None
    except ValueError:
        return None
    return seconds if seconds is not None and 0 <= seconds < 10_000_000 else None


def to_error(row: Endpoint[Any], told: Refusal, *, exchange_ms: int = 0) -> ExchangeError:
    """
    Return the error that stands for a refusal.

    The outcome of a write is ``REFUSED`` only where status or code prove that the exchange did
    not act; everything else is ``UNKNOWN``.
    """
    status, code, text = told.status, told.code, told.text
    says = meaning(code, text) if code is not None else None
    category = _category(row, status, says.category if says else None)
    doubtful = status >= 500 or (says.doubtful if says else status not in _PROOF)
    outcome = Outcome.UNKNOWN if doubtful and not row.is_read and status not in _PROOF else Outcome.REFUSED
    gone = retirement(row.route, status, code)
    kind = _kind(status, code, category) if gone is None else EndpointRetiredError
    named = f"{code} {says.name}" if says else f"HTTP {status}"
    advice = str(gone) if gone else _ADVICE.get(status) or (says.advice if says else "")
    if outcome is Outcome.UNKNOWN:
        advice = "The exchange may have acted: find out before sending again."
    error = kind(
        # The exchange's texts end with a full stop or without one.
        f"{row.route}: {named}: {text.rstrip('.') or 'no text'}{'. ' + advice if advice else ''}",
        outcome=outcome,
        code=code,
        text=text,
        status=status,
        endpoint=row.route,
        category=category,
        retry=_retry(row, status, outcome, says.retry if says else Retry.NO),
        retry_after=told.retry_after if told.retry_after is not None else _ban_seconds(told, exchange_ms),
    )
    if gone is not None and isinstance(error, EndpointRetiredError):
        error.retired_on, error.successor = gone
    return error


# Statuses that prove by themselves that the exchange did not act.
_PROOF = frozenset({401, 403, 404, 410, 418, 429})
_ADVICE = {
    403: "The exchange's firewall refused the request; all calls pause for a while.",
    410: "This call was retired by the exchange.",
    418: "This address is banned for ignoring limits; nothing is sent until the ban ends.",
}


def _category(row: Endpoint[Any], status: int, told: Category | None) -> Category:
    by_status = {401: Category.AUTH, 403: Category.AUTH, 410: Category.INPUT}.get(status)
    if status in {418, 429}:
        return Category.RATE_LIMIT
    if told is Category.UNKNOWN_OUTCOME or (status >= 500 and told is not Category.RATE_LIMIT):
        # A read has no outcome that could be unknown: it failed, and may be asked again.
        return Category.SERVER if row.is_read else Category.UNKNOWN_OUTCOME
    return told or by_status or Category.INPUT


def _retry(row: Endpoint[Any], status: int, outcome: Outcome, told: Retry) -> Retry:
    if outcome is Outcome.UNKNOWN:
        return Retry.FIND_OUT
    if status in {418, 429}:
        return Retry.LATER
    if status in {401, 403, 404, 410}:
        return Retry.NO
    # A read has nothing to be found out: it may be asked again.
    return Retry.LATER if row.is_read and (status >= 500 or told is Retry.FIND_OUT) else told


def _kind(status: int, code: int | None, category: Category) -> type[ExchangeError]:
    if status == 418:
        return BannedError
    if status == 429:
        return RateLimitedError
    if status == 410:
        return EndpointRetiredError
    if status == 403 and code is None:
        return FirewallError
    return error_class(code, category)


def _ban_seconds(told: Refusal, exchange_ms: int) -> float | None:
    """The text of a ban names its end in epoch milliseconds; of a body that came altered no digit is believed."""
    is_named = told.status == 418 and told.code is not None and exchange_ms
    found = _BAN_END.search(told.text) if is_named else None
    return max(_SHORTEST_BAN, (int(found[1]) - exchange_ms) / 1000) if found else None
