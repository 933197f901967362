"""What became of money that was moved, and of a debt that was paid."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.errors import MarginError, Outcome
from binance_margin_async.models.account import Account
from binance_margin_async.models.wallets import Place, TransferType
from binance_margin_async.money import plain


class Transferred(msgspec.Struct, frozen=True, kw_only=True):
    """One transfer that the exchange accepted."""

    type: TransferType
    from_: Place
    to: Place
    transaction_id: int
    """What ``client.funds.transfer_status`` takes."""

    @property
    def outcome(self) -> Outcome:
        """Always ``ACCEPTED``; whether the money arrived is told by the history."""
        return Outcome.ACCEPTED


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """Money that was moved; the amount is in units of ``asset``."""

    asset: str
    amount: Decimal
    transfers: tuple[Transferred, ...]
    """One, or two where the exchange has no direct way; in the order in which they were made."""


class MoveIncompleteError(MarginError):
    """
    The first of two transfers was accepted, the second was not: the money is half-way.

    ``outcome`` is that of the second transfer. If it is ``UNKNOWN``, the money is at ``place`` or already at ``to``;
    otherwise it is at ``place``. ``__cause__`` is the error of the second transfer.

    Attributes:
        asset: What was moved.
        amount: In units of the asset.
        place: Where the first transfer took the money.
        to: Where it was meant to go.
        first: The first transfer.
    """

    def __init__(self, *, asset: str, amount: Decimal, first: Transferred, to: Place, problem: MarginError) -> None:
        self.asset = asset
        self.amount = amount
        self.place: Place = first.to
        self.to = to
        self.first = first
        money = f"{plain(amount)} {asset}"
        if problem.outcome is Outcome.UNKNOWN:
            where = (
                f"{money} is at {first.to} or already at {to}. Look at both balances, or at "
                "client.wallet.universal_transfer_history, before sending it on"
            )
        else:
            where = f"{money} is at {first.to}. Mend the cause and move it on from there, or back to {first.from_}"
        super().__init__(
            f"moved half-way only: {where} (transfer {first.transaction_id}, {first.type}, was accepted; "
            f"the one to {to} was not: {problem})",
            outcome=problem.outcome,
        )


class Repayment(msgspec.Struct, frozen=True, kw_only=True):
    """What ``client.funds.repay_all`` did; amounts are in units of ``asset``."""

    account: Account
    asset: str
    owed: Decimal
    """Borrowed and interest together, as read just before."""
    repaid: Decimal
    """What was paid, interest first; zero when nothing was owed."""
    transaction_id: int | None
    """``None`` when nothing was owed."""

    @property
    def left(self) -> Decimal:
        """What is still owed, by these figures: above zero when less was free than owed."""
        return self.owed - self.repaid

    @property
    def is_complete(self) -> bool:
        """Whether the whole debt was paid."""
        return self.repaid == self.owed
