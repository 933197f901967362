"""What becomes of one call that changes something, from writing it down to its proved outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from binance_margin_async.errors import ClosedError, MarginError, Outcome
from binance_margin_async.models.intents import Intent
from binance_margin_async.models.stages import Stages

# Seconds without a move until whoever waits may ask.
PATIENCE = 5.0


class Fate:
    """
    The outcome of one intent, for all who wait for it.

    Args:
        intent: As it is written down.
    """

    def __init__(self, intent: Intent) -> None:
        self.intent: Intent = intent
        self.stages: Stages = Stages()
        self.seen: asyncio.Event = asyncio.Event()
        """Set once an event or a reply named what the intent asked for."""
        self.problem: MarginError | None = None
        """What was raised, or will be, for whoever waits."""
        self.on_first_seen: Callable[[], None] | None = None
        """Called when ``seen`` is set."""
        self.legs: int | None = 1
        """How many orders share it; ``None`` when that is not known."""
        self.is_stuck: bool = False
        """Whether only a person can tell what became of it."""
        self._rejected: set[str] = set()
        self._moved = asyncio.Event()
        self._is_left = False

    def __repr__(self) -> str:
        return f"<Fate of {self.intent.id}: {self.intent.outcome}>"

    @property
    def is_rejected(self) -> bool:
        """Whether the exchange's engine has rejected all that it is about: then nothing of it was ever live."""
        return len(self._rejected) == self.legs

    def on_rejected(self, client_order_id: str, at: float) -> None:
        """Take note that the exchange's engine rejected an order, which says nothing of the others."""
        self._rejected.add(client_order_id)
        if self.is_rejected:
            self.on_seen(at)
        else:
            self._move()

    def on_seen(self, at: float) -> None:
        """Take note that the exchange has it, or that something about it changed."""
        if self.stages.echoed is None:
            self.stages.echoed = at
        if not self.seen.is_set():
            self.seen.set()
            if self.on_first_seen is not None:
                self.on_first_seen()
        self._move()

    def on_intent(self, intent: Intent, problem: MarginError | None = None) -> None:
        """Take what is known now."""
        self.intent, self.is_stuck = intent, False
        if problem is not None:
            self.problem = problem
        self._move()

    def on_stuck(self, intent: Intent, problem: MarginError) -> None:
        """Take that nothing can prove what became of it; those who wait get *problem*."""
        self.intent, self.problem, self.is_stuck = intent, problem, True
        self._move()

    def leave(self) -> None:
        """Tell all who wait that nobody goes on asking."""
        self._is_left = True
        self._move()

    async def verdict(self) -> Outcome:
        """
        Wait for the proved outcome.

        Raises:
            AmbiguousOutcomeError: Only a person can tell.
            ClosedError: Nobody goes on asking.
        """
        await self.until(lambda: self.is_stuck or not self.intent.is_open)
        if self.is_stuck and self.problem is not None:
            raise self.problem
        return self.intent.outcome or Outcome.UNKNOWN

    async def accepted(self) -> None:
        """
        Wait until it is proved that the exchange acted.

        Raises:
            MarginError: It did not.
            ClosedError: Nobody goes on asking.
        """
        if await self.verdict() is not Outcome.ACCEPTED and self.problem is not None:
            raise self.problem

    async def until(self, holds: Callable[[], bool], ask: Callable[[], Awaitable[None]] | None = None) -> None:
        """
        Wait until *holds* returns true; it is looked at after every move.

        Args:
            holds: What is waited for.
            ask: Asks the exchange, whenever nothing has moved for five seconds.

        Raises:
            ClosedError: Nobody goes on asking.
        """
        while not holds():
            try:
                async with asyncio.timeout(None if ask is None else PATIENCE):
                    await self.next_move()
            except TimeoutError:
                if ask is not None:
                    await ask()

    async def next_move(self) -> None:
        """
        Wait until something changes.

        Raises:
            ClosedError: Nobody goes on asking.
        """
        if self._is_left:
            raise ClosedError(
                f"the client was closed while {self.intent.id} was followed: what is open stands in the journal"
            )
        await self._moved.wait()

    def _move(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()
