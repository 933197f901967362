"""Borrowing and repaying."""

from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.ledger.book import Book
from binance_margin_async.sim.ledger.records import LoanRecord
from binance_margin_async.sim.margin.interest import Interest
from binance_margin_async.sim.margin.restrictions import Restrictions
from binance_margin_async.sim.margin.room import Room
from binance_margin_async.sim.margin.terms import Terms
from binance_margin_async.sim.margin.valuation import Appraiser

# Borrow and repay calls of one account are worked off one after the other, about 100 ms each
# (margin best practice, read 2026-11-22).
WORK_MS = 100


class Loans:
    """
    The lending desk.

    Attributes:
        work_ms: How long a borrow or repay keeps the next one of its account waiting.
    """

    def __init__(
        self,
        book: Book,
        appraiser: Appraiser,
        room: Room,
        terms: Terms,
        restrictions: Restrictions,
        *,
        interest: Interest,
    ) -> None:
        self._book = book
        self._appraiser = appraiser
        self._room = room
        self._terms = terms
        self._restrictions = restrictions
        self._interest = interest
        self.work_ms = WORK_MS

    def by_hand(self, account: Account, asset: str, amount: Decimal, *, borrow: bool, now: int) -> int:
        """
        Serve a borrow or repay call.

        Returns:
            The transaction.

        Raises:
            RefusedError: -3007 while another is in work, -3013 and -3016 below the least amounts, -3024 for a rest
                below them, and what :meth:`borrow` and :meth:`repay` raise.
        """
        if account.frozen_until is not None:
            raise RefusedError(-3037, "PNL is clearing. Wait a second.")
        if now < account.loan_busy_until:
            raise RefusedError(-3007, "You have pending transaction, please try again later.")
        if not self._appraiser.can_hold(account, asset):
            raise RefusedError(-3027, "Not a valid margin asset.")
        if borrow:
            if amount < self._terms.of(asset).min_borrow:
                raise RefusedError(-3013, "Borrow amount less than minimum borrow amount.")
            transaction = self.borrow(account, asset, amount, now, origin="MANUAL")
        else:
            self._check_repayment(account, asset, amount)
            transaction = self.repay(account, asset, amount, now, origin="MANUAL")
        account.loan_busy_until = now + self.work_ms
        return transaction

    def borrow(self, account: Account, asset: str, amount: Decimal, now: int, *, origin: str = "AUTO") -> int:
        """
        Pay a loan out and charge its first hour.

        Args:
            account: Who borrows.
            asset: What.
            amount: How much, in its units.
            now: Epoch milliseconds.
            origin: ``AUTO`` for an order's loan, ``MANUAL`` for one by a call.

        Returns:
            The transaction.

        Raises:
            RefusedError: -3027 for an asset that the account cannot hold, -3006 above the borrow room, -3045 above
                what the pool has, -3008, -3012 or -3014 where loans are barred.
        """
        if not self._appraiser.can_hold(account, asset):
            raise RefusedError(-3027, "Not a valid margin asset.")
        self._check_bars(account, asset)
        if not self._room.may_borrow(account, asset, amount):
            raise RefusedError(-3006, "Your borrow amount has exceed maximum borrow amount.")
        if amount > self._room.inventory(account, asset):
            raise RefusedError(-3045, "The system does not have enough asset now.")
        histories = self._book.histories
        transaction = histories.next_transaction()
        self._book.lend(account, asset, amount, transaction, now)
        record = LoanRecord(transaction, now, account.name, asset, "BORROW", origin, principal=amount, interest=ZERO)
        histories.loans.append(record)
        self._interest.on_borrow(account, asset, amount, now)
        return transaction

    def repay(
        self, account: Account, asset: str, amount: Decimal, now: int, *, origin: str = "AUTO", is_forced: bool = False
    ) -> int:
        """
        Pay a debt, interest first.

        Args:
            account: Who pays.
            asset: What is owed.
            amount: How much, in its units.
            now: Epoch milliseconds.
            origin: ``AUTO`` for an order's repayment, ``MANUAL`` for one by a call.
            is_forced: Whether a liquidation pays.

        Returns:
            The transaction.

        Raises:
            RefusedError: -3015 above the debt, -3041 above the free balance.
        """
        balance = account.balance(asset)
        if amount > balance.liability:
            raise RefusedError(-3015, "Repay amount exceeds borrow amount.")
        if amount > balance.free:
            raise RefusedError(-3041, "Balance is not enough.")
        histories = self._book.histories
        transaction = histories.next_transaction()
        paid, principal = self._book.repay(account, asset, amount, transaction, now, is_forced=is_forced)
        record = LoanRecord(transaction, now, account.name, asset, "REPAY", origin, principal, paid)
        histories.loans.append(record)
        self._interest.tell(account, asset, "REPAY", principal=principal, interest=paid, now=now)
        return transaction

    def _check_bars(self, account: Account, asset: str) -> None:
        if not self._restrictions.lending_is_open:
            raise RefusedError(-3008, "Borrow not allowed. Your borrow amount has exceed maximum borrow amount.")
        self._restrictions.check_account(account, "borrow")
        if not self._terms.of(asset).is_borrowable or self._restrictions.is_leaving(account, asset):
            raise RefusedError(-3012, "Borrow is banned for this asset.")

    def _check_repayment(self, account: Account, asset: str, amount: Decimal) -> None:
        if not self._restrictions.repaying_is_open:
            raise RefusedError(-3010, "Repay not allowed. Repay amount exceeds borrow amount.")
        self._restrictions.check_account(account, "repay")
        least, left = self._terms.of(asset).min_repay, account.balance(asset).liability - amount
        # The whole debt may always be paid, however small it is.
        if amount < least and left > ZERO:
            raise RefusedError(-3016, "Repay amount less than minimum repay amount.")
        if ZERO < left < least:
            raise RefusedError(-3024, "The unpaid debt is too small after this repayment.")
