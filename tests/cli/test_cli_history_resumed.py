"""A history that was interrupted goes on where it was, and the file is the same as without the interruption."""

import asyncio
import os
import signal
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from binance_margin_async import MarginClient, MarketOrder, SimulatedExchange

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals to another process are a POSIX thing")

DAYS = 40


class Turnstile:
    """Stands between a client and the exchange, and lets only so many history requests through."""

    def __init__(self, port):
        self._port = port
        self._let_through = float("inf")
        self.shut = asyncio.Event()

    def admit(self, requests):
        self._let_through = requests
        self.shut.clear()

    @asynccontextmanager
    async def open(self):
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]

    async def _serve(self, reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        copying = asyncio.ensure_future(self._copy(there, writer))
        try:
            while request := await reader.read(1 << 16):
                if b"startTime=" in request or b"fromId=" in request or b"orderId=" in request:
                    if self._let_through < 1:
                        self.shut.set()
                        continue
                    self._let_through -= 1
                back.write(request)
        finally:
            copying.cancel()
            await asyncio.gather(copying, return_exceptions=True)
            for each in (back, writer):
                each.close()

    @staticmethod
    async def _copy(reader, writer):
        while part := await reader.read(1 << 16):
            writer.write(part)


class Past:
    """An exchange with forty days of loans, trades and hourly interest behind it."""

    def __init__(self, exchange, turnstile, port):
        self.turnstile = turnstile
        self._begin = exchange.core.start_ms
        self._settings = {
            "BINANCE_MARGIN_REST_URL": f"http://127.0.0.1:{port}",
            "BINANCE_MARGIN_WS_API_URL": exchange.ws_api_url,
            "BINANCE_MARGIN_RISK_URL": exchange.risk_url,
            "BINANCE_API_KEY": exchange.api_key,
            "BINANCE_API_SECRET": exchange.api_secret,
        }

    def _arguments(self, kind, out):
        # Sixty days of orders take a minute, by the exchange's limit.
        days = 2 if kind == "statement" else DAYS
        period = ("--since", str(self._begin), "--until", str(self._begin + days * 86_400_000))
        return ("history", kind, *period, "--format", out.suffix[1:], "--out", str(out))

    async def run(self, command, kind, out):
        """Run a command to its end, in a thread beside the exchange."""
        ended = await asyncio.to_thread(command, *self._arguments(kind, out), env=self._settings)
        assert 0 == ended.code, ended.err

    async def interrupt(self, command, kind, out, *, after):
        """Run a command until it waits for the answer behind the first *after* ones, and end it by SIGTERM."""
        self.turnstile.admit(after)
        with command.running(*self._arguments(kind, out), env=self._settings) as process:
            await self.turnstile.shut.wait()
            ended = await asyncio.to_thread(process.ends, signal.SIGTERM)
        self.turnstile.admit(float("inf"))
        assert 143 == ended.code
        assert f"{out} is not finished; the same command goes on from here" in ended.err


@asynccontextmanager
async def a_past():
    async with SimulatedExchange("calm") as exchange:
        async with MarginClient(config=exchange.config) as client:
            await client.borrow.borrow("USDT", "1000")
            await client.borrow.borrow("BTC", "0.1")
            for _ in range(12):
                await client.trade.new_order(MarketOrder("BTCUSDT", "SELL", quantity="0.01"))
        exchange._begun_at -= DAYS * 86_400
        turnstile = Turnstile(urlsplit(exchange.rest_url).port)
        async with turnstile.open() as port:
            yield Past(exchange, turnstile, port)


@pytest.mark.parametrize(
    ("kind", "name", "after"),
    # In the second window of two; and among the first rows, with the pages of all kinds half told.
    [("interest", "rows.csv", 18), ("statement", "rows.parquet", 12)],
)
async def test_a_history_ended_by_sigterm_is_continued_to_the_same_bytes(command, tmp_path, kind, name, after):
    """What was read is not read again, nothing is missing, and nothing is there twice."""
    async with a_past() as past:
        whole, out = tmp_path / f"whole-{name}", tmp_path / name
        await past.run(command, kind, whole)

        await past.interrupt(command, kind, out, after=after)
        assert [f"{name}.mark", f"{name}.part"] == sorted(path.name for path in tmp_path.glob(f"{name}*"))
        assert (tmp_path / f"{name}.part").read_bytes().count(b"\n") > 10

        await past.run(command, kind, out)
        assert whole.read_bytes() == out.read_bytes()
        assert [name] == [path.name for path in tmp_path.glob(f"{name}*")]
