"""What a client sends and is told, seen where it leaves and arrives."""

import asyncio
import json
import re
from typing import NamedTuple

from binance_margin_async.clock import PAST_BIAS_MS
from binance_margin_async.errors import NotSentError

# What a refusal means that names no time: a firewall's minute, a first ban, the rest of a minute.
SILENT_S = {403: 60.0, 418: 120.0, 429: 62.0}
# Each further ban is twice as long (promise L3), up to three days, until there was none for an hour.
LONGEST_BAN, FORGIVEN = 3 * 86_400.0, 3_600.0
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
        self._strikes, self._banned_until = 0, None
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
        self._look()

        def seen(sent):
            stamp = re.search(r"\btimestamp=(\d+)", sent.target)
            return Sent(at, route) if stamp is None else Sent(at, route, *self._judge(int(stamp[1]) + PAST_BIAS_MS))

        def written():
            fresh = request if freshen is None else freshen()
            self.sent[place] = seen(fresh)
            return fresh

        # Written at once, unless it has to wait.
        self.sent.append(seen(request))
        try:
            reply = await self._send(request, deadline=deadline, freshen=written)
        except NotSentError:
            self.sent[place] = Sent(at, route)
            raise
        if reply.status in SILENT_S:
            self._note(route, reply)
        return reply

    def _note(self, route, reply):
        """Note until when a refusal lets nothing be sent, from what arrived and nothing that the client made of it."""
        now, named = self._loop.time(), self._named(reply)
        silent = SILENT_S[reply.status]
        if reply.status == 418:
            before = self._banned_until
            if before is None or now - before > FORGIVEN:
                self._strikes = 0
            elif now >= before:
                self._strikes += 1
            silent = min(silent * 2**self._strikes, LONGEST_BAN)
        until = now + (silent if named is None else named)
        if reply.status == 418:
            self._banned_until = max(until, self._banned_until or until)
        self.told.append(Told(now, until, route if reply.status == 429 else None, named is not None))

    def _named(self, reply):
        """Return the seconds that a refusal names, in its header or a body that came as it was sent; or ``None``."""
        told = {name.lower(): value for name, value in reply.headers.items()}.get("retry-after", "")
        if told.isdigit() and int(told):
            return float(told)
        try:
            text = str(json.loads(reply.body)["msg"])
        except (ValueError, KeyError, TypeError):
            return None
        end = re.search(r"banned until (\d+)", text)
        # The seconds to go are counted by the clock that the client has: it knows no other.
        return None if end is None else (int(end[1]) - self._client.clock.exchange_ms()) / 1000

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
