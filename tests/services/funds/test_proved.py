"""Loans, repayments and transfers whose reply is lost, on the simulated exchange."""

import asyncio
import logging
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest

from binance_margin_async import CROSS, SPOT, AmbiguousOutcomeError, HaltedError, Isolated, MarginClient, Outcome
from binance_margin_async.errors import (
    InsufficientCollateralError,
    JournalError,
    MarginError,
    NotCarriedOutError,
    ReplyLostError,
)
from binance_margin_async.journal import MemoryJournal, SqliteJournal
from binance_margin_async.models.events import LoanUpdate, OutcomeAmbiguous, OutcomeUpdate, TransferUpdate
from binance_margin_async.models.intents import IntentKind
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import virtual

LOAN, RECORDS = "POST /sapi/v1/margin/borrow-repay", "GET /sapi/v1/margin/borrow-repay"
TRANSFER, HISTORY = "POST /sapi/v1/asset/transfer", "GET /sapi/v1/asset/transfer"
PAIR = Isolated("BTCUSDT")
LOST = {"done": Fault("drop", target=LOAN, effect="done"), "none": Fault("drop", target=LOAN, effect="none")}


@asynccontextmanager
async def desk(journal=None, exchange=None):
    """A client, its exchange, and what it told."""
    exchange = exchange or SimulatedExchange("calm")
    told = []
    async with MarginClient(sim=exchange, journal=journal or MemoryJournal()) as client:
        kinds = (LoanUpdate, TransferUpdate, OutcomeAmbiguous, OutcomeUpdate)
        async with client.bus.on(*kinds, handler=told.append):
            yield client, exchange, told


def loans(exchange, kind="BORROW"):
    return [each for each in exchange.core.venue.book.histories.loans if each.kind == kind]


def lend_to_another(exchange, amount, kind="BORROW"):
    account = exchange.core.venue.book.accounts["CROSS"]
    exchange.core.venue.loans.by_hand(account, "USDT", Decimal(amount), borrow=kind == "BORROW", now=exchange._now())


@virtual
async def test_a_loan_that_is_answered_is_known_at_once():
    """And the journal has had it before it was sent."""
    journal = MemoryJournal()
    async with desk(journal) as (client, exchange, told):
        change = await client.funds.borrow("USDT", "100", account=PAIR)
        assert (Outcome.ACCEPTED, Decimal(100), "USDT", PAIR) == (
            change.outcome,
            change.amount,
            change.asset,
            change.account,
        )
        assert [each.transaction for each in loans(exchange)] == [change.transaction_id]
        assert IntentKind.LOAN is change.kind
        assert [LoanUpdate] == [type(each) for each in told]
        assert Outcome.ACCEPTED is await change.verdict()
    kept = journal._intents[change.intent_id]
    assert (Outcome.ACCEPTED, change.transaction_id, "100") == (
        kept.outcome,
        kept.exchange_id,
        kept.parameters["amount"],
    )
    assert kept.owed_before == 0


@pytest.mark.parametrize("account", [CROSS, PAIR], ids=str)
@virtual
async def test_a_lost_loan_is_found_by_its_record(account):
    """It is told like every other loan, and nothing is sent again."""
    async with desk() as (client, exchange, told):
        exchange.inject(LOST["done"])
        change = await client.funds.borrow("USDT", "100", account=account)
        (made,) = loans(exchange)
        assert (Outcome.ACCEPTED, made.transaction) == (change.outcome, change.transaction_id)
        assert [OutcomeUpdate, OutcomeUpdate, LoanUpdate] == [type(each) for each in told]
        assert (made.transaction, account) == (told[-1].transaction_id, told[-1].account)
        assert client.funds.unresolved == []


@virtual
async def test_a_loan_that_never_happened_is_refused_by_proof():
    """After its last moment: 5 s of receive window, 15 s of the engine, and what the clock may be off by."""
    async with desk() as (client, exchange, _):
        begun = asyncio.get_running_loop().time()
        exchange.inject(LOST["none"])
        with pytest.raises(NotCarriedOutError, match="never carried it out") as refused:
            await client.funds.borrow("USDT", "100")
        assert Outcome.REFUSED is refused.value.outcome
        assert 21.0 < asyncio.get_running_loop().time() - begun < 26.0
        assert [] == loans(exchange)
        assert 100 == (await client.funds.borrow("USDT", "100")).amount


