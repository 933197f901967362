"""Calls that take and pay back loans."""

from __future__ import annotations

from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.replies import LoanReply
from binance_margin_async.money import Amount, amount
from binance_margin_async.rest.group import EndpointGroup, isolated_flag
from binance_margin_async.rules.limits import Lane
from binance_margin_async.wire.endpoints import borrow as rows


class BorrowCalls(EndpointGroup):
    """``client.borrow``."""

    async def borrow(self, asset: str, quantity: Amount, *, account: Account = CROSS) -> LoanReply:
        """
        Borrow *quantity* of *asset*; one hour's interest is charged at once.

        ``POST /sapi/v1/margin/borrow-repay``

        Args:
            asset: Asset name, such as ``"USDT"``.
            quantity: In units of *asset*.
            account: ``CROSS`` or ``Isolated(symbol)``.

        Raises:
            InsufficientCollateralError: More than the account may borrow.
            InventoryError: The exchange has not enough of the asset to lend.
        """
        return await self._loan("BORROW", Lane.ORDER, asset, quantity, account)

    async def repay(self, asset: str, quantity: Amount, *, account: Account = CROSS) -> LoanReply:
        """
        Pay back *quantity* of *asset*, interest first.

        ``POST /sapi/v1/margin/borrow-repay``

        Args:
            asset: Asset name, such as ``"USDT"``.
            quantity: In units of *asset*; at most what is owed.
            account: ``CROSS`` or ``Isolated(symbol)``.

        Raises:
            InvalidRequestError: More than is owed, or too little would be left.
            InsufficientCollateralError: Not enough of the asset is free.
        """
        return await self._loan("REPAY", Lane.SAFETY, asset, quantity, account)

    async def _loan(self, kind: str, lane: Lane, asset: str, quantity: Amount, account: Account) -> LoanReply:
        exact = amount(quantity, "quantity")
        if exact <= 0:
            raise ValueError(f"quantity must be above zero, not {exact}")
        return await self._call(
            rows.BORROW_REPAY,
            account=account,
            lane=lane,
            asset=asset,
            isIsolated=isolated_flag(account),
            symbol=account.symbol,
            amount=exact,
            type=kind,
        )
