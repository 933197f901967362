"""What has happened to the money: a record of each loan, repayment, charge, transfer and movement."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

# Identifiers of the exchange go beyond 2**53 (samples of the loan histories, read 2026-11-22), which breaks
# clients that read them as floating-point numbers.
FIRST_TRANSACTION = 10_000_000_000_000_001


class Sum(NamedTuple):
    """So many units of an asset."""

    asset: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LoanRecord:
    """
    A loan or a repayment.

    Attributes:
        transaction: Identifier; unique among all records.
        time: Epoch milliseconds.
        account: ``"CROSS"`` or the pair's symbol.
        asset: What was lent or paid.
        kind: ``BORROW`` or ``REPAY``.
        origin: ``MANUAL`` by a call, ``AUTO`` by an order or the exchange.
        principal: In units of the asset.
        interest: Likewise; only a repayment has any.
    """

    transaction: int
    time: int
    account: str
    asset: str
    kind: str
    origin: str
    principal: Decimal
    interest: Decimal


@dataclass(frozen=True, slots=True)
class InterestRecord:
    """
    Interest of one asset for one hour.

    Attributes:
        asset: In which *interest* is counted: what is owed, or BNB.
        owed: What is owed.
        principal: Debt that it was charged on, in units of *owed*.
        rate: For the hour, a fraction.
        kind: ``ON_BORROW`` or ``PERIODIC``; with ``_CONVERTED`` where it was paid in BNB.
    """

    transaction: int
    time: int
    account: str
    asset: str
    owed: str
    principal: Decimal
    interest: Decimal
    rate: Decimal
    kind: str


@dataclass(frozen=True, slots=True)
class TransferRecord:
    """
    Money that went from one place of the user to another.

    Attributes:
        type: Universal transfer type, such as ``MAIN_MARGIN``.
        source: A wallet, ``CROSS``, or the symbol of an isolated account.
        target: Likewise.
    """

    transaction: int
    time: int
    type: str
    asset: str
    amount: Decimal
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Flow:
    """
    One movement of the money of a margin account; together they are what it holds.

    Attributes:
        number: Counts all movements, from 1.
        transaction: Of the loan, transfer or trade behind it.
        type: Such as ``TRANSFER`` or ``BUY_INCOME``.
        amount: Below zero when it left.
    """

    number: int
    transaction: int
    time: int
    account: str
    asset: str
    type: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DebtExchange:
    """A small debt that became one of another asset."""

    time: int
    asset: str
    amount: Decimal
    target_asset: str
    target_amount: Decimal


@dataclass(frozen=True, slots=True)
class LoanPayment:
    """A payment towards the liquidation loan."""

    transaction: int
    time: int
    asset: str
    amount: Decimal


@dataclass(slots=True)
class Histories:
    """Every record since the start, oldest first."""

    loans: list[LoanRecord] = field(default_factory=list[LoanRecord])
    interest: list[InterestRecord] = field(default_factory=list[InterestRecord])
    transfers: list[TransferRecord] = field(default_factory=list[TransferRecord])
    flows: list[Flow] = field(default_factory=list[Flow])
    debt_exchanges: list[DebtExchange] = field(default_factory=list[DebtExchange])
    loan_payments: list[LoanPayment] = field(default_factory=list[LoanPayment])
    transaction: int = FIRST_TRANSACTION

    def next_transaction(self) -> int:
        """Return a number that no other transaction has."""
        self.transaction += 1
        return self.transaction

    def flow(self, account: str, what: Sum, kind: str, transaction: int, now: int) -> None:
        """Note a movement, unless it moves nothing."""
        if what.amount:
            number = len(self.flows) + 1
            self.flows.append(Flow(number, transaction, now, account, what.asset, kind, what.amount))
