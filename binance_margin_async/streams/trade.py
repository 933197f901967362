"""The trade data stream: orders and balances of the cross and every isolated account, on one connection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError
from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import StreamHealth
from binance_margin_async.models.stream_events import StreamEvent, UnknownEvent
from binance_margin_async.rest.user_stream import UserStreamCalls
from binance_margin_async.rules.lifecycles.overlap import Overlap
from binance_margin_async.streams.health import HealthBoard, OnEvent
from binance_margin_async.streams.session import Line, Session
from binance_margin_async.streams.trade_session import TradeSession


class TradeStream:
    """
    One connection with one subscription per account; two while one replaces the other.

    It carries the accounts that are added.

    Args:
        address: Of the WebSocket API.
        board: Told of each account's health.
        calls: Mint tokens.
        repair: Reads what was missed of an account, after each subscription that follows a gap.
        clock: The loop's and the exchange's time.
        on_event: Where events go.
        hide: Told of every token, so that logs blank it.
        roll: Random numbers in [0, 1), for jitter.
    """

    def __init__(
        self,
        *,
        address: str,
        board: HealthBoard,
        calls: UserStreamCalls,
        repair: Callable[[Account], Awaitable[None]],
        clock: Clock,
        on_event: OnEvent,
        hide: Callable[[str], None],
        roll: Callable[[], float],
    ) -> None:
        self.calls = calls
        self.repair = repair
        self.clock = clock
        self.hide = hide
        self.roll = roll
        self.address = address
        self._accounts: dict[Account, None] = {}
        self._board = board
        self._on_event = on_event
        self._sessions: list[TradeSession] = []
        self._overlap = Overlap()

    def open(self, line: Line) -> Session:
        """Return the session of a new connection, with every account on it."""
        session = TradeSession(self, line, self._accounts)
        self._sessions.append(session)
        return session

    def close(self, session: Session, problem: MarginError | None) -> None:
        """Forget *session*; what it carried and lost is read anew, if there is another one."""
        was_first = bool(self._sessions) and self._sessions[0] is session
        self._sessions = [each for each in self._sessions if each is not session]
        if len(self._sessions) < 2:
            self._overlap.clear()
        if problem is None:
            return
        for other in self._sessions:
            for account in filter(self.is_live, self._accounts):
                if was_first or not other.carries(account):
                    # The lost connection may have been deaf for a while before the other one began to listen.
                    self._board.tell(account, StreamHealth.STALE, str(problem))
                    other.on_gap(account)

    def on_trouble(self, problem: MarginError) -> None:
        """Tell of every account that its events do not arrive."""
        for account in self._accounts:
            self._board.tell(account, StreamHealth.STALE, str(problem))

    def on_refused(self, problem: MarginError, again_in: float) -> None:
        """Tell that the exchange said no to the connection again."""
        for account in self._accounts:
            self._board.tell_refused(account, problem, again_in)

    def on_end(self) -> None:
        """Tell that every account's stream is closed."""
        for account in self._accounts:
            self._board.tell(account, StreamHealth.CLOSED, "closed")

    # -- accounts ------------------------------------------------------------------------------------------------

    def add(self, account: Account) -> None:
        """Carry *account* too."""
        self._accounts[account] = None
        self._board.add(account)
        for session in self._sessions:
            session.add(account)

    async def remove(self, account: Account) -> None:
        """Carry *account* no more."""
        self._accounts.pop(account, None)
        self._board.remove(account, "removed")
        for session in list(self._sessions):
            await session.remove(account)

    # -- what sessions tell --------------------------------------------------------------------------------------

    def is_live(self, account: Account) -> bool:
        """Whether the account's events arrive, and it has been read since they began to."""
        return self._board.of(account) is StreamHealth.LIVE

    def on_live(self, account: Account) -> None:
        """Note that the account's events arrive and nothing is missing."""
        self._board.tell(account, StreamHealth.LIVE, "subscribed")

    def on_stale(self, session: TradeSession, account: Account, reason: str) -> None:
        """Note that the account's events do not arrive on *session*."""
        if not any(other.carries(account) for other in self._sessions if other is not session):
            self._board.tell(account, StreamHealth.STALE, reason)

    def on_account_refused(self, account: Account, problem: MarginError, again_in: float) -> None:
        """Note that the exchange said no to one account's subscription again."""
        self._board.tell_refused(account, problem, again_in)

    def on_at_risk(self, account: Account, seconds_left: float) -> None:
        """Note that the account's token is running out."""
        self._board.tell_at_risk(account, seconds_left)

    def on_push(self, session: TradeSession, account: Account | None, event: StreamEvent | UnknownEvent) -> None:
        """Take an event; of no account in particular when it is about the connection."""
        # While two connections carry the same events, each is told once.
        if account is not None and len(self._sessions) > 1 and not self._overlap.is_news(session, (account, event)):
            return
        event.stamp(account or CROSS, Origin.STREAM, self.clock.now())
        self._on_event(event)
