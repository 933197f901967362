"""REST: the way of a request from its bytes to a reply."""

import orjson

from binance_margin_async.sim.calls.user_stream import LEGACY_ROUTES
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
from binance_margin_async.sim.wire.call import Call
from binance_margin_async.sim.wire.order_limits import count_headers
from binance_margin_async.sim.wire.pages import looks_like_attack, page
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route
from binance_margin_async.sim.wire.routes import RETIRED, ROUTES
from binance_margin_async.sim.wire.time_units import in_microseconds, wants_microseconds
from binance_margin_async.sim.wire.weights import HEADERS, TooManyError

UNAUTHORIZED = 401

JSON = {"Content-Type": "application/json;charset=UTF-8"}


class RestApi:
    """Answer one request after the other."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    def answer(self, request: HttpRequest, now: int) -> HttpReply:
        """Return what the exchange replies; a refusal is a reply too."""
        path, _, query = request.target.partition("?")
        name = f"{request.method} {path}"
        try:
            self._venue.meter.check_ban(request.address, now)
        except TooManyError as refusal:
            return refused(refusal, now)
        body = request.body.decode("utf-8", "surrogateescape")
        if looks_like_attack(query, body):
            return page(403, "Forbidden")
        route = LEGACY_ROUTES.get(name) if self._venue.legacy_streams.is_served else None
        if route is None and name in RETIRED:
            return page(410, "Gone")
        route = route or ROUTES.get(name)
        if route is None:
            return page(404, "Not Found")
        return self._serve(name, route, request, query, body, now=now)

    def _serve(self, name: str, route: Route, request: HttpRequest, query: str, body: str, *, now: int) -> HttpReply:
        told: dict[str, str] = {}
        try:
            if route.scope == "api":
                self._venue.meter.count_raw(request.address, now)
            call = Call(self._venue, name, route, Parameters(query, body), request.address, now)
            is_fine = call.is_api and wants_microseconds(_header(request, "x-mbx-time-unit") or None)
            self._admit(call, request, query, body)
            answer = call.perform()
            reply = HttpReply(200, JSON, orjson.dumps(in_microseconds(answer) if is_fine else answer))
            # On margin a call of its own tells the counts of orders (read 2026-11-22).
            if call.places_orders and call.is_api:
                told = count_headers(self._venue.trading.counts, call.account.name, now)
        except RefusedError as refusal:
            reply = refused(refusal, now)
        if reply.status != UNAUTHORIZED:
            used = self._venue.meter.count(route.scope, request.address, name, 0, now).used
            told[HEADERS[route.scope]] = str(used)
        return HttpReply(reply.status, {**reply.headers, **told}, reply.body)

    def _admit(self, call: Call, request: HttpRequest, query: str, body: str) -> None:
        route = call.route
        # What counts for an address counts whoever sent it; what counts for a user needs one.
        if route.scope != "uid":
            call.charge()
        if route.security is Security.NONE:
            return
        key = call.parameters.caller = find_key(_header(request, "x-mbx-apikey"), self._venue.keys, request.address)
        if route.scope == "uid":
            call.charge()
        if route.security is not Security.KEY:
            check_signature(query, body, key)
            check_time(call.parameters, call.now + self._venue.conditions.clock_shift_ms)
        check_rights(route.security, key, call.now, is_sapi=not call.is_api)


def refused(refusal: RefusedError, now: int) -> HttpReply:
    """Return the reply that says no."""
    headers = dict(JSON)
    if isinstance(refusal, TooManyError) and refusal.is_told:
        # Whole seconds, rounded up so that nobody comes back too early.
        headers["Retry-After"] = str(-((now - refusal.retry_at) // 1000))
    return HttpReply(refusal.status, headers, orjson.dumps({"code": refusal.code, "msg": refusal.text}))


def _header(request: HttpRequest, name: str) -> str:
    return next((value for sent, value in request.headers.items() if sent.lower() == name), "")
