"""The risk data stream: margin-level status and liabilities of the cross account, opened by a listen key."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from binance_margin_async.clock import Clock
from binance_margin_async.errors import (
    AuthError,
    DecodeError,
    ExchangeError,
    MarginError,
    SocketLostError,
)
from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import StreamHealth, StreamName
from binance_margin_async.models.stream_events import ListenKeyExpired, ServerShutdown
from binance_margin_async.net.sockets import Socket
from binance_margin_async.rest.user_stream import UserStreamCalls
from binance_margin_async.rules.lifecycles.listen_key import CreateKey, ListenKeyLifecycle
from binance_margin_async.streams.health import HealthBoard, OnEvent
from binance_margin_async.streams.runner import is_turned_away, run_together
from binance_margin_async.wire import ws_api

_log = logging.getLogger("binance_margin_async.streams")
# Two modules of the exchange, two codes for a key it no longer knows.
_KEY_GONE = frozenset({-1125, -3038})
_UNSUPPORTED = -1020
_MISSING_STATUS = frozenset({404, 405, 410})


class RiskStream:
    """
    The cross account's risk stream.

    Args:
        base: Base address of the stream host.
        calls: Create and extend keys.
        read_account: Reads the account after each subscription; an idle stream tells nothing.
        clock: The loop's and the exchange's time.
        on_event: Where events go.
        hide: Told of every key, so that logs blank it.
    """

    def __init__(
        self,
        *,
        base: str,
        calls: UserStreamCalls,
        read_account: Callable[[Account], Awaitable[None]],
        clock: Clock,
        on_event: OnEvent,
        hide: Callable[[str], None],
    ) -> None:
        self._base = base.rstrip("/")
        self._calls = calls
        self._read_account = read_account
        self._clock = clock
        self._on_event = on_event
        self._hide = hide
        self._key = ListenKeyLifecycle()
        self.health: HealthBoard = HealthBoard(StreamName.RISK, [CROSS], clock=clock, on_event=on_event)

    async def prepare(self) -> str:
        """Return the address with a living key, created if there is none."""
        if self._key.listen_key is None:
            await self._create()
        return f"{self._base}/ws/{self._key.listen_key}"

    async def serve(self, socket: Socket) -> None:
        """Read events and keep the key alive until the connection or the key ends."""
        await run_together(lambda: self._read(socket), self._start_and_keep)

    def on_disconnected(self, problem: MarginError | None) -> None:
        """Keep the key, which outlives a connection, unless the stream host refused it."""
        if is_turned_away(problem):
            self._key.on_gone()

    async def _start_and_keep(self) -> None:
        await self._read_account(CROSS)
        self.health.tell(CROSS, StreamHealth.LIVE, "subscribed")
        while True:
            wake_at = self._key.wake_at
            await asyncio.sleep(max(0.0, (wake_at or 0.0) - self._clock.now()))
            await self._renew()

    async def _renew(self) -> None:
        match self._key.on_time(self._clock.now()):
            case None:
                return
            case CreateKey():
                await self._try(self._replace, "no new listen key")
            case action:
                await self._try(lambda: self._extend(action.listen_key), "the listen key could not be extended")

    async def _try(self, attempt: Callable[[], Awaitable[None]], what: str) -> None:
        """A failure leaves the stream running but doubtful: the key may be ending."""
        try:
            await attempt()
        except SocketLostError:
            raise
        except MarginError as problem:
            if isinstance(problem, ExchangeError) and (problem.code in _KEY_GONE or _is_missing(problem)):
                self._key.on_gone()
                raise SocketLostError(f"the listen key is gone: {problem}") from None
            if isinstance(problem, AuthError):
                raise
            now = self._clock.now()
            self._key.on_failed(now)
            left = self._key.seconds_left(now)
            _log.warning("risk stream: %s, it ends in %.0f s: %s", what, left, problem)
            self.health.tell(CROSS, StreamHealth.STALE, f"{what}, it ends in {left:.0f} s: {problem}")
        else:
            self.health.tell(CROSS, StreamHealth.LIVE, "the listen key was extended")

    async def _create(self) -> None:
        while True:
            create = self._calls.start_listen_key_v2 if self._key.version == 2 else self._calls.start_listen_key
            try:
                created = await create()
            except (ExchangeError, DecodeError) as problem:
                if _is_missing(problem) and self._key.on_version_missing():
                    continue
                raise
            self._hide(created.listen_key)
            self._key.on_created(created.listen_key, self._clock.now())
            return

    async def _replace(self) -> None:
        """Ask for a key; another one than before needs a connection of its own."""
        before = self._key.listen_key
        await self._create()
        if self._key.listen_key != before:
            raise SocketLostError("the listen key was replaced")

    async def _extend(self, listen_key: str) -> None:
        extend = self._calls.keep_alive_listen_key_v2 if self._key.version == 2 else self._calls.keep_alive_listen_key
        await extend(listen_key)
        self._key.on_kept_alive(self._clock.now())

    async def _read(self, socket: Socket) -> None:
        while True:
            read = ws_api.read(await socket.receive())
            if isinstance(read, ws_api.Answer):
                continue
            event = read.event
            event.stamp(CROSS, Origin.STREAM, self._clock.now())
            self._on_event(event)
            if isinstance(event, ListenKeyExpired):
                self._key.on_gone()
                raise SocketLostError("the listen key expired")
            if isinstance(event, ServerShutdown):
                raise SocketLostError("the stream host is shutting down")


def _is_missing(problem: ExchangeError | DecodeError) -> bool:
    """Whether the venue does not offer this version of the key calls."""
    if isinstance(problem, DecodeError):
        return True
    return problem.code == _UNSUPPORTED or problem.status in _MISSING_STATUS
