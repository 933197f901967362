"""Frames of the WebSocket API, read and checked before anything is done."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import orjson

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.wire.parameters import Parameters

# A request id is a number of 64 bits, a short alphanumeric text, or null (WebSocket API, read 2026-11-22).
_ID = re.compile(r"[A-Za-z0-9_-]{1,36}", re.ASCII)
_LONGEST_ID = 2**63

RATE_LIMITS = "returnRateLimits"


@dataclass(slots=True)
class WsRequest:
    """
    One request.

    Attributes:
        number: Its id, which comes back with the reply.
        method: Without a version before it.
        params: As texts, by name.
        return_rate_limits: Whether the reply should tell the limits; ``None`` leaves it to the connection.
    """

    number: object
    method: str = ""
    params: dict[str, str] = field(default_factory=dict[str, str])
    return_rate_limits: bool | None = None

    @property
    def parameters(self) -> Parameters:
        """What was sent, for the calls that REST has too."""
        return Parameters.of(self.params)

    @property
    def payload(self) -> bytes:
        """What a signature must cover: sorted by name and not percent-encoded, unlike REST."""
        pairs = (f"{name}={value}" for name, value in sorted(self.params.items()) if name != "signature")
        return "&".join(pairs).encode()


def read_request(text: str) -> WsRequest:
    """
    Read a frame.

    Raises:
        BadRequestError: It is no request; it knows the id if the frame had a proper one.
    """
    try:
        frame: object = orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        raise BadRequestError(None, -1135, f"JSON Request is invalid: {problem.msg}.") from None
    if not isinstance(frame, dict):
        raise BadRequestError(None, -1135, "JSON Request is invalid: expected an object.")
    fields = cast("Mapping[str, object]", frame)
    request = WsRequest(_number(fields))
    method, params = fields.get("method"), fields.get("params")
    if not isinstance(method, str) or not method:
        raise BadRequestError(request.number, -1135, "JSON Request is invalid: expected a method.")
    if not isinstance(params, dict | None):
        raise BadRequestError(request.number, -1135, "JSON sent for parameter 'params' is not valid.")
    request.method = method.removeprefix("v3/")
    for name, value in cast("Mapping[str, object]", params or {}).items():
        if name == RATE_LIMITS:
            request.return_rate_limits = value not in {False, "false"}
        else:
            request.params[name] = _text(value)
    return request


class BadRequestError(RefusedError):
    """A frame that is no request; *number* is its id as far as it could be read."""

    def __init__(self, number: object, code: int, text: str) -> None:
        super().__init__(code, text)
        self.number = number


def _number(fields: Mapping[str, object]) -> object:
    number = fields.get("id")
    if number is None or (isinstance(number, str) and _ID.fullmatch(number)):
        return number
    if isinstance(number, int) and not isinstance(number, bool) and -_LONGEST_ID <= number < _LONGEST_ID:
        return number
    complaint = "Illegal characters found in parameter 'id'; legal range is '^[a-zA-Z0-9-_]{1,36}$'."
    raise BadRequestError(None, -1100, complaint)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    # Numbers, truth values, lists and null as JSON writes them.
    return "" if value is None else orjson.dumps(value).decode()
