"""A process that dies while it borrows, repays and moves money, and another that goes on with its journal."""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from binance_margin_async import CROSS, Isolated, MarginClient, Outcome
from binance_margin_async.errors import JournalError
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import run_virtual

sys.path.insert(0, str(Path(__file__).parents[1] / "desk"))

from mortal import Mortal

LOAN = "POST /sapi/v1/margin/borrow-repay"


async def work(funds, exchange):
    """A loan that is answered, one that is lost on the way back, a repayment that never arrives, and a transfer."""
    exchange.inject(Fault("drop", target=LOAN, skip=1, effect="done"))
    exchange.inject(Fault("drop", target=LOAN, skip=1, effect="none"))
    exchange.inject(Fault("drop", target="POST /sapi/v1/asset/transfer", effect="done"))
    await funds.borrow("USDT", "100")
    await asyncio.gather(
        funds.borrow("USDT", "200"),
        funds.repay("USDT", "50"),
        funds.move("USDT", "10", from_=CROSS, to=Isolated("BTCUSDT")),
        return_exceptions=True,
    )
    await funds.borrow("USDT", "300")
    await asyncio.sleep(2.0)


async def crash_and_restart(last_write=None, *, keeps_last=False):
    """Return the writes of a life, after comparing what the next one says with the exchange's books."""
    async with SimulatedExchange("calm") as exchange:
        journal = Mortal(last_write, keeps_last=keeps_last)
        client = MarginClient(config=exchange.config, journal=journal)
        await client.start()
        life = asyncio.ensure_future(work(client.funds, exchange))
        death = asyncio.ensure_future(journal.died.wait())
        await asyncio.wait((life, death), return_when=asyncio.FIRST_COMPLETED)
        wrote = journal.writes
        journal.died.set()
        for connection in asyncio.get_running_loop().network.connections():
            connection.reset()
        for each in (life, death):
            each.cancel()
        await asyncio.gather(life, death, return_exceptions=True)
        with suppress(JournalError):
            await client.aclose()

        exchange.faults.clear()
        risen = journal.rise()
        async with MarginClient(config=exchange.config, journal=risen) as after:
            await after.funds.settled()
            await after.orders._outcomes.flush()
            said = [each for each in risen._intents.values() if each.outcome is Outcome.ACCEPTED]
            histories = exchange.core.venue.book.histories
            made = sorted(each.transaction for each in (*histories.loans, *histories.transfers))
            assert made == sorted(each.exchange_id for each in said)
            assert not [each for each in risen._intents.values() if each.is_open]
            await after.funds.borrow("USDT", "100")
    return wrote


WRITES = run_virtual(crash_and_restart())


@pytest.mark.parametrize("keeps_last", [False, True], ids=["before", "after"])
def test_a_crash_at_any_write_leaves_no_loan_unknown_and_none_doubled(keeps_last):
    """Promise P3, for loans and transfers: what was written is read up, and what was not written was never sent."""
    assert WRITES > 5
    for last in range(1, WRITES + 1):
        run_virtual(crash_and_restart(last, keeps_last=keeps_last))
