"""Calls that open the streams and keep them open."""

from __future__ import annotations

from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.replies import Empty, ListenKey, ListenToken
from binance_margin_async.rest.group import EndpointGroup
from binance_margin_async.secret import Secret
from binance_margin_async.wire.endpoints import user_stream as rows

LONGEST_VALIDITY_MS = 86_400_000


class UserStreamCalls(EndpointGroup):
    """``client.user_stream``."""

    async def listen_token(self, *, account: Account = CROSS, validity_ms: int = LONGEST_VALIDITY_MS) -> ListenToken:
        """
        Return a token that opens the trade data stream of *account*.

        ``POST /sapi/v1/userListenToken``

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``.
            validity_ms: Lifetime wanted, in ms; 24 h is the default and the most.
        """
        return await self._call(
            rows.LISTEN_TOKEN,
            isIsolated=True if account.is_isolated else None,
            symbol=account.symbol,
            validity=validity_ms,
        )

    async def start_listen_key(self) -> ListenKey:
        """
        Return the key that opens the risk data stream of the cross account; a live key is returned again, extended.

        ``POST /sapi/v1/margin/listen-key``
        """
        return await self._call(rows.START_LISTEN_KEY)

    async def keep_alive_listen_key(self, listen_key: Secret | str) -> Empty:
        """
        Extend *listen_key* by its full validity, 60 minutes.

        ``PUT /sapi/v1/margin/listen-key``

        Raises:
            AuthError: The key is gone.
        """
        return await self._call(rows.KEEP_ALIVE_LISTEN_KEY, listenKey=listen_key)

    async def close_listen_key(self) -> Empty:
        """
        End the listen key of the account, and with it the risk data stream of every process that uses the account.

        Costs 3,000 of the account's weight, 60 calls a minute. A key that is no longer wanted may as well be left to
        end by itself after 60 minutes.

        ``DELETE /sapi/v1/margin/listen-key``
        """
        return await self._call(rows.CLOSE_LISTEN_KEY)

    async def start_listen_key_v2(self) -> ListenKey:
        """
        Return the key that opens the risk data stream, from the newer call that is charged to the address.

        ``POST /sapi/v2/margin/listen-key``
        """
        return await self._call(rows.START_LISTEN_KEY_V2)

    async def keep_alive_listen_key_v2(self, listen_key: Secret | str) -> Empty:
        """
        Extend *listen_key*, which the newer call gave.

        ``PUT /sapi/v2/margin/listen-key``

        Raises:
            AuthError: The key is gone.
        """
        return await self._call(rows.KEEP_ALIVE_LISTEN_KEY_V2, listenKey=listen_key)

    async def close_listen_key_v2(self) -> Empty:
        """
        End the listen key that the newer call gave; every process that uses the account loses its risk data stream.

        It costs 1 of the address's weight, where the older call costs 3,000 of the account's.

        ``DELETE /sapi/v2/margin/listen-key``
        """
        return await self._call(rows.CLOSE_LISTEN_KEY_V2)
