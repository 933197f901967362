"""Calls about special keys: they place margin orders through ``/api`` with low latency."""

from __future__ import annotations

from collections.abc import Sequence

from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.enums import KeyPermission
from binance_margin_async.models.order_request import word_or_none
from binance_margin_async.models.replies import Empty
from binance_margin_async.models.special_keys import CreatedSpecialKey, SpecialKey
from binance_margin_async.rest.group import EndpointGroup
from binance_margin_async.wire.endpoints import special_keys as rows

# Margin API: create special key (read 2026-11-22).
MOST_ADDRESSES = 30


class SpecialKeyCalls(EndpointGroup):
    """Part of ``client.trade``: special keys. Make these calls with an ordinary key that may trade spot and margin."""

    async def create_special_key(
        self,
        name: str,
        *,
        account: Account = CROSS,
        addresses: Sequence[str] = (),
        public_key: str | None = None,
        permission: KeyPermission | str | None = None,
    ) -> CreatedSpecialKey:
        """
        Create a special key; doing so for ``CROSS`` puts the account into special key mode.

        In that mode checks before orders are relaxed, and what a liquidation does not cover is owed on
        (``liquidation_loan``). VIP 7 and above, after the master account accepted the supplemental terms; at most 30
        keys of any kind.

        ``POST /sapi/v1/margin/apiKey``

        Args:
            name: Of the key.
            account: ``CROSS`` or ``Isolated(symbol)``, which the key will trade in.
            addresses: IP addresses that may use the key, at most 30.
            public_key: PKCS#8 PEM text of an Ed25519 or RSA key; without it the key is an HMAC key.
            permission: ``"TRADE"`` when left out, or ``"READ"`` for an Ed25519 key that only reads.

        Returns:
            The key. The secret of an HMAC key is told this once: store it; ``repr`` does not show it.

        Raises:
            ReplyLostError: A key whose secret nobody knows may exist; see ``special_key_list`` and delete it.
            TypeError: *addresses* is a text.
            ValueError: *addresses* are more than 30, or *permission* is neither of the two.
        """
        return await self._call(
            rows.CREATE_SPECIAL_KEY,
            account=account,
            apiName=name,
            symbol=account.symbol,
            ip=_joined(addresses) or None,
            publicKey=public_key,
            permissionMode=word_or_none(permission, KeyPermission, "permission"),
        )

    async def delete_special_key(
        self, *, api_key: str | None = None, name: str | None = None, account: Account = CROSS
    ) -> Empty:
        """
        Delete a special key; the account stays in special key mode, which ``exit_special_key_mode`` ends.

        ``DELETE /sapi/v1/margin/apiKey``

        Args:
            api_key: The key; wins over *name*.
            name: Deletes every key of this name.
            account: ``CROSS`` or ``Isolated(symbol)``, which the key trades in.

        Raises:
            ValueError: Neither *api_key* nor *name* was given.
        """
        if api_key is None and name is None:
            raise ValueError("name the key: api_key=… or name=…")
        return await self._call(
            rows.DELETE_SPECIAL_KEY, account=account, apiKey=api_key, apiName=name, symbol=account.symbol
        )

    async def edit_special_key_ip(self, api_key: str, addresses: Sequence[str], *, account: Account = CROSS) -> Empty:
        """
        Replace the addresses that may use a special key.

        ``PUT /sapi/v1/margin/apiKey/ip``

        Args:
            api_key: The key.
            addresses: IP addresses, one to 30.
            account: ``CROSS`` or ``Isolated(symbol)``, which the key trades in.

        Raises:
            TypeError: *addresses* is a text.
            ValueError: *addresses* are none or more than 30.
        """
        if not addresses:
            raise ValueError("give at least one address: the exchange replaces the whole list")
        return await self._call(
            rows.EDIT_SPECIAL_KEY_IP, account=account, apiKey=api_key, symbol=account.symbol, ip=_joined(addresses)
        )

    async def special_key(self, api_key: str, *, account: Account = CROSS) -> SpecialKey:
        """
        Return what one special key may do.

        ``GET /sapi/v1/margin/apiKey``

        Args:
            api_key: The key.
            account: ``CROSS`` or ``Isolated(symbol)``, which the key trades in.
        """
        return await self._call(rows.SPECIAL_KEY, account=account, apiKey=api_key, symbol=account.symbol)

    async def special_key_list(self, *, account: Account = CROSS) -> list[SpecialKey]:
        """
        Return all special keys of an account.

        ``GET /sapi/v1/margin/api-key-list``

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``, which the keys trade in.
        """
        return await self._call(rows.SPECIAL_KEY_LIST, account=account, symbol=account.symbol)

    async def exit_special_key_mode(self) -> Empty:
        """
        Leave special key mode: delete every special key of the cross account and restore the usual checks.

        Repay everything first. New special keys are refused for 24 hours after it, unless the exchange sets another
        time. An account that is not in the mode is left as it is, without an error.

        ``POST /sapi/v1/margin/exit-special-key-mode``

        Raises:
            ExchangeError: Something is owed, a liquidation is running, or the account is of another type.
        """
        return await self._call(rows.EXIT_SPECIAL_KEY_MODE)


def _joined(addresses: Sequence[str]) -> str:
    if isinstance(addresses, str):
        raise TypeError(f"addresses must be a list of IP addresses, not the text {addresses!r}")
    if len(addresses) > MOST_ADDRESSES:
        raise ValueError(f"a key takes at most {MOST_ADDRESSES} addresses, not {len(addresses)}")
    return ",".join(addresses)
