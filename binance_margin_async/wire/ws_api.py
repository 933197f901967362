"""Frames of the WebSocket API: requests written, answers and pushed events told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar, cast

import msgspec
import orjson

from binance_margin_async.errors import BannedError, Category, DecodeError, ExchangeError, Outcome, Retry
from binance_margin_async.models.stream_events import PUSHED, StreamEvent, UnknownEvent
from binance_margin_async.secret import Secret
from binance_margin_async.wire.error_codes import error_class, meaning

T = TypeVar("T")
SUBSCRIBE = "userDataStream.subscribe.listenToken"
UNSUBSCRIBE = "userDataStream.unsubscribe"
SUBSCRIPTIONS = "session.subscriptions"

# Published samples show 16 digits (microseconds) where the documents promise milliseconds.
_LARGEST_MS = 10**14


def request(request_id: str, method: str, params: Mapping[str, str | int | Secret] | None = None) -> str:
    """Return the frame of a WebSocket API call."""
    frame: dict[str, object] = {"id": request_id, "method": method}
    if params:
        frame["params"] = params
    return orjson.dumps(frame, default=Secret.reveal).decode()


class WsErrorData(msgspec.Struct, gc=False, rename="camel"):
    server_time: int | None = None
    retry_after: int | None = None


class WsError(msgspec.Struct, gc=False):
    code: int
    msg: str = ""
    data: WsErrorData | None = None


class Subscribed(msgspec.Struct, gc=False, rename="camel"):
    """Result of a subscription; ``expiration_time`` may be in ms or µs."""

    subscription_id: int
    expiration_time: int | None = None

    @property
    def expiration_time_ms(self) -> int | None:
        """When the token ends, in epoch milliseconds."""
        time = self.expiration_time
        return time // 1000 if time is not None and time > _LARGEST_MS else time


class Subscription(msgspec.Struct, gc=False, rename="camel"):
    subscription_id: int


class Answer(NamedTuple):
    """A reply to one of our requests; ``request_id`` is ``None`` for an error nobody asked for."""

    request_id: str | int | None
    status: int
    result: bytes
    error: WsError | None
    used_weight: int | None = None
    """Request weight that the address has used in this minute, where the answer tells it."""


class Push(NamedTuple):
    """A pushed event and the subscription it came on."""

    subscription_id: int | None
    event: StreamEvent | UnknownEvent


class _RateLimit(msgspec.Struct, gc=False, rename={"kind": "rateLimitType", "number": "intervalNum"}):
    kind: str = ""
    interval: str = ""
    number: int = 0
    count: int | None = None


class _Frame(msgspec.Struct, gc=False, rename={"subscription_id": "subscriptionId", "rate_limits": "rateLimits"}):
    subscription_id: int | None = None
    event: PUSHED | None = None
    id: str | int | None = None
    status: int | None = None
    result: msgspec.Raw = msgspec.Raw()
    error: WsError | None = None
    rate_limits: list[_RateLimit] = msgspec.field(default_factory=list[_RateLimit])
    stream: str | None = None
    data: PUSHED | None = None
    e: str | None = None  # marks a bare event, whatever else it holds


class _Loose(msgspec.Struct, gc=False, rename={"subscription_id": "subscriptionId"}):
    subscription_id: int | None = None
    event: msgspec.Raw = msgspec.Raw()
    data: msgspec.Raw = msgspec.Raw()


# What msgspec and orjson raise for bytes that cannot be read: their own errors and invalid
# UTF-8 are a ValueError, deep nesting is not.
_UNREADABLE = (ValueError, RecursionError)

_frame = msgspec.json.Decoder(_Frame, strict=False)
_bare = msgspec.json.Decoder(PUSHED, strict=False)
_loose = msgspec.json.Decoder(_Loose, strict=False)
_subscribed = msgspec.json.Decoder(Subscribed, strict=False)
_subscriptions = msgspec.json.Decoder(list[Subscription], strict=False)


def read(frame: str | bytes) -> Answer | Push:
    """
    Read one frame of either stream: an answer, an event in an envelope, or a bare event.

    Never raises: what cannot be read becomes an ``UnknownEvent`` that keeps the bytes.
    """
    try:
        whole = _frame.decode(frame)
    except _UNREADABLE as problem:
        return _read_loosely(frame, str(problem) or type(problem).__name__)
    if whole.event is not None:
        return Push(whole.subscription_id, whole.event)
    if whole.e is None and (whole.status is not None or whole.error is not None or whole.id is not None):
        return Answer(whole.id, whole.status or 200, bytes(whole.result), whole.error, _used(whole.rate_limits))
    if whole.data is not None:
        return Push(None, whole.data)
    try:
        return Push(None, _bare.decode(frame))
    except _UNREADABLE as problem:
        return _read_loosely(frame, str(problem) or type(problem).__name__)


def _used(limits: list[_RateLimit]) -> int | None:
    """Return the weight used in this minute, which is counted for the address over REST and WebSocket together."""
    minute = ("REQUEST_WEIGHT", "MINUTE", 1)
    return next((each.count for each in limits if (each.kind, each.interval, each.number) == minute), None)


def _read_loosely(frame: str | bytes, problem: str) -> Push:
    """Find the event of a frame whose event is of an unknown kind or shape."""
    raw = frame.encode("utf-8", "surrogatepass") if isinstance(frame, str) else frame
    subscription_id = None
    try:
        loose = _loose.decode(raw)
        subscription_id = loose.subscription_id
        raw = bytes(loose.event) or bytes(loose.data) or raw
        parsed = orjson.loads(raw)
    except _UNREADABLE:
        parsed = None
    name = _name_of(parsed)
    event = UnknownEvent(name=name, raw=raw, problem=problem if name in _KNOWN_NAMES or parsed is None else "")
    return Push(subscription_id, event)


def _name_of(parsed: object) -> str:
    name = cast("dict[str, object]", parsed).get("e") if isinstance(parsed, dict) else None
    return name if isinstance(name, str) else ""


_KNOWN_NAMES = frozenset(kind.__struct_config__.tag for kind in PUSHED.__args__)


def subscribed(result: bytes) -> Subscribed:
    """
    Read the result of a subscription.

    Raises:
        DecodeError: It does not have the promised shape.
    """
    return _read_result(_subscribed, result)


def subscription_ids(result: bytes) -> frozenset[int]:
    """
    Read which subscriptions the server says are attached to the connection.

    Raises:
        DecodeError: The result does not have the promised shape.
    """
    return frozenset(entry.subscription_id for entry in _read_result(_subscriptions, result))


def _read_result(decoder: msgspec.json.Decoder[T], result: bytes) -> T:
    try:
        return decoder.decode(result)
    except _UNREADABLE as problem:
        raise DecodeError(
            f"the answer to a WebSocket API call does not have the promised shape: {problem}", body=result
        ) from None


def to_error(method: str, answer: Answer, *, exchange_ms: int) -> ExchangeError:
    """Return the error that stands for a refused WebSocket API call."""
    error, status = answer.error, answer.status
    if error is None:
        return ExchangeError(
            f"{method}: status {status} without an error",
            outcome=Outcome.UNKNOWN if status >= 500 else Outcome.REFUSED,
            status=status,
            endpoint=method,
        )
    says = meaning(error.code, error.msg)
    category = Category.RATE_LIMIT if status in {418, 429} else says.category
    kind = BannedError if status == 418 else error_class(error.code, category)
    outcome = Outcome.UNKNOWN if says.doubtful or status >= 500 else Outcome.REFUSED
    retry = Retry.LATER if status in {418, 429} else says.retry
    until = error.data.retry_after if error.data else None
    return kind(
        f"{method}: {error.code} {says.name}: {error.msg[:200]}{'. ' + says.advice if says.advice else ''}",
        outcome=outcome,
        code=error.code,
        text=error.msg[:200],
        status=status,
        endpoint=method,
        category=category,
        retry=Retry.FIND_OUT if outcome is Outcome.UNKNOWN else retry,
        retry_after=max(0.0, (until - exchange_ms) / 1000) if until else None,
    )
