"""What was meant to be done at the exchange, written down before it was tried."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from binance_margin_async.errors import Outcome
from binance_margin_async.models.account import Account


class IntentKind(StrEnum):
    """What an intent would change."""

    ORDER = "order"
    ORDER_LIST = "order_list"
    CANCEL = "cancel"
    LOAN = "loan"
    TRANSFER = "transfer"


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """
    One change asked of the exchange, and what is known of its outcome.

    Args:
        id: Our own name for it, unique for ever; an order's is its client order id.
        kind: What it would change.
        account: Where.
        symbol: Pair of an order, asset of a loan or transfer.
        parameters: By the exchange's names, as text.
        recv_window_ms: How long after its stamp the exchange may still begin to act on it.
        written_ms: When it was written down, in the exchange's epoch milliseconds by our clock.
        latest_ms: No stamp is later than this; it is not sent afterwards.
        owed_before: Debt in the asset of a loan or repayment, read just before; ``None`` when that failed.
        stamped_ms: Timestamp of the signed request; ``None`` while that is not known.
        outcome: ``None`` while it is open.
        exchange_id: The exchange's id of what came of it.
        reason: Why the outcome is what it is.
        decided_ms: When that was known.
    """

    id: str
    kind: IntentKind
    account: Account
    symbol: str
    parameters: dict[str, str]
    recv_window_ms: int
    written_ms: int
    latest_ms: int
    owed_before: Decimal | None = None
    stamped_ms: int | None = None
    outcome: Outcome | None = None
    exchange_id: int | None = None
    reason: str = ""
    decided_ms: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether its outcome has still to be proved."""
        return self.outcome in {None, Outcome.UNKNOWN}

    def stamped(self, at_ms: int) -> Intent:
        """Return it with the timestamp under which it was sent."""
        return msgspec.structs.replace(self, stamped_ms=at_ms)

    def renewed(self, at_ms: int) -> Intent:
        """Return it as written down at *at_ms*, to be sent within the same time from then on."""
        return msgspec.structs.replace(self, written_ms=at_ms, latest_ms=at_ms + self.latest_ms - self.written_ms)

    def decided(self, outcome: Outcome, reason: str, *, at_ms: int, exchange_id: int | None = None) -> Intent:
        """Return it with an outcome."""
        return msgspec.structs.replace(
            self,
            outcome=outcome,
            reason=reason,
            decided_ms=at_ms,
            exchange_id=self.exchange_id if exchange_id is None else exchange_id,
        )


class Note(msgspec.Struct, frozen=True):
    """
    A small fact that a restart must find again, such as a ban's end or how far a stream was read.

    Args:
        name: What it is about; a later note of the same name takes its place.
        value: Plain text, often JSON.
    """

    name: str
    value: str
