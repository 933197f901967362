"""The simulated exchange on sockets, or on an in-memory network, whichever the running loop offers."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import TracebackType
from typing import Self

from binance_margin_async.config import Config
from binance_margin_async.secret import Secret
from binance_margin_async.sim.admin.calls import Admin
from binance_margin_async.sim.exchange import Exchange
from binance_margin_async.sim.faults.fault import Fault
from binance_margin_async.sim.faults.faults import Faults
from binance_margin_async.sim.market.prices import PricePath
from binance_margin_async.sim.scenarios import Scenario, scenario_named
from binance_margin_async.sim.shell.admin_face import ADMIN_HOST, AdminFace
from binance_margin_async.sim.shell.rest_face import RestFace
from binance_margin_async.sim.shell.socket_face import Kind, SocketFace
from binance_margin_async.sim.streams.connections import GOING_AWAY
from binance_margin_async.sim.streams.trade_streams import Renewal
from binance_margin_async.sim.wire.keys import Credentials

# 2026-01-05T00:00:00Z: a Monday, on a full hour.
DEFAULT_START_MS = 1_767_571_200_000

# With a clock of its own the exchange may be far from where its timers were set: it looks again this soon, in seconds.
LOOK_AGAIN = 1.0

LOOPBACK = ("127.0.0.1", "localhost", "::1")

# As long as real ones, and plainly not real.
FAKE_CREDENTIALS = Credentials(
    api_key="SimulatedExchangeApiKey".ljust(64, "0"), api_secret="SimulatedExchangeSecret".ljust(64, "0")
)


class SimulatedExchange:
    """
    A Binance margin exchange for tests, demonstrations and other people's bots.

    ::

        async with SimulatedExchange("slide") as exchange:
            print(exchange.rest_url, exchange.ws_api_url, exchange.risk_url)
            await exchange.finished()

    It binds to the running event loop when it is entered, and lives for one ``async with``.

    Args:
        scenario: Name of a shipped scenario, or one of your own.
        seed: Decides tokens and listen keys.
        prices: Prices instead of the scenario's: one path, or several by symbol.
        price_speed: Market seconds in one second; moves prices and interest hours, nothing else. At 0 they stand
            still until :meth:`step`.
        host: Address to listen on.
        rest_port: Port for REST; 0 lets the system choose.
        ws_port: Port for both kinds of streams; 0 lets the system choose.
        start_ms: Server time at the start, in epoch milliseconds; when omitted, that of the price file's
            first line, else 2026-01-05T00:00:00Z.
        renewal: Whether a renewed trade subscription keeps its id (``"same_id"``) or gets a new one.
        legacy_listen_key: Serve the trade stream by listen key, which Binance ended on 2026-02-20, beside today's.
        clock: Seconds by which the server's time moves, such as a ``testing.WallClock``; the running loop's own when
            omitted. The server's time never goes back: it stands until the clock has caught up.
        admin_port: Port of the admin calls, which listen on loopback only; 0 lets the system choose, ``None`` has none.
        faults: What goes wrong, besides the scenario's own faults; a ``FaultPlan``, say.

    Raises:
        ScenarioError: The scenario does not exist, or lacks prices.
    """

    def __init__(
        self,
        scenario: str | Scenario = "slide",
        *,
        seed: int = 0,
        prices: PricePath | Mapping[str, PricePath] | None = None,
        price_speed: float = 1.0,
        host: str = "127.0.0.1",
        rest_port: int = 0,
        ws_port: int = 0,
        start_ms: int | None = None,
        renewal: Renewal = "same_id",
        legacy_listen_key: bool = False,
        clock: Callable[[], float] | None = None,
        faults: Iterable[Fault] = (),
        admin_port: int | None = None,
    ) -> None:
        chosen = scenario_named(scenario) if isinstance(scenario, str) else scenario
        chosen = chosen.with_prices(_by_symbol(prices))
        if start_ms is None:
            history = [path.start_ms for path in chosen.prices.values() if path.start_ms is not None]
            start_ms = min(history, default=DEFAULT_START_MS)
        self.credentials = FAKE_CREDENTIALS
        self.core: Exchange = Exchange(
            chosen,
            self.credentials,
            start_ms=start_ms,
            seed=seed,
            price_speed=price_speed,
            renewal=renewal,
            legacy_listen_key=legacy_listen_key,
            faults=faults,
        )
        # Clients come from anywhere then, so the key cannot be tied to this machine.
        self.core.rights.ip_restrict = host in LOOPBACK
        self._host = host
        self._ports = (rest_port, ws_port)
        self._admin_port = admin_port
        self._admin = AdminFace(Admin(self.core), self._now, self._flush)
        self._rest = RestFace(self.core, self._now, self._flush)
        self._sockets = SocketFace(self.core, self._now, self._flush)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._clock = clock
        self._begun_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at: int | None = None
        self._is_open = False
        self._finished = asyncio.Event()

    @property
    def api_key(self) -> str:
        """The key that is accepted."""
        return self.credentials.api_key

    @property
    def api_secret(self) -> str:
        """Its secret, for HMAC signatures."""
        return self.credentials.api_secret

    @property
    def config(self) -> Config:
        """
        Settings that lead a client here: ``MarginClient(config=exchange.config)``.
        """
        return Config(
            api_key=Secret(self.api_key),
            api_secret=Secret(self.api_secret),
            rest_url=self.rest_url,
            ws_api_url=self.ws_api_url,
            risk_url=self.risk_url,
            market_url=self.stream_url,
            legacy_trade_stream=self.core.venue.legacy_streams.is_served,
            legacy_stream_url=self.stream_url,
        )

    @property
    def rest_url(self) -> str:
        """Base of ``/api`` and ``/sapi``."""
        return f"http://{_reachable(self._host)}:{self._ports[0]}"

    @property
    def ws_api_url(self) -> str:
        """WebSocket API, for the trade data stream."""
        return f"{self.risk_url}/ws-api/v3"

    @property
    def stream_url(self) -> str:
        """
        Host of public market streams, and of the trade stream by listen key where it is served.

        Append ``/ws/<stream>`` or ``/stream?streams=<stream>/<stream>``.
        """
        return self.risk_url

    @property
    def risk_url(self) -> str:
        """Host of the risk data stream: append ``/ws/<listenKey>`` or ``/stream?streams=<listenKey>``."""
        return f"ws://{_reachable(self._host)}:{self._ports[1]}"

    @property
    def admin_url(self) -> str | None:
        """Base of the admin calls; ``None`` without an ``admin_port``."""
        return None if self._admin_port is None else f"http://{ADMIN_HOST}:{self._admin_port}"

    async def __aenter__(self) -> Self:
        """
        Listen and start the clock.

        Raises:
            OSError: A port is in use.
            RuntimeError: It was entered before.
        """
        if self._loop is not None:
            raise RuntimeError("a SimulatedExchange can be entered once; make another one")
        self._loop = asyncio.get_running_loop()
        self._begun_at = self._seconds()
        self._is_open = True
        try:
            rest_port = await self._rest.start(self._host, self._ports[0])
            self._ports = (rest_port, await self._sockets.start(self._host, self._ports[1]))
            if self._admin_port is not None:
                self._admin_port = await self._admin.start(self._admin_port)
        except BaseException:
            await self._stop()
            raise
        self._flush()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection; nothing is left behind."""
        await self._stop()

    @property
    def faults(self) -> Faults:
        """What goes wrong, and what has."""
        return self.core.faults

    def step(self, seconds: float) -> None:
        """
        Let *seconds* of market time pass at once; server time, limits and expiry do not move.

        Raises:
            ValueError: *seconds* is not above zero.
        """
        self.core.step(seconds, self._now())
        self._flush()

    def set_price(self, symbol: str, price: Decimal | str) -> None:
        """
        Set a price by hand; it stays until it is set again.

        Raises:
            ValueError: There is no such symbol, or the price is not above zero.
        """
        self.core.set_price(symbol, price, self._now())
        self._flush()

    def inject(self, fault: Fault) -> int:
        """
        Let something go wrong; the fault's times count from now.

        Returns:
            Its number, for ``faults.remove``.
        """
        number = self.core.inject(fault, self._now())
        self._flush()
        return number

    def __repr__(self) -> str:
        """Tell scenario, address and state."""
        state = "finished" if self.core.is_finished else "running" if self._is_open else "closed"
        return f"<SimulatedExchange {self.core.scenario.name!r} at {self.rest_url}: {state}>"

    async def finished(self) -> None:
        """Wait until the scenario is over; for ever when it has no end."""
        await self._finished.wait()

    def drop_sockets(self, kind: Kind = "all", *, abruptly: bool = True, code: int = GOING_AWAY) -> int:
        """
        Cut WebSocket connections.

        Args:
            kind: ``"trade"`` (WebSocket API), ``"risk"``, or ``"all"``.
            abruptly: By a reset; otherwise by a closing handshake.
            code: Close code of the closing handshake.

        Returns:
            How many were cut.
        """
        return self._sockets.drop(kind, abruptly=abruptly, code=code)

    async def _stop(self) -> None:
        self._is_open = False
        if self._timer is not None:
            self._timer.cancel()
        try:
            await self._sockets.stop()
        finally:
            await self._rest.stop()
            await self._admin.stop()

    def _now(self) -> int:
        if self._loop is None:
            return self.core.now
        passed = self._seconds() - self._begun_at
        return max(self.core.now, self.core.start_ms + int(passed * 1000))

    def _seconds(self) -> float:
        if self._loop is None:
            return 0.0
        return self._loop.time() if self._clock is None else self._clock()

    def _flush(self) -> None:
        # Send what waits, and see when the exchange next has something to do by itself.
        for message in self.core.take_outbox():
            self._sockets.deliver(message)
        if self.core.is_finished:
            self._finished.set()
        wake_at = self.core.wake_at
        if self._loop is None or not self._is_open or (self._timer is not None and wake_at == self._timer_at):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._timer_at = None, wake_at
        if wake_at is not None:
            when = self._begun_at + (wake_at - self.core.start_ms) / 1000
            if self._clock is not None:
                left = when - self._clock()
                when = self._loop.time() + min(max(left, 0.001), LOOK_AGAIN)
            self._timer = self._loop.call_at(when, self._tick, wake_at)

    def _tick(self, due: int) -> None:
        # A timer of the loop's own time may fire a hair early; what is due is due.
        self._timer = None
        now = self._now()
        self.core.advance(max(now, due) if self._clock is None else now)
        self._flush()


def _reachable(host: str) -> str:
    """Return how an address names *host*; who listens everywhere is reached on loopback too."""
    host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # nothing is bound here
    return f"[{host}]" if ":" in host else host


def _by_symbol(prices: PricePath | Mapping[str, PricePath] | None) -> Mapping[str, PricePath]:
    if prices is None:
        return {}
    return {prices.symbol: prices} if isinstance(prices, PricePath) else prices
