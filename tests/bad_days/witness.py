"""What a client sends and is told, seen where it leaves and arrives."""

import asyncio
import re
from typing import NamedTuple

from binance_margin_async.clock import PAST_BIAS_MS

# What a refusal means that names no time: a firewall's minute, the shortest ban, the rest of a minute.
SILENT_S = {403: 60.0, 418: 120.0, 429: 62.0}
# Seconds by which a clock that was not set may seem to be off from one look to the next; drift adds to it.
STEADY, MOST_DRIFT = 2e-3, 1e-3


class Sent(NamedTuple):
    """
    One call.

    Attributes:
        at: When it was sent.
        route: Verb and path.
        age: Seconds between its stamp and its first byte; ``None`` without a stamp, or when nothing was written.
        off: By how many seconds the stamp is more wrong than the client says that it can be; ``None`` besides when the
            exchange's clock was set since the client measured it.
    """

    at: float
    route: str
    age: float | None = None
    off: float | None = None


class Told(NamedTuple):
    """A refusal: until when nothing may be sent, on one route or on any; ``named`` when the exchange said so."""

    at: float
    until: float
    route: str | None
    named: bool


class Witness:
    """
    Attributes:
        sent: Every call, in order.
        told: Every refusal.
        dialled: When the exchange was asked for a WebSocket connection, by stream.
    """

    def __init__(self, client, exchange):
        self._loop = asyncio.get_running_loop()
        self._client, self._exchange = client, exchange
        # The exchange's clock minus the loop's at the last look, when that was, and when it was seen to have been set.
        self._offset, self._looked_at, self._set_at = 0.0, 0.0, 0.0
        self.sent = []
        self.told = []
        self.dialled = {"trade": [], "risk": []}
        transport = client._parts.transport
        self._send = transport.send
        transport.send = self.send
        core, admit = exchange.core, exchange.core.admit

        def noting(path, now, *rest):
            self.dialled["trade" if path.startswith("/ws-api") else "risk"].append(self._loop.time())
            return admit(path, now, *rest)

        core.admit = noting

    @property
    def calm_at(self):
        """When the last ban or pause ends."""
        return max((each.until for each in self.told), default=0.0)

    async def send(self, request, *, deadline, freshen=None):
        """Pass a call on, and note what becomes of it."""
        route = f"{request.method} {request.target.partition('?')[0]}"
        place, at = len(self.sent), self._loop.time()
        self.sent.append(Sent(at, route))
        self._look()

        def written():
            fresh = request if freshen is None else freshen()
            stamp = re.search(r"\btimestamp=(\d+)", fresh.target)
            if stamp is not None:
                self.sent[place] = Sent(at, route, *self._judge(int(stamp[1]) + PAST_BIAS_MS))
            return fresh

        reply = await self._send(request, deadline=deadline, freshen=written)
        if reply.status in SILENT_S:
            now, headers = self._loop.time(), {name.lower(): value for name, value in reply.headers.items()}
            told, ban = headers.get("retry-after", ""), re.search(rb"banned until (\d+)", reply.body)
            if told.isdigit() and int(told):
                seconds = float(told)
            elif ban is not None:
                seconds = (int(ban[1]) - self._client.clock.exchange_ms()) / 1000
            else:
                seconds = SILENT_S[reply.status]
            self.told.append(
                Told(now, now + seconds, route if reply.status == 429 else None, seconds != SILENT_S[reply.status])
            )
        return reply

    def _judge(self, meant_ms):
        clock = self._client.clock
        wrong = abs(meant_ms / 1000 - self._look()) - clock.error - STEADY
        is_known = self._set_at < self._loop.time() - clock.age
        return (clock.exchange_ms() - meant_ms) / 1000, wrong if is_known else None

    def _look(self):
        """Return what the exchange's clock shows, in seconds, and note whether somebody has set it."""
        shown = (self._exchange._now() + self._exchange.core.venue.conditions.clock_shift_ms) / 1000
        now = self._loop.time()
        if abs(shown - now - self._offset) > STEADY + MOST_DRIFT * (now - self._looked_at):
            self._set_at = now
        self._offset, self._looked_at = shown - now, now
        return shown
