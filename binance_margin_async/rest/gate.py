"""The waiting room in front of the limiter: sleeps, wakes and gives up, and decides nothing itself."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from collections.abc import Callable

from binance_margin_async.errors import BannedError, Category, RateLimitedError, Retry
from binance_margin_async.rules.limits import Demand, Limiter, LimiterStatistics, Ticket


class Gate:
    """
    Let calls through as the limiter grants them; one timer serves everybody who waits.

    Args:
        limiter: Decides who may go.
        time: The clock of deadlines and of the limiter: monotonic seconds, running like the loop's.
    """

    def __init__(self, limiter: Limiter, time: Callable[[], float]) -> None:
        self._limiter = limiter
        self._time = time
        self._waiting: dict[Ticket, asyncio.Future[None]] = {}
        # Deadlines of those in line, soonest first; entries of those who have left are dropped when they surface.
        self._deadlines: list[tuple[float, int, Ticket]] = []
        self._arrivals = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        self._freezes = limiter.freezes

    def __repr__(self) -> str:
        return f"<Gate {len(self._waiting)} waiting, {self._limiter!r}>"

    async def acquire(self, demand: Demand, *, deadline: float | None = None) -> float:
        """
        Wait until the call may go; each acquired call ends with one ``release``.

        A caller who is cancelled leaves the line, and what was granted in that moment goes back.

        Args:
            demand: What the call asks for.
            deadline: Latest time to go, on the gate's clock; ``None`` waits for as long as it takes.

        Returns:
            Seconds waited.

        Raises:
            RateLimitedError: The wait would pass *deadline*, or the call can never fit; raised at once when that is
                known at once. Nothing was sent.
            BannedError: The same, because the exchange bans this address.
        """
        started = now = self._time()
        latest = math.inf if deadline is None else deadline
        while (wait := self._limiter.reserve(demand, now)) > 0.0:
            if wait == math.inf or now + wait > latest:
                raise self._too_late(demand, wait, now)
            await self._stand_in_line(demand, latest)
            now = self._time()
            if now >= self._limiter.thaw_at(demand, now):
                break
            # A refusal arrived between the grant and this step: the call must not go after all.
            self.release(demand, sent=False)
        return now - started

    def release(self, demand: Demand, *, sent: bool = True) -> None:
        """
        Note the end of an acquired call; tell the limiter of its headers or refusal before.

        Args:
            demand: The same demand that was acquired.
            sent: ``False`` only if provably not a byte of it was sent: then its weight comes back.
        """
        if sent:
            self._limiter.finish(demand, self._time())
        else:
            self._limiter.give_back(demand, self._time())
        if self._waiting:
            self._serve()

    def statistics(self) -> LimiterStatistics:
        """
        Return a frozen picture of the limiter.
        """
        return self._limiter.statistics(self._time())

    async def _stand_in_line(self, demand: Demand, latest: float) -> None:
        ticket = self._limiter.join(demand, self._time())
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[ticket] = turn
        if latest < math.inf:
            heapq.heappush(self._deadlines, (latest, next(self._arrivals), ticket))
        self._serve()
        try:
            await turn
        except asyncio.CancelledError:
            if ticket.granted:
                self.release(demand, sent=False)
            elif not ticket.left:
                self._drop(ticket)
                self._serve()
            raise
        if not ticket.granted:
            now = self._time()
            raise self._too_late(demand, self._limiter.estimate(demand, now), now)

    def _serve(self) -> None:
        """Wake whom the limiter admits, send away whom the deadline has caught, and set the timer anew."""
        now = self._time()
        for ticket in self._limiter.admit(now):
            self._wake(self._waiting.pop(ticket))
        if self._freezes != self._limiter.freezes:
            self._freezes = self._limiter.freezes
            self._send_away(lambda ticket: self._limiter.thaw_at(ticket.demand, now))
        self._expire(now)
        self._set_timer(now)

    def _expire(self, now: float) -> None:
        while self._deadlines and (self._deadlines[0][2].left or self._deadlines[0][0] <= now):
            ticket = heapq.heappop(self._deadlines)[2]
            if not ticket.left:
                self._wake(self._drop(ticket))

    def _send_away(self, thaw_at: Callable[[Ticket], float]) -> None:
        # After a refusal it is known at once who will not be served in time.
        for latest, _, ticket in sorted(self._deadlines):
            if not ticket.left and thaw_at(ticket) > latest:
                self._wake(self._drop(ticket))

    def _drop(self, ticket: Ticket) -> asyncio.Future[None]:
        self._limiter.withdraw(ticket, self._time())
        return self._waiting.pop(ticket)

    @staticmethod
    def _wake(turn: asyncio.Future[None]) -> None:
        # A cancelled caller has not run yet; it finds its ticket granted, or gone, when it does.
        if not turn.done():
            turn.set_result(None)

    def _set_timer(self, now: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        at = self._limiter.wake_at(now)
        if self._deadlines:
            at = self._deadlines[0][0] if at is None else min(at, self._deadlines[0][0])
        if at is not None:
            self._timer = asyncio.get_running_loop().call_later(at - now, self._serve)

    def _too_late(self, demand: Demand, wait: float, now: float) -> RateLimitedError:
        what = f"{demand.endpoint}: request weight {demand.weight}"
        if wait == math.inf:
            text, retry_after = f"{what} or {demand.orders} orders can never fit into the present limits.", None
        else:
            text, retry_after = f"{what} comes free in about {wait:.1f} s, after the deadline of this call.", wait
        banned_until = self._limiter.banned_until
        banned = banned_until is not None and now < banned_until
        kind = BannedError if banned else RateLimitedError
        why = " The exchange bans this address until then." if banned else ""
        return kind(
            f"{text}{why} Nothing was sent: try again after that time, or call less often.",
            endpoint=demand.endpoint,
            category=Category.RATE_LIMIT,
            retry=Retry.NO if wait == math.inf else Retry.LATER,
            retry_after=retry_after,
        )
