"""Replies of the calls about listen tokens and listen keys."""

from collections.abc import Callable, Mapping

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.streams.trade_streams import TOKEN_LIFE_MS
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Answer, Route

KeyAction = Callable[[Venue, str, Parameters, int], object]


def listen_token(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/userListenToken``."""
    account = venue.account_of(parameters)
    validity = parameters.integer("validity")
    validity = TOKEN_LIFE_MS if validity is None else validity
    if not 0 < validity <= TOKEN_LIFE_MS:
        raise RefusedError(-1130, "Data sent for parameter 'validity' is not valid.")
    validity = min(validity, venue.conditions.token_validity_ms or validity)
    name, token = venue.trade_streams.mint(account.name, validity, now)
    return {"token": name, "expirationTime": token.expires_at}


def start_listen_key(venue: Venue, _parameters: Parameters, now: int) -> object:
    """``POST`` of both listen-key versions."""
    venue.account(None)
    return {"listenKey": venue.risk_streams.start_key(now)}


def keep_listen_key(venue: Venue, parameters: Parameters, now: int) -> object:
    """``PUT`` of both listen-key versions."""
    venue.risk_streams.keep_alive(parameters.required("listenKey"), now)
    return {}


def end_listen_key(venue: Venue, _parameters: Parameters, now: int) -> object:
    """``DELETE`` of both listen-key versions."""
    venue.risk_streams.end_key(now)
    return {}


def start_legacy_key(venue: Venue, account: str, _parameters: Parameters, now: int) -> object:
    """``POST`` of the trade stream's old listen keys."""
    return {"listenKey": venue.legacy_streams.start(account, now)}


def keep_legacy_key(venue: Venue, account: str, parameters: Parameters, now: int) -> object:
    """``PUT`` of the trade stream's old listen keys."""
    venue.legacy_streams.keep_alive(account, parameters.required("listenKey"), now)
    return {}


def end_legacy_key(venue: Venue, account: str, parameters: Parameters, now: int) -> object:
    """``DELETE`` of the trade stream's old listen keys."""
    venue.legacy_streams.end(account, parameters.required("listenKey"), now)
    return {}


def _cross(action: KeyAction) -> Answer:
    return lambda venue, parameters, now: action(venue, venue.account(None).name, parameters, now)


def _isolated(action: KeyAction) -> Answer:
    return lambda venue, parameters, now: action(
        venue, venue.account(parameters.required("symbol")).name, parameters, now
    )


# Retired on 2026-02-20, and served on request.
LEGACY_ROUTES: Mapping[str, Route] = {
    f"{verb} /sapi/v1/userDataStream{suffix}": Route(Security.KEY, "uid", 1, form(action))
    for verb, action in (("POST", start_legacy_key), ("PUT", keep_legacy_key), ("DELETE", end_legacy_key))
    for suffix, form in (("", _cross), ("/isolated", _isolated))
}

ROUTES: Mapping[str, Route] = {
    "POST /sapi/v1/userListenToken": Route(Security.KEY, "uid", 1, listen_token),
    "POST /sapi/v1/margin/listen-key": Route(Security.KEY, "uid", 1, start_listen_key),
    "PUT /sapi/v1/margin/listen-key": Route(Security.KEY, "uid", 1, keep_listen_key),
    "DELETE /sapi/v1/margin/listen-key": Route(Security.KEY, "uid", 3000, end_listen_key),
    "POST /sapi/v2/margin/listen-key": Route(Security.KEY, "ip", 1, start_listen_key),
    "PUT /sapi/v2/margin/listen-key": Route(Security.KEY, "ip", 1, keep_listen_key),
    "DELETE /sapi/v2/margin/listen-key": Route(Security.KEY, "ip", 1, end_listen_key),
}
