"""A process that dies at any write while it protects, and another that goes on with its journal."""

import asyncio
import sys
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest

from binance_margin_async import ActionStage, MemoryJournal
from binance_margin_async.errors import JournalError
from binance_margin_async.testing import run_virtual, virtual

sys.path.insert(0, str(Path(__file__).parents[1] / "desk"))

from mortal import Mortal

# Too little to end the crossing: whoever forgot that it acted would act again.
CAPS = {"asset": "USDT", "most": Decimal(1_000), "most_per_day": Decimal(8_000)}
FALL = ((0, "60000"), (10, "60000"), (20, "48500"))
MOVE = "POST /sapi/v1/asset/transfer"


async def die_and_rise(fort, rule, last_write, *, keeps_last, fault):
    """Return how many writes the first life made, and what the exchange moved in both."""
    outer = fort(prices=FALL)
    async with outer.exchange:
        journal = Mortal(last_write, keeps_last=keeps_last)
        life = fort(rule("transfer_in", **CAPS), exchange=outer.exchange, journal=journal)
        if fault:
            life.inject("drop", target=MOVE, effect=fault)
        await life.__aenter__()
        with suppress(TimeoutError):
            async with asyncio.timeout(90.0):
                await journal.died.wait()
        wrote = journal.writes
        journal.died.set()
        for connection in asyncio.get_running_loop().network.connections():
            connection.reset()
        with suppress(JournalError):
            await life.__aexit__(None, None, None)

        async with fort(rule("transfer_in", **CAPS), exchange=outer.exchange, journal=journal.rise()) as it:
            await it.until(120)
        return wrote, it.moved


@pytest.mark.parametrize("fault", [None, "done"])
def test_a_crash_at_any_write_moves_the_money_once(fort, rule, fault):
    """Whether the write was kept or not, and whether the reply had come or was lost."""
    wrote, _ = run_virtual(die_and_rise(fort, rule, None, keeps_last=True, fault=fault))
    assert wrote >= 5
    moved = [
        run_virtual(die_and_rise(fort, rule, write, keeps_last=keeps_last, fault=fault))[1]
        for write in range(1, wrote + 1)
        for keeps_last in (False, True)
    ]
    assert [[Decimal(1_000)]] * len(moved) == moved


@virtual
async def test_without_a_journal_that_keeps_it_nothing_is_begun(fort, rule):
    """A restart could do it a second time."""

    class Full(MemoryJournal):
        async def write(self, *records):
            if any(getattr(each, "name", "").startswith("protection") for each in records):
                raise JournalError("the disk is full")
            await super().write(*records)

    async with fort(rule("transfer_in", **CAPS), prices=FALL, journal=Full()) as it:
        await it.until(60)

        assert [] == it.moved
        assert {ActionStage.FAILED} == set(it.stages())
        assert "cannot be written down: the disk is full" in it.actions[0].text


@virtual
async def test_what_was_kept_and_cannot_be_read_stops_the_actions_and_not_the_alerts(fort, rule):
    """Whoever does not know what was done must not do it again, but may ring."""
    journal = MemoryJournal()
    journal._notes["protection.1"] = "not JSON"
    async with fort(rule("transfer_in", **CAPS), prices=FALL, journal=journal) as it:
        await it.until(60)

        assert [] == it.moved == it.actions
        assert any("cannot be read" in ring.text for ring in it.rings if ring.key == "CROSS/protection/journal")
        assert any(ring.key == "CROSS/level" for ring in it.rings)
