"""The inside of the bus: hands each event to its subscribers, one event after the other."""

from __future__ import annotations

import logging
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from binance_margin_async.bus.statistics import SubscriberStatistics
from binance_margin_async.bus.topics import Deliver, Interest, Topics
from binance_margin_async.errors import ClosedError
from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import HandlerFailed, Overflow

_log = logging.getLogger("binance_margin_async.bus")


class Member(Protocol):
    """A subscriber, as the bus sees it."""

    @property
    def name(self) -> str: ...
    @property
    def interest(self) -> Interest: ...
    @property
    def deliver(self) -> Deliver: ...
    @property
    def undelivered(self) -> int:
        """Events it was given and has not dealt with."""
        ...

    def end(self) -> None:
        """Take no more events, deal with those at hand, then stop."""
        ...

    async def settled(self) -> None:
        """Return when nothing is undelivered, or something has changed in that."""
        ...

    def statistics(self) -> SubscriberStatistics: ...


class Dispatcher:
    """
    Dispatch events, and tell of subscribers in trouble.

    An event published from inside a handler waits until the present one has reached everybody, so that all
    subscribers see all events in the same order.

    Args:
        time: The loop's time, in seconds.
    """

    def __init__(self, time: Callable[[], float]) -> None:
        self._time = time
        self._topics = Topics()
        self._members: dict[Member, int] = {}
        self._pending: deque[Event] = deque()
        self._dispatching = False
        # Closed by a handler: members end when what was published before has reached everybody.
        self._closes_after = False
        self.closed: bool = False
        self.published: dict[type[Event], int] = {}
        # What members that have left had counted.
        self.dropped_before: int = 0
        self.failed_before: int = 0
        self.wants: Callable[[type[Event], Account, str], bool] = self._topics.wants

    @property
    def members(self) -> Iterable[Member]:
        """Everybody who has joined and not left, in that order."""
        return self._members.keys()

    def publish(self, event: Event) -> None:
        if self.closed:
            return
        self._pending.append(event)
        if self._dispatching:
            return
        self._dispatching = True
        try:
            while self._pending:
                event = self._pending.popleft()
                kind = type(event)
                self.published[kind] = self.published.get(kind, 0) + 1
                for deliver in self._topics.route(event):
                    deliver(event)
        finally:
            self._dispatching = False
            if self._closes_after:
                self._end_members()

    def admit(self, member: Member, *, ahead: bool = False) -> None:
        """
        Let *member* hear all events from now on; with *ahead*, before all who were admitted without it.

        Raises:
            ClosedError: The bus is closed.
        """
        if self.closed:
            raise ClosedError(f"{member.name}: the bus is closed, no event will come")
        self._members[member] = self._topics.add(member.interest, member.deliver, ahead=ahead)

    def release(self, member: Member) -> None:
        """Let *member* hear nothing more; it may have left already."""
        number = self._members.pop(member, None)
        if number is not None:
            self._topics.remove(member.interest, number)
            last = member.statistics()
            self.dropped_before += last.dropped
            self.failed_before += last.failed

    def close(self) -> None:
        """Take no more events; members get and keep those published before."""
        self.closed = True
        self._closes_after = self._dispatching
        if not self._dispatching:
            self._end_members()

    def report_overflow(self, name: str, event: Event, dropped: int) -> None:
        """Tell that *name* had to give up *event* or an older one."""
        _log.warning("%s falls behind: %d events given up so far", name, dropped)
        self.publish(Overflow(account=event.account, received_at=self._time(), subscriber=name, dropped=dropped))

    def report_failure(self, name: str, event: Event, error: BaseException) -> None:
        """Tell that the handler *name* raised on *event*; a failure to handle such a telling is not told again."""
        if not isinstance(event, HandlerFailed):
            # Not str(error): that is the subscriber's code too, and may fail as well.
            text = "".join(traceback.format_exception_only(error)).strip()[:200]
            self.publish(HandlerFailed(account=event.account, received_at=self._time(), subscriber=name, error=text))

    def _end_members(self) -> None:
        for member in tuple(self._members):
            member.end()