@virtual
async def test_who_is_not_patient_gets_what_is_unknown_and_can_wait_for_it_later():
    async with desk() as (client, exchange, _):
        exchange.inject(LOST["done"])
        change = await client.funds.borrow("USDT", "100", patience=1.0)
        assert (Outcome.UNKNOWN, None) == (change.outcome, change.transaction_id)
        assert [change.intent_id] == [each.id for each in client.funds.unresolved]
        assert Outcome.ACCEPTED is (await client.orders.resolved(change.intent_id)).outcome
        assert Outcome.ACCEPTED is await change.verdict()
        assert change.transaction_id is not None


@virtual
async def test_the_same_call_waits_until_the_first_is_proved_and_others_do_not():
    """Records could not tell two of the same kind, account and asset apart."""
    async with desk() as (client, exchange, _):
        exchange.inject(LOST["done"])
        first = await client.funds.borrow("USDT", "100", patience=1.0)
        other = await client.funds.borrow("BTC", "0.01")
        assert (Outcome.UNKNOWN, Outcome.ACCEPTED) == (first.outcome, other.outcome)
        with pytest.raises(HaltedError, match="unknown what became of"):
            await client.funds.borrow("USDT", "100", patience=2.0)
        second = await client.funds.borrow("USDT", "100")
        assert first.outcome is Outcome.ACCEPTED
        made = [each.transaction for each in loans(exchange) if each.asset == "USDT"]
        assert made == [first.transaction_id, second.transaction_id]


@virtual
async def test_two_records_that_fit_ring_a_person(caplog):
    """Another tool made the same loan: the outcome stays unknown until a person tells, and the same call is refused."""
    caplog.set_level(logging.ERROR)
    async with desk() as (client, exchange, told):
        exchange.inject(LOST["done"])
        change = await client.funds.borrow("USDT", "100", patience=1.0)
        lend_to_another(exchange, 100)
        with pytest.raises(AmbiguousOutcomeError, match="2 records could be it") as rung:
            await change.verdict()

        numbers = tuple(each.transaction for each in loans(exchange))
        assert (change.intent_id, numbers) == (rung.value.intent_id, rung.value.candidates)
        (event,) = (each for each in told if isinstance(each, OutcomeAmbiguous))
        assert (change.intent_id, numbers) == (event.intent.id, event.candidates)
        assert change.intent_id in caplog.text
        assert "client.funds.settle" in caplog.text
        assert Outcome.UNKNOWN is change.outcome
        with pytest.raises(HaltedError, match=r"client\.funds\.settle"):
            await client.funds.borrow("USDT", "250")

        told.clear()
        intent = await client.funds.settle(change.intent_id, numbers[0])
        assert (Outcome.ACCEPTED, numbers[0]) == (intent.outcome, change.transaction_id)
        assert [OutcomeUpdate, LoanUpdate] == [type(each) for each in told]
        assert Outcome.ACCEPTED is await change.verdict()
        assert Outcome.ACCEPTED is (await client.funds.borrow("USDT", "250")).outcome


@virtual
async def test_a_person_may_find_that_it_never_happened():
    async with desk() as (client, exchange, _):
        exchange.inject(LOST["none"])
        change = await client.funds.borrow("USDT", "100", patience=1.0)
        lend_to_another(exchange, 100)
        await asyncio.sleep(0.2)
        lend_to_another(exchange, 100)
        with pytest.raises(AmbiguousOutcomeError):
            await change.verdict()
        await client.funds.settle(change.intent_id, None)
        assert Outcome.REFUSED is await change.verdict()
        with pytest.raises(NotCarriedOutError):
            await change.accepted()
        with pytest.raises(ValueError, match="is waiting for an answer"):
            await client.funds.settle(change.intent_id, None)


@virtual
async def test_one_record_is_no_proof_where_somebody_else_makes_the_same_loan():
    """A tool that borrowed the same half an hour ago may have done so again just now."""
    async with desk() as (client, exchange, _):
        lend_to_another(exchange, 100)
        await asyncio.sleep(1_800)
        exchange.inject(LOST["done"])
        with pytest.raises(AmbiguousOutcomeError, match="somebody else makes the same call"):
            await client.funds.borrow("USDT", "100")


