"""Calls about the accounts and the levels at which the exchange acts."""

from __future__ import annotations

from collections.abc import Sequence

from binance_margin_async.models.account import checked_symbol
from binance_margin_async.models.replies import CrossAccount, IsolatedAccounts, TradeCoefficients
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

    async def trade_coeff(self) -> TradeCoefficients:
        """
        Return the margin levels at which the exchange stops lending, calls and liquidates the cross account.

        ``GET /sapi/v1/margin/tradeCoeff``
        """
        return await self._call(rows.TRADE_COEFF)
