"""A process that dies at any moment, and another that goes on with its journal."""

import asyncio
from collections import Counter
from contextlib import suppress

import pytest
from mortal import Mortal

from binance_margin_async import CROSS, LimitOrder, MarginClient, Outcome
from binance_margin_async.errors import JournalError
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import run_virtual

RESTING = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="50000")
TAKING = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="61000")
PLACE = "POST /sapi/v1/margin/order"


class Steps:
    """Counts the steps of the loop, and calls at one of them."""

    def __init__(self, last=None, call=None):
        self.count = 0
        self._loop = asyncio.get_running_loop()
        self._last, self._call = last, call
        self._run_once = self._loop._run_once
        self._loop._run_once = self._step

    def _step(self):
        self.count += 1
        if self.count == self._last:
            self._call()
        self._run_once()


async def work(desk, exchange):
    """Orders that fill, rest, are cancelled, lost on the way and lost on the way back."""
    exchange.inject(Fault("drop", target=PLACE, skip=1, effect="done"))
    exchange.inject(Fault("unknown_outcome", target=PLACE, skip=2, effect="none"))
    first = await desk.place(RESTING)
    await asyncio.gather(*(desk.place(order, patience=3.0) for order in (TAKING, RESTING, TAKING)))
    await desk.cancel(first)
    await asyncio.sleep(2.0)
    await desk.place(RESTING)
    await asyncio.sleep(30.0)


async def crash_and_restart(last_write=None, *, keeps_last=False, last_step=None):
    """Return the writes and steps of a life, after comparing what the next one says with the exchange's books."""
    async with SimulatedExchange("calm") as exchange:
        journal = Mortal(last_write, keeps_last=keeps_last)
        client = MarginClient(config=exchange.config, accounts=[CROSS], journal=journal)
        await client.start()
        await client.rules.of("BTCUSDT")
        steps = Steps(last_step, journal.died.set)
        life = asyncio.ensure_future(work(client.orders, exchange))
        death = asyncio.ensure_future(journal.died.wait())
        await asyncio.wait((life, death), return_when=asyncio.FIRST_COMPLETED)
        wrote, stepped = journal.writes, steps.count
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
        async with MarginClient(config=exchange.config, accounts=[CROSS], journal=risen) as after:
            await after.orders.settled()
            books = Counter(order.client_id for order in exchange.core.venue.trading.orders.values())
            said = {name: intent.outcome for name, intent in (await kept(risen, after)).items()}
            assert set(books.values()) <= {1}
            assert set(books) == {name for name, outcome in said.items() if outcome is Outcome.ACCEPTED}
            assert Outcome.ACCEPTED is (await after.orders.place(RESTING)).outcome
    return wrote, stepped


async def kept(journal, client):
    await client.orders._outcomes.flush()
    return journal._intents


WRITES, STEPS = run_virtual(crash_and_restart())


@pytest.mark.parametrize("keeps_last", [False, True], ids=["before", "after"])
def test_a_crash_at_any_write_leaves_no_orphan_and_no_double(keeps_last):
    """Promise P3: what was written is asked about, and what was not written was never sent."""
    for last in range(1, WRITES + 1):
        run_virtual(crash_and_restart(last, keeps_last=keeps_last))


def test_a_crash_at_any_moment_leaves_no_orphan_and_no_double():
    """Promise P3: at every tenth step of the loop."""
    assert STEPS > 100
    for last in range(1, STEPS, 10):
        run_virtual(crash_and_restart(last_step=last))
