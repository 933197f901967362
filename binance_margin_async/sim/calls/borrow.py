"""Replies of the calls about loans, repayments and interest."""

from collections.abc import Mapping, Sequence

from binance_margin_async.sim.amounts import text
from binance_margin_async.sim.calls.histories import DAY_MS, Period, page, read_period
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import CROSS
from binance_margin_async.sim.ledger.records import InterestRecord, LoanRecord
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

# The user's own level; the simulated exchange has no other (VIP levels go from 0 to 9).
VIP_LEVEL = 0
# At most this many assets may be named in one call (margin: next hourly interest rate, read 2026-11-22).
ASSETS_PER_CALL = 20


def borrow_repay(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/margin/borrow-repay``."""
    asset = parameters.required("asset")
    parameters.required("isIsolated")
    amount = parameters.required_decimal("amount")
    kind = _kind(parameters)
    account = venue.account_of(parameters)
    transaction = venue.loans.by_hand(account, asset, amount, borrow=kind == "BORROW", now=now)
    # "After any balance change" (user data stream, read 2026-11-22), so after a loan too.
    venue.trade_streams.publish_balances(account, [asset], now)
    return {"tranId": transaction}


def loan_records(venue: Venue, parameters: Parameters, now: int) -> object:
    """
    ``GET /sapi/v1/margin/borrow-repay``: by transaction, or at most 30 days of one asset, or 7 days of all.
    """
    kind = _kind(parameters)
    account, asset = venue.owner(parameters.text("isolatedSymbol")), parameters.text("asset")
    records: Sequence[LoanRecord] = venue.book.histories.loans
    wanted = parameters.integer("txId")
    if wanted is None:
        period = read_period(parameters, now, usual_days=7)
        # A longer span loses its older part.
        longest = (7 if asset is None else 30) * DAY_MS
        period = Period(max(period.start, period.end - longest), period.end)
        records = period.of(records, lambda record: record.time)
    found = [
        record
        for record in records
        if (record.account, record.kind) == (account, kind)
        and asset in {None, record.asset}
        and wanted in {None, record.transaction}
    ]
    return page(parameters, found, _loan)


def interest_history(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/interestHistory``; of a span of more than 30 days its older part is lost."""
    account, asset = venue.owner(parameters.text("isolatedSymbol")), parameters.text("asset")
    period = read_period(parameters, now, usual_days=7, reach_days=90)
    period = Period(max(period.start, period.end - 30 * DAY_MS), period.end)
    records = period.of(venue.book.histories.interest, lambda record: record.time)
    found = [record for record in records if record.account == account and asset in {None, record.owed}]
    return page(parameters, found, _charge)


def next_hourly_rate(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/next-hourly-interest-rate``; cross and isolated loans cost the same here."""
    assets = parameters.required("assets").split(",")
    parameters.required("isIsolated")
    parameters.flag("isIsolated")
    if len(assets) > ASSETS_PER_CALL:
        raise RefusedError(-1130, "Data sent for parameter 'assets' is not valid.")
    rates = [(asset, venue.asset(asset).hourly_rate) for asset in assets]
    return [{"asset": asset, "nextHourlyInterestRate": text(rate)} for asset, rate in rates]


def rate_history(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/interestRateHistory``: the rate of each UTC midnight in the period, newest first."""
    asset = parameters.required("asset")
    terms = venue.asset(asset)
    level = vip_level(parameters)
    period = read_period(parameters, now, usual_days=7, longest_days=31)
    first = -(-period.start // DAY_MS) * DAY_MS
    return [
        {
            "asset": asset,
            "dailyInterestRate": text(terms.rate_at(midnight) * 24),
            "timestamp": midnight,
            "vipLevel": level,
        }
        for midnight in reversed(range(first, period.end + 1, DAY_MS))
    ]


def max_borrowable(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/maxBorrowable``."""
    asset = parameters.required("asset")
    account = venue.account(parameters.text("isolatedSymbol"))
    venue.check_held(account, asset)
    limit = venue.room.limit(account, asset)
    return {"amount": text(venue.room.max_borrowable(account, asset)), "borrowLimit": text(limit)}


def vip_level(parameters: Parameters) -> int:
    """
    Return the level that is asked about; terms are the same on all.

    Raises:
        RefusedError: -1130 for a level that does not exist.
    """
    level = parameters.integer("vipLevel")
    if level is not None and level > 9:
        raise RefusedError(-1130, "Data sent for parameter 'vipLevel' is not valid.")
    return VIP_LEVEL if level is None else level


def _kind(parameters: Parameters) -> str:
    kind = parameters.required("type")
    if kind not in {"BORROW", "REPAY"}:
        raise RefusedError(-1130, "Data sent for parameter 'type' is not valid.")
    return kind


def _loan(record: LoanRecord) -> dict[str, object]:
    return {
        "txId": record.transaction,
        "type": record.origin,
        **isolated(record.account),
        "asset": record.asset,
        "amount": text(record.principal + record.interest),
        "interest": text(record.interest),
        "principal": text(record.principal),
        "status": "CONFIRMED",
        "timestamp": record.time,
    }


def _charge(record: InterestRecord) -> dict[str, object]:
    raw = {"rawAsset": record.owed} if not isolated(record.account) else {}
    return {
        "txId": record.transaction,
        # Spelled like that on the wire.
        "interestAccuredTime": record.time,
        "asset": record.asset,
        **raw,
        "principal": text(record.principal),
        "interest": text(record.interest),
        "interestRate": text(record.rate),
        "type": record.kind,
        **isolated(record.account),
    }


def isolated(account: str, name: str = "isolatedSymbol") -> dict[str, str]:
    """Return the field that names an isolated account; nothing for the cross account."""
    return {} if account == CROSS else {name: account}


ROUTES: Mapping[str, Route] = {
    "POST /sapi/v1/margin/borrow-repay": Route(Security.LOAN, "uid", 1500, borrow_repay, has_effect=True),
    "GET /sapi/v1/margin/borrow-repay": Route(Security.SIGNED, "ip", 10, loan_records),
    "GET /sapi/v1/margin/interestHistory": Route(Security.SIGNED, "ip", 1, interest_history),
    "GET /sapi/v1/margin/interestRateHistory": Route(Security.SIGNED, "ip", 1, rate_history),
    "GET /sapi/v1/margin/next-hourly-interest-rate": Route(Security.SIGNED, "ip", 100, next_hourly_rate),
    "GET /sapi/v1/margin/maxBorrowable": Route(Security.SIGNED, "uid", 750, max_borrowable),
}
