"""Replies of the calls about small debts, and about what liquidations leave unpaid."""

from collections.abc import Mapping

from binance_margin_async.sim.amounts import text
from binance_margin_async.sim.calls.histories import page, read_period
from binance_margin_async.sim.ledger.records import DebtExchange, LoanPayment
from binance_margin_async.sim.margin.debts import LOAN_ASSET, TARGET, Debt
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route


def small_debts(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/exchange-small-liability``, of the cross account."""
    return [debt_row(debt) for debt in venue.debts.small(venue.account(None))]


def exchange_small_debts(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/margin/exchange-small-liability``."""
    venue.debts.exchange(venue.account(None), parameters.required("assetNames").split(","), now)
    return {}


def exchange_history(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/exchange-small-liability-history``; here page and size must be named."""
    parameters.required("current")
    parameters.required("size")
    period = read_period(parameters, now, usual_days=30)
    return page(parameters, period.of(venue.book.histories.debt_exchanges, lambda record: record.time), _exchange)


def liquidation_loan(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/liquidation-loan``."""
    loan = venue.debts.loan
    return {
        "asset": LOAN_ASSET,
        "amount": text(loan.amount),
        "repaidAmount": text(loan.repaid),
        "remainingAmount": text(loan.remaining),
    }


def repay_liquidation_loan(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/margin/liquidation-loan/repay``, out of the spot wallet."""
    asset, amount = parameters.required("asset"), parameters.required_decimal("amount")
    return _payment(venue.debts.pay_loan(asset, amount, now))


def loan_payments(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/liquidation-loan/repay-history``."""
    period = read_period(parameters, now, usual_days=7, reach_days=90)
    found = period.of(venue.book.histories.loan_payments, lambda record: record.time)
    return page(parameters, found, _payment, usual_size=50, largest_size=None)


def debt_row(debt: Debt) -> dict[str, object]:
    """Return one debt as the calls about liabilities tell it."""
    return {
        "asset": debt.asset,
        "interest": text(debt.interest),
        "principal": text(debt.principal),
        "liabilityAsset": TARGET,
        # A bare number on the wire, not a text; a float of it would not be exact, as on the exchange.
        "liabilityQty": float(debt.value),
    }


def _exchange(record: DebtExchange) -> dict[str, object]:
    return {
        "asset": record.asset,
        "amount": text(record.amount),
        "targetAsset": record.target_asset,
        "targetAmount": text(record.target_amount),
        "bizType": "EXCHANGE_SMALL_LIABILITY",
        "timestamp": record.time,
    }


def _payment(record: LoanPayment) -> dict[str, object]:
    return {
        "repayId": record.transaction,
        "asset": record.asset,
        "amount": text(record.amount),
        "status": "SUCCESS",
        "createTime": record.time,
    }


_SMALL = "/sapi/v1/margin/exchange-small-liability"
_LOAN = "/sapi/v1/margin/liquidation-loan"

ROUTES: Mapping[str, Route] = {
    f"GET {_SMALL}": Route(Security.SIGNED, "ip", 100, small_debts),
    f"POST {_SMALL}": Route(Security.LOAN, "uid", 3000, exchange_small_debts, has_effect=True),
    f"GET {_SMALL}-history": Route(Security.SIGNED, "uid", 100, exchange_history),
    f"GET {_LOAN}": Route(Security.SIGNED, "uid", 100, liquidation_loan),
    f"POST {_LOAN}/repay": Route(Security.LOAN, "uid", 100, repay_liquidation_loan),
    f"GET {_LOAN}/repay-history": Route(Security.SIGNED, "uid", 100, loan_payments),
}