@virtual
async def test_our_own_loans_are_nobody_elses():
    """By whichever call they were made, and what an order borrows is none made by hand."""
    async with desk() as (client, exchange, _):
        await client.borrow.borrow("USDT", "100")
        await client.funds.borrow("USDT", "100")
        exchange.inject(LOST["done"])
        third = await client.funds.borrow("USDT", "100")
        assert third.transaction_id == loans(exchange)[-1].transaction


@virtual
async def test_a_record_that_lags_behind_its_debt_is_waited_for():
    """The debt shows that the loan was paid out, so no silence of the records is believed."""
    async with desk() as (client, exchange, _):
        exchange.inject(LOST["done"])
        exchange.inject(Fault("reply", target=RECORDS, body='{"rows":[],"total":0}', times=4))
        change = await client.funds.borrow("USDT", "100")
        assert change.transaction_id == loans(exchange)[0].transaction


@virtual
async def test_a_debt_without_a_record_rings_a_person():
    async with desk() as (client, exchange, _):
        exchange.inject(LOST["done"])
        exchange.inject(Fault("reply", target=RECORDS, body='{"rows":[],"total":0}', times="always"))
        with pytest.raises(AmbiguousOutcomeError, match="no record tells why"):
            await client.funds.borrow("USDT", "100")


@pytest.mark.parametrize("effect", ["done", "none"])
@virtual
async def test_a_lost_repayment_is_never_made_twice(effect):
    """The debt is gone once, or not at all, and ``repay_all`` says which."""
    async with desk() as (client, exchange, _):
        await client.funds.borrow("USDT", "100")
        await asyncio.sleep(30)
        exchange.inject(LOST[effect])
        if effect == "none":
            with pytest.raises(NotCarriedOutError):
                await client.funds.repay_all("USDT")
            assert [] == loans(exchange, "REPAY")
        paid = await client.funds.repay_all("USDT")
        (made,) = loans(exchange, "REPAY")
        assert effect == "done" or paid.transaction_id == made.transaction


@pytest.mark.parametrize("effect", ["done", "none"])
@virtual
async def test_a_lost_transfer_is_followed_by_the_next_only_if_it_was_made(effect):
    """From spot to an isolated account there are two."""
    async with desk() as (client, exchange, told):
        await client.funds.move("USDT", "20", from_=CROSS, to=SPOT)
        told.clear()
        exchange.inject(Fault("drop", target=TRANSFER, effect=effect))
        moves = exchange.core.venue.book.histories.transfers
        before = len(moves)
        if effect == "none":
            with pytest.raises(NotCarriedOutError):
                await client.funds.move("USDT", "20", from_=SPOT, to=PAIR)
            assert len(moves) == before
            return
        moved = await client.funds.move("USDT", "20", from_=SPOT, to=PAIR)
        assert [each.transaction for each in moves[before:]] == [each.transaction_id for each in moved.transfers]
        assert 2 == len(moved.transfers)
        # One between two margin accounts is told for each.
        assert [CROSS, CROSS, PAIR] == [each.account for each in told if isinstance(each, TransferUpdate)]


@virtual
async def test_a_transfer_that_is_not_proved_in_time_is_told_by_its_id():
    async with desk() as (client, exchange, _):
        exchange.inject(Fault("drop", target=TRANSFER, effect="done"))
        with pytest.raises(ReplyLostError, match="do not send it again") as lost:
            await client.funds.move("USDT", "20", from_=CROSS, to=PAIR, patience=1.0)
        assert Outcome.ACCEPTED is (await client.orders.resolved(lost.value.client_order_id)).outcome


@virtual
async def test_a_refusal_is_raised_and_the_next_call_may_go():
    async with desk() as (client, _, _):
        with pytest.raises(InsufficientCollateralError):
            await client.funds.borrow("USDT", "100000000")
        assert Outcome.ACCEPTED is (await client.funds.borrow("USDT", "100")).outcome


@virtual
async def test_without_a_journal_that_works_nothing_is_sent():
    """Promise P5, for loans: none without an intent that is written down. The next one is not held up by it."""
    journal = MemoryJournal()
    async with desk(journal) as (client, exchange, _):
        write = journal.write

        async def fail(*_records):
            raise JournalError("the disk is full")

        journal.write = fail
        with pytest.raises(JournalError):
            await client.funds.borrow("USDT", "100")
        assert [] == loans(exchange)
        journal.write = write
        assert Outcome.ACCEPTED is (await client.funds.borrow("USDT", "100")).outcome


