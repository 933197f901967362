"""Replies of the calls about low-latency keys; the keys themselves are kept with all others."""

from collections.abc import Mapping

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.keys import ANY_ADDRESS, ApiKey, check_addresses
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

# Leaving the special key mode bars new keys for a day (margin: exit special key mode, read 2026-11-22).
BARRED_MS = 24 * 3_600_000


def create(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/margin/apiKey``; its secret is told this once."""
    account = _account(venue, parameters)
    if not venue.restrictions.special_keys_are_open:
        raise RefusedError(-3999, "This function is only available for invited users.")
    if now < account.special_keys_from:
        raise RefusedError(-3026, "Your input param is invalid: special keys are barred for 24 hours.")
    mode = parameters.text("permissionMode") or "TRADE"
    if mode not in {"TRADE", "READ"}:
        raise RefusedError(-1130, "Data sent for parameter 'permissionMode' is not valid.")
    public_key = parameters.text("publicKey")
    key = venue.keys.make_special(
        account.name,
        name=parameters.required("apiName"),
        public_key=public_key,
        addresses=_addresses(parameters.text("ip")),
        permission_mode=mode,
    )
    return {"apiKey": key.api_key, "secretKey": key.material if public_key is None else None, "type": key.kind}


def delete(venue: Venue, parameters: Parameters, now: int) -> object:
    """``DELETE /sapi/v1/margin/apiKey``: the key named, or every key of that name."""
    account = _account(venue, parameters)
    wanted, name = parameters.text("apiKey"), parameters.text("apiName")
    if wanted is None and name is None:
        raise RefusedError(-1102, "Param 'apiKey' or 'apiName' must be sent, but both were empty/null!")
    if wanted is not None:
        venue.keys.remove(_find(venue, account, wanted), now)
        return {}
    for key in venue.keys.special(account.name):
        if key.name == name:
            venue.keys.remove(key, now)
    return {}


def change_addresses(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``PUT /sapi/v1/margin/apiKey/ip``."""
    key = _find(venue, _account(venue, parameters), parameters.required("apiKey"))
    addresses = _addresses(parameters.required("ip"))
    check_addresses(addresses)
    key.rights.ip_restrict, key.rights.allowed_ips = True, addresses
    return {}


def one(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/apiKey``."""
    return _row(_find(venue, _account(venue, parameters), parameters.required("apiKey")))


def all_keys(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/api-key-list``, oldest first."""
    return [_row(key) for key in venue.keys.special(_account(venue, parameters).name)]


def leave_mode(venue: Venue, _parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/margin/exit-special-key-mode``: every special key ends; refused while anything is owed."""
    account = venue.account(None)
    if account.frozen_until is not None or any(balance.liability for balance in account.balances.values()):
        raise RefusedError(-3026, "Your input param is invalid: repay everything first.")
    keys = [key for key in venue.keys.keys.values() if key.is_special]
    for key in keys:
        venue.keys.remove(key, now)
    if keys:
        for each in venue.book.accounts.values():
            each.special_keys_from = now + BARRED_MS
    return {}


def _account(venue: Venue, parameters: Parameters) -> Account:
    return venue.account(parameters.text("symbol"))


def _find(venue: Venue, account: Account, name: str) -> ApiKey:
    key = venue.keys.keys.get(name)
    if key is None or key.account != account.name:
        raise RefusedError(-3026, "Your input param is invalid: no such special key.")
    return key


def _addresses(text: str | None) -> tuple[str, ...]:
    return tuple(address.strip() for address in text.split(",")) if text else ()


def _row(key: ApiKey) -> dict[str, object]:
    return {
        "apiName": key.name,
        "apiKey": key.api_key,
        "ip": ",".join(key.rights.allowed_ips) or ANY_ADDRESS,
        "type": key.kind,
        "permissionMode": key.permission_mode,
    }


ROUTES: Mapping[str, Route] = {
    "POST /sapi/v1/margin/apiKey": Route(Security.TRADE, "uid", 1, create),
    "DELETE /sapi/v1/margin/apiKey": Route(Security.TRADE, "uid", 1, delete),
    "PUT /sapi/v1/margin/apiKey/ip": Route(Security.TRADE, "uid", 1, change_addresses),
    "GET /sapi/v1/margin/apiKey": Route(Security.TRADE, "uid", 1, one),
    "GET /sapi/v1/margin/api-key-list": Route(Security.TRADE, "uid", 1, all_keys),
    "POST /sapi/v1/margin/exit-special-key-mode": Route(Security.TRADE, "uid", 10, leave_mode),
}
