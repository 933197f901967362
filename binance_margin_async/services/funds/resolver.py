"""Finds out what became of a loan, a repayment or a transfer whose reply was lost: reads the exchange's records."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import NamedTuple, TypeVar

from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError, Outcome
from binance_margin_async.models.enums import LoanKind
from binance_margin_async.models.intents import Intent, IntentKind
from binance_margin_async.models.loans import LoanRecord
from binance_margin_async.models.pages import Page
from binance_margin_async.models.replies import Reply
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.borrow import BorrowCalls
from binance_margin_async.rest.wallet import WalletCalls
from binance_margin_async.rules.orders.proof import Verdict
from binance_margin_async.rules.orders.record_proof import RECORD_LAG, RecordProof
from binance_margin_async.rules.orders.records import (
    LOOKBACK_MS,
    Change,
    Debts,
    Match,
    Search,
    Trace,
    contradicts,
    loan_traces,
    match,
    search,
    transfer_traces,
)
from binance_margin_async.services.desk.resolver import DRIFT, expiry
from binance_margin_async.services.funds.claims import Claims
from binance_margin_async.services.holdings import Holding, read_holdings

R = TypeVar("R", bound=Reply)
_PAGE = 100
# One reading is up to a dozen calls; one that hangs is given up, and another is made.
_READING_LIMIT = 15.0
# The debt before a call is read for this comparison only; it must not hold a repayment up for longer.
DEBT_LIMIT = 2.0
# Later than that, interest and other calls have moved a debt too much for it to witness anything.
_DEBT_IS_FRESH = 2 * RECORD_LAG


class _Reading(NamedTuple):
    found: Match
    contradicted: bool


class RecordResolver:
    """
    Proves the outcomes of loans, repayments and transfers; never makes any of them.

    Args:
        account: Reads debts.
        borrow: Reads the records of loans and repayments.
        wallet: Reads the records of transfers.
        claims: Knows which records are taken.
        clock: The loop's and the exchange's time.
        engine_limit: Seconds an accepted request may wait before the exchange begins to act on it.
    """

    def __init__(
        self,
        *,
        account: AccountCalls,
        borrow: BorrowCalls,
        wallet: WalletCalls,
        claims: Claims,
        clock: Clock,
        engine_limit: float,
    ) -> None:
        self._account = account
        self._borrow = borrow
        self._wallet = wallet
        self._claims = claims
        self._clock = clock
        self._engine_limit = engine_limit

    async def prove(
        self,
        intent: Intent,
        seen: asyncio.Event,  # noqa: ARG002  # no event names such a call
        *,
        signed_at: float | None,
    ) -> Verdict:
        """
        Return what is proved, after the intent's last moment; it goes on reading while the exchange cannot be reached.

        Args:
            intent: A loan, a repayment or a transfer that was sent, or may have been.
            seen: Not looked at.
            signed_at: Loop time at which it was signed; ``None`` if an earlier process did.
        """
        expires_at = expiry(intent, self._clock, signed_at=signed_at, engine_limit=self._engine_limit)
        proof = RecordProof(now=self._clock.now(), expires_at=expires_at)
        while (wake_at := proof.wake_at) is not None:
            await asyncio.sleep(max(0.0, wake_at - self._clock.now()))
            asked_at = self._clock.now()
            try:
                async with asyncio.timeout(_READING_LIMIT):
                    reading = await self._read(intent, expires_at)
            except (MarginError, TimeoutError):
                proof.on_unanswered(now=self._clock.now())
            else:
                proof.on_reading(
                    reading.found, contradicted=reading.contradicted, asked_at=asked_at, now=self._clock.now()
                )
        return proof.verdict or Verdict(Outcome.UNKNOWN, intent.reason)

    async def _read(self, intent: Intent, expires_at: float) -> _Reading:
        wanted = self._search(intent, expires_at)
        claimed = await self._claims.read(since_ms=wanted.from_ms - LOOKBACK_MS)
        if intent.kind is IntentKind.TRANSFER:
            return _Reading(match(wanted, await self._transfers(intent, wanted), claimed), contradicted=False)
        return await self._loan(intent, wanted, claimed, expires_at)

    def _search(self, intent: Intent, expires_at: float) -> Search:
        return search(
            Decimal(intent.parameters["amount"]),
            stamped_ms=intent.written_ms if intent.stamped_ms is None else intent.stamped_ms,
            last_ms=round((expires_at + self._clock.offset) * 1000),
            error_ms=self._error_ms(),
        )

    def _end(self, wanted: Search) -> int | None:
        """Return up to when to read; open at the end where the exchange's clock decides what it has filed by now."""
        end = wanted.until_ms + LOOKBACK_MS
        return None if end > self._clock.exchange_ms() else end

    async def _loan(self, intent: Intent, wanted: Search, claimed: frozenset[int], expires_at: float) -> _Reading:
        debts = await self._debts(intent, expires_at)
        kind = LoanKind(intent.parameters["type"])
        records = await self._loans(intent, kind, wanted.from_ms - LOOKBACK_MS, self._end(wanted))
        found = match(wanted, loan_traces(records, intent.symbol), claimed)
        if found.candidates or debts is None:
            return _Reading(found, contradicted=False)
        is_loan = kind is LoanKind.BORROW
        other = LoanKind.REPAY if is_loan else LoanKind.BORROW
        others = await self._loans(intent, other, wanted.from_ms - LOOKBACK_MS, None)
        loans, repayments = (records, others) if is_loan else (others, records)
        changes = (
            *(Change(each.time_ms, each.amount) for each in loans),
            *(Change(each.time_ms, -each.amount) for each in repayments),
        )
        return _Reading(found, contradicts(wanted.amount if is_loan else -wanted.amount, debts, changes))

    async def _debts(self, intent: Intent, expires_at: float) -> Debts | None:
        """Return the debt before and now, unless too much has happened since for it to witness anything."""
        if intent.owed_before is None or self._clock.now() > expires_at + _DEBT_IS_FRESH:
            return None
        error_ms = self._error_ms()
        read_again_ms = self._clock.exchange_ms() - error_ms
        now = (await read_holdings(self._account, intent.account)).get(intent.symbol, Holding()).owed
        read_ms = (intent.written_ms - round(DEBT_LIMIT * 1000) - error_ms, intent.written_ms + error_ms)
        return Debts(intent.owed_before, read_ms, now, read_again_ms)

    def _error_ms(self) -> int:
        return round((self._clock.error + DRIFT) * 1000)

    async def _loans(self, intent: Intent, kind: LoanKind, from_ms: int, until_ms: int | None) -> list[LoanRecord]:
        async def page(number: int) -> Page[LoanRecord]:
            return await self._borrow.borrow_repay_records(
                kind,
                asset=intent.symbol,
                account=intent.account,
                start_ms=from_ms,
                end_ms=until_ms,
                page=number,
                size=_PAGE,
            )

        return await _all_pages(page)

    async def _transfers(self, intent: Intent, wanted: Search) -> list[Trace]:
        told = intent.parameters
        records = await _all_pages(
            lambda number: self._wallet.universal_transfer_history(
                told["type"],
                start_ms=wanted.from_ms - LOOKBACK_MS,
                end_ms=self._end(wanted),
                page=number,
                size=_PAGE,
                from_symbol=told.get("fromSymbol"),
                to_symbol=told.get("toSymbol"),
            )
        )
        return transfer_traces(records, intent.symbol)


async def _all_pages(read: Callable[[int], Awaitable[Page[R]]]) -> list[R]:
    """Return everything; a record may come twice when another one came in between."""
    rows: list[R] = []
    number = 0
    while True:
        number += 1
        page = await read(number)
        rows += page.rows
        if not page.rows or number * _PAGE >= page.total:
            return rows
