"""Rows: loans."""

from binance_margin_async.models.loans import (
    DailyInterestRate,
    HourlyInterestRate,
    InterestCharge,
    LoanRecord,
    MaxBorrowable,
)
from binance_margin_async.models.pages import Page
from binance_margin_async.models.replies import LoanReply
from binance_margin_async.rules.limits import Lane, ip, uid
from binance_margin_async.wire.endpoint import Endpoint, Security

NEXT_HOURLY_INTEREST_RATE = Endpoint(
    route="GET /sapi/v1/margin/next-hourly-interest-rate",
    security=Security.USER_DATA,
    cost=ip(100),
    returns=list[HourlyInterestRate],
    source="margin: borrow and repay, future hourly interest rate (read 2026-11-22)",
)
INTEREST_HISTORY = Endpoint(
    route="GET /sapi/v1/margin/interestHistory",
    security=Security.USER_DATA,
    cost=ip(1),
    returns=Page[InterestCharge],
    source="margin: borrow and repay, interest history (read 2026-11-22)",
    lane=Lane.HISTORY,
)
BORROW_REPAY = Endpoint(
    route="POST /sapi/v1/margin/borrow-repay",
    security=Security.USER_DATA,
    cost=uid(1500),
    returns=LoanReply,
    source="margin: borrow and repay (read 2026-11-22)",
    lane=Lane.ORDER,  # a repayment goes through in the safety lane instead
    serial=True,
)
BORROW_REPAY_RECORDS = Endpoint(
    route="GET /sapi/v1/margin/borrow-repay",
    security=Security.USER_DATA,
    cost=ip(10),
    returns=Page[LoanRecord],
    source="margin: borrow and repay, query borrow/repay records (read 2026-11-22)",
    lane=Lane.HISTORY,
)
INTEREST_RATE_HISTORY = Endpoint(
    route="GET /sapi/v1/margin/interestRateHistory",
    security=Security.USER_DATA,
    cost=ip(1),
    returns=list[DailyInterestRate],
    source="margin: borrow and repay, interest rate history (read 2026-11-22)",
    lane=Lane.HISTORY,
)
MAX_BORROWABLE = Endpoint(
    route="GET /sapi/v1/margin/maxBorrowable",
    security=Security.USER_DATA,
    # The page still prints 50 per IP; the change log of 2026-04-16 is dated and says this.
    cost=uid(750),
    returns=MaxBorrowable,
    source="margin: borrow and repay, max borrow; change log (read 2026-11-22)",
)
ALL = (
    NEXT_HOURLY_INTEREST_RATE,
    INTEREST_HISTORY,
    BORROW_REPAY,
    BORROW_REPAY_RECORDS,
    INTEREST_RATE_HISTORY,
    MAX_BORROWABLE,
)
