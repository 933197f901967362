"""The server: a thread with an event loop of its own, so that no viewer can hold up an alert."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from aiohttp import web

from binance_margin_async.web.address import Address
from binance_margin_async.web.gallery import Gallery

# Seconds in which a server must have begun, and may take to end.
START_LIMIT, STOP_LIMIT = 10.0, 5.0
AppFactory = Callable[[], web.Application]


class WebServer:
    """
    Serves while entered.

    The monitor's loop may be virtual, or stand still; the viewers' never does.

    Args:
        gallery: What is shown.
        sites: Each address, and what makes the application that is served there.
    """

    def __init__(self, gallery: Gallery, sites: Sequence[tuple[Address, AppFactory]]) -> None:
        self._gallery = gallery
        self._sites = sites
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._started: Future[list[Address]] = Future()
        self.addresses: list[Address] = []

    def __enter__(self) -> Self:
        """
        Start, and return when every address is served.

        Raises:
            OSError: One cannot be served, such as a port that is taken.
        """
        self._thread = threading.Thread(target=self._run, name="margin monitor page", daemon=True)
        self._thread.start()
        self.addresses = self._started.result(START_LIMIT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gallery.close()
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(STOP_LIMIT)

    def __repr__(self) -> str:
        return f"<WebServer {', '.join(address.url for address in self.addresses) or 'not started'}>"

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as problem:
            if self._started.done():
                raise
            self._started.set_exception(problem)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._gallery.open()
        runners: list[web.AppRunner] = []
        try:
            addresses = [await _begin(address, make(), runners) for address, make in self._sites]
            self._started.set_result(addresses)
            await self._stop.wait()
        finally:
            for runner in runners:
                await runner.cleanup()


async def _begin(address: Address, app: web.Application, runners: list[web.AppRunner]) -> Address:
    # No access log: addresses of a token's bearer are nobody's business, and the page asks twice a second.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handler_cancellation=True)
    runners.append(runner)
    await runner.setup()
    await web.TCPSite(runner, address.host, address.port).start()
    port: int = runner.addresses[0][1]
    return Address(address.host, port)
