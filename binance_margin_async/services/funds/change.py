"""One loan, repayment or transfer of ``client.funds``, and what became of it."""

from __future__ import annotations

from decimal import Decimal

from binance_margin_async.models.intents import IntentKind
from binance_margin_async.services.desk.placed import Placed


class FundsChange(Placed):
    """
    A loan, a repayment or a transfer.

    Where the reply was lost, ``outcome`` is ``UNKNOWN``, and ``verdict`` waits until it is proved. It raises
    ``AmbiguousOutcomeError`` where nothing can prove it and a person has to look.
    """

    def __repr__(self) -> str:
        what = self.kind if self.kind is IntentKind.TRANSFER else self._fate.intent.parameters["type"].lower()
        return f"<FundsChange {self.intent_id}: {what} {self.amount} {self.asset} in {self.account}: {self.outcome}>"

    @property
    def intent_id(self) -> str:
        """Our name for it, under which the journal has it; the exchange never hears it."""
        return self._fate.intent.id

    @property
    def kind(self) -> IntentKind:
        """``LOAN``, which a repayment is too, or ``TRANSFER``."""
        return self._fate.intent.kind

    @property
    def asset(self) -> str:
        """What is borrowed, paid back or moved."""
        return self._fate.intent.symbol

    @property
    def amount(self) -> Decimal:
        """In units of the asset."""
        return Decimal(self._fate.intent.parameters["amount"])

    @property
    def transaction_id(self) -> int | None:
        """The exchange's id; ``None`` until it is known that it acted."""
        return self._fate.intent.exchange_id
