"""What becomes of a reply: another in its place, a spoilt one, or none at all."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import orjson

from binance_margin_async.sim.faults.fault import Fault, FaultKind
from binance_margin_async.sim.messages import Delivery, Ending, HttpReply

_JSON = {"Content-Type": "application/json;charset=UTF-8"}
_HTML = {"Content-Type": "text/html"}

# Reserved for examples (RFC 2606): no client that follows it by mistake meets anybody.
_ELSEWHERE = "https://example.com/"

# What a fault that says no seconds takes.
DELAY_S = 1.0
SPREAD_S = 5.0
RETRY_AFTER_S = 30.0

# Messages as in the exchange's list of error codes (read 2026-11-22).
_TEXTS = {
    -1000: "An unknown error occurred while processing the request.",
    -1006: "An unexpected response was received from the message bus. Execution status unknown.",
    -1007: "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    -1125: "This listenKey does not exist.",
}

# Kinds after which nothing was done, whatever the fault says.
_WITHOUT_EFFECT = {FaultKind.RATE_LIMIT, FaultKind.FIREWALL, FaultKind.REDIRECT, FaultKind.KEEP_ALIVE_FAILS}
_ENDINGS: Mapping[FaultKind, Ending] = {
    FaultKind.DROP: "close",
    FaultKind.RESET: "reset",
    FaultKind.LOST_REPLY: "silence",
}


def answer(faults: Sequence[Fault], truth: Callable[[], HttpReply], chance: random.Random) -> HttpReply:
    """
    Return what leaves instead of the true reply.

    Args:
        faults: Those that strike this call, in their order.
        truth: Does what was asked and returns the reply; called once, or not at all.
        chance: Decides which bytes and fields are harmed.
    """
    stand_in = next((reply for fault in faults if (reply := _stand_in(fault)) is not None), None)
    stopped = any(_stops(fault) for fault in faults)
    true = None if stopped else truth()
    reply = stand_in or true or HttpReply(503, _JSON, b"")
    for fault in faults:
        if fault.kind in _SPOILERS:
            reply = _SPOILERS[fault.kind](fault, reply, chance)
    return reply


def _stops(fault: Fault) -> bool:
    if fault.kind in _WITHOUT_EFFECT:
        return True
    if fault.kind is FaultKind.LOST_REPLY:
        return fault.effect == "none"
    stands_in = fault.kind in _ENDINGS or fault.kind in _STAND_INS
    return stands_in and fault.effect != "done"


def _stand_in(fault: Fault) -> HttpReply | None:
    make = _STAND_INS.get(fault.kind)
    return None if make is None else make(fault)


def _server_error(fault: Fault) -> HttpReply:
    status = fault.status or 500
    return _error(status, -1000) if status == 500 else _page(status, "The service is not available.")


def _unknown_outcome(fault: Fault) -> HttpReply:
    code = fault.code or -1007
    return _error(408 if code == -1007 else 500, code)


def _rate_limit(fault: Fault) -> HttpReply:
    reply = _error(429, -1003, "Too much request weight used; please use WebSocket Streams for live updates.")
    if fault.header is False:
        return reply
    return replace(reply, headers={**reply.headers, "Retry-After": f"{fault.seconds or RETRY_AFTER_S:.0f}"})


def _firewall(_fault: Fault) -> HttpReply:
    return _page(403, "The request was blocked.")


def _redirect(fault: Fault) -> HttpReply:
    return HttpReply(fault.status or 302, {"Location": fault.url or _ELSEWHERE}, b"")


def _any_reply(fault: Fault) -> HttpReply:
    headers = _JSON if fault.headers is None else fault.headers
    return HttpReply(fault.status or 200, headers, ("{}" if fault.body is None else fault.body).encode())


def _keep_alive_fails(fault: Fault) -> HttpReply:
    return _error(400, fault.code or -1125)


def _error(status: int, code: int, text: str | None = None) -> HttpReply:
    return HttpReply(status, _JSON, orjson.dumps({"code": code, "msg": text or _TEXTS.get(code, _TEXTS[-1000])}))


def _page(status: int, text: str) -> HttpReply:
    page = f"<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<h1>{text}</h1>\r\n</body>\r\n</html>\r\n"
    return HttpReply(status, _HTML, page.encode())


SWALLOWED = HttpReply(503, _JSON, b"", Delivery(ending="silence"))
MAINTENANCE = _page(503, "The system is under maintenance.")


def _ended(fault: Fault, reply: HttpReply, _chance: random.Random) -> HttpReply:
    return replace(reply, delivery=replace(reply.delivery, ending=_ENDINGS[fault.kind]))


def _delayed(fault: Fault, reply: HttpReply, _chance: random.Random) -> HttpReply:
    delay_s = reply.delivery.delay_s + (fault.seconds or DELAY_S)
    return replace(reply, delivery=replace(reply.delivery, delay_s=delay_s))


def _slow(fault: Fault, reply: HttpReply, _chance: random.Random) -> HttpReply:
    return replace(reply, delivery=replace(reply.delivery, spread_s=fault.seconds or SPREAD_S))


def _wrong_length(_fault: Fault, reply: HttpReply, _chance: random.Random) -> HttpReply:
    delivery = replace(reply.delivery, ending="cut", length=len(reply.body) + 1)
    return replace(reply, body=reply.body[: len(reply.body) // 2], delivery=delivery)


def _truncated(_fault: Fault, reply: HttpReply, chance: random.Random) -> HttpReply:
    return replace(reply, body=reply.body[: chance.randrange(max(1, len(reply.body)))])


def _garbled(_fault: Fault, reply: HttpReply, chance: random.Random) -> HttpReply:
    # One byte of twenty, at least one; each becomes another.
    harmed = bytearray(reply.body)
    places = chance.sample(range(len(harmed)), -(-len(harmed) // 20))
    for place in places:
        harmed[place] ^= chance.randrange(1, 256)
    return replace(reply, body=bytes(harmed))


def _altered(fault: Fault, reply: HttpReply, chance: random.Random) -> HttpReply:
    try:
        decoded: object = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return reply
    places = list(_objects(decoded))
    if fault.kind is FaultKind.EXTRA_FIELD:
        if places:
            chance.choice(places)["simulatedExtraField"] = ["anything", 1]
        return replace(reply, body=orjson.dumps(decoded))
    fields = [(place, name) for place in places for name in place if fault.field in {None, name}]
    if not fields:
        return reply
    place, name = chance.choice(fields)
    if fault.kind is FaultKind.MISSING_FIELD:
        del place[name]
    else:
        place[name] = _retyped(place[name])
    return replace(reply, body=orjson.dumps(decoded))


def _objects(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        found = cast("dict[str, Any]", value)
        yield found
        for inner in list(found.values()):
            yield from _objects(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _objects(inner)


def _retyped(value: object) -> object:
    match value:
        case str():
            return [value]
        case bool():
            return "maybe"
        case int() | float():
            return {"value": value}
        case _:
            return 7


_STAND_INS: Mapping[FaultKind, Callable[[Fault], HttpReply]] = {
    FaultKind.SERVER_ERROR: _server_error,
    FaultKind.UNKNOWN_OUTCOME: _unknown_outcome,
    FaultKind.RATE_LIMIT: _rate_limit,
    FaultKind.FIREWALL: _firewall,
    FaultKind.REDIRECT: _redirect,
    FaultKind.REPLY: _any_reply,
    FaultKind.KEEP_ALIVE_FAILS: _keep_alive_fails,
}

_SPOILERS: Mapping[FaultKind, Callable[[Fault, HttpReply, random.Random], HttpReply]] = {
    FaultKind.DROP: _ended,
    FaultKind.RESET: _ended,
    FaultKind.LOST_REPLY: _ended,
    FaultKind.DELAY: _delayed,
    FaultKind.SLOW_BODY: _slow,
    FaultKind.WRONG_LENGTH: _wrong_length,
    FaultKind.TRUNCATED_BODY: _truncated,
    FaultKind.GARBLED_BODY: _garbled,
    FaultKind.EXTRA_FIELD: _altered,
    FaultKind.MISSING_FIELD: _altered,
    FaultKind.RETYPED_FIELD: _altered,
}
