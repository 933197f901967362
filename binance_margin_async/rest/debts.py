"""Calls about debts that are settled in other ways than by an ordinary repayment."""

from __future__ import annotations

from collections.abc import Sequence

from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.debts import Liability, LiabilityExchange, LiquidationLoan, LiquidationLoanRepayment
from binance_margin_async.models.order_request import positive
from binance_margin_async.models.pages import Page
from binance_margin_async.models.replies import Empty
from binance_margin_async.money import Amount
from binance_margin_async.rest.group import EndpointGroup
from binance_margin_async.wire.endpoints import debts as rows

# Margin API: small liability exchange (read 2026-11-22).
MOST_EXCHANGED = 10


class DebtCalls(EndpointGroup):
    """Part of ``client.trade``: liquidations, small debts and what a liquidation leaves unpaid."""

    async def manual_liquidation(self, account: Account) -> tuple[Liability, ...]:
        """
        Close the position of a whole account at once: everything is sold and the debts are paid.

        Never send it again without reading the account first. Costs 3,000 of the account's weight, 60 calls a minute.

        ``POST /sapi/v1/margin/manual-liquidation``

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``; the latter is offered in restricted regions only.

        Returns:
            One entry per debt.

        Raises:
            ReplyLostError: It may have been carried out; read the account.
        """
        return await self._call(
            rows.MANUAL_LIQUIDATION,
            account=account,
            type="ISOLATED" if account.is_isolated else "MARGIN",
            symbol=account.symbol,
        )

    async def small_liabilities(self) -> list[Liability]:
        """
        Return the debts of the cross account that are small enough for ``exchange_small_liability``.

        ``GET /sapi/v1/margin/exchange-small-liability``
        """
        return await self._call(rows.SMALL_LIABILITIES)

    async def exchange_small_liability(self, assets: Sequence[str]) -> Empty:
        """
        Exchange small debts of the cross account into one debt; once in six hours.

        Each must be worth less than 10 USDT. Costs 3,000 of the account's weight.

        ``POST /sapi/v1/margin/exchange-small-liability``

        Args:
            assets: One to ten assets that are owed, as ``small_liabilities`` lists them.

        Raises:
            ReplyLostError: It may have been carried out; see ``exchange_small_liability_history``.
            TypeError: *assets* is a text.
            ValueError: *assets* are none or more than ten.
        """
        if isinstance(assets, str):
            raise TypeError(f"assets must be a list of asset names, not the text {assets!r}")
        if not 1 <= len(assets) <= MOST_EXCHANGED:
            raise ValueError(f"exchange 1 to {MOST_EXCHANGED} assets at once, not {len(assets)}")
        return await self._call(rows.EXCHANGE_SMALL_LIABILITY, account=CROSS, assetNames=",".join(assets))

    async def exchange_small_liability_history(
        self, *, page: int = 1, size: int = 10, start_ms: int | None = None, end_ms: int | None = None
    ) -> Page[LiabilityExchange]:
        """
        Return one page of the small debts that were exchanged.

        ``GET /sapi/v1/margin/exchange-small-liability-history``

        Args:
            page: From 1.
            size: Entries on a page, at most 100.
            start_ms: Begin of the period; 30 days ago when left out.
            end_ms: End of the period; now when left out.
        """
        return await self._call(
            rows.EXCHANGE_SMALL_LIABILITY_HISTORY, current=page, size=size, startTime=start_ms, endTime=end_ms
        )

    async def liquidation_loan(self) -> LiquidationLoan:
        """
        Return what is owed because a liquidation of the cross account did not cover its debts.

        Only accounts in special key mode can owe it.

        ``GET /sapi/v1/margin/liquidation-loan``
        """
        return await self._call(rows.LIQUIDATION_LOAN)

    async def repay_liquidation_loan(self, asset: str, quantity: Amount) -> LiquidationLoanRepayment:
        """
        Pay towards the liquidation loan, out of the spot wallet.

        ``POST /sapi/v1/margin/liquidation-loan/repay``

        Args:
            asset: Asset name, such as ``"USDC"``.
            quantity: In units of *asset*; at most what remains to be paid.

        Returns:
            Its status is ``PENDING`` as long as the transfer runs; one that fails is an error.

        Raises:
            ExchangeError: The spot wallet has too little of *asset*, or more than what remains was to be paid.
            ReplyLostError: It may have been carried out; see ``liquidation_loan_repay_history``.
        """
        return await self._call(
            rows.REPAY_LIQUIDATION_LOAN, account=CROSS, asset=asset, amount=positive(quantity, "quantity")
        )

    async def liquidation_loan_repay_history(
        self,
        *,
        start_ms: int | None = None,
        end_ms: int | None = None,
        page: int | None = None,
        size: int | None = None,
    ) -> Page[LiquidationLoanRepayment]:
        """
        Return one page of the payments towards liquidation loans, of the last 90 days at most.

        ``GET /sapi/v1/margin/liquidation-loan/repay-history``

        Args:
            start_ms: Begin of the period, up to 90 days before its end; 7 days ago when left out.
            end_ms: End of the period; now when left out.
            page: From 1.
            size: Payments on a page: 50 when left out.
        """
        return await self._call(
            rows.LIQUIDATION_LOAN_REPAY_HISTORY, startTime=start_ms, endTime=end_ms, current=page, size=size
        )
