"""One fault, as data."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

import msgspec


class Layer(StrEnum):
    """Where a fault acts, which decides what its ``target`` and its times mean."""

    REQUEST = "request"
    """On REST calls whose route fits ``target``."""
    FRAME = "frame"
    """On frames that leave on the streams that ``target`` names."""
    DEED = "deed"
    """By itself, at its time."""
    CONDITION = "condition"
    """By itself, at its time, and for ``seconds``; until the end without them."""


class FaultKind(StrEnum):
    """What goes wrong."""

    DELAY = "delay"
    """The reply comes ``seconds`` late; with ``effect = "none"`` it is the request that waits."""
    DROP = "drop"
    """The connection is closed instead of a reply."""
    RESET = "reset"
    """The connection is reset instead of a reply."""
    LOST_REPLY = "lost_reply"
    """The connection stays open, and no reply ever comes."""
    SERVER_ERROR = "server_error"
    """A reply with a 5xx ``status``."""
    UNKNOWN_OUTCOME = "unknown_outcome"
    """Error ``code`` -1007 or -1006."""
    RATE_LIMIT = "rate_limit"
    """429, to come back in ``seconds``; ``header = false`` leaves ``Retry-After`` out."""
    FIREWALL = "firewall"
    """403 with a page for people."""
    REDIRECT = "redirect"
    """Another address, ``url``, with ``status``."""
    REPLY = "reply"
    """Any ``status``, ``body`` and ``headers``."""
    TRUNCATED_BODY = "truncated_body"
    """The reply's body ends early, and its length says so."""
    WRONG_LENGTH = "wrong_length"
    """The reply's length promises more than comes; then the connection is closed."""
    GARBLED_BODY = "garbled_body"
    """Some bytes of the body are others."""
    SLOW_BODY = "slow_body"
    """The body comes in pieces, over ``seconds``."""
    EXTRA_FIELD = "extra_field"
    """A JSON object of the reply has a field nobody knows."""
    MISSING_FIELD = "missing_field"
    """It lacks ``field``, or one of its fields."""
    RETYPED_FIELD = "retyped_field"
    """``field``, or one of its fields, has a value of another type."""
    KEEP_ALIVE_FAILS = "keep_alive_fails"
    """The listen key is said to be unknown, error ``code`` -1125; it lives on."""

    EVENT_DELAY = "event_delay"
    """An event comes ``seconds`` late; others overtake it."""
    EVENT_DROP = "event_drop"
    """An event never comes."""
    EVENT_DUPLICATE = "event_duplicate"
    """An event comes twice."""
    EVENT_REORDER = "event_reorder"
    """An event comes after the next one of its connection, or after ``seconds``."""

    EVENT_UNKNOWN = "event_unknown"
    """Everybody gets an event of a type that does not exist."""
    EVENT_HUGE = "event_huge"
    """Everybody gets an event of ``size`` bytes."""
    EVENT_GARBAGE = "event_garbage"
    """Every connection gets a frame that is not JSON."""
    BAN = "ban"
    """418 for every call for ``seconds``; ``header = false`` leaves ``Retry-After`` out."""
    SOCKET_CLOSE = "socket_close"
    """Connections are closed with ``code`` and ``reason``."""
    SOCKET_RESET = "socket_reset"
    """Connections are reset."""
    SERVER_SHUTDOWN = "server_shutdown"
    """Every connection gets a ``serverShutdown`` event, and is closed ``seconds`` later."""
    SUBSCRIPTION_VANISHES = "subscription_vanishes"
    """Trade subscriptions end, and nobody is told."""
    STREAM_TERMINATED = "stream_terminated"
    """Trade subscriptions end with ``eventStreamTerminated``."""
    TOKEN_EXPIRES = "token_expires"  # noqa: S105  # a kind of fault
    """Every listen token ends early, with its subscriptions."""
    KEY_EXPIRES = "key_expires"
    """The listen key ends early; its listeners are told."""
    KEY_DELETED = "key_deleted"
    """The listen key is gone, as if another process had deleted it; nobody is told."""

    BLACK_HOLE = "black_hole"
    """Nothing arrives in a ``direction``: ``up`` to the exchange, ``down`` from it, or ``both``."""
    CLOCK_SHIFT = "clock_shift"
    """The exchange's clock is off by ``shift_s``: a skew from second 0 on, a jump later."""
    SHORT_TOKENS = "short_tokens"
    """New listen tokens live ``validity_s`` only, whatever was asked for."""
    TOKENS_REFUSED = "tokens_refused"
    """No listen token opens a subscription."""
    LIMITS_HALVED = "limits_halved"
    """Half of the request weight is allowed."""
    INVENTORY_EMPTY = "inventory_empty"
    """Nobody can borrow ``asset``; without one, nobody can borrow anything."""
    MAINTENANCE = "maintenance"
    """Every call but time and status is answered with 503."""


class Spec(NamedTuple):
    """Where a kind acts, and the arguments it takes."""

    layer: Layer
    takes: tuple[str, ...] = ()