@virtual
async def test_a_cancelled_caller_leaves_nothing_behind():
    """What was on its way is found out all the same, and the next call waits for it."""
    async with desk() as (client, exchange, _):
        exchange.inject(Fault("lost_reply", target=LOAN, effect="done"))
        task = asyncio.ensure_future(client.funds.borrow("USDT", "100"))
        await asyncio.sleep(1.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        (left,) = client.funds.unresolved
        second = await client.funds.borrow("USDT", "100")
        first = await client.orders.resolved(left.id)
        assert [first.exchange_id, second.transaction_id] == [each.transaction for each in loans(exchange)]


@pytest.mark.parametrize("effect", ["done", "none"])
@virtual
async def test_a_restart_finds_out_and_refuses_the_same_call_until_then(effect):
    """Promise P3, for loans."""
    journal, exchange = MemoryJournal(), SimulatedExchange("calm")
    async with exchange:
        async with MarginClient(config=exchange.config, journal=journal) as client:
            exchange.inject(LOST[effect])
            first = await client.funds.borrow("USDT", "100", patience=1.0)
            assert Outcome.UNKNOWN is first.outcome
        async with MarginClient(config=exchange.config, journal=journal) as client:
            with pytest.raises(HaltedError, match="try again in a moment"):
                await client.funds.borrow("USDT", "50")
            assert Outcome.ACCEPTED is (await client.funds.borrow("BTC", "0.01")).outcome
            await client.funds.settled()
            intent = await client.orders.resolved(first.intent_id)
            assert intent.outcome is {"done": Outcome.ACCEPTED, "none": Outcome.REFUSED}[effect]
            await client.funds.borrow("USDT", "50")
        made = [each.principal for each in loans(exchange) if each.asset == "USDT"]
        assert made == ([100] if effect == "done" else []) + [50]


@virtual
async def test_after_a_restart_what_an_earlier_process_made_is_nobody_elses():
    """The journal knows its transactions."""
    journal, exchange = MemoryJournal(), SimulatedExchange("calm")
    async with exchange:
        async with MarginClient(config=exchange.config, journal=journal) as client:
            await client.funds.borrow("USDT", "100")
        await asyncio.sleep(0.2)  # so long the exchange takes no other loan
        async with MarginClient(config=exchange.config, journal=journal) as client:
            exchange.inject(LOST["done"])
            second = await client.funds.borrow("USDT", "100")
        assert second.transaction_id == loans(exchange)[-1].transaction


@virtual
async def test_while_the_exchange_cannot_be_asked_it_stays_unknown():
    """Nothing is ever refused by count: promise of the orders, kept for loans."""
    async with desk() as (client, exchange, _):
        exchange.inject(LOST["done"])
        exchange.inject(Fault("server_error", target=RECORDS, times="always"))
        change = await client.funds.borrow("USDT", "100", patience=600.0)
        assert Outcome.UNKNOWN is change.outcome
        exchange.faults.clear()
        assert Outcome.ACCEPTED is await change.verdict()


async def test_a_file_keeps_a_loan_with_its_debt(tmp_path):
    """The debt before it is read back as it was."""
    async with SimulatedExchange("calm") as exchange:
        journal = SqliteJournal(tmp_path / "loans.journal")
        async with MarginClient(config=exchange.config, journal=journal) as client:
            await client.funds.borrow("USDT", "100")
            change = await client.funds.borrow("USDT", "50.5")
        async with MarginClient(config=exchange.config, journal=journal):
            decided = await journal.decided_intents(since_ms=0)
            assert decided == [await journal.intent(each.id) for each in decided]
            assert [] == await journal.decided_intents(since_ms=decided[-1].decided_ms + 1)
    assert (Decimal("100.0005"), change.transaction_id) == (decided[1].owed_before, decided[1].exchange_id)


@pytest.mark.parametrize(("amount", "kind"), [(1.5, TypeError), ("0", ValueError), ("-1", ValueError)])
@virtual
async def test_a_senseless_amount_is_refused_in_python_words(amount, kind):
    async with desk() as (client, _, _):
        with pytest.raises(kind):
            await client.funds.borrow("USDT", amount)
        with pytest.raises(MarginError):
            await client.funds.repay("USDT", "1")
