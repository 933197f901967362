"""What a client sends and is told, seen where it leaves and arrives."""

import asyncio
import re
from typing import NamedTuple

# What a refusal means that names no time: a firewall's minute, the shortest ban, the rest of a minute.
SILENT_S = {403: 60.0, 418: 120.0, 429: 62.0}


class Sent(NamedTuple):
    """
    One call.

    Attributes:
        at: When it was sent.
        route: Verb and path.
        age: Seconds between its stamp and its being sent; ``None`` without a stamp.
    """

    at: float
    route: str
    age: float | None


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
        self._client = client
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

    async def send(self, request, *, deadline):
        """Pass a call on, and note what becomes of it."""
        route = f"{request.method} {request.target.partition('?')[0]}"
        stamp = re.search(r"\btimestamp=(\d+)", request.target)
        age = None if stamp is None else (self._client.clock.exchange_ms() - int(stamp[1])) / 1000
        self.sent.append(Sent(self._loop.time(), route, age))
        reply = await self._send(request, deadline=deadline)
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
