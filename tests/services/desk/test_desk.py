"""Orders that always end in a proved outcome."""

import asyncio
import sqlite3
from contextlib import closing
from decimal import Decimal

import pytest

from binance_margin_async import (
    CROSS,
    InsufficientCollateralError,
    InvalidRequestError,
    LimitOrder,
    MarginClient,
    MarginError,
    MarketOrder,
    Oco,
    OrderNotFoundError,
    OrderStatus,
    OrderUpdate,
    Outcome,
    RateLimitedError,
    UnknownOutcomeError,
)
from binance_margin_async.errors import ClosedError, HaltedError, JournalError, OrderEndedError, OrderRefusedError
from binance_margin_async.journal import MemoryJournal, SqliteJournal
from binance_margin_async.models.enums import ListOrderStatus
from binance_margin_async.models.intents import IntentKind
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import virtual

# Below the market of 60,000: it rests.
RESTING = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="50000")
# Above it: it trades at once.
TAKING = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="61000")


@virtual
async def test_an_accepted_order_is_followed_to_its_fill(counter):
    async with counter() as at:
        order = await at.desk.place(TAKING)

        assert Outcome.ACCEPTED is order.outcome
        assert Decimal(60_000) == await order.filled()
        assert OrderStatus.FILLED is await order.done()
        assert {"BTC": Decimal("0.00001")} == order.commissions
        assert [order.client_order_id] == at.on_exchange
        assert at.told == []  # only lost replies are told of


@virtual
async def test_an_order_is_rounded_to_its_symbols_steps_and_never_more_aggressive(counter):
    async with counter() as at:
        order = await at.desk.place(LimitOrder("BTCUSDT", "BUY", quantity="0.010009", price="49999.999"))

        assert (Decimal("0.01"), Decimal("49999.99")) == (order.request.quantity, order.request.price)


@virtual
async def test_every_rule_that_an_order_breaks_is_named_and_nothing_is_sent(counter):
    async with counter() as at:
        with pytest.raises(InvalidRequestError, match=r"NOTIONAL.*") as caught:
            await at.desk.place(LimitOrder("BTCUSDT", "BUY", quantity="0.00001", price="1", time_in_force="FOK"))

        assert Outcome.NOT_SENT is caught.value.outcome
        assert at.on_exchange == []


@virtual
async def test_whoever_is_told_of_a_change_finds_it_in_the_order(counter):
    """Also a handler that listened before the desk had its first order, from when on the desk listens itself."""
    async with counter() as at:
        found = []

        def look(update):
            order = next(iter(at.desk._live._orders.values()), None)
            found.append((update.status, None if order is None else order.status))

        async with at.client.bus.on(OrderUpdate, handler=look):
            await at.desk.place(RESTING)

    assert [(OrderStatus.NEW, OrderStatus.NEW)] == found


@virtual
async def test_its_changes_are_read_from_the_first_to_the_last(counter):
    async with counter(streams=True) as at:
        order = await at.desk.place(RESTING)
        first, second = order.__aiter__(), order.__aiter__()
        assert OrderStatus.NEW is (await anext(first)).status
        await at.desk.cancel(order)

        assert [OrderStatus.CANCELED] == [change.status async for change in first]
        assert [OrderStatus.NEW, OrderStatus.CANCELED] == [change.status async for change in second]


@virtual
async def test_the_intent_is_safe_before_the_request_leaves(counter):
    """Promise S8 of every order: without its id nobody could find it after a crash."""

    class Slow(MemoryJournal):
        async def write(self, *records):
            await asyncio.sleep(1.0)
            await super().write(*records)

    async with counter(journal=Slow()) as at:
        task = asyncio.create_task(at.desk.place(RESTING))
        await asyncio.sleep(0.9)
        assert at.on_exchange == []
        order = await task

        stages = order.stages
        assert stages.asked <= stages.checked < stages.journaled <= stages.granted <= stages.signed <= stages.written
        assert stages.written < stages.first_byte <= stages.decoded


@virtual
async def test_without_a_journal_entry_nothing_is_sent(counter):
    """Promise P5."""

    class Full(MemoryJournal):
        async def write(self, *_):
            raise JournalError("the disk is full")

    async with counter(journal=Full()) as at:
        with pytest.raises(JournalError, match="full"):
            await at.desk.place(RESTING)
        assert at.on_exchange == []
        assert (await at.client.account.cross()).user_assets


async def test_no_order_goes_while_another_process_holds_the_journal(tmp_path):
    """Promise P5, with a real file and on real sockets: the reason is told, and reading goes on."""
    path = tmp_path / "orders.journal"
    journal = SqliteJournal(path)
    async with SimulatedExchange("calm") as exchange, MarginClient(config=exchange.config, journal=journal) as client:
        await journal._do(lambda tables: tables._connection.execute("PRAGMA busy_timeout = 1"))
        with closing(sqlite3.connect(path, isolation_level=None)) as tool:
            tool.execute("BEGIN IMMEDIATE")
            with pytest.raises(JournalError, match="database is locked"):
                await client.orders.place(RESTING)
            assert {} == exchange.core.venue.trading.orders
            assert (await client.account.cross()).user_assets
        assert Outcome.ACCEPTED is (await client.orders.place(RESTING)).outcome


