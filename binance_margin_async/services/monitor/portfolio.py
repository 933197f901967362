"""Accounts whose risk is measured by another level than the margin level."""

from __future__ import annotations

from binance_margin_async.errors import ExchangeError, MarginError

# UNI_ACCOUNT_CANT_TRANSFER_FUTURE: the account is one of portfolio margin. Its neighbours do not say so: -21001,
# USER_IS_NOT_UNIACCOUNT, is the opposite, and -21003 a reading that failed (error pages, read 2026-11-22).
PORTFOLIO_CODE = -21002
PORTFOLIO = (
    "the exchange answers as for a portfolio-margin account: its risk is measured by another level, uniMMR, and the "
    "margin level watched here does not apply to it"
)


def is_portfolio(problem: MarginError) -> bool:
    """Whether the exchange refused because the account is one of portfolio margin."""
    return isinstance(problem, ExchangeError) and problem.code == PORTFOLIO_CODE
