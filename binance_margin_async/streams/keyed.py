"""A stream that a listen key opens: the cross account's risk stream, and the trade stream of venues that kept it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from binance_margin_async.clock import Clock
from binance_margin_async.errors import ExchangeError, MarginError, SocketLostError
from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import StreamHealth
from binance_margin_async.models.stream_events import StreamEvent, UnknownEvent
from binance_margin_async.rules.lifecycles.listen_key import CreateKey, ListenKeyLifecycle
from binance_margin_async.rules.lifecycles.overlap import Overlap
from binance_margin_async.secret import Secret
from binance_margin_async.streams.health import HealthBoard, OnEvent
from binance_margin_async.streams.key_session import KeySession
from binance_margin_async.streams.keys import Keys, is_missing
from binance_margin_async.streams.runner import REFUSALS, is_turned_away
from binance_margin_async.streams.session import Line, Session

_log = logging.getLogger("binance_margin_async.streams")
# Two modules of the exchange, two codes for a key it no longer knows.
_KEY_GONE = frozenset({-1125, -3038})


class KeyedStream:
    """
    One account's stream behind a listen key, which outlives its connections.

    Args:
        base: Base address of the stream host.
        account: Whose events it carries.
        board: Told of the account's health.
        keys: Create and extend keys.
        repair: Reads what was missed, after each subscription that follows a gap; an idle stream tells nothing.
        clock: The loop's and the exchange's time.
        on_event: Where events go.
        hide: Told of every key, so that logs blank it.
    """

    def __init__(
        self,
        *,
        base: str,
        account: Account,
        board: HealthBoard,
        keys: Keys,
        repair: Callable[[Account], Awaitable[None]],
        clock: Clock,
        on_event: OnEvent,
        hide: Callable[[str], None],
    ) -> None:
        self.key: ListenKeyLifecycle = ListenKeyLifecycle()
        self.clock = clock
        self._base = base.rstrip("/")
        self._account = account
        self._board = board
        self._keys = keys
        self._repair = repair
        self._on_event = on_event
        self._hide = hide
        self._sessions: list[KeySession] = []
        self._overlap = Overlap()
        self._renewing = asyncio.Lock()
        self._risk: asyncio.TimerHandle | None = None

    # -- for the runner ------------------------------------------------------------------------------------------

    def open(self, line: Line) -> Session:
        """Return the session of a new connection."""
        session = KeySession(self, line)
        self._sessions.append(session)
        return session

    def close(self, session: Session, problem: MarginError | None) -> None:
        """Forget *session*; keep the key, which outlives it, unless the stream host refused it."""
        was_first = bool(self._sessions) and self._sessions[0] is session
        self._sessions = [each for each in self._sessions if each is not session]
        if len(self._sessions) < 2:
            self._overlap.clear()
        if is_turned_away(problem):
            self._forget_key()
        if problem is not None and was_first:
            for other in self._sessions:
                # The lost connection may have been deaf for a while before the other one began to listen.
                self._board.tell(self._account, StreamHealth.STALE, str(problem))
                other.on_gap()

    def on_trouble(self, problem: MarginError) -> None:
        """Tell that events do not arrive."""
        self._board.tell(self._account, StreamHealth.STALE, str(problem))

    def on_refused(self, problem: MarginError, again_in: float) -> None:
        """Tell that the exchange said no again."""
        self._board.tell_refused(self._account, problem, again_in)

    def on_end(self) -> None:
        """Tell that the stream is closed."""
        self._stop_watching()
        self._board.tell(self._account, StreamHealth.CLOSED, "closed")

    async def delete_key(self) -> None:
        """
        End the key for good, on leaving, and the stream of every other process with it.

        Raises:
            MarginError: It could not be done; the key ends by itself in an hour.
        """
        listen_key = self.key.listen_key
        if listen_key is not None:
            self._forget_key()
            await self._keys.delete(listen_key)

    # -- for sessions --------------------------------------------------------------------------------------------

    def address_of(self, listen_key: Secret) -> Secret:
        """Return where to connect."""
        return Secret(f"{self._base}/ws/{listen_key.reveal()}")

    async def living_key(self) -> Secret:
        """Return the key, created if there is none that can be alive."""
        async with self._renewing:
            return self.key.living(self.clock.now()) or await self._create()

    async def go_live(self) -> None:
        """Read what was missed, if anything was, and tell that the stream is live."""
        if self._board.of(self._account) is not StreamHealth.LIVE:
            await self._repair(self._account)
        self._board.tell(self._account, StreamHealth.LIVE, "subscribed")

    async def renew(self) -> None:
        """
        Do what is due for the key; a failure leaves the stream running until the key has ended.

        Raises:
            SocketLostError: The key is gone.
        """
        async with self._renewing:  # of two connections one does it
            action = self.key.on_time(self.clock.now())
            if action is None:
                return
            try:
                await (self._create() if isinstance(action, CreateKey) else self._extend(action.listen_key))
            except SocketLostError:
                raise
            except MarginError as problem:
                self._on_failed(problem)
            else:
                if self._board.of(self._account) is not StreamHealth.LIVE:
                    await self.go_live()

    def on_gone(self, listen_key: Secret) -> None:
        """Note that the exchange has ended *listen_key*."""
        if listen_key == self.key.listen_key:
            self._forget_key()

    def on_push(self, session: KeySession, event: StreamEvent | UnknownEvent) -> None:
        """Take an event."""
        # While two connections carry the same events, each is told once.
        if len(self._sessions) > 1 and not self._overlap.is_news(session, event):
            return
        event.stamp(self._account, Origin.STREAM, self.clock.now())
        self._on_event(event)

    # -- inside --------------------------------------------------------------------------------------------------

    async def _create(self) -> Secret:
        listen_key = await self._keys.create()
        self._hide(listen_key.reveal())
        self.key.on_created(listen_key, self.clock.now())
        self._watch()
        return listen_key

    async def _extend(self, listen_key: Secret) -> None:
        await self._keys.extend(listen_key)
        self.key.on_kept_alive(self.clock.now())
        self._watch()

    def _on_failed(self, problem: MarginError) -> None:
        if isinstance(problem, ExchangeError) and (problem.code in _KEY_GONE or is_missing(problem)):
            self._forget_key()
            raise SocketLostError(f"the listen key is gone: {problem}") from None
        now = self.clock.now()
        if self.key.on_failed(now, refused=isinstance(problem, REFUSALS)):
            self._board.tell_refused(self._account, problem, (self.key.wake_at or now) - now)
        left = 0.0 if self.key.validity is None else self.key.validity.seconds_left(now)
        _log.warning("the listen key could not be extended, it ends in %.0f s: %s", left, problem)
        if not left:
            self._board.tell(self._account, StreamHealth.STALE, f"the listen key could not be extended: {problem}")

    def _forget_key(self) -> None:
        self._stop_watching()
        self.key.on_gone()

    def _watch(self) -> None:
        """Tell in time that the key is running out."""
        self._stop_watching()
        if self.key.validity is not None:
            self._risk = asyncio.get_running_loop().call_at(self.key.validity.at_risk_at, self._tell_at_risk)

    def _stop_watching(self) -> None:
        if self._risk is not None:
            self._risk.cancel()
            self._risk = None

    def _tell_at_risk(self) -> None:
        if self.key.validity is not None:
            self._board.tell_at_risk(self._account, self.key.validity.seconds_left(self.clock.now()))