@virtual
async def test_a_refusal_is_raised_and_nothing_is_followed(counter):
    async with counter() as at:
        with pytest.raises(InsufficientCollateralError) as caught:
            await at.desk.place(LimitOrder("BTCUSDT", "BUY", quantity="100", price="60000"))

        assert Outcome.REFUSED is caught.value.outcome
        assert at.desk.unresolved == []
        assert "0 orders" in repr(at.desk)


@virtual
async def test_a_lost_reply_ends_in_an_acceptance_when_the_order_is_there(counter):
    """Promise O2; never sent again."""
    async with counter() as at:
        at.lose_replies()
        started = at.now
        order = await at.desk.place(TAKING)

        assert Outcome.ACCEPTED is order.outcome
        assert Decimal(60_000) == await order.filled()
        assert [order.client_order_id] == at.on_exchange
        assert at.now - started < 1.0
        assert [Outcome.UNKNOWN, Outcome.ACCEPTED] == [update.intent.outcome for update in at.told]


@virtual
async def test_an_event_proves_an_acceptance_without_a_question(counter):
    """Promise O2: the stream is faster than any question."""
    async with counter(streams=True) as at:
        at.core.inject(Fault("server_error", target="GET /sapi/v1/margin/order", times="always"), at.core.now)
        at.lose_replies()
        started = at.now
        order = await at.desk.place(TAKING)

        assert Decimal(60_000) == await order.filled()
        assert at.now - started < 0.3


@virtual
async def test_a_lost_request_ends_in_a_refusal_but_not_before_its_last_moment(counter):
    """Promise O1: 5 s receive window, 15 s engine limit, 0.5 s for the clock, then two misses a second apart."""
    async with counter() as at:
        at.lose_requests()
        started = at.now
        with pytest.raises(OrderRefusedError) as caught:
            await at.desk.place(TAKING)

        assert Outcome.REFUSED is caught.value.outcome
        assert 20.5 < at.now - started < 20.5 + 5.0
        assert at.on_exchange == []


@virtual
async def test_patience_returns_an_order_whose_outcome_is_not_known_yet(counter):
    async with counter() as at:
        at.lose_requests()
        order = await at.desk.place(TAKING, patience=2.0)

        assert Outcome.UNKNOWN is order.outcome
        assert [order.client_order_id] == [intent.id for intent in at.desk.unresolved]
        assert Outcome.REFUSED is await order.verdict()
        with pytest.raises(OrderRefusedError):
            await order.done()
        assert at.desk.unresolved == []


@virtual
@pytest.mark.parametrize("loss", ["lose_replies", "lose_requests"])
async def test_a_cancelled_caller_leaves_an_order_that_is_resolved_all_the_same(counter, loss):
    """Promise P1."""
    journal = MemoryJournal()
    async with counter(journal=journal) as at:
        getattr(at, loss)()
        task = asyncio.create_task(at.desk.place(RESTING))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(30)

        assert at.desk.unresolved == []
        assert await journal.open_intents() == []
        (intent,) = journal._intents.values()
        expected = {"lose_replies": Outcome.ACCEPTED, "lose_requests": Outcome.REFUSED}[loss]
        assert expected is intent.outcome


@virtual
async def test_an_order_that_waited_too_long_for_the_limiter_was_not_sent(counter):
    """Its last moment is written down before it is sent, so it must not leave later."""
    borrowing = RESTING.replace(side_effect="MARGIN_BUY", quantity="0.0002")
    async with counter() as at:
        ended = await asyncio.gather(*(at.desk.place(borrowing) for _ in range(300)), return_exceptions=True)

        late = [problem for problem in ended if isinstance(problem, RateLimitedError)]
        assert late
        assert {Outcome.NOT_SENT} == {problem.outcome for problem in late}
        assert len(at.on_exchange) == 300 - len(late)


@virtual
async def test_filled_tells_how_an_order_ended_instead(counter):
    async with counter() as at:
        order = await at.desk.place(RESTING)
        await at.desk.cancel(order)

        with pytest.raises(OrderEndedError) as caught:
            await order.filled()
        assert ("CANCELED", Decimal(0)) == (caught.value.status, caught.value.filled_quantity)


@virtual
async def test_a_lost_cancel_is_read_not_inferred(counter):
    async with counter() as at:
        order = await at.desk.place(RESTING)
        at.lose_replies()
        await at.desk.cancel(order)

        assert OrderStatus.CANCELED is order.status


async def placed_list(at):
    await at.desk.place(LimitOrder("BTCUSDT", "BUY", quantity="0.02", price="61000"))
    return await at.desk.place_list(Oco("BTCUSDT", "SELL", quantity="0.01", price="66000", stop_price="50000"))


