"""Whether our idea of the exchange's time is in doubt: then signed calls wait for a measurement."""

from __future__ import annotations

import asyncio


class ClockDoubt:
    """
    Arises with a refused timestamp, and is settled by whoever measures the clock.

    Attributes:
        exists: Whether a timestamp was refused and the clock was not measured since.
    """

    def __init__(self) -> None:
        self.exists: bool = False
        self._arisen = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()

    def __repr__(self) -> str:
        return f"<ClockDoubt {'arisen' if self.exists else 'settled'}>"

    def arise(self) -> None:
        """Take note that a timestamp was refused."""
        self.exists = True
        self._arisen.set()
        self._settled.clear()

    def settle(self) -> None:
        """Take note that the clock was measured, or that this was tried."""
        self.exists = False
        self._arisen.clear()
        self._settled.set()

    async def arisen(self, within: float) -> bool:
        """Wait until it arises, for so many seconds at most, and return whether it did."""
        try:
            async with asyncio.timeout(within):
                return await self._arisen.wait()
        except TimeoutError:
            return False

    async def settled(self, before: float) -> bool:
        """Wait until it is settled, until loop time *before* at most, and return whether it is."""
        try:
            async with asyncio.timeout_at(before):
                return await self._settled.wait()
        except TimeoutError:
            return False
