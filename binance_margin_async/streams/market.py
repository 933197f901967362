"""The public market streams: all that are wanted, on one connection."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError, StreamError
from binance_margin_async.models.account import CROSS
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.events import StreamHealth
from binance_margin_async.models.market_events import MarketEvent
from binance_margin_async.rules.lifecycles.newest import Newest
from binance_margin_async.rules.lifecycles.overlap import Overlap
from binance_margin_async.streams.health import HealthBoard, OnEvent
from binance_margin_async.streams.market_session import MarketSession
from binance_margin_async.streams.session import Line, Session

# Streams of one connection (spot WebSocket streams, read 2026-11-22).
MOST_STREAMS = 1024


@dataclass(slots=True)
class _Wanted:
    """One stream: for how many subscribers, and whether it arrives."""

    count: int = 0
    arrives: asyncio.Event = field(default_factory=asyncio.Event)


class MarketStream:
    """
    One connection for all market streams, each of which is carried once, however many subscribers want it.

    Args:
        base: Base address of the stream host.
        board: Told of the stream's health; what is told of no account is told of ``CROSS``.
        clock: The loop's time.
        on_event: Where events go.
    """

    def __init__(self, *, base: str, board: HealthBoard, clock: Clock, on_event: OnEvent) -> None:
        self.clock = clock
        self.wanted: dict[str, _Wanted] = {}
        self._base = base.rstrip("/")
        self._board = board
        self._on_event = on_event
        self._sessions: list[MarketSession] = []
        self._newest = Newest()
        self._overlap = Overlap()

    # -- for subscribers -----------------------------------------------------------------------------------------

    def add(self, names: Iterable[str]) -> None:
        """
        Carry streams for one subscriber more.

        Raises:
            StreamError: They are more than one connection takes; nothing is added.
        """
        names = list(names)
        total = len({**self.wanted, **dict.fromkeys(names)})
        if total > MOST_STREAMS:
            raise StreamError(
                f"{total} market streams are wanted, and a connection carries {MOST_STREAMS}: leave subscriptions that "
                "are not needed, or use another client for the rest"
            )
        for name in names:
            self.wanted.setdefault(name, _Wanted()).count += 1
        self._note_arrivals()
        self._tell_sessions()

    def remove(self, names: Iterable[str]) -> None:
        """Carry streams for one subscriber less; one that nobody wants is not carried any more."""
        for name in names:
            self.wanted[name].count -= 1
            if not self.wanted[name].count:
                del self.wanted[name]
        self._tell_sessions()

    async def wait_for(self, names: Iterable[str]) -> None:
        """Wait until streams that are wanted arrive."""
        for name in names:
            await self.wanted[name].arrives.wait()

    # -- for the runner ------------------------------------------------------------------------------------------

    def open(self, line: Line) -> Session:
        """Return the session of a new connection."""
        session = MarketSession(self, line)
        self._sessions.append(session)
        self._newest.on_opened(self.clock.now())
        return session

    def close(self, session: Session, problem: MarginError | None) -> None:
        """Forget *session*; what only it carried does not arrive any more."""
        was_first = bool(self._sessions) and self._sessions[0] is session
        self._sessions = [each for each in self._sessions if each is not session]
        if len(self._sessions) < 2:
            self._overlap.clear()
        self._note_arrivals()
        if was_first and self._sessions:
            self._tell_kept(self._sessions[0])
        if problem is not None and was_first and self._sessions:
            # The lost connection may have been deaf for a while before the other one began to listen.
            self._board.tell(CROSS, StreamHealth.STALE, str(problem))
            self._tell_live()

    def on_trouble(self, problem: MarginError) -> None:
        """Tell that events do not arrive."""
        self._board.tell(CROSS, StreamHealth.STALE, str(problem))

    def on_refused(self, problem: MarginError, again_in: float) -> None:
        """Tell that the exchange said no again."""
        self._board.tell_refused(CROSS, problem, again_in)

    def on_end(self) -> None:
        """Tell that the stream is closed."""
        self._board.tell(CROSS, StreamHealth.CLOSED, "closed")

    # -- for sessions --------------------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Where to connect."""
        return f"{self._base}/stream"

    def on_carried(self) -> None:
        """Note that a session carries more than before."""
        self._note_arrivals()

    def on_ready(self) -> None:
        """Note that a session carries everything that is wanted."""
        self._newest.on_opened(self.clock.now())
        self._note_arrivals()
        self._tell_live()

    def on_push(self, session: MarketSession, event: Event) -> None:
        """
        Take an event.

        While one connection replaces the other, the first one tells. If it is the slower one, what the second brings is
        ahead of it, and telling that would make old news of what the first still brings.
        """
        event.stamp(CROSS, Origin.STREAM, self.clock.now())
        if not isinstance(event, MarketEvent):
            if len(self._sessions) < 2 or self._overlap.is_news(session, event):
                self._on_event(event)
        elif session is self._sessions[0]:
            self._tell(event)
        else:
            session.kept.append(event)

    # -- inside --------------------------------------------------------------------------------------------------

    def _tell(self, event: MarketEvent) -> None:
        if self._newest.is_news(event, self.clock.now()):
            self._on_event(event)

    def _tell_kept(self, session: MarketSession) -> None:
        """Tell what a connection has brought that the one before it has not."""
        while session.kept:
            self._tell(session.kept.popleft())

    def _tell_sessions(self) -> None:
        for session in self._sessions:
            session.on_wanted()

    def _tell_live(self) -> None:
        if any(session.is_ready for session in self._sessions):
            self._board.tell(CROSS, StreamHealth.LIVE, "subscribed")

    def _note_arrivals(self) -> None:
        # While one connection replaces the other both have to carry a stream, as either may be the one that stays.
        ready = [session for session in self._sessions if session.is_ready] or self._sessions
        for name, wanted in self.wanted.items():
            if ready and all(name in session.carried for session in ready):
                wanted.arrives.set()
            else:
                wanted.arrives.clear()
