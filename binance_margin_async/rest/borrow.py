"""Calls that take and pay back loans, and tell what they cost."""

from __future__ import annotations

from collections.abc import Sequence

from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.enums import LoanKind
from binance_margin_async.models.loans import (
    DailyInterestRate,
    HourlyInterestRate,
    InterestCharge,
    LoanRecord,
    MaxBorrowable,
)
from binance_margin_async.models.order_request import positive, word
from binance_margin_async.models.pages import Page
from binance_margin_async.models.replies import LoanReply
from binance_margin_async.money import Amount
from binance_margin_async.rest.group import EndpointGroup, isolated_flag
from binance_margin_async.rules.limits import Lane
from binance_margin_async.wire.endpoints import borrow as rows
from binance_margin_async.wire.parameters import Parameter

# Margin API: future hourly interest rate (read 2026-11-22).
MOST_ASSETS = 20


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
        return await self._loan(LoanKind.BORROW, Lane.ORDER, asset, quantity, account)

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
        return await self._loan(LoanKind.REPAY, Lane.SAFETY, asset, quantity, account)

    async def max_borrowable(self, asset: str, *, account: Account = CROSS) -> MaxBorrowable:
        """
        Return how much of *asset* the account may still borrow; the call is dear: 240 a minute.

        ``GET /sapi/v1/margin/maxBorrowable``

        Args:
            asset: Asset name, such as ``"BTC"``.
            account: ``CROSS`` or ``Isolated(symbol)``.

        Returns:
            Amounts in units of *asset*: what is available now, and the limit of the account's tier.

        Raises:
            ExchangeError: *asset* cannot be borrowed in this account.
        """
        return await self._call(rows.MAX_BORROWABLE, account=account, asset=asset, isolatedSymbol=account.symbol)

    async def borrow_repay_records(
        self,
        kind: LoanKind | str,
        *,
        asset: str | None = None,
        account: Account = CROSS,
        transaction_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        page: int | None = None,
        size: int | None = None,
    ) -> Page[LoanRecord]:
        """
        Return one page of the loans taken, or of the repayments made.

        ``GET /sapi/v1/margin/borrow-repay``

        Args:
            kind: ``"BORROW"`` or ``"REPAY"``.
            asset: Only this one; without it, a period may last 7 days at most.
            account: ``CROSS`` or ``Isolated(symbol)``.
            transaction_id: Only this one, whatever the period; as ``borrow`` and ``repay`` return it.
            start_ms: Begin of the period; up to 30 days before its end.
            end_ms: End of the period; now when left out.
            page: From 1.
            size: Records on a page: 10 when left out, at most 100.

        Returns:
            Newest first.

        Raises:
            ValueError: *kind* is neither of the two, or neither *transaction_id* nor *start_ms* was given.
        """
        if transaction_id is None and start_ms is None:
            raise ValueError("name the loan or the period: transaction_id=… or start_ms=…")
        return await self._call(
            rows.BORROW_REPAY_RECORDS,
            account=account,
            type=word(kind, LoanKind, "kind"),
            asset=asset,
            isolatedSymbol=account.symbol,
            txId=transaction_id,
            startTime=start_ms,
            endTime=end_ms,
            current=page,
            size=size,
        )

    async def interest_history(
        self,
        *,
        asset: str | None = None,
        account: Account = CROSS,
        start_ms: int | None = None,
        end_ms: int | None = None,
        page: int | None = None,
        size: int | None = None,
    ) -> Page[InterestCharge]:
        """
        Return one page of the interest that was charged, of the last 90 days at most.

        ``GET /sapi/v1/margin/interestHistory``

        Args:
            asset: Only this one.
            account: ``CROSS`` or ``Isolated(symbol)``.
            start_ms: Begin of the period, up to 30 days before its end; 7 days before it when left out.
            end_ms: End of the period; now when left out. Over a longer period the exchange may tell wrong records.
            page: From 1.
            size: Records on a page: 10 when left out, at most 100.

        Returns:
            Newest first.
        """
        return await self._call(
            rows.INTEREST_HISTORY,
            account=account,
            asset=asset,
            isolatedSymbol=account.symbol,
            startTime=start_ms,
            endTime=end_ms,
            current=page,
            size=size,
        )

    async def next_hourly_interest_rate(
        self, assets: Sequence[str], *, account: Account = CROSS
    ) -> list[HourlyInterestRate]:
        """
        Return what interest the coming hour will cost.

        ``GET /sapi/v1/margin/next-hourly-interest-rate``

        Args:
            assets: Asset names, one to 20.
            account: ``CROSS``, or any ``Isolated(symbol)``: the pair makes no difference.

        Returns:
            One entry per asset; rates are fractions of the debt.

        Raises:
            TypeError: *assets* is a text.
            ValueError: *assets* are none or more than 20.
        """
        if isinstance(assets, str):
            raise TypeError(f"assets must be a list of asset names, not the text {assets!r}")
        if not 1 <= len(assets) <= MOST_ASSETS:
            raise ValueError(f"ask for 1 to {MOST_ASSETS} assets at once, not {len(assets)}")
        return await self._call(
            rows.NEXT_HOURLY_INTEREST_RATE, assets=",".join(assets), isIsolated=isolated_flag(account)
        )

    async def interest_rate_history(
        self,
        asset: str,
        *,
        vip_level: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
    ) -> list[DailyInterestRate]:
        """
        Return the daily interest rates of *asset* over a period.

        ``GET /sapi/v1/margin/interestRateHistory``

        Args:
            asset: Asset name, such as ``"BTC"``.
            vip_level: Whose rates; your own level's when left out.
            start_ms: Begin of the period, up to 30 days before its end; 7 days before it when left out.
            end_ms: End of the period; now when left out.

        Returns:
            One entry per day, newest first in the exchange's sample; rates are fractions of the debt.
        """
        return await self._call(
            rows.INTEREST_RATE_HISTORY, asset=asset, vipLevel=vip_level, startTime=start_ms, endTime=end_ms
        )

    async def _loan(self, kind: LoanKind, lane: Lane, asset: str, quantity: Amount, account: Account) -> LoanReply:
        wanted = loan_parameters(kind, asset, quantity, account)
        return await self._call(rows.BORROW_REPAY, account=account, lane=lane, **wanted)


def loan_parameters(kind: LoanKind, asset: str, quantity: Amount, account: Account) -> dict[str, Parameter]:
    """
    Return the wire parameters of a loan or a repayment.

    Raises:
        ValueError: *quantity* is not above zero.
    """
    exact = positive(quantity, "quantity")
    flag = isolated_flag(account)
    return {"asset": asset, "isIsolated": flag, "symbol": account.symbol, "amount": exact, "type": kind}
