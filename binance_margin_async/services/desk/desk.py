"""Orders that always end in a proved outcome: checked, written down, sent once, followed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from decimal import Decimal
from typing import Any, TypeVar

from msgspec.structs import replace

from binance_margin_async.bus import Bus
from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError, OrderEndedError, Outcome
from binance_margin_async.journal import Journal
from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.enums import OrderResponse, OrderStatus
from binance_margin_async.models.events import OutcomeUpdate
from binance_margin_async.models.intents import Intent, IntentKind
from binance_margin_async.models.list_replies import NewList
from binance_margin_async.models.list_replies import OrderList as ListTold
from binance_margin_async.models.order_lists import AnyOrder, Oco, Oto, Otoco
from binance_margin_async.models.order_replies import OrderFull
from binance_margin_async.models.orders import SingleOrder
from binance_margin_async.models.preview import Preview
from binance_margin_async.models.stages import Stages
from binance_margin_async.models.violations import Severity
from binance_margin_async.rest.executor import Executor
from binance_margin_async.rest.group import refuse
from binance_margin_async.rest.trade import TradeCalls
from binance_margin_async.rules.orders.client_ids import ClientIds
from binance_margin_async.rules.orders.readings import of_query
from binance_margin_async.rules.orders.requires import violations
from binance_margin_async.services.desk.cancels import Cancels
from binance_margin_async.services.desk.fate import Fate
from binance_margin_async.services.desk.live_list import LiveOrderList
from binance_margin_async.services.desk.live_order import LiveOrder
from binance_margin_async.services.desk.live_orders import LiveOrders
from binance_margin_async.services.desk.loan_watch import LoanWatch
from binance_margin_async.services.desk.naming import OrderList, named_list, named_order
from binance_margin_async.services.desk.outcomes import Outcomes, rejection
from binance_margin_async.services.desk.previews import Previews
from binance_margin_async.services.desk.switch import Switch
from binance_margin_async.services.desk.unheard import Unheard
from binance_margin_async.services.rulebook import RuleBook
from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.endpoints import trade as rows
from binance_margin_async.wire.orders import parameters
from binance_margin_async.wire.parameters import Parameter

T = TypeVar("T")
Request = TypeVar("Request", bound=SingleOrder | Oco | Oto | Otoco)
_ZERO = Decimal(0)
_LIST_ROWS = {Oco: rows.NEW_OCO, Oto: rows.NEW_OTO, Otoco: rows.NEW_OTOCO}


class OrderDesk:
    """
    ``client.orders``: orders one can trust.

    Each order is held against its symbol's rules, written into the journal, sent exactly once, and followed until it
    ends. If the reply is lost the desk finds out what became of it: it listens to the stream, asks by the order's own
    id, and believes that an order is not there only when it cannot come any more. It never sends anything again.

    Args:
        executor: Makes the calls that change something.
        trade: Asks about orders.
        outcomes: Carries intents to their proved outcomes.
        cancels: Cancels, and reads what came of it.
        rules: Rounds and checks, by what is known without asking about the market or the account.
        previews: Work out what an order would do.
        journal: Where intents are written down.
        bus: Brings what the stream and replies tell.
        clock: The loop's and the exchange's time.
        ids: Makes client order ids.
        loans: Looks whether what orders borrow and repay comes out as it should.
    """

    def __init__(
        self,
        *,
        executor: Executor,
        trade: TradeCalls,
        outcomes: Outcomes,
        cancels: Cancels,
        rules: RuleBook,
        previews: Previews,
        journal: Journal,
        bus: Bus,
        clock: Clock,
        ids: ClientIds,
        loans: LoanWatch,
    ) -> None:
        self._executor = executor
        self._trade = trade
        self._outcomes = outcomes
        self._cancels = cancels
        self._rules = rules
        self._previews = previews
        self._journal = journal
        self._bus = bus
        self._clock = clock
        self._ids = ids
        self._loans = loans
        self._switch = Switch(journal)
        self._live = LiveOrders(loans.on_ended, Unheard(trade, clock))
        self._exit = AsyncExitStack()

    def __repr__(self) -> str:
        halted = f", halted: {self.halted}" if self.halted else ""
        return f"<OrderDesk {len(self._live)} orders, {len(self.unresolved)} unresolved{halted}>"

    async def open(self) -> None:
        """
        Go on asking about what an earlier process left open; the journal is open.

        Raises:
            JournalError: The journal cannot be used.
        """
        await self._live.listen(self._bus, self._exit)
        await self._exit.enter_async_context(self._bus.on(OutcomeUpdate, handler=self._on_outcome))
        await self._switch.open()
        for intent in await self._journal.open_intents():
            self._recover(intent)

    async def close(self) -> None:
        """Write down every outcome that is known."""
        self._live.leave()
        await self._outcomes.leave()
        try:
            await self._outcomes.flush()
        finally:
            await self._exit.aclose()

    @property
    def unresolved(self) -> list[Intent]:
        """What was sent, or may have been, and is not proved yet; oldest first."""
        return self._outcomes.unresolved

    @property
    def halted(self) -> str:
        """Why new orders are stopped; empty when they are not."""
        return self._switch.reason

    async def place(self, order: SingleOrder, *, patience: float | None = None) -> LiveOrder:
        """
        Place one order.

        Args:
            order: Without a client order id: the desk gives it one. Prices and quantities are rounded to the symbol's
                steps, never to the more aggressive side; what was sent stands in ``LiveOrder.request``.
            patience: Seconds to wait for the proof when the reply is lost; then the order is returned with the outcome
                ``UNKNOWN``, and ``await order.verdict()`` tells the rest. Without it, the proof is waited for.

        Returns:
            The order, which is at the exchange; ``await order.filled()`` or ``async for`` tells what becomes of it.

        Raises:
            InvalidRequestError: It breaks a rule, all of them named; nothing was sent. Or the exchange refused it.
            HaltedError: New orders are stopped, or what a crash left open is not settled yet; nothing was sent.
            JournalError: It could not be written down; nothing was sent.
            OrderRefusedError: The reply was lost, and it is proved that the exchange never carried it out.
            MarginError: It was refused or not sent; ``outcome`` says which.
        """
        asked_at = self._clock.now()
        self._switch.check()
        row = rows.ORDER_ROWS[OrderResponse.FULL]
        order, name = named_order(await self._prepared(_single(order), row), self._new_id)
        wanted = parameters(order, OrderResponse.FULL)
        fate = self._fate(IntentKind.ORDER, order, name, wanted, asked_at)
        live = LiveOrder(fate, name, order)
        self._live.add(live)

        def on_reply(reply: object) -> None:
            if isinstance(reply, OrderFull):
                live.answer, live.borrowed = reply, reply.borrowed or _ZERO
                if live.borrowed and reply.borrowed_asset is not None:
                    self._loans.on_borrowed(order.account, reply.borrowed_asset, live.borrowed)

        await self._send(fate, row, wanted, patience, on_reply)
        if (
            live.status is None and live.outcome is Outcome.ACCEPTED
        ):  # the answer named it and said nothing readable else
            with suppress(MarginError):
                await self._trade.order(order.symbol, account=order.account, client_order_id=name)
        return live

    async def place_list(self, order: OrderList, *, patience: float | None = None) -> LiveOrderList:
        """
        Place an order list; arguments, outcome and errors as of ``place``.

        Args:
            order: An ``Oco``, ``Oto`` or ``Otoco`` without client order ids.
            patience: As of ``place``.

        Returns:
            The list, which is at the exchange, with its orders by role.
        """
        asked_at = self._clock.now()
        self._switch.check()
        row = _LIST_ROWS[type(_listed(order))]
        order, name, ids = named_list(await self._prepared(order, row), self._new_id)
        wanted = parameters(order, OrderResponse.RESULT)  # the only kind of answer to a list that is documented
        fate = self._fate(IntentKind.ORDER_LIST, order, name, wanted, asked_at)
        live = LiveOrderList(fate, ids, order)
        self._live.add_list(live)

        def on_reply(reply: NewList) -> None:
            live.answer = reply

        await self._send(fate, row, wanted, patience, on_reply)
        return live

    async def preview(self, order: SingleOrder, *, commission: Decimal | None = None) -> Preview:
        """
        Return what *order* would do if it were filled now and in full, without sending it.

        It reads the rules, the account, prices, the interest rate and what is left to lend: about 200 of an address's
        weight, most of it only for orders that may borrow.

        Args:
            order: As for ``place``.
            commission: Share of what is received; 0.1 % when left out.

        Returns:
            Loan, interest, margin level and the prices of call and liquidation afterwards, what speaks against it, and
            what was guessed.
        """
        return await self._previews.preview(order, commission=commission)

    async def follow(
        self,
        symbol: str,
        *,
        account: Account = CROSS,
        order_id: int | None = None,
        client_order_id: str | None = None,
    ) -> LiveOrder:
        """
        Ask for an order that somebody else placed, or an earlier process, and follow it from here on.

        Args:
            symbol: Its pair.
            account: ``CROSS`` or ``Isolated(symbol)``.
            order_id: The exchange's id; this or the other one.
            client_order_id: The id it was given by whoever placed it.

        Returns:
            The order; its commissions are those of later fills only.

        Raises:
            OrderNotFoundError: There is none, which just after it was sent proves nothing.
            MarginError: The exchange cannot be asked.
        """
        told = await self._trade.order(symbol, account=account, order_id=order_id, client_order_id=client_order_id)
        known = self._live.find(account, told.client_order_id)
        if known is not None:
            return known
        fate = Fate(self._outcomes.intent(IntentKind.ORDER, account, symbol, told.client_order_id, {}))
        is_rejected = told.status is OrderStatus.REJECTED
        outcome = Outcome.REFUSED if is_rejected else Outcome.ACCEPTED
        decided = fate.intent.decided(outcome, "it was asked for", at_ms=fate.intent.written_ms)
        fate.on_intent(decided, rejection(decided) if is_rejected else None)
        live = LiveOrder(fate, told.client_order_id)
        live.on_update(of_query(account, told, self._clock.now()))
        live.answer = told
        if not live.state.is_final:
            self._live.add(live)
        return live

    async def resolved(self, intent_id: str) -> Intent:
        """
        Wait until it is proved what became of an intent, and return it with its outcome.

        Args:
            intent_id: An order's client order id, or a list's; or that of a loan, a repayment or a transfer.

        Raises:
            ValueError: The journal has no such intent.
            AmbiguousOutcomeError: Nothing can prove what became of a loan or a transfer: a person has to tell.
            ClosedError: The client was closed before.
        """
        fate = self._switch.find(intent_id) or self._outcomes.find(intent_id)
        if fate is not None:
            await fate.verdict()
            return fate.intent
        await self._outcomes.flush()  # it may have been proved just now
        kept = await self._journal.intent(intent_id)
        if kept is None:
            raise ValueError(f"the journal has no intent {intent_id}")
        return kept

    async def cancel(self, order: LiveOrder) -> LiveOrder:
        """
        Cancel one order, and return it once it is proved that it has ended, however it did.

        It takes its whole list along if it belongs to one.

        Raises:
            OrderRefusedError: The exchange never had it.
            UnknownOutcomeError: It is still open although the cancel can no longer be carried out: cancel again.
            MarginError: The exchange cannot be asked; the order may still be open.
        """
        await order.accepted()
        if not order.state.is_final:
            await self._cancels.cancel(order)
        return order

    async def replace(self, order: LiveOrder, by: SingleOrder, *, patience: float | None = None) -> LiveOrder:
        """
        Cancel *order*, and place *by* once it is proved that *order* can trade no more.

        Raises:
            OrderEndedError: *order* was filled before it could be cancelled; nothing new was placed.
            MarginError: As of ``cancel`` and ``place``.
        """
        await self.cancel(order)
        if order.status is OrderStatus.FILLED:
            raise OrderEndedError(
                f"order {order.client_order_id} was filled before it could be replaced; nothing new was placed",
                client_order_id=order.client_order_id,
                status=str(order.status),
                filled_quantity=order.filled_quantity,
            )
        return await self.place(by, patience=patience)

    async def cancel_list(
        self,
        symbol: str,
        *,
        account: Account = CROSS,
        order_list_id: int | None = None,
        list_client_order_id: str | None = None,
    ) -> ListTold:
        """
        Cancel an order list, whoever placed it, and return it once it is told that all of it has ended.

        Args:
            symbol: Its pair.
            account: ``CROSS`` or ``Isolated(symbol)``.
            order_list_id: The exchange's id; this or the other one.
            list_client_order_id: The id it was given by whoever placed it.

        Raises:
            OrderNotFoundError: There is none.
            UnknownOutcomeError: It may still be open although the cancel can no longer be carried out: cancel again.
            MarginError: The cancel was not sent, or was refused.
        """
        return await self._cancels.cancel_list(symbol, account, order_list_id, list_client_order_id)

    async def cancel_all(self, account: Account, symbol: str | None = None) -> int:
        """
        Cancel everything that is open in *account*, whoever placed it, and return how many orders that was.

        It returns when the exchange tells that nothing is open any more.

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``.
            symbol: Only this pair.

        Raises:
            UnknownOutcomeError: Something may still be open although no cancel can come any more: cancel again.
            MarginError: The exchange refused, or could not be asked; nothing was sent then.
        """
        return await self._cancels.cancel_all(account, symbol)

    async def halt(self, reason: str, accounts: Iterable[Account] = ()) -> int:
        """
        Stop new orders until ``release``, also after a restart, and cancel everything that is open.

        Args:
            reason: Told to whoever tries to place an order.
            accounts: Where to cancel; all that the desk has orders in when left out.

        Returns:
            How many orders were cancelled.

        Raises:
            ExceptionGroup: Some accounts could not be emptied; the halt holds all the same.
            ValueError: *reason* is empty.
        """
        if not reason:
            raise ValueError("say why: the reason is told to whoever tries to place an order")
        await self._switch.set(reason)
        places = tuple(accounts) or self._live.accounts
        done = await asyncio.gather(*(self.cancel_all(account) for account in places), return_exceptions=True)
        failed = [problem for problem in done if isinstance(problem, Exception)]
        if failed:
            raise ExceptionGroup(f"halted ({reason}), but not everything could be cancelled: halt again", failed)
        return sum(count for count in done if isinstance(count, int))

    async def release(self) -> None:
        """Let new orders go again."""
        await self._switch.set("")

    async def settled(self) -> None:
        """
        Wait until everything that an earlier process left open is proved.

        Raises:
            ClosedError: The client was closed before.
        """
        await self._switch.settled()

    async def _prepared(self, order: Request, row: Endpoint[Any]) -> Request:
        """Return *order* rounded to its symbol's rules, or raise all that these and the call have against it."""
        rules = await self._rules.of(order.symbol)
        order = rules.quantize(order)
        broken = [each for each in rules.check(order) if each.severity is Severity.ERROR]
        refuse(row, [*violations(row.route, parameters(order)), *broken])
        return order

    async def _send(
        self,
        fate: Fate,
        row: Endpoint[T],
        wanted: Mapping[str, Parameter],
        patience: float | None,
        on_reply: Callable[[T], None],
    ) -> None:
        account = fate.intent.account

        def send(stages: Stages, wait_limit: float) -> Awaitable[T]:
            return self._executor.call(row, wanted, account=account, stages=stages, wait_limit=wait_limit)

        try:
            await self._outcomes.carry_out(fate, send, on_reply)
            if fate.intent.is_open:
                with suppress(TimeoutError):
                    async with asyncio.timeout(patience):
                        await fate.accepted()
        finally:
            if fate.intent.outcome in {Outcome.REFUSED, Outcome.NOT_SENT} or fate.intent.outcome is None:
                self._live.forget(fate)
            if fate.intent.stamped_ms is None:  # refused by an answer; what is proved later is told by an event
                self._loans.on_refused(fate.intent)

    def _fate(
        self, kind: IntentKind, order: AnyOrder, name: str, wanted: Mapping[str, Parameter], asked_at: float
    ) -> Fate:
        fate = Fate(self._outcomes.intent(kind, order.account, order.symbol, name, wanted))
        fate.stages.asked, fate.stages.checked = asked_at, self._clock.now()
        return fate

    def _recover(self, intent: Intent) -> None:
        # The journal is ours now, so whoever wrote this has ended, and can stamp nothing any more.
        fate = Fate(replace(intent, latest_ms=min(intent.latest_ms, self._clock.exchange_ms())))
        if intent.kind is IntentKind.ORDER:
            self._live.add(LiveOrder(fate, intent.id))
        elif intent.kind is IntentKind.ORDER_LIST:
            self._live.add_list(LiveOrderList(fate, {}))
        else:
            return
        self._switch.wait_for(fate)
        self._outcomes.recover(fate)

    def _on_outcome(self, update: OutcomeUpdate) -> None:
        self._loans.on_refused(update.intent)

    def _new_id(self) -> str:
        return self._ids.next(self._clock.exchange_ms())


def _single(order: AnyOrder) -> SingleOrder:
    if not isinstance(order, SingleOrder):
        raise TypeError(f"place takes one order, such as a LimitOrder; for {type(order).__name__} use place_list")
    return order


def _listed(order: AnyOrder) -> OrderList:
    if isinstance(order, SingleOrder):
        raise TypeError(f"place_list takes an Oco, Oto or Otoco; for {type(order).__name__} use place")
    return order
