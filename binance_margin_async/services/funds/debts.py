"""Paying a whole debt, which grows every hour, and looking loans up."""

from __future__ import annotations

import asyncio
from decimal import ROUND_DOWN, Decimal
from typing import Protocol

from binance_margin_async.clock import Clock
from binance_margin_async.errors import Category, ExchangeError, InsufficientCollateralError, Outcome
from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.enums import LoanKind
from binance_margin_async.models.events import AutoRepayMissed, CancelRepayMismatch, LoanLeftBehind
from binance_margin_async.models.funds import Repayment
from binance_margin_async.models.loans import LoanRecord
from binance_margin_async.money import Amount, plain
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.borrow import BorrowCalls
from binance_margin_async.rules.margin.interest import pause_around_charge
from binance_margin_async.services.funds.change import FundsChange
from binance_margin_async.services.funds.proved import still_unknown
from binance_margin_async.services.holdings import Holding, read_holdings
from binance_margin_async.wire.endpoints.borrow import BORROW_REPAY

# More decimals are refused (practice, read 2026-11-22).
_GRAIN = Decimal("1e-8")
# Refusals that reading the debt anew mends: more than is owed, too little left, another loan in work.
_MENDED_BY_READING = frozenset({-3015, -3024, -3007})
# Loans are worked off in about 100 ms each; the error page asks for up to a second (read 2026-11-22).
_PENDING_WAIT = 1.0


class Repay(Protocol):
    """Makes one repayment, as ``client.funds.repay`` does."""

    async def __call__(self, asset: str, quantity: Amount, *, account: Account, patience: float | None) -> FundsChange:
        """Pay, and return what became of it."""
        ...


class Debts:
    """
    Part of ``client.funds``: loans.

    Args:
        account: Reads debts.
        borrow: Reads the history of loans.
        clock: The exchange's time.
        repay: Makes one repayment.
    """

    def __init__(self, *, account: AccountCalls, borrow: BorrowCalls, clock: Clock, repay: Repay) -> None:
        self._account = account
        self._borrow = borrow
        self._clock = clock
        self._pay = repay

    async def repay_all(self, asset: str, *, account: Account = CROSS, patience: float | None = None) -> Repayment:
        """
        Pay back all that is owed of *asset*, interest included, as far as the free balance reaches.

        The debt is read right before. Interest is added at each full hour, so close to it the call waits for up to 15
        seconds. When the exchange refuses because the debt has changed or another loan is in work, the debt is read
        anew and paid in one more attempt. A reply that was lost is never followed by another attempt: the exchange's
        records prove what became of the repayment, as of ``borrow``.

        Args:
            asset: Asset name, such as ``"USDT"``.
            account: ``CROSS`` or ``Isolated(symbol)``.
            patience: Seconds to wait for the proof when the reply is lost; without it, as long as it takes.

        Returns:
            What was owed and what was paid: look at ``left``, which is above zero when less was free than owed.

        Raises:
            InsufficientCollateralError: Something is owed and nothing of the asset is free.
            ReplyLostError: The reply was lost, and it was not proved in time what became of the repayment.
            HaltedError: It is not clear yet what became of an earlier one; nothing was sent.
            NotCarriedOutError: The reply was lost, and it is proved that the repayment was never made.
            AmbiguousOutcomeError: So, and only a person can tell what became of it; see ``settle``.
            ValueError: *asset* is in lower case, or is none of the two of the isolated pair.
        """
        if asset != asset.upper():
            raise ValueError(f"an asset's name is written in upper case: {asset!r}")
        try:
            return await self._repay(asset, account, patience)
        except ExchangeError as problem:
            if problem.outcome is not Outcome.REFUSED or problem.code not in _MENDED_BY_READING:
                raise
        await asyncio.sleep(_PENDING_WAIT)
        return await self._repay(asset, account, patience)

    async def repay_left(
        self, told: LoanLeftBehind | AutoRepayMissed | CancelRepayMismatch, *, patience: float | None = None
    ) -> Repayment:
        """
        Pay back what an event says an order left behind, as far as it is still owed and the free balance reaches.

        Args:
            told: The event; it names account, asset and amount.
            patience: As of ``repay_all``.

        Returns:
            What was owed in all and what was paid.

        Raises:
            MarginError: As of ``repay_all``.
        """
        return await self._repay(told.asset, told.account, patience, most=told.amount)

    async def loan_status(
        self, transaction_id: int, kind: LoanKind | str, *, account: Account = CROSS
    ) -> LoanRecord | None:
        """
        Look one loan or repayment up by its id.

        Args:
            transaction_id: As ``client.borrow.borrow`` and ``repay`` tell it.
            kind: ``"BORROW"`` or ``"REPAY"``.
            account: ``CROSS`` or ``Isolated(symbol)``.

        Returns:
            The record, whose ``status`` says whether it was carried out; ``None`` when it is not listed, which just
            after the call proves nothing.

        Raises:
            ValueError: *kind* is neither of the two.
        """
        page = await self._borrow.borrow_repay_records(kind, account=account, transaction_id=transaction_id)
        return next((each for each in page.rows if each.transaction_id == transaction_id), None)

    async def _repay(
        self, asset: str, account: Account, patience: float | None, *, most: Decimal | None = None
    ) -> Repayment:
        await asyncio.sleep(pause_around_charge(self._clock.exchange_ms()))
        debt = await self._debt(asset, account)
        wanted = debt.owed if most is None else min(most, debt.owed)
        quantity = min(wanted, debt.free).quantize(_GRAIN, ROUND_DOWN)
        if not wanted:
            return Repayment(account=account, asset=asset, owed=debt.owed, repaid=Decimal(0), transaction_id=None)
        if not quantity:
            raise _nothing_free(asset, account, debt)
        paid = await self._pay(asset, quantity, account=account, patience=patience)
        if paid.transaction_id is None:
            raise still_unknown(paid)
        return Repayment(
            account=account, asset=asset, owed=debt.owed, repaid=quantity, transaction_id=paid.transaction_id
        )

    async def _debt(self, asset: str, account: Account) -> Holding:
        holdings = await read_holdings(self._account, account)
        if account.is_isolated and holdings and asset not in holdings:
            raise ValueError(f"the isolated account of {account} holds {' and '.join(holdings)}, not {asset}")
        return holdings.get(asset, Holding())


def _nothing_free(asset: str, account: Account, debt: Holding) -> InsufficientCollateralError:
    error = InsufficientCollateralError(
        f"{BORROW_REPAY.route}: not sent: {plain(debt.owed)} {asset} is owed in {account} and none is free. "
        "Move some in, or buy some",
        outcome=Outcome.NOT_SENT,
        endpoint=BORROW_REPAY.route,
        category=Category.COLLATERAL,
    )
    error.maximum = Decimal(0)
    return error
