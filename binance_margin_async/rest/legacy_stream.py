"""Calls for the keys of the retired trade data stream; Binance answers them with 410, some venues still serve them."""

from __future__ import annotations

from binance_margin_async.models.account import Account
from binance_margin_async.models.replies import Empty, ListenKey
from binance_margin_async.rest.group import EndpointGroup
from binance_margin_async.secret import Secret
from binance_margin_async.wire.endpoints import legacy_stream as rows


class LegacyStreamCalls(EndpointGroup):
    """Used by the streams under the setting ``legacy_trade_stream``."""

    async def start(self, account: Account) -> ListenKey:
        """
        Return the key that opens the trade stream of *account*; a live key is returned again, extended.

        Raises:
            EndpointRetiredError: The venue no longer serves it.
        """
        row = rows.START_ISOLATED if account.is_isolated else rows.START_CROSS
        return await self._call(row, symbol=account.symbol)

    async def keep_alive(self, account: Account, listen_key: Secret | str) -> Empty:
        """
        Extend *listen_key* of *account* by its full validity, 60 minutes.

        Raises:
            AuthError: The key is gone.
            EndpointRetiredError: The venue no longer serves it.
        """
        row = rows.KEEP_ISOLATED_ALIVE if account.is_isolated else rows.KEEP_CROSS_ALIVE
        return await self._call(row, symbol=account.symbol, listenKey=listen_key)

    async def close(self, account: Account, listen_key: Secret | str) -> Empty:
        """
        End *listen_key* of *account*, and with it the trade stream of every process that uses it.

        Raises:
            EndpointRetiredError: The venue no longer serves it.
        """
        row = rows.CLOSE_ISOLATED if account.is_isolated else rows.CLOSE_CROSS
        return await self._call(row, symbol=account.symbol, listenKey=listen_key)
