"""REST: the way of a request from its bytes to a reply."""

from dataclasses import dataclass

import orjson

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.messages import HttpReply, HttpRequest
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import (
    Security,
    check_rights,
    check_signature,
    check_time,
    find_key,
)
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route
from binance_margin_async.sim.wire.routes import RETIRED, ROUTES
from binance_margin_async.sim.wire.weights import HEADERS, TooManyError, Usage

JSON = {"Content-Type": "application/json;charset=UTF-8"}
HTML = {"Content-Type": "text/html"}


@dataclass(slots=True)
class Fault:
    """A reply that stands in for the true one, *times* times."""

    reply: HttpReply
    times: int


class RestApi:
    """Answer one request after the other."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._faults: dict[str, Fault] = {}

    def fail_next(self, route: str, reply: HttpReply, times: int) -> None:
        """Answer the next *times* calls of *route* (verb and path) with *reply*, before any effect."""
        self._faults[route] = Fault(reply, times)

    def answer(self, request: HttpRequest, now: int) -> HttpReply:
        """Return what the exchange replies; a refusal is a reply too."""
        path, _, query = request.target.partition("?")
        name = f"{request.method} {path}"
        fault = self._faults.get(name)
        if fault is not None and fault.times > 0:
            fault.times -= 1
            return fault.reply
        if name in RETIRED:
            return HttpReply(410, HTML, _page("410 Gone"))
        route = ROUTES.get(name)
        if route is None:
            return HttpReply(404, HTML, _page("404 Not Found"))
        body = request.body.decode("utf-8", "surrogateescape")
        return self._serve(name, route, request, query, body, now=now)

    def _serve(self, name: str, route: Route, request: HttpRequest, query: str, body: str, *, now: int) -> HttpReply:
        meter = self._venue.meter
        usage: Usage | None = None
        try:
            meter.check_ban(now)
            parameters = Parameters(query, body)
            if route.security is not Security.NONE:
                sent = {key.lower(): value for key, value in request.headers.items()}.get("x-mbx-apikey", "")
                parameters.caller = find_key(sent, self._venue.keys, request.address)
            usage = meter.count(route.scope, name, route.cost(parameters), now)
            meter.check(usage, now)
            if route.security not in {Security.NONE, Security.KEY}:
                check_signature(query, body, parameters.key())
                check_time(parameters, now)
            if parameters.caller is not None:
                check_rights(route.security, parameters.caller, now, is_sapi=" /sapi/" in name)
            reply = HttpReply(200, JSON, orjson.dumps(route.answer(self._venue, parameters, now)))
            if route.has_effect:
                self._venue.risk.assess(now)
        except RefusedError as refusal:
            reply = _refused(refusal, now)
        used = {} if usage is None else {HEADERS[route.scope]: str(usage.used)}
        return HttpReply(reply.status, {**reply.headers, **used}, reply.body)


def _refused(refusal: RefusedError, now: int) -> HttpReply:
    headers = dict(JSON)
    if isinstance(refusal, TooManyError):
        # Whole seconds, rounded up so that nobody comes back too early.
        headers["Retry-After"] = str(-((now - refusal.retry_at) // 1000))
    return HttpReply(refusal.status, headers, orjson.dumps({"code": refusal.code, "msg": refusal.text}))


def _page(title: str) -> bytes:
    lines = (
        "<html>",
        f"<head><title>{title}</title></head>",
        "<body>",
        f"<center><h1>{title}</h1></center>",
        "<hr><center>nginx</center>",
        "</body>",
        "</html>",
        "",
    )
    return "\r\n".join(lines).encode()
