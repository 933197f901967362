"""Moving money between one's own wallets: the directions, and the exchange's answers."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import OpenEnum
from binance_margin_async.models.replies import Reply


class TransferType(OpenEnum):
    """
    Direction of a transfer: the wallet it leaves, then the wallet it enters.

    ``MAIN`` is the spot wallet, ``MARGIN`` the cross account, ``ISOLATEDMARGIN`` the isolated account of a pair
    that is named beside it. No direction joins spot and isolated: go through cross.
    """

    MAIN_MARGIN = "MAIN_MARGIN"
    UMFUTURE_MARGIN = "UMFUTURE_MARGIN"
    CMFUTURE_MARGIN = "CMFUTURE_MARGIN"
    FUNDING_MARGIN = "FUNDING_MARGIN"
    OPTION_MARGIN = "OPTION_MARGIN"
    MARGIN_MAIN = "MARGIN_MAIN"
    MARGIN_UMFUTURE = "MARGIN_UMFUTURE"
    MARGIN_CMFUTURE = "MARGIN_CMFUTURE"
    MARGIN_FUNDING = "MARGIN_FUNDING"
    MARGIN_OPTION = "MARGIN_OPTION"
    MARGIN_ISOLATEDMARGIN = "MARGIN_ISOLATEDMARGIN"
    ISOLATEDMARGIN_MARGIN = "ISOLATEDMARGIN_MARGIN"
    ISOLATEDMARGIN_ISOLATEDMARGIN = "ISOLATEDMARGIN_ISOLATEDMARGIN"
    MAIN_UMFUTURE = "MAIN_UMFUTURE"
    MAIN_CMFUTURE = "MAIN_CMFUTURE"
    MAIN_FUNDING = "MAIN_FUNDING"
    MAIN_OPTION = "MAIN_OPTION"
    MAIN_PORTFOLIO_MARGIN = "MAIN_PORTFOLIO_MARGIN"
    UMFUTURE_MAIN = "UMFUTURE_MAIN"
    UMFUTURE_FUNDING = "UMFUTURE_FUNDING"
    UMFUTURE_OPTION = "UMFUTURE_OPTION"
    CMFUTURE_MAIN = "CMFUTURE_MAIN"
    CMFUTURE_FUNDING = "CMFUTURE_FUNDING"
    FUNDING_MAIN = "FUNDING_MAIN"
    FUNDING_UMFUTURE = "FUNDING_UMFUTURE"
    FUNDING_CMFUTURE = "FUNDING_CMFUTURE"
    FUNDING_OPTION = "FUNDING_OPTION"
    OPTION_MAIN = "OPTION_MAIN"
    OPTION_UMFUTURE = "OPTION_UMFUTURE"
    OPTION_FUNDING = "OPTION_FUNDING"
    PORTFOLIO_MARGIN_MAIN = "PORTFOLIO_MARGIN_MAIN"
    UNKNOWN = "UNKNOWN"

    @property
    def leaves_cross(self) -> bool:
        """Whether the money leaves the cross account."""
        return self.startswith("MARGIN_")

    @property
    def enters_cross(self) -> bool:
        """Whether the money enters the cross account."""
        return self.endswith("_MARGIN") and not self.endswith("_PORTFOLIO_MARGIN")

    @property
    def leaves_isolated(self) -> bool:
        """Whether the money leaves an isolated account, whose pair must be named."""
        return self.startswith("ISOLATEDMARGIN_")

    @property
    def enters_isolated(self) -> bool:
        """Whether the money enters an isolated account, whose pair must be named."""
        return self.endswith("_ISOLATEDMARGIN")


class TransferStatus(OpenEnum):
    """What became of a transfer."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class TransferReply(Reply, frozen=True, kw_only=True):
    """A transfer was accepted; whether it arrived is told by the history."""

    transaction_id: int = msgspec.field(name="tranId")


class UniversalTransfer(Reply, frozen=True, kw_only=True):
    """One transfer between two wallets."""

    asset: str
    amount: Decimal
    """In units of *asset*."""
    type: TransferType
    status: TransferStatus
    transaction_id: int = msgspec.field(name="tranId")
    time_ms: int = msgspec.field(name="timestamp")