_EFFECT = ("effect",)
SPECS: Mapping[FaultKind, Spec] = {
    FaultKind.DELAY: Spec(Layer.REQUEST, ("seconds", "effect")),
    FaultKind.DROP: Spec(Layer.REQUEST, _EFFECT),
    FaultKind.RESET: Spec(Layer.REQUEST, _EFFECT),
    FaultKind.LOST_REPLY: Spec(Layer.REQUEST, _EFFECT),
    FaultKind.SERVER_ERROR: Spec(Layer.REQUEST, ("status", "effect")),
    FaultKind.UNKNOWN_OUTCOME: Spec(Layer.REQUEST, ("code", "effect")),
    FaultKind.RATE_LIMIT: Spec(Layer.REQUEST, ("seconds", "header")),
    FaultKind.FIREWALL: Spec(Layer.REQUEST),
    FaultKind.REDIRECT: Spec(Layer.REQUEST, ("status", "url")),
    FaultKind.REPLY: Spec(Layer.REQUEST, ("status", "body", "headers", "effect")),
    FaultKind.TRUNCATED_BODY: Spec(Layer.REQUEST),
    FaultKind.WRONG_LENGTH: Spec(Layer.REQUEST),
    FaultKind.GARBLED_BODY: Spec(Layer.REQUEST),
    FaultKind.SLOW_BODY: Spec(Layer.REQUEST, ("seconds",)),
    FaultKind.EXTRA_FIELD: Spec(Layer.REQUEST),
    FaultKind.MISSING_FIELD: Spec(Layer.REQUEST, ("field",)),
    FaultKind.RETYPED_FIELD: Spec(Layer.REQUEST, ("field",)),
    FaultKind.KEEP_ALIVE_FAILS: Spec(Layer.REQUEST, ("code",)),
    FaultKind.EVENT_DELAY: Spec(Layer.FRAME, ("event", "seconds")),
    FaultKind.EVENT_DROP: Spec(Layer.FRAME, ("event",)),
    FaultKind.EVENT_DUPLICATE: Spec(Layer.FRAME, ("event",)),
    FaultKind.EVENT_REORDER: Spec(Layer.FRAME, ("event", "seconds")),
    FaultKind.EVENT_UNKNOWN: Spec(Layer.DEED),
    FaultKind.EVENT_HUGE: Spec(Layer.DEED, ("size",)),
    FaultKind.EVENT_GARBAGE: Spec(Layer.DEED),
    FaultKind.BAN: Spec(Layer.DEED, ("seconds", "header")),
    FaultKind.SOCKET_CLOSE: Spec(Layer.DEED, ("code", "reason")),
    FaultKind.SOCKET_RESET: Spec(Layer.DEED),
    FaultKind.SERVER_SHUTDOWN: Spec(Layer.DEED, ("seconds",)),
    FaultKind.SUBSCRIPTION_VANISHES: Spec(Layer.DEED),
    FaultKind.STREAM_TERMINATED: Spec(Layer.DEED),
    FaultKind.TOKEN_EXPIRES: Spec(Layer.DEED),
    FaultKind.KEY_EXPIRES: Spec(Layer.DEED),
    FaultKind.KEY_DELETED: Spec(Layer.DEED),
    FaultKind.BLACK_HOLE: Spec(Layer.CONDITION, ("seconds", "direction")),
    FaultKind.CLOCK_SHIFT: Spec(Layer.CONDITION, ("seconds", "shift_s")),
    FaultKind.SHORT_TOKENS: Spec(Layer.CONDITION, ("seconds", "validity_s")),
    FaultKind.TOKENS_REFUSED: Spec(Layer.CONDITION, ("seconds",)),
    FaultKind.LIMITS_HALVED: Spec(Layer.CONDITION, ("seconds",)),
    FaultKind.INVENTORY_EMPTY: Spec(Layer.CONDITION, ("seconds", "asset")),
    FaultKind.MAINTENANCE: Spec(Layer.CONDITION, ("seconds",)),
}

# The streams that faults of frames and sockets name as their target.
STREAMS = ("all", "trade", "risk", "market")

# Kinds that act on sockets without being about frames; a black hole swallows REST too.
_OF_SOCKETS = {
    FaultKind.EVENT_UNKNOWN: STREAMS,
    FaultKind.EVENT_HUGE: STREAMS,
    FaultKind.EVENT_GARBAGE: STREAMS,
    FaultKind.SOCKET_CLOSE: STREAMS,
    FaultKind.SOCKET_RESET: STREAMS,
    FaultKind.BLACK_HOLE: (*STREAMS, "rest"),
}

