"""Debts that are settled in other ways than by a repayment: small ones, and what liquidations leave unpaid."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from binance_margin_async.sim.amounts import ONE, ZERO, ceiling
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.ledger.book import CONVERSIONS, DEFICITS, Book
from binance_margin_async.sim.ledger.records import DebtExchange, LoanPayment, Sum
from binance_margin_async.sim.ledger.wallets import SPOT
from binance_margin_async.sim.margin.valuation import Appraiser

# Small liability exchange: each debt below 10 USDT, at most ten at once, once in six hours (margin: trade, read
# 2026-11-22).
SMALL = Decimal(10)
MOST_AT_ONCE = 10
EXCHANGE_PAUSE_MS = 6 * 3_600_000

# The asset in which small debts go on, and the one in which a liquidation loan is counted.
TARGET = "USDT"
LOAN_ASSET = "USDC"
# Both dollars may pay it (margin: repay liquidation loan, read 2026-11-22).
LOAN_PAYABLE_IN = ("USDC", "USDT")


class Debt(NamedTuple):
    """What is owed of one asset, and what it comes to in USDT."""

    asset: str
    interest: Decimal
    principal: Decimal
    value: Decimal


@dataclass(slots=True)
class LiquidationLoan:
    """What liquidations of the cross account have left unpaid so far, in USDC."""

    amount: Decimal = ZERO
    repaid: Decimal = ZERO

    @property
    def remaining(self) -> Decimal:
        """What is still to be paid."""
        return self.amount - self.repaid


class Debts:
    """
    The desk for such debts.

    Attributes:
        loan: The liquidation loan.
        exchange_from: When small debts may be exchanged again, in epoch milliseconds.
    """

    def __init__(self, book: Book, appraiser: Appraiser) -> None:
        self._book = book
        self._appraiser = appraiser
        self.loan: LiquidationLoan = LiquidationLoan()
        self.exchange_from: int = 0

    def owed(self, account: Account) -> list[Debt]:
        """Return every debt of an account."""
        return [
            Debt(
                asset, balance.interest, balance.borrowed, self._appraiser.usdt_value(account, asset, balance.liability)
            )
            for asset, balance in account.balances.items()
            if balance.liability
        ]

    def small(self, account: Account) -> list[Debt]:
        """Return the debts that are small enough to be exchanged."""
        return [debt for debt in self.owed(account) if debt.asset != TARGET and debt.value < SMALL]

    def exchange(self, account: Account, assets: Sequence[str], now: int) -> None:
        """
        Turn small debts into one in USDT.

        Raises:
            RefusedError: -3026 for more than ten, too early, or a debt that is not small; then nothing changes.
        """
        small = {debt.asset: debt for debt in self.small(account)}
        if len(assets) > MOST_AT_ONCE or now < self.exchange_from or any(asset not in small for asset in assets):
            raise RefusedError(-3026, "Your input param is invalid.")
        for asset in dict.fromkeys(assets):
            debt = small[asset]
            amount, target = debt.interest + debt.principal, ceiling(debt.value)
            self._book.forgive(account, asset, amount, CONVERSIONS)
            self._book.owe(account, TARGET, target, CONVERSIONS)
            self._book.histories.debt_exchanges.append(DebtExchange(now, asset, amount, TARGET, target))
        self.exchange_from = now + EXCHANGE_PAUSE_MS

    def add_deficit(self, account: Account, value: Decimal) -> None:
        """Add what the house has lost, in USDT, to the liquidation loan; isolated accounts answer for themselves."""
        if not account.is_isolated and value > ZERO:
            self.loan.amount += ceiling(value / self._dollar())

    def pay_loan(self, asset: str, amount: Decimal, now: int) -> LoanPayment:
        """
        Pay a part of the liquidation loan out of the spot wallet.

        Raises:
            RefusedError: -3015 above what remains, -3027 for another asset than a dollar, -5002 above the wallet.
        """
        if asset not in LOAN_PAYABLE_IN:
            raise RefusedError(-3027, "Not a valid margin asset.")
        if amount > self.loan.remaining:
            raise RefusedError(-3015, "Repay amount exceeds borrow amount.")
        if amount > self._book.wallets[SPOT].balance(asset).free:
            raise RefusedError(-5002, "You have insufficient balance.")
        self._book.pay_house(SPOT, DEFICITS, Sum(asset, amount))
        self.loan.repaid += amount
        payment = LoanPayment(self._book.histories.next_transaction(), now, asset, amount)
        self._book.histories.loan_payments.append(payment)
        return payment

    def _dollar(self) -> Decimal:
        # The two dollars are taken as equal where one has no price in the other.
        return self._appraiser.dollars(LOAN_ASSET) if self._appraiser.is_priced(LOAN_ASSET) else ONE
