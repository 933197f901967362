"""The calls that create, extend and delete listen keys, of whichever kind the venue offers."""

from __future__ import annotations

import re
from typing import Protocol

from binance_margin_async.errors import DecodeError, ExchangeError
from binance_margin_async.models.account import Account
from binance_margin_async.rest.legacy_stream import LegacyStreamCalls
from binance_margin_async.rest.user_stream import UserStreamCalls
from binance_margin_async.secret import Secret

_UNSUPPORTED = -1020
_MISSING_STATUS = frozenset({404, 405, 410})
# Letters and digits in every example (margin and spot pages, read 2026-11-22); what would do in an address is let pass.
_is_key = re.compile(r"[A-Za-z0-9_.~-]+").fullmatch


class Keys(Protocol):
    """The keys of one account's stream."""

    async def create(self) -> Secret:
        """Return the account's living key, extended, or a new one."""
        ...

    async def extend(self, listen_key: Secret) -> None:
        """Let *listen_key* live for its full length again."""
        ...

    async def delete(self, listen_key: Secret) -> None:
        """End *listen_key*, for every process that uses it."""
        ...


class RiskKeys:
    """
    Keys of the risk data stream: by the newer calls, or by the older ones if the venue lacks those.

    The newer ones are charged to the address instead of the account. Which it is, is found out once.
    """

    def __init__(self, calls: UserStreamCalls) -> None:
        self._calls = calls
        self._newer = True

    async def create(self) -> Secret:
        """Return the account's living key, extended, or a new one."""
        if self._newer:
            try:
                newer = await self._calls.start_listen_key_v2()
            except (ExchangeError, DecodeError) as problem:
                if not is_missing(problem):
                    raise
                self._newer = False
            else:
                return _checked(newer.listen_key)
        return _checked((await self._calls.start_listen_key()).listen_key)

    async def extend(self, listen_key: Secret) -> None:
        """Let *listen_key* live for its full length again."""
        extend = self._calls.keep_alive_listen_key_v2 if self._newer else self._calls.keep_alive_listen_key
        await extend(listen_key)

    async def delete(self, listen_key: Secret) -> None:  # noqa: ARG002  # there is one key, and the call names none
        """End the account's key."""
        await (self._calls.close_listen_key_v2() if self._newer else self._calls.close_listen_key())


class LegacyTradeKeys:
    """Keys of the retired trade data stream of one account."""

    def __init__(self, calls: LegacyStreamCalls, account: Account) -> None:
        self._calls = calls
        self._account = account

    async def create(self) -> Secret:
        """Return the account's living key, extended, or a new one."""
        return _checked((await self._calls.start(self._account)).listen_key)

    async def extend(self, listen_key: Secret) -> None:
        """Let *listen_key* live for its full length again."""
        await self._calls.keep_alive(self._account, listen_key)

    async def delete(self, listen_key: Secret) -> None:
        """End *listen_key*."""
        await self._calls.close(self._account, listen_key)


def _checked(key: Secret) -> Secret:
    """
    Return *key*, if it can be one.

    A key that was altered on its way opens no connection, and would be tried again and again until its time is over.
    """
    if not _is_key(key.reveal()):
        raise DecodeError(
            "a listen key came with characters that no key has: it is asked for again", path="$.listenKey"
        )
    return key


def is_missing(problem: ExchangeError | DecodeError) -> bool:
    """Whether the venue does not offer the call at all."""
    if isinstance(problem, DecodeError):
        return True
    return problem.code == _UNSUPPORTED or problem.status in _MISSING_STATUS