# Settings that a kind of each layer takes besides its own arguments.
_COMMON: Mapping[Layer, tuple[str, ...]] = {
    Layer.REQUEST: ("target", "until_s", "skip", "times"),
    Layer.FRAME: ("target", "until_s", "skip", "times"),
    Layer.DEED: ("every_s", "times"),
    Layer.CONDITION: ("every_s", "times"),
}


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    One thing that goes wrong.

    Attributes:
        kind: What.
        target: Whom it meets. For REST calls verb and path, in which ``*`` stands for anything, such as
            ``"POST /sapi/v1/margin/order"``; for frames and sockets ``"trade"``, ``"risk"``, ``"market"`` or
            ``"all"``; a black hole may also be for ``"rest"``. Without it, everybody.
        after_s: Seconds after the start of the exchange, or after it was added later, from which it acts.
        until_s: Seconds after which it meets nobody any more; for requests and frames only.
        every_s: How often a deed or a condition comes again, until it came *times* times.
        skip: How many requests or frames pass unharmed before.
        times: How often it strikes, or ``"always"``.
        effect: Whether the exchange does what was asked: ``"done"`` or ``"none"``.
        seconds: How long.
        status: HTTP status.
        code: Error code, or close code of a WebSocket.
        body: Text of a reply.
        headers: Headers of a reply; JSON's when left out.
        header: Whether ``Retry-After`` is told.
        url: Where a redirect leads.
        field: Name of a field at any depth of the reply.
        event: Type of the events it meets, such as ``"executionReport"``, or ``"reply"`` for answers of the
            WebSocket API; ``*`` stands for anything.
        direction: ``"up"``, ``"down"`` or ``"both"``.
        size: Bytes.
        shift_s: Seconds by which the exchange's clock is ahead.
        validity_s: Seconds that a token lives.
        asset: Asset name.
        reason: Text beside a close code.

    Raises:
        ValueError: An argument does not belong to the kind, or is out of its range.
    """

    kind: FaultKind
    target: str | None = None
    after_s: float = 0.0
    until_s: float | None = None
    every_s: float | None = None
    skip: int = 0
    times: int | Literal["always"] = 1
    effect: Literal["none", "done"] | None = None
    seconds: float | None = None
    status: int | None = None
    code: int | None = None
    body: str | None = None
    headers: dict[str, str] | None = None
    header: bool | None = None
    url: str | None = None
    field: str | None = None
    event: str | None = None
    direction: Literal["up", "down", "both"] | None = None
    size: int | None = None
    shift_s: float | None = None
    validity_s: float | None = None
    asset: str | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        kind = FaultKind(self.kind)
        msgspec.structs.force_setattr(self, "kind", kind)
        spec = SPECS[kind]
        allowed = {"kind", "after_s", *_COMMON[spec.layer], *spec.takes}
        if kind in _OF_SOCKETS:
            allowed.add("target")
        for name, default in zip(self.__struct_fields__[1:], self.__struct_defaults__, strict=True):
            if name not in allowed and getattr(self, name) != default:
                takes = ", ".join(sorted(allowed - {"kind"}))
                raise ValueError(f"a fault of kind '{kind}' takes no '{name}'; it takes {takes}")
        self._check_times()
        self._check_arguments(spec)

    @property
    def layer(self) -> Layer:
        """Where it acts."""
        return SPECS[self.kind].layer

    def _check_times(self) -> None:
        if not 0 <= self.after_s < float("inf"):
            raise ValueError(f"after_s must be at least 0, not {self.after_s}")
        if self.until_s is not None and not self.until_s > self.after_s:
            raise ValueError(f"until_s must be later than after_s, not {self.until_s}")
        if self.every_s is not None and not 0.001 <= self.every_s < float("inf"):
            raise ValueError(f"every_s must be at least 0.001, not {self.every_s}")
        if self.skip < 0:
            raise ValueError(f"skip must be at least 0, not {self.skip}")
        if isinstance(self.times, int) and self.times < 1:
            raise ValueError(f"times must be at least 1, or 'always', not {self.times}")
        if self.layer in {Layer.DEED, Layer.CONDITION} and self.times != 1 and self.every_s is None:
            raise ValueError("what happens by itself more than once needs every_s")

    def _check_arguments(self, spec: Spec) -> None:
        for name in ("seconds", "size", "validity_s"):
            given: float | None = getattr(self, name)
            if given is not None and not 0 < given < float("inf"):
                raise ValueError(f"{name} must be above 0, not {given}")
        if self.kind in _OF_SOCKETS or spec.layer is Layer.FRAME:
            choices = _OF_SOCKETS.get(self.kind, STREAMS)
            if self.target is not None and self.target not in choices:
                raise ValueError(f"target must be one of {', '.join(choices)}, not '{self.target}'")
        if self.kind is FaultKind.CLOCK_SHIFT and not self.shift_s:
            raise ValueError("a clock_shift needs shift_s, in seconds, not 0")
        if self.kind is FaultKind.SERVER_ERROR and not 500 <= (self.status or 500) < 600:
            raise ValueError(f"status of a server_error must be 500 to 599, not {self.status}")
        if self.kind is FaultKind.SOCKET_CLOSE and not _is_close_code(self.code):
            raise ValueError(f"code must be one that a WebSocket may be closed with, not {self.code}")


def _is_close_code(code: int | None) -> bool:
    # RFC 6455, section 7.4: 1004 to 1006 and 1015 never travel; 3000 to 4999 are for libraries and applications.
    return code is None or code in {1000, 1001, 1002, 1003, *range(1007, 1015)} or 3000 <= code < 5000
