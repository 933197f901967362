"""The newest picture, handed from the monitor's event loop to that of the viewers."""

from __future__ import annotations

import asyncio

import msgspec

from binance_margin_async.models.picture import Picture


class Gallery:
    """
    Holds one picture, and wakes whoever waits for the next.

    Each picture takes the place of the one before, so a viewer that is slow misses some, and nothing piles up.
    ``hang`` may be called from another thread; everything else belongs to the viewers' event loop.

    Attributes:
        viewers: How many are watching.
    """

    def __init__(self) -> None:
        self.viewers: int = 0
        self._picture: Picture | None = None
        self._hung_at: float = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed: asyncio.Event = asyncio.Event()
        self._encoded: tuple[int, str] = (0, "")

    def open(self) -> None:
        """Belong to the running event loop from now on."""
        self._loop = asyncio.get_running_loop()
        self._hung_at = self._loop.time()

    def close(self) -> None:
        """Take no more pictures."""
        self._loop = None

    def hang(self, picture: Picture) -> None:
        """Show *picture* from now on."""
        loop = self._loop
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(self._hang, picture)
        except RuntimeError:
            self._loop = None  # closed in this very moment

    @property
    def picture(self) -> Picture | None:
        """The newest; ``None`` before the first."""
        return self._picture

    @property
    def age(self) -> float:
        """Seconds since the newest came; it grows when the monitor's own event loop stands still."""
        return asyncio.get_running_loop().time() - self._hung_at

    def now(self) -> str:
        """Return the newest picture as JSON, without the past; encoded once for all viewers."""
        picture = self._picture
        if picture is not None and self._encoded[0] != picture.number:
            self._encoded = (picture.number, _json(msgspec.structs.replace(picture, past={})))
        return self._encoded[1]

    def past(self) -> str:
        """Return the levels over time as JSON."""
        return _json({} if self._picture is None else self._picture.past)

    async def next(self, seen: int) -> int:
        """Wait for a picture other than number *seen*, and return its number."""
        while self._picture is None or self._picture.number == seen:
            await self._changed.wait()
        return self._picture.number

    def _hang(self, picture: Picture) -> None:
        self._picture, self._hung_at = picture, asyncio.get_running_loop().time()
        self._changed.set()
        self._changed = asyncio.Event()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