@pytest.mark.parametrize("effect", ["none", "done"])
@virtual
async def test_a_cancel_of_a_list_whose_reply_is_lost_is_read_not_inferred(counter, effect):
    """What cannot be proved to have ended is unknown, by its id; another cancel may follow then."""
    async with counter() as at:
        placed = await placed_list(at)
        name = placed.list_client_order_id
        at.core.inject(Fault("drop", target="DELETE /sapi/v1/margin/orderList", effect=effect), at.core.now)
        if effect == "none":
            started = at.now
            with pytest.raises(UnknownOutcomeError, match=f"{name} may still be open") as caught:
                await at.desk.cancel_list("BTCUSDT", list_client_order_id=name)
            assert (Outcome.UNKNOWN, name) == (caught.value.outcome, caught.value.client_order_id)
            assert 20 < at.now - started < 25
        for _ in range(2):
            told = await at.desk.cancel_list("BTCUSDT", list_client_order_id=name)
            assert ListOrderStatus.ALL_DONE is told.list_order_status
        with pytest.raises(OrderNotFoundError):
            await at.desk.cancel_list("BTCUSDT", list_client_order_id="another")


@virtual
async def test_cancelling_everything_goes_on_while_nothing_can_be_read(counter):
    """A cancel that was sent is not given up for a question that fails; what may be open is named."""
    async with counter() as at:
        order = await at.desk.place(RESTING)
        at.core.inject(Fault("server_error", target="GET /sapi/v1/margin/openOrders", times=3), at.core.now)
        with pytest.raises(MarginError):
            await at.desk.cancel_all(CROSS)  # nothing was sent
        assert "NEW" == at.core.venue.trading.orders[order.order_id].status

        at.core.inject(Fault("drop", target="DELETE /sapi/v1/margin/openOrders", effect="none", times=99), at.core.now)
        with pytest.raises(UnknownOutcomeError, match=order.client_order_id):
            await at.desk.cancel_all(CROSS)
        at.core.faults.clear()
        assert 1 == await at.desk.cancel_all(CROSS)


@virtual
async def test_cancelling_an_order_that_was_filled_meanwhile_tells_so(counter):
    async with counter() as at:
        order = await at.desk.place(TAKING)

        assert OrderStatus.FILLED is (await at.desk.cancel(order)).status


@virtual
async def test_a_replacement_is_placed_only_after_the_first_has_ended(counter):
    async with counter() as at:
        first = await at.desk.place(RESTING)
        second = await at.desk.replace(first, RESTING.replace(price="49000"))

        assert (OrderStatus.CANCELED, OrderStatus.NEW) == (first.status, second.status)
        with pytest.raises(OrderEndedError, match="nothing new was placed"):
            await at.desk.replace(await at.desk.place(TAKING), RESTING)


@virtual
async def test_a_halt_cancels_everything_and_stops_new_orders_until_released(counter):
    """The switch outlives a restart; cancels go on."""
    journal = MemoryJournal()
    async with counter(journal=journal) as at:
        orders = [await at.desk.place(RESTING) for _ in range(3)]
        assert await at.desk.halt("the strategy went mad") == 3
        assert [OrderStatus.CANCELED] * 3 == [await order.done() for order in orders]
        with pytest.raises(HaltedError, match="went mad") as caught:
            await at.desk.place(MarketOrder("BTCUSDT", "BUY", quantity="0.01"))
        assert Outcome.NOT_SENT is caught.value.outcome

    async with counter(journal=journal) as at:
        with pytest.raises(HaltedError, match="went mad"):
            await at.desk.place(RESTING)
        await at.desk.release()
        assert Outcome.ACCEPTED is (await at.desk.place(RESTING)).outcome


@virtual
async def test_who_waits_for_an_order_is_told_when_the_client_closes(counter):
    async with counter() as at:
        at.lose_requests()
        order = await at.desk.place(TAKING, patience=1.0)
        waiting = asyncio.create_task(order.verdict())
        await asyncio.sleep(0)
    with pytest.raises(ClosedError, match="stands in the journal"):
        await waiting


@virtual
async def test_a_restart_settles_what_was_open_before_new_orders_go(counter):
    """Promise P3: fail closed."""
    journal = MemoryJournal()
    async with counter(journal=journal) as at:
        at.lose_requests()
        await at.desk.place(TAKING, patience=1.0)

    async with counter(journal=journal) as at:
        assert len(at.desk.unresolved) == 1
        with pytest.raises(HaltedError, match="left open by an earlier process"):
            await at.desk.place(TAKING)
        await at.desk.settled()
        assert Outcome.ACCEPTED is (await at.desk.place(TAKING)).outcome
    assert await reopened(journal) == []


@virtual
async def test_what_was_written_but_never_sent_is_settled_soon_after_a_restart(counter):
    """Promise P3: whoever might have sent it for another minute has ended, so only what may be on its way counts."""
    journal = MemoryJournal()
    async with counter(journal=journal) as at:
        intent = at.desk._outcomes.intent(IntentKind.ORDER, CROSS, "BTCUSDT", "never-sent", {})
        await journal.write(intent)

    async with counter(journal=journal) as at:
        started = at.now
        assert Outcome.REFUSED is (await at.desk.resolved("never-sent")).outcome
        assert 20.5 < at.now - started < 25.0


async def reopened(journal):
    await journal.open()
    return await journal.open_intents()
