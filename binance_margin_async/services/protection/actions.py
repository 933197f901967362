"""Carries a protective action out, through the order desk and the careful calls about money."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from decimal import Decimal
from typing import NamedTuple

from binance_margin_async.errors import MarginError, Outcome
from binance_margin_async.journal import Journal
from binance_margin_async.models.funds import MoveIncompleteError
from binance_margin_async.models.intents import Intent, IntentKind
from binance_margin_async.models.orders import LimitOrder
from binance_margin_async.models.protection import ActionKind
from binance_margin_async.models.wallets import SPOT
from binance_margin_async.money import plain
from binance_margin_async.rules.protection.look import Deed
from binance_margin_async.services.desk import LiveOrder, OrderDesk
from binance_margin_async.services.funds import Funds

# Seconds; an order that is to trade at once has ended long before, and is cancelled if its end was missed.
ORDER_LIMIT = 10.0
# Milliseconds; between the decision and the call, our idea of the exchange's clock may be set back a little.
_DRIFT_MS = 1_000
_KINDS = {
    ActionKind.REPAY: IntentKind.LOAN,
    ActionKind.TRANSFER_IN: IntentKind.TRANSFER,
    ActionKind.REDUCE: IntentKind.ORDER,
}


class Done(NamedTuple):
    """How much was done, proved, and in words."""

    amount: Decimal
    text: str


class Actions:
    """
    Carries deeds out, each to its proved outcome.

    Args:
        desk: Places and cancels orders.
        funds: Repays and moves.
        journal: Knows what an earlier process had begun.
    """

    def __init__(self, *, desk: OrderDesk, funds: Funds, journal: Journal) -> None:
        self._desk = desk
        self._funds = funds
        self._journal = journal

    async def carry_out(self, deed: Deed) -> Done:
        """
        Do it, and return what was done.

        Raises:
            AmbiguousOutcomeError: Nothing can prove what became of it.
            MarginError: Nothing was done.
        """
        if deed.kind is ActionKind.REPAY:
            paid = await self._funds.repay(deed.subject, deed.amount, account=deed.account)
            return Done(
                deed.amount, f"paid back {_plain(deed.amount)} {deed.subject}, transaction {paid.transaction_id}"
            )
        if deed.kind is ActionKind.TRANSFER_IN:
            return await self._move(deed)
        if deed.kind is ActionKind.CANCEL_ORDERS:
            count = await self._desk.cancel_all(deed.account)
            return Done(Decimal(count), f"cancelled {count} orders, nothing is open")
        return await self._trade(deed)

    async def proved(self, deed: Deed) -> Done:
        """
        Return what became of a deed that was begun, by an earlier process perhaps.

        Raises:
            AmbiguousOutcomeError: Nothing can prove it.
            MarginError: It cannot be found out now.
        """
        if deed.kind is ActionKind.CANCEL_ORDERS:
            return Done(Decimal(0), "it was interrupted; what is still open may be cancelled again")
        found = [await self._desk.resolved(each.id) for each in await self._intents(deed)]
        if any(each.is_open for each in found):
            raise MarginError(f"{found[0].id} is not proved yet", outcome=Outcome.UNKNOWN)
        accepted = [each for each in found if each.outcome is Outcome.ACCEPTED]
        if not accepted:
            return Done(Decimal(0), "it was interrupted, and nothing was done")
        if deed.kind is not ActionKind.REDUCE:
            return Done(deed.amount, f"{_plain(deed.amount)} {deed.subject}: the exchange has carried it out")
        live = await self._desk.follow(deed.subject, account=deed.account, client_order_id=accepted[0].id)
        return await self._traded(live)

    async def _move(self, deed: Deed) -> Done:
        money = f"{_plain(deed.amount)} {deed.subject}"
        try:
            moved = await self._funds.move(deed.subject, deed.amount, from_=SPOT, to=deed.account)
        except MoveIncompleteError as problem:
            # It left the spot wallet, so it counts, and it must not be sent after.
            return Done(deed.amount, f"{money} is half-way: {problem}")
        ids = ", ".join(str(each.transaction_id) for each in moved.transfers)
        return Done(deed.amount, f"moved {money} in, transaction {ids}")

    async def _trade(self, deed: Deed) -> Done:
        if deed.side is None or deed.price is None:
            raise ValueError(f"{deed.rule}: an order needs a side and a price")
        order = LimitOrder(
            deed.subject,
            deed.side,
            quantity=deed.amount,
            price=deed.price,
            time_in_force="IOC",
            side_effect="AUTO_REPAY",
            account=deed.account,
        )
        return await self._traded(await self._desk.place(order))

    async def _traded(self, live: LiveOrder) -> Done:
        with suppress(TimeoutError):
            async with asyncio.timeout(ORDER_LIMIT):
                await live.done()
        if not live.state.is_final:
            await self._desk.cancel(live)
        filled = live.filled_quantity
        if not filled:
            return Done(filled, f"order {live.client_order_id} found nobody to trade with at its price")
        average = "" if live.average_price is None else f" at {_plain(live.average_price)}"
        return Done(filled, f"traded {_plain(filled)} of {live.symbol}{average}, order {live.client_order_id}")

    async def _intents(self, deed: Deed) -> list[Intent]:
        """Return what the journal has of it; nothing was sent that is not there."""
        known = {each.id: each for each in await self._journal.decided_intents(since_ms=deed.at_ms - _DRIFT_MS)}
        known |= {each.id: each for each in await self._journal.open_intents()}
        return [each for each in known.values() if _may_be(each, deed)]


def _may_be(intent: Intent, deed: Deed) -> bool:
    is_later = intent.written_ms >= deed.at_ms - _DRIFT_MS
    if intent.kind is not _KINDS[deed.kind] or intent.symbol != deed.subject or not is_later:
        return False
    if intent.kind is IntentKind.ORDER:
        told = intent.parameters
        return intent.account == deed.account and told.get("timeInForce") == "IOC" and told.get("side") == deed.side
    is_loan = intent.kind is IntentKind.LOAN
    if is_loan and (intent.account != deed.account or intent.parameters.get("type") != "REPAY"):
        return False
    return Decimal(intent.parameters["amount"]) == deed.amount


def _plain(number: Decimal) -> str:
    return plain(number.normalize())
