"""Rows: loans."""

from binance_margin_async.models.replies import LoanReply
from binance_margin_async.rules.limits import Lane, uid
from binance_margin_async.wire.endpoint import Endpoint, Security

BORROW_REPAY = Endpoint(
    route="POST /sapi/v1/margin/borrow-repay",
    security=Security.USER_DATA,
    cost=uid(1500),
    returns=LoanReply,
    source="margin: borrow and repay (read 2026-11-22)",
    lane=Lane.ORDER,  # a repayment goes through in the safety lane instead
    serial=True,
)
ALL = (BORROW_REPAY,)
