"""One iterator for each history call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, Unpack, cast

import msgspec

from binance_margin_async.clock import Clock
from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.capital_flow import CapitalFlow, CapitalFlowType
from binance_margin_async.models.debts import LiabilityExchange, LiquidationLoanRepayment
from binance_margin_async.models.enums import TransferDirection
from binance_margin_async.models.list_replies import OrderList
from binance_margin_async.models.loans import DailyInterestRate, InterestCharge, LoanRecord
from binance_margin_async.models.margin_transfers import MarginTransfer
from binance_margin_async.models.order_replies import Order
from binance_margin_async.models.order_request import word, word_or_none
from binance_margin_async.models.pages import Page as Rows
from binance_margin_async.models.trades import ForcedLiquidation, Trade
from binance_margin_async.models.transfers import UniversalTransfer
from binance_margin_async.models.wallets import TransferType
from binance_margin_async.rest.executor import Executor
from binance_margin_async.rest.group import isolated_flag, pair_in
from binance_margin_async.rest.wallet import checked_ends
from binance_margin_async.rules.history import HistoryKind, Page, table
from binance_margin_async.services.history.history import History, HistoryOptions
from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.endpoints import account as account_rows
from binance_margin_async.wire.endpoints import borrow, debts, trade, transfer, wallet
from binance_margin_async.wire.parameters import Parameter

R = TypeVar("R", bound=msgspec.Struct)


class SingleHistories:
    """
    Part of ``client.history``: one method for each history call.

    Args:
        executor: Carries the calls out.
        clock: Tells the exchange's time.
    """

    def __init__(self, executor: Executor, clock: Clock) -> None:
        self._executor = executor
        self._clock = clock

    def trades(self, symbol: str, *, account: Account = CROSS, **options: Unpack[HistoryOptions]) -> History[Trade]:
        """
        Read your fills in one pair.

        ``GET /sapi/v1/margin/myTrades``, a day at a time

        Args:
            symbol: Pair.
            account: ``CROSS`` or ``Isolated(symbol)``.
            options: As of ``HistoryOptions``.
        """
        return self._read(
            table.TRADES,
            trade.MY_TRADES,
            account,
            options,
            symbol=pair_in(account, symbol),
            isIsolated=isolated_flag(account),
        )

    def orders(self, symbol: str, *, account: Account = CROSS, **options: Unpack[HistoryOptions]) -> History[Order]:
        """
        Read your orders of every state in one pair, by the time of their creation; 60 requests a minute.

        ``GET /sapi/v1/margin/allOrders``, a day at a time

        Args:
            symbol: Pair.
            account: ``CROSS`` or ``Isolated(symbol)``.
            options: As of ``HistoryOptions``.
        """
        return self._read(
            table.ORDERS,
            trade.ALL_ORDERS,
            account,
            options,
            symbol=pair_in(account, symbol),
            isIsolated=isolated_flag(account),
        )

    def order_lists(self, *, account: Account = CROSS, **options: Unpack[HistoryOptions]) -> History[OrderList]:
        """
        Read your order lists of every state; 60 requests a minute.

        ``GET /sapi/v1/margin/allOrderList``, a day at a time

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``.
            options: As of ``HistoryOptions``.
        """
        return self._read(
            table.ORDER_LISTS,
            trade.ALL_ORDER_LIST,
            account,
            options,
            isIsolated=isolated_flag(account),
            symbol=account.symbol,
        )

    def loans(
        self, *, asset: str | None = None, account: Account = CROSS, **options: Unpack[HistoryOptions]
    ) -> History[LoanRecord]:
        """
        Read what was borrowed, by hand or by orders.

        ``GET /sapi/v1/margin/borrow-repay``, a week at a time

        Args:
            asset: Only this one.
            account: ``CROSS`` or ``Isolated(symbol)``.
            options: As of ``HistoryOptions``.
        """
        return self._read(
            table.LOANS,
            borrow.BORROW_REPAY_RECORDS,
            account,
            options,
            asset=asset,
            isolatedSymbol=account.symbol,
        )

    def repayments(
        self, *, asset: str | None = None, account: Account = CROSS, **options: Unpack[HistoryOptions]
    ) -> History[LoanRecord]:
        """
        Read what was paid back, by hand, by orders and by liquidations.

        ``GET /sapi/v1/margin/borrow-repay``, a week at a time

        Args:
            asset: Only this one.
            account: ``CROSS`` or ``Isolated(symbol)``.
            options: As of ``HistoryOptions``.
        """
        return self._read(
            table.REPAYMENTS,
            borrow.BORROW_REPAY_RECORDS,
            account,
            options,
            asset=asset,
            isolatedSymbol=account.symbol,
        )

    def transfers(
        self,
        *,
        asset: str | None = None,
        direction: TransferDirection | str | None = None,
        account: Account = CROSS,
        **options: Unpack[HistoryOptions],
    ) -> History[MarginTransfer]:
        """
        Read what went into and out of a margin account.

        ``GET /sapi/v1/margin/transfer``, 30 days at a time

        Args:
            asset: Only this one.
            direction: Only ``"ROLL_IN"`` or only ``"ROLL_OUT"``, seen from the margin account.
            account: ``CROSS`` or ``Isolated(symbol)``.
            options: As of ``HistoryOptions``.

        Raises:
            ValueError: *direction* is neither of the two.
        """
        return self._read(
            table.TRANSFERS,
            transfer.HISTORY,
            account,
            options,
            asset=asset,
            type=word_or_none(direction, TransferDirection, "direction"),
            isolatedSymbol=account.symbol,
        )

    def interest(
        self, *, asset: str | None = None, account: Account = CROSS, **options: Unpack[HistoryOptions]
    ) -> History[InterestCharge]:
        """
        Read the interest that was charged; the exchange tells the last 90 days.

        ``GET /sapi/v1/margin/interestHistory``, 30 days at a time

        Args:
            asset: Only this one.
            account: ``CROSS`` or ``Isolated(symbol)``.
            options: As of ``HistoryOptions``.
        """
        return self._read(
            table.INTEREST,
            borrow.INTEREST_HISTORY,
            account,
            options,
            asset=asset,
            isolatedSymbol=account.symbol,
        )

    def liquidations(
        self, *, account: Account = CROSS, **options: Unpack[HistoryOptions]
    ) -> History[ForcedLiquidation]:
        """
        Read the orders by which the exchange liquidated the account.

        ``GET /sapi/v1/margin/forceLiquidationRec``, 30 days at a time

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``.
            options: As of ``HistoryOptions``.
        """
        return self._read(
            table.LIQUIDATIONS, trade.FORCE_LIQUIDATION_REC, account, options, isolatedSymbol=account.symbol
        )

    def capital_flow(
        self,
        *,
        asset: str | None = None,
        kind: CapitalFlowType | str | None = None,
        account: Account = CROSS,
        **options: Unpack[HistoryOptions],
    ) -> History[CapitalFlow]:
        """
        Read every movement of money in an account; the exchange tells the last 90 days.

        ``GET /sapi/v1/margin/capital-flow``, a week at a time

        Args:
            asset: Only movements of this asset.
            kind: Only movements of this kind, such as ``"BORROW"``.
            account: ``CROSS`` or ``Isolated(symbol)``.
            options: As of ``HistoryOptions``.

        Raises:
            ValueError: There is no such kind.
        """
        return self._read(
            table.CAPITAL_FLOW,
            account_rows.CAPITAL_FLOW,
            account,
            options,
            asset=asset,
            symbol=account.symbol,
            type=word_or_none(kind, CapitalFlowType, "kind"),
        )

    def interest_rates(
        self, asset: str, *, vip_level: int | None = None, **options: Unpack[HistoryOptions]
    ) -> History[DailyInterestRate]:
        """
        Read the daily interest rates of one asset.

        ``GET /sapi/v1/margin/interestRateHistory``, 30 days at a time

        Args:
            asset: Asset name, such as ``"BTC"``.
            vip_level: Of this level instead of your own.
            options: As of ``HistoryOptions``.
        """
        return self._read(
            table.INTEREST_RATES,
            borrow.INTEREST_RATE_HISTORY,
            None,
            options,
            asset=asset,
            vipLevel=vip_level,
        )

    def small_liabilities(self, **options: Unpack[HistoryOptions]) -> History[LiabilityExchange]:
        """
        Read the small debts of the cross account that were exchanged.

        ``GET /sapi/v1/margin/exchange-small-liability-history``, 30 days at a time

        Args:
            options: As of ``HistoryOptions``.
        """
        return self._read(table.SMALL_LIABILITIES, debts.EXCHANGE_SMALL_LIABILITY_HISTORY, None, options)

    def liquidation_loan_repayments(self, **options: Unpack[HistoryOptions]) -> History[LiquidationLoanRepayment]:
        """
        Read the payments towards liquidation loans; the exchange tells the last 90 days.

        ``GET /sapi/v1/margin/liquidation-loan/repay-history``, 90 days at a time

        Args:
            options: As of ``HistoryOptions``.
        """
        return self._read(table.LIQUIDATION_LOAN_REPAYMENTS, debts.LIQUIDATION_LOAN_REPAY_HISTORY, None, options)

    def universal_transfers(
        self,
        kind: TransferType | str,
        *,
        from_symbol: str | None = None,
        to_symbol: str | None = None,
        **options: Unpack[HistoryOptions],
    ) -> History[UniversalTransfer]:
        """
        Read the transfers of one kind between your wallets; the exchange tells the last six months.

        ``GET /sapi/v1/asset/transfer``, 30 days at a time

        Args:
            kind: Direction, such as ``"MAIN_MARGIN"``; each is read on its own.
            from_symbol: Pair of the isolated account that the money left; only for kinds that leave one.
            to_symbol: Pair of the isolated account that the money entered; only for kinds that enter one.
            options: As of ``HistoryOptions``.

        Raises:
            InvalidRequestError: A pair is missing or senseless; nothing was sent.
            ValueError: There is no such kind.
        """
        way = word(kind, TransferType, "kind")
        checked_ends(wallet.UNIVERSAL_TRANSFER_HISTORY, way, from_symbol, to_symbol)
        return self._read(
            table.UNIVERSAL_TRANSFERS,
            wallet.UNIVERSAL_TRANSFER_HISTORY,
            None,
            options,
            type=way,
            fromSymbol=from_symbol,
            toSymbol=to_symbol,
        )

    def _read(
        self,
        kind: HistoryKind,
        row: Endpoint[list[R]] | Endpoint[Rows[R]],
        account: Account | None,
        options: HistoryOptions,
        **parameters: Parameter,
    ) -> History[R]:
        given = {name: value for name, value in parameters.items() if value is not None}
        of = " ".join([*([str(account)] if account else []), *(f"{name}={value}" for name, value in given.items())])

        either = cast("Endpoint[list[R] | Rows[R]]", row)

        async def ask(page: Page) -> Sequence[R]:
            reply = await self._executor.call(either, {**given, **page.parameters}, account=account)
            return reply.rows if isinstance(reply, Rows) else reply

        return History(kind, of, ask, self._clock, options)
