"""Loans, repayments and transfers that end in a proved outcome: written down, sent once, found again by the records."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn

from msgspec.structs import replace

from binance_margin_async.bus import Bus
from binance_margin_async.clock import Clock
from binance_margin_async.errors import HaltedError, MarginError, Outcome, ReplyLostError
from binance_margin_async.journal import Journal
from binance_margin_async.models.account import CROSS, Account, Cross, Isolated
from binance_margin_async.models.enums import LoanKind
from binance_margin_async.models.events import LoanUpdate, OutcomeUpdate, TransferUpdate
from binance_margin_async.models.intents import Intent, IntentKind
from binance_margin_async.models.replies import LoanReply
from binance_margin_async.models.stages import Stages
from binance_margin_async.models.transfers import TransferReply
from binance_margin_async.money import Amount
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.borrow import loan_parameters
from binance_margin_async.rest.executor import Call, Executor
from binance_margin_async.rules.limits import Lane
from binance_margin_async.rules.orders.client_ids import ClientIds
from binance_margin_async.rules.orders.transfers import Step
from binance_margin_async.services.desk.fate import Fate
from binance_margin_async.services.desk.outcomes import Outcomes
from binance_margin_async.services.funds.change import FundsChange
from binance_margin_async.services.funds.claims import Claims
from binance_margin_async.services.funds.resolver import DEBT_LIMIT
from binance_margin_async.services.holdings import Holding, read_holdings
from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.endpoints.borrow import BORROW_REPAY
from binance_margin_async.wire.endpoints.wallet import UNIVERSAL_TRANSFER
from binance_margin_async.wire.parameters import Parameter

_KINDS = frozenset({IntentKind.LOAN, IntentKind.TRANSFER})


class _Plan(NamedTuple):
    """One call that is to be made."""

    kind: IntentKind
    account: Account
    asset: str
    row: Endpoint[Any]
    wanted: Mapping[str, Parameter]
    lane: Lane | None
    serial: Account | None
    """Whose loans and transfers must not overlap; none where no margin account is concerned."""


class Proved:
    """
    Part of ``client.funds``: loans, repayments and transfers, one at a time of each kind, account and asset.

    Args:
        executor: Makes the calls.
        account: Reads debts.
        outcomes: Carries intents to their proved outcomes.
        claims: Keeps which transactions are known.
        journal: Where intents are written down.
        bus: Brings what replies tell.
        clock: The loop's and the exchange's time.
        ids: Makes the names of intents.
        on_reply: Told of a call that was found again, as if its reply had come.
    """

    def __init__(
        self,
        *,
        executor: Executor,
        account: AccountCalls,
        outcomes: Outcomes,
        claims: Claims,
        journal: Journal,
        bus: Bus,
        clock: Clock,
        ids: ClientIds,
        on_reply: Callable[[Call, object], None],
    ) -> None:
        self._executor = executor
        self._account = account
        self._outcomes = outcomes
        self._claims = claims
        self._journal = journal
        self._bus = bus
        self._clock = clock
        self._ids = ids
        self._on_reply = on_reply
        self._last: dict[tuple[str, ...], Fate] = {}
        self._left_open: list[Fate] = []
        self._exit = AsyncExitStack()

    async def open(self) -> None:
        """
        Go on finding out about what an earlier process left open; the journal is open already.

        Raises:
            JournalError: It cannot be read.
        """
        claim = self._claims.on_update
        await self._exit.enter_async_context(self._bus.on(LoanUpdate, handler=claim))
        await self._exit.enter_async_context(self._bus.on(TransferUpdate, handler=claim))
        await self._exit.enter_async_context(self._bus.on(OutcomeUpdate, handler=self._on_outcome))
        for intent in await self._journal.open_intents():
            if intent.kind in _KINDS:
                # The journal is ours now, so whoever wrote this has ended, and can stamp nothing any more.
                fate = Fate(replace(intent, latest_ms=min(intent.latest_ms, self._clock.exchange_ms())))
                self._last[_key(intent.kind, intent.account, intent.symbol, intent.parameters)] = fate
                self._left_open.append(fate)
                self._outcomes.recover(fate)

    async def close(self) -> None:
        """Hear of nothing any more."""
        await self._exit.aclose()

    @property
    def unresolved(self) -> list[Intent]:
        """Loans, repayments and transfers that are not proved yet, and those that only a person can tell about."""
        return [intent for intent in self._outcomes.unresolved if intent.kind in _KINDS]

    async def borrow(
        self, asset: str, quantity: Amount, *, account: Account = CROSS, patience: float | None = None
    ) -> FundsChange:
        """
        Borrow *quantity* of *asset*; one hour's interest is charged at once.

        It is written down, sent once, and never sent again. If the reply is lost, the exchange's records prove what
        became of it, about 21 seconds later. Meanwhile the same call for the same account and asset waits.

        Args:
            asset: Asset name, such as ``"USDT"``.
            quantity: In units of *asset*.
            account: ``CROSS`` or ``Isolated(symbol)``.
            patience: Seconds to wait for the proof when the reply is lost; then it is returned with the outcome
                ``UNKNOWN``, and ``await change.verdict()`` tells the rest. Without it, the proof is waited for.

        Returns:
            The loan, which was made.

        Raises:
            InsufficientCollateralError: More than the account may borrow.
            InventoryError: The exchange has not enough of the asset to lend.
            HaltedError: It is not clear yet what became of an earlier one; nothing was sent.
            JournalError: It could not be written down; nothing was sent.
            NotCarriedOutError: The reply was lost, and it is proved that it was never made.
            AmbiguousOutcomeError: The reply was lost, and only a person can tell what became of it; see ``settle``.
        """
        return await self._carry_out(self._loan(LoanKind.BORROW, asset, quantity, account), patience)

    async def repay(
        self, asset: str, quantity: Amount, *, account: Account = CROSS, patience: float | None = None
    ) -> FundsChange:
        """
        Pay back *quantity* of *asset*, interest first; with the same care, and the same errors, as ``borrow``.

        Args:
            asset: Asset name, such as ``"USDT"``.
            quantity: In units of *asset*; at most what is owed.
            account: ``CROSS`` or ``Isolated(symbol)``.
            patience: As of ``borrow``.

        Returns:
            The repayment, which was made.

        Raises:
            InvalidRequestError: More than is owed, or too little would be left.
            InsufficientCollateralError: Not enough of the asset is free.
        """
        return await self._carry_out(self._loan(LoanKind.REPAY, asset, quantity, account), patience)

    async def settle(self, intent_id: str, transaction_id: int | None) -> Intent:
        """
        Tell what a person found out about a call of which nothing proves what became.

        Args:
            intent_id: As the event or the error names it.
            transaction_id: Its transaction at the exchange; ``None`` when it never happened.

        Returns:
            The intent with its outcome, which is kept.

        Raises:
            ValueError: Nothing is unknown about such a call.
            JournalError: It cannot be kept.
        """
        fate = self._outcomes.find(intent_id)
        if fate is None or fate.intent.kind not in _KINDS:
            raise ValueError(f"no loan, repayment or transfer {intent_id} is waiting for an answer")
        self._outcomes.settle(fate, transaction_id)
        await self._outcomes.flush()
        return fate.intent

    async def settled(self) -> None:
        """
        Wait until everything that an earlier process left open is proved.

        Raises:
            AmbiguousOutcomeError: Only a person can tell.
            ClosedError: The client was closed before.
        """
        for fate in self._left_open:
            await fate.verdict()

    async def send_transfer(self, step: Step, asset: str, amount: Decimal, patience: float | None) -> FundsChange:
        """Make one transfer; errors as of ``borrow``."""
        leaves, enters = (each if isinstance(each, Cross | Isolated) else None for each in (step.from_, step.to))
        plan = _Plan(
            IntentKind.TRANSFER,
            leaves or enters or CROSS,
            asset,
            UNIVERSAL_TRANSFER,
            {**step.parameters, "asset": asset, "amount": amount},
            # What comes in supports the account it enters.
            Lane.SAFETY if enters else None,
            leaves or enters,
        )
        return await self._carry_out(plan, patience)

    @staticmethod
    def _loan(kind: LoanKind, asset: str, quantity: Amount, account: Account) -> _Plan:
        lane = Lane.ORDER if kind is LoanKind.BORROW else Lane.SAFETY
        wanted = loan_parameters(kind, asset, quantity, account)
        return _Plan(IntentKind.LOAN, account, asset, BORROW_REPAY, wanted, lane, account)

    async def _carry_out(self, plan: _Plan, patience: float | None) -> FundsChange:
        kind, account, asset, row, wanted, lane, serial = plan
        name = self._ids.next(self._clock.exchange_ms())
        fate = Fate(self._outcomes.intent(kind, account, asset, name, wanted))
        fate.stages.asked = self._clock.now()
        await self._take_turn(fate, patience)

        def send(stages: Stages, wait_limit: float) -> Awaitable[object]:
            return self._executor.call(row, wanted, account=serial, lane=lane, stages=stages, wait_limit=wait_limit)

        try:
            owed = await self._owed(account, asset) if kind is IntentKind.LOAN else None
            # Now that it is its turn: the time in which it may be sent begins.
            fate.on_intent(self._outcomes.intent(kind, account, asset, name, wanted, owed_before=owed))
            await self._outcomes.carry_out(fate, send, lambda _reply: None)
        finally:
            if fate.intent.outcome is None:  # it could not be written down: whoever waits for a turn goes on
                fate.on_intent(fate.intent.decided(Outcome.NOT_SENT, "not written down", at_ms=fate.intent.written_ms))
        if fate.intent.is_open:
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await fate.accepted()
        return FundsChange(fate)

    async def _take_turn(self, fate: Fate, patience: float | None) -> None:
        """
        Wait until nothing is unknown about an earlier call that records could not tell from this one.

        Raises:
            HaltedError: That takes too long, or a person has to decide, or a crash left it open.
        """
        intent = fate.intent
        key = _key(intent.kind, intent.account, intent.symbol, intent.parameters)
        try:
            async with asyncio.timeout(patience):
                while (earlier := self._last.get(key)) is not None and earlier.intent.is_open:
                    if earlier.is_stuck or earlier in self._left_open:
                        _halt(earlier)
                    await earlier.next_move()
        except TimeoutError:
            _halt(self._last[key])
        self._last[key] = fate

    async def _owed(self, account: Account, asset: str) -> Decimal | None:
        try:
            async with asyncio.timeout(DEBT_LIMIT):
                return (await read_holdings(self._account, account)).get(asset, Holding()).owed
        except (MarginError, TimeoutError):
            return None

    def _on_outcome(self, update: OutcomeUpdate) -> None:
        intent = update.intent
        if intent.outcome is not Outcome.ACCEPTED or intent.exchange_id is None or intent.kind not in _KINDS:
            return
        is_loan = intent.kind is IntentKind.LOAN
        row: Endpoint[Any] = BORROW_REPAY if is_loan else UNIVERSAL_TRANSFER
        reply = (LoanReply if is_loan else TransferReply)(transaction_id=intent.exchange_id)
        self._on_reply(Call(row, intent.parameters, intent.account, update.received_at, update.received_at), reply)


def still_unknown(change: FundsChange) -> ReplyLostError:
    """Return the error for whoever was not patient enough."""
    return ReplyLostError(
        f"{change.intent_id}: the reply was lost, and it is not proved yet what became of it. It may have been carried "
        "out: do not send it again, await client.orders.resolved with this id",
        client_order_id=change.intent_id,
    )


def _key(kind: IntentKind, account: Account, asset: str, parameters: Mapping[str, Parameter]) -> tuple[str, ...]:
    """Return what the records of two calls have in common if they cannot be told apart."""
    ends = (str(parameters.get(name) or "") for name in ("type", "fromSymbol", "toSymbol"))
    return (kind.value, str(account), asset, *ends)


def _halt(earlier: Fate) -> NoReturn:
    intent = earlier.intent
    what = "a person has to tell, with client.funds.settle" if earlier.is_stuck else "try again in a moment"
    raise HaltedError(
        f"not sent: it is unknown what became of {intent.id}, the same call for {intent.symbol} in {intent.account}, "
        f"and the exchange's records could not tell the two apart: {what}",
        reason=f"{intent.id} is unresolved",
    )
