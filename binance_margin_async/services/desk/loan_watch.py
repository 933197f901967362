"""Looks whether the loans and repayments that are side effects of orders came out as they should."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from binance_margin_async.clock import Clock
from binance_margin_async.errors import ClosedError, MarginError, Outcome
from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import LoanKind, LoanOrigin, LoanStatus
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.events import AutoRepayMissed, CancelRepayMismatch, LoanLeftBehind
from binance_margin_async.models.intents import Intent, IntentKind
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.borrow import BorrowCalls
from binance_margin_async.rules.orders.records import Trace
from binance_margin_async.rules.orders.side_effects import (
    Pair,
    Payment,
    loans_left,
    may_borrow,
    paid_for,
    repayment_due,
    shortfall,
    spent_asset,
    unused_loan,
)
from binance_margin_async.services.desk.live_order import LiveOrder
from binance_margin_async.services.desk.resolver import DRIFT
from binance_margin_async.services.holdings import Holding, read_holdings
from binance_margin_async.services.rulebook import RuleBook
from binance_margin_async.services.supervisor import Supervisor

_log = logging.getLogger("binance_margin_async.desk")
# Loans are worked off in about 100 ms each (read 2026-11-22); what is missing is looked for twice before it is told.
_SETTLED, _ONCE_MORE = 2.0, 5.0
_TRIES = 5
_PAGE = 100
# Orders and repayments that are remembered to tell whose a record is.
_MOST = 10_000
_GRAIN_MS = 1_000


class _Loan(NamedTuple):
    account: Account
    asset: str
    amount: Decimal
    at_ms: int


class _Look(NamedTuple):
    """Something that is to be looked at, and when."""

    name: str
    look: Callable[[], Awaitable[None]]
    at: float
    tries: int = 1


class _Looked(NamedTuple):
    """The records of one asset by side effects, and its debt."""

    loans: list[Trace]
    repayments: list[Trace]
    owed: Decimal


class LoanWatch:
    """
    Compares what was borrowed and paid back with what should have been, some seconds after an order ended.

    It tells, and changes nothing.

    Args:
        account: Reads debts.
        borrow: Reads the records of loans.
        rules: Know the assets of a pair.
        clock: The loop's and the exchange's time.
        supervisor: Owns the task that looks.
        publish: Puts an event on the bus.
    """

    def __init__(
        self,
        *,
        account: AccountCalls,
        borrow: BorrowCalls,
        rules: RuleBook,
        clock: Clock,
        supervisor: Supervisor,
        publish: Callable[[Event], None],
    ) -> None:
        self._account = account
        self._borrow = borrow
        self._rules = rules
        self._clock = clock
        self._supervisor = supervisor
        self._publish = publish
        self._known: deque[_Loan] = deque(maxlen=_MOST)
        self._taken: deque[int] = deque(maxlen=_MOST)
        self._waiting: deque[_Look] = deque()

    def on_borrowed(self, account: Account, asset: str, amount: Decimal) -> None:
        """Take the loan that an accepted order drew, by its reply."""
        self._known.append(_Loan(account, asset, amount, self._clock.exchange_ms()))

    def on_refused(self, intent: Intent) -> None:
        """Look for a loan if *intent*, an order or list that was sent and refused, may have drawn one."""
        is_order = intent.kind in {IntentKind.ORDER, IntentKind.ORDER_LIST}
        if is_order and intent.outcome is Outcome.REFUSED and may_borrow(intent.parameters):
            self._start(f"loan of {intent.id}", partial(self._look_for_loan, intent))

    def on_ended(self, live: LiveOrder) -> None:
        """Look whether the repayments of *live*, which has ended, were made."""
        if live.intent.kind is IntentKind.ORDER and live.intent.parameters.get("sideEffectType") in _LOOKED_AT:
            self._start(f"repayments of {live.client_order_id}", partial(self._look_for_repayments, live))

    def _start(self, name: str, look: Callable[[], Awaitable[None]]) -> None:
        if len(self._waiting) >= _MOST:
            _log.warning("%s: not looked at, as %d others wait; compare the debt yourself", name, _MOST)
            return
        self._waiting.append(_Look(name, look, self._clock.now() + _SETTLED))
        with suppress(ClosedError):  # the client is being closed
            self._supervisor.start("side effects of orders", self._work)

    async def _work(self) -> None:
        while self._waiting:
            each = self._waiting.popleft()
            await asyncio.sleep(max(0.0, each.at - self._clock.now()))
            try:
                await each.look()
            except MarginError as problem:
                if each.tries < _TRIES:
                    self._waiting.append(each._replace(at=self._clock.now() + _ONCE_MORE, tries=each.tries + 1))
                else:
                    _log.warning("%s: cannot be looked at; compare the debt yourself: %s", each.name, problem)

    async def _look_for_loan(self, intent: Intent) -> None:
        asset = spent_asset(intent.parameters, await self._pair(intent.symbol))
        since_ms = self._since(intent)
        looked = await self._look(intent.account, asset, since_ms)
        known = [
            each.amount
            for each in self._known
            if (each.account, each.asset) == (intent.account, asset) and each.at_ms >= since_ms
        ]
        left = min(loans_left(looked.loans, looked.repayments, known), looked.owed)
        if left > 0:
            self._tell(intent.account, LoanLeftBehind(asset=asset, amount=left, intent=intent))

    async def _look_for_repayments(self, live: LiveOrder) -> None:
        parameters, pair = live.intent.parameters, await self._pair(live.symbol)
        due = repayment_due(parameters, live.state, pair)
        if due is not None:
            paid, left, _ = await self._missing(live, due)
            if left > 0:
                told = AutoRepayMissed(
                    symbol=live.symbol,
                    client_order_id=live.client_order_id,
                    asset=due.asset,
                    due=due.amount,
                    paid=paid,
                    amount=left,
                )
                self._tell(live.account, told)
        unused = unused_loan(parameters, live.state, live.borrowed, pair)
        if unused is not None:
            await self._look_for_unused(live, unused)

    async def _look_for_unused(self, live: LiveOrder, unused: Payment) -> None:
        paid, left, repayments = await self._missing(live, unused)
        if not unused.amount:  # the loan was to stay: was it paid back all the same?
            paid = next((each.amount for each in repayments if each.amount == live.borrowed), paid)
        if left > 0 or paid > unused.amount == 0:
            told = CancelRepayMismatch(
                symbol=live.symbol,
                client_order_id=live.client_order_id,
                asset=unused.asset,
                due=unused.amount,
                paid=paid,
                amount=left,
            )
            self._tell(live.account, told)

    async def _missing(self, live: LiveOrder, due: Payment) -> tuple[Decimal, Decimal, list[Trace]]:
        """Return what was paid, what is missing of it, and all repayments that may be the order's."""
        paid, left, repayments = await self._compare(live, due)
        if left > 0:
            await asyncio.sleep(_ONCE_MORE)
            paid, left, repayments = await self._compare(live, due)
        return paid, left, repayments

    async def _compare(self, live: LiveOrder, due: Payment) -> tuple[Decimal, Decimal, list[Trace]]:
        looked = await self._look(live.account, due.asset, self._since(live.intent))
        free = [each for each in looked.repayments if each.transaction_id not in self._taken]
        paid = paid_for(due, free, self._taken)
        since = sum((each.amount for each in looked.loans if each.time_ms > live.state.updated_ms), Decimal(0))
        left = shortfall(due, paid.amount, owed=looked.owed, borrowed_since=since)
        if not left:
            self._taken.extend(paid.records)
        return paid.amount, left, free

    async def _look(self, account: Account, asset: str, since_ms: int) -> _Looked:
        owed = (await read_holdings(self._account, account)).get(asset, Holding()).owed
        loans = await self._records(LoanKind.BORROW, account, asset, since_ms)
        return _Looked(loans, await self._records(LoanKind.REPAY, account, asset, since_ms), owed)

    async def _records(self, kind: LoanKind, account: Account, asset: str, since_ms: int) -> list[Trace]:
        found: list[Trace] = []
        number = 0
        while True:
            number += 1
            page = await self._borrow.borrow_repay_records(
                kind, asset=asset, account=account, start_ms=since_ms, page=number, size=_PAGE
            )
            found += [
                Trace(each.transaction_id, each.time_ms, each.amount)
                for each in page.rows
                if each.origin is LoanOrigin.AUTO and each.status is not LoanStatus.FAILED
            ]
            if not page.rows or number * _PAGE >= page.total:
                return found

    async def _pair(self, symbol: str) -> Pair:
        info = (await self._rules.of(symbol)).info
        return Pair(info.base_asset, info.quote_asset)

    def _since(self, intent: Intent) -> int:
        return intent.written_ms - round((self._clock.error + DRIFT) * 1000) - _GRAIN_MS

    def _tell(self, account: Account, event: Event) -> None:
        event.stamp(account, Origin.LOCAL, self._clock.now())
        _log.warning("%s: %s", account, event)
        self._publish(event)


_LOOKED_AT = frozenset({"MARGIN_BUY", "AUTO_REPAY", "AUTO_BORROW_REPAY"})
