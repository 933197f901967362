"""What orders, order lists, loans and transfers have in common: the fate of the call that made them."""

from __future__ import annotations

from binance_margin_async.errors import Outcome
from binance_margin_async.models.account import Account
from binance_margin_async.models.intents import Intent
from binance_margin_async.models.stages import Stages
from binance_margin_async.services.desk.fate import Fate


class Placed:
    """
    Something that was placed, borrowed, paid back or moved.

    Args:
        fate: Of the call that did it.
    """

    def __init__(self, fate: Fate) -> None:
        self._fate = fate

    @property
    def intent(self) -> Intent:
        """What was meant, and what is known of its outcome, as the journal has it."""
        return self._fate.intent

    @property
    def account(self) -> Account:
        """Where it was placed."""
        return self._fate.intent.account

    @property
    def symbol(self) -> str:
        """Its pair; of a loan or a transfer, its asset."""
        return self._fate.intent.symbol

    @property
    def outcome(self) -> Outcome | None:
        """Whether the exchange has it; ``None`` while it is being sent, ``UNKNOWN`` until that is proved."""
        return self._fate.intent.outcome

    @property
    def stages(self) -> Stages:
        """When it passed each stage on its way."""
        return self._fate.stages

    async def verdict(self) -> Outcome:
        """
        Wait until it is proved what became of it.

        Returns:
            ``ACCEPTED``, ``REFUSED`` or ``NOT_SENT``; never ``UNKNOWN``.

        Raises:
            AmbiguousOutcomeError: Nothing can prove it, as may happen to a loan or a transfer; never to an order.
            ClosedError: The client was closed before that; the journal has it.
        """
        return await self._fate.verdict()

    async def accepted(self) -> None:
        """
        Wait until it is proved that the exchange has it.

        Raises:
            MarginError: It does not; as the call that placed it raises it.
            ClosedError: As of ``verdict``.
        """
        await self._fate.accepted()

    def leave(self) -> None:
        """Tell all who wait that the client is closed."""
        self._fate.leave()
