"""Calls about the accounts, the levels at which the exchange acts, loan terms and the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from binance_margin_async.models.account import CROSS, Account, Isolated, checked_symbol
from binance_margin_async.models.assets import CrossLoanTerms, IsolatedLoanTerms
from binance_margin_async.models.capital_flow import CapitalFlow, CapitalFlowType
from binance_margin_async.models.order_request import word_or_none
from binance_margin_async.models.replies import (
    BnbBurn,
    CrossAccount,
    IsolatedAccountLimit,
    IsolatedAccounts,
    IsolatedSwitchReply,
    MaxLeverageReply,
    TradeCoefficients,
)
from binance_margin_async.rest.group import EndpointGroup
from binance_margin_async.wire.endpoints import account as rows

MOST_PAIRS = 5


class AccountCalls(EndpointGroup):
    """``client.account``."""

    async def cross(self) -> CrossAccount:
        """
        Return the cross margin account: balances, debts and the exchange's margin level.

        ``GET /sapi/v1/margin/account``

        Raises:
            AccountStateError: The cross account is not open.
        """
        return await self._call(rows.CROSS_ACCOUNT)

    async def isolated(self, symbols: Sequence[str] = ()) -> IsolatedAccounts:
        """
        Return isolated margin accounts.

        ``GET /sapi/v1/margin/isolated/account``

        Args:
            symbols: At most five pairs; without any, all pairs that are open.

        Returns:
            One entry per pair; the BTC totals only when no pairs were named.

        Raises:
            ValueError: More than five pairs, or one is not written like a symbol.
        """
        if isinstance(symbols, str) or len(symbols) > MOST_PAIRS:
            raise ValueError(f"symbols must be a list of at most {MOST_PAIRS} pairs, not {symbols!r}")
        return await self._call(rows.ISOLATED_ACCOUNT, symbols=",".join(map(checked_symbol, symbols)) or None)

    async def disable_isolated(self, symbol: str) -> IsolatedSwitchReply:
        """
        Switch the isolated account of a pair off; the exchange allows it once in 24 hours per pair.

        ``DELETE /sapi/v1/margin/isolated/account``

        Args:
            symbol: Pair, such as ``"BTCUSDT"``.

        Raises:
            ExchangeError: The account was switched off less than 24 hours ago, or cannot be switched off now.
        """
        account = Isolated(symbol)
        return await self._call(rows.DISABLE_ISOLATED_ACCOUNT, account=account, symbol=account.symbol)

    async def enable_isolated(self, symbol: str) -> IsolatedSwitchReply:
        """
        Switch the isolated account of a pair on again.

        A pair that was never on is opened by a first transfer into it, not by this call.

        ``POST /sapi/v1/margin/isolated/account``

        Args:
            symbol: Pair, such as ``"BTCUSDT"``.

        Raises:
            ExchangeError: The pair was never opened, or as many are on as may be; see ``isolated_account_limit``.
        """
        account = Isolated(symbol)
        return await self._call(rows.ENABLE_ISOLATED_ACCOUNT, account=account, symbol=account.symbol)

    async def isolated_account_limit(self) -> IsolatedAccountLimit:
        """
        Return how many isolated accounts are on, and how many may be.

        ``GET /sapi/v1/margin/isolated/accountLimit``
        """
        return await self._call(rows.ISOLATED_ACCOUNT_LIMIT)

    async def set_max_leverage(self, max_leverage: int) -> MaxLeverageReply:
        """
        Change the most leverage of the cross account; the exchange allows one such call a minute per IP address.

        ``POST /sapi/v1/margin/max-leverage``

        Args:
            max_leverage: 3 or 5; the margin level must be above 1.5 for 3, above 1.25 for 5. 10 and 20 belonged to
                Cross Margin Pro, which closed on 2026-04-13: expect a refusal.

        Raises:
            ExchangeError: The margin level is too low for it, or the last call was less than a minute ago.
        """
        return await self._call(rows.MAX_LEVERAGE, account=CROSS, maxLeverage=max_leverage)

    async def trade_coeff(self) -> TradeCoefficients:
        """
        Return the margin levels at which the exchange stops lending, calls and liquidates the cross account.

        ``GET /sapi/v1/margin/tradeCoeff``
        """
        return await self._call(rows.TRADE_COEFF)

    async def bnb_burn(self) -> BnbBurn:
        """
        Return whether trading fees and margin interest are paid in BNB; ``client.wallet.set_bnb_burn`` changes it.

        ``GET /sapi/v1/bnbBurn``
        """
        return await self._call(rows.BNB_BURN)

    async def capital_flow(
        self,
        *,
        account: Account = CROSS,
        asset: str | None = None,
        kind: CapitalFlowType | str | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        from_id: int | None = None,
        limit: int | None = None,
    ) -> list[CapitalFlow]:
        """
        Return movements of money in an account: transfers, loans, trades, fees, liquidations.

        ``GET /sapi/v1/margin/capital-flow``

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``.
            asset: Only movements of this asset.
            kind: Only movements of this kind, such as ``"BORROW"``.
            start_ms: From here on; not more than 90 days back. Without it, seven days before *end_ms*.
            end_ms: Up to here, at most seven days after *start_ms*. Without it, seven days after *start_ms*; without
                either, now.
            from_id: Only entries whose id is greater; it does not widen the period.
            limit: Most entries to return; 500 if not given, at most 1,000.

        Returns:
            One entry per movement. The exchange promises no order: sort by ``id``, and go on from the greatest one.

        Raises:
            InvalidRequestError: The period is longer than seven days.
            ValueError: There is no such kind.
        """
        return await self._call(
            rows.CAPITAL_FLOW,
            asset=asset,
            symbol=account.symbol,
            type=word_or_none(kind, CapitalFlowType, "kind"),
            startTime=start_ms,
            endTime=end_ms,
            fromId=from_id,
            limit=limit,
        )

    async def cross_margin_data(
        self, asset: str | None = None, *, vip_level: int | None = None
    ) -> list[CrossLoanTerms]:
        """
        Return interest rates and borrow limits in the cross account, one entry per asset.

        ``GET /sapi/v1/margin/crossMarginData``

        Args:
            asset: Only this asset; all of them cost five times the request weight.
            vip_level: Terms of this level instead of one's own.
        """
        return await self._call(rows.CROSS_MARGIN_DATA, vipLevel=vip_level, coin=asset)

    async def isolated_margin_data(
        self, symbol: str | None = None, *, vip_level: int | None = None
    ) -> list[IsolatedLoanTerms]:
        """
        Return leverage, interest rates and borrow limits of isolated accounts, one entry per pair.

        ``GET /sapi/v1/margin/isolatedMarginData``

        Args:
            symbol: Only this pair; all of them cost ten times the request weight.
            vip_level: Terms of this level instead of one's own.
        """
        checked = None if symbol is None else checked_symbol(symbol)
        return await self._call(rows.ISOLATED_MARGIN_DATA, vipLevel=vip_level, symbol=checked)
