"""Replies of the calls about money that moves between wallets and margin accounts."""

from collections.abc import Mapping

from binance_margin_async.sim.amounts import text
from binance_margin_async.sim.calls.histories import page, read_period
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import CROSS
from binance_margin_async.sim.ledger.records import Sum, TransferRecord
from binance_margin_async.sim.ledger.wallets import (
    CM_FUTURES,
    FUNDING,
    ISOLATED,
    OPTIONS,
    SPOT,
    UM_FUTURES,
    WALLETS,
    WAYS,
    Way,
)
from binance_margin_async.sim.market.pairs import Pair
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

# What the margin histories call a place (margin: transfer history, read 2026-11-22).
_PLACES = {
    SPOT: "SPOT",
    FUNDING: "FUNDING",
    UM_FUTURES: "FUTURES",
    CM_FUTURES: "DELIVERY",
    OPTIONS: "OPTION",
    CROSS: "CROSS_MARGIN",
}


def universal_transfer(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/asset/transfer``; done at once."""
    kind, way = _way(parameters)
    what = Sum(parameters.required("asset"), parameters.required_decimal("amount"))
    source, target = _ends(venue, parameters, way)
    held = any(what.asset in wallet.balances for wallet in venue.book.wallets.values())
    if not held and what.asset not in venue.assets:
        raise RefusedError(-5003, "You don't have this asset.")
    if isinstance(target, Pair) and target not in venue.isolated_pairs():
        raise RefusedError(-3028, "Not a valid margin pair.")
    name = source if isinstance(source, str) else source.symbol
    if name not in WALLETS:
        venue.account(None if name == CROSS else name)
    return {"tranId": venue.transfers.move(kind, name, target, what, now)}


def universal_history(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/asset/transfer``: one type, of the last six months."""
    kind, way = _way(parameters)
    ends = [end if isinstance(end, str) else end.symbol for end in _ends(venue, parameters, way)]
    period = read_period(parameters, now, usual_days=7, reach_days=180)
    records = period.of(venue.book.histories.transfers, lambda record: record.time)
    found = [record for record in records if record.type == kind and [record.source, record.target] == ends]
    return page(
        parameters,
        found,
        lambda record: {
            "asset": record.asset,
            "amount": text(record.amount),
            "type": record.type,
            "status": "CONFIRMED",
            "tranId": record.transaction,
            "timestamp": record.time,
        },
    )


def margin_history(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/transfer``: what came into one margin account and left it."""
    account, asset = venue.owner(parameters.text("isolatedSymbol")), parameters.text("asset")
    direction = parameters.text("type")
    if direction not in {None, "ROLL_IN", "ROLL_OUT"}:
        raise RefusedError(-1130, "Data sent for parameter 'type' is not valid.")
    period = read_period(parameters, now, usual_days=7, longest_days=30)
    records = period.of(venue.book.histories.transfers, lambda record: record.time)
    found = [
        record
        for record in records
        if account in {record.source, record.target}
        and direction in {None, _direction(record, account)}
        and asset in {None, record.asset}
    ]
    return page(parameters, found, lambda record: _margin_row(record, account))


def max_transferable(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/maxTransferable``."""
    asset = parameters.required("asset")
    account = venue.account(parameters.text("isolatedSymbol"))
    venue.check_held(account, asset)
    return {"amount": text(venue.room.max_transferable(account, asset))}


def _way(parameters: Parameters) -> tuple[str, Way]:
    kind = parameters.required("type")
    if kind not in WAYS:
        raise RefusedError(-1130, "Data sent for parameter 'type' is not valid.")
    return kind, WAYS[kind]


def _ends(venue: Venue, parameters: Parameters, way: Way) -> tuple[str | Pair, str | Pair]:
    # A symbol names an isolated account; beside a type that has none it is not looked at.
    source = venue.pair(parameters.required("fromSymbol")) if way.source == ISOLATED else way.source
    target = venue.pair(parameters.required("toSymbol")) if way.target == ISOLATED else way.target
    return source, target


def _direction(record: TransferRecord, account: str) -> str:
    return "ROLL_IN" if record.target == account else "ROLL_OUT"


def _margin_row(record: TransferRecord, account: str) -> dict[str, object]:
    symbols = {"fromSymbol": record.source, "toSymbol": record.target}
    return {
        "amount": text(record.amount),
        "asset": record.asset,
        "status": "CONFIRMED",
        "timestamp": record.time,
        "txId": record.transaction,
        "type": _direction(record, account),
        "transFrom": _PLACES.get(record.source, "ISOLATED_MARGIN"),
        "transTo": _PLACES.get(record.target, "ISOLATED_MARGIN"),
        **{name: place for name, place in symbols.items() if place not in _PLACES},
    }


ROUTES: Mapping[str, Route] = {
    "POST /sapi/v1/asset/transfer": Route(Security.TRANSFER, "uid", 300, universal_transfer, has_effect=True),
    "GET /sapi/v1/asset/transfer": Route(Security.SIGNED, "ip", 1, universal_history),
    "GET /sapi/v1/margin/transfer": Route(Security.SIGNED, "ip", 1, margin_history),
    "GET /sapi/v1/margin/maxTransferable": Route(Security.SIGNED, "ip", 50, max_transferable),
}
