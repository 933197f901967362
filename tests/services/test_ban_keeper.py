"""Bans outlive the process that was told of them."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from binance_margin_async import BannedError, MarginClient, SimulatedExchange
from binance_margin_async.journal import MemoryJournal, SqliteJournal
from binance_margin_async.sim import Fault
from binance_margin_async.testing import virtual

BAN = 900.0


class Venue:
    """An exchange that counts what reaches it."""

    def __init__(self, exchange):
        self.exchange, self.requests = exchange, 0
        self._handle = exchange.core.handle
        exchange.core.handle = self._counted

    def _counted(self, request, now):
        self.requests += 1
        return self._handle(request, now)


@pytest.fixture
def venue():
    @asynccontextmanager
    async def serve():
        async with SimulatedExchange("calm") as exchange:
            yield Venue(exchange)

    return serve


async def be_banned(venue, journal):
    """Live until the exchange bans the address, and a moment longer."""
    async with MarginClient(config=venue.exchange.config, journal=journal) as client:
        venue.exchange.inject(Fault("ban", seconds=BAN))
        with pytest.raises(BannedError):
            await client.spot.time()


@virtual
async def test_no_restart_during_a_ban_sends_anything(venue):
    """Promise L4: three restarts, none of which makes the ban longer; afterwards everything goes on."""
    journal, loop = MemoryJournal(), asyncio.get_running_loop()
    async with venue() as at:
        await be_banned(at, journal)
        ends, told = loop.time() + BAN, at.requests
        for _ in range(3):
            await asyncio.sleep(200)
            with pytest.raises(BannedError) as caught:
                await MarginClient(config=at.exchange.config, journal=journal).start()
            assert caught.value.retry_after == pytest.approx(ends - loop.time(), abs=1.0)
        assert told == at.requests

        await asyncio.sleep(ends - loop.time() - 30)
        # A start within a minute of the end waits for it.
        async with MarginClient(config=at.exchange.config, journal=journal) as client:
            assert loop.time() >= ends - 0.1
            await client.spot.time()


@virtual
async def test_a_client_that_stays_open_sends_nothing_during_a_ban_either(venue):
    """Promise L4: neither its own clock keeping nor its streams' keys."""
    async with venue() as at, MarginClient(config=at.exchange.config) as client:
        client.start_streams()
        await asyncio.sleep(30)
        at.exchange.inject(Fault("ban", seconds=BAN))
        with pytest.raises(BannedError):
            await client.spot.time()
        told = at.requests
        await asyncio.sleep(BAN - 1.0)
        assert told == at.requests


async def test_a_ban_is_found_in_a_file_by_the_computers_date(venue, tmp_path):
    """Promise L4, on real sockets and a real disk."""
    path = tmp_path / "bot.journal"
    async with venue() as at:
        await be_banned(at, SqliteJournal(path))
        told = at.requests
        for _ in range(3):
            with pytest.raises(BannedError) as caught:
                await MarginClient(config=at.exchange.config, journal=SqliteJournal(path)).start()
            assert BAN - 60 < caught.value.retry_after <= BAN
        assert told == at.requests
