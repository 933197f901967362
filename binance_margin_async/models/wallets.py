"""
Where money can be: the wallets of one user, margin accounts among them, and the ways between them.

Source: wallet API, user universal transfer (read 2026-11-22).
"""

from __future__ import annotations

from enum import StrEnum

from binance_margin_async.models.account import Cross, Isolated
from binance_margin_async.models.enums import OpenEnum


class Wallet(StrEnum):
    """A wallet that is no margin account."""

    SPOT = "SPOT"
    FUNDING = "FUNDING"
    UM_FUTURES = "UM_FUTURES"
    """USD-M futures."""
    CM_FUTURES = "CM_FUTURES"
    """COIN-M futures."""
    OPTIONS = "OPTIONS"
    PORTFOLIO_MARGIN = "PORTFOLIO_MARGIN"


SPOT = Wallet.SPOT
FUNDING = Wallet.FUNDING
UM_FUTURES = Wallet.UM_FUTURES
CM_FUTURES = Wallet.CM_FUTURES
OPTIONS = Wallet.OPTIONS
PORTFOLIO_MARGIN = Wallet.PORTFOLIO_MARGIN

Place = Wallet | Cross | Isolated
"""Where money can be: a wallet, ``CROSS``, or ``Isolated(symbol)``."""


class TransferType(OpenEnum):
    """A way between two wallets, as the exchange names it: from, then to."""

    MAIN_MARGIN = "MAIN_MARGIN"
    UMFUTURE_MARGIN = "UMFUTURE_MARGIN"
    CMFUTURE_MARGIN = "CMFUTURE_MARGIN"
    MARGIN_MAIN = "MARGIN_MAIN"
    MARGIN_UMFUTURE = "MARGIN_UMFUTURE"
    MARGIN_CMFUTURE = "MARGIN_CMFUTURE"
    ISOLATEDMARGIN_MARGIN = "ISOLATEDMARGIN_MARGIN"
    MARGIN_ISOLATEDMARGIN = "MARGIN_ISOLATEDMARGIN"
    ISOLATEDMARGIN_ISOLATEDMARGIN = "ISOLATEDMARGIN_ISOLATEDMARGIN"
    MARGIN_FUNDING = "MARGIN_FUNDING"
    FUNDING_MARGIN = "FUNDING_MARGIN"
    MARGIN_OPTION = "MARGIN_OPTION"
    OPTION_MARGIN = "OPTION_MARGIN"
    MAIN_UMFUTURE = "MAIN_UMFUTURE"
    MAIN_CMFUTURE = "MAIN_CMFUTURE"
    UMFUTURE_MAIN = "UMFUTURE_MAIN"
    CMFUTURE_MAIN = "CMFUTURE_MAIN"
    MAIN_FUNDING = "MAIN_FUNDING"
    FUNDING_MAIN = "FUNDING_MAIN"
    FUNDING_UMFUTURE = "FUNDING_UMFUTURE"
    UMFUTURE_FUNDING = "UMFUTURE_FUNDING"
    FUNDING_CMFUTURE = "FUNDING_CMFUTURE"
    CMFUTURE_FUNDING = "CMFUTURE_FUNDING"
    MAIN_OPTION = "MAIN_OPTION"
    OPTION_MAIN = "OPTION_MAIN"
    UMFUTURE_OPTION = "UMFUTURE_OPTION"
    OPTION_UMFUTURE = "OPTION_UMFUTURE"
    FUNDING_OPTION = "FUNDING_OPTION"
    OPTION_FUNDING = "OPTION_FUNDING"
    MAIN_PORTFOLIO_MARGIN = "MAIN_PORTFOLIO_MARGIN"
    PORTFOLIO_MARGIN_MAIN = "PORTFOLIO_MARGIN_MAIN"
    UNKNOWN = "UNKNOWN"
