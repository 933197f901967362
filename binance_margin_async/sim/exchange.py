"""The exchange itself: bytes and frames in, bytes and frames out, time as an argument."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Self

from binance_margin_async.sim.errors import SnapshotError
from binance_margin_async.sim.faults.fault import Fault
from binance_margin_async.sim.faults.faults import Faults
from binance_margin_async.sim.margin.risk import LevelRecord
from binance_margin_async.sim.market.feed import NEVER, MarketClock
from binance_margin_async.sim.messages import LOOPBACK, HttpReply, HttpRequest, Message
from binance_margin_async.sim.scenarios import Scenario
from binance_margin_async.sim.snapshots import from_plain, to_plain
from binance_margin_async.sim.snapshots.names import Plain
from binance_margin_async.sim.streams.trade_streams import Renewal
from binance_margin_async.sim.trading.orders import Order
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.keys import ApiKey, Credentials, KeyRights
from binance_margin_async.sim.wire.rest_api import RestApi
from binance_margin_async.sim.wire.switchboard import Switchboard

# Rises when a snapshot of before could be misread.
SNAPSHOT_FORMAT = 1


class Exchange:
    """
    A Binance margin account and the exchange around it, without sockets and without a clock.

    Every method takes ``now``, the exchange's epoch milliseconds, which must not go back; before it does its
    work, everything due until then happens. What has to leave on connections waits in the outbox.

    Args:
        scenario: With a price path for each of its pairs.
        credentials: The first key; more can be made in ``venue.keys``.
        start_ms: ``now`` of the beginning.
        seed: Decides tokens and listen keys.
        price_speed: How much faster prices and interest hours run than ``now``.
        renewal: Whether a renewed trade subscription keeps its id.
        legacy_listen_key: Whether the trade stream by listen key, ended on 2026-02-20, is still served.
        faults: What goes wrong, besides the scenario's own faults.
    """

    def __init__(
        self,
        scenario: Scenario,
        credentials: Credentials,
        *,
        start_ms: int,
        seed: int = 0,
        price_speed: float = 1.0,
        renewal: Renewal = "same_id",
        legacy_listen_key: bool = False,
        faults: Iterable[Fault] = (),
    ) -> None:
        self.scenario = scenario
        self.credentials = credentials
        self.start_ms = start_ms
        self.now: int = start_ms
        self._clock = MarketClock(start_ms, price_speed)
        self.venue: Venue = Venue(scenario, seed=seed, clock=self._clock, renewal=renewal, legacy=legacy_listen_key)
        self._own_key = self.venue.keys.add(ApiKey(credentials.api_key, credentials.api_secret))
        self._rest_api = RestApi(self.venue)
        self._switchboard = Switchboard(self.venue)
        self.faults: Faults = Faults(
            (*scenario.faults, *faults), self.venue, self._switchboard, now=start_ms, seed=seed
        )
        self.ends_at: int | None = self._end()
        self.venue.risk.assess(start_ms)

    # -- what can be looked at ------------------------------------------------------------------------------------

    @property
    def is_finished(self) -> bool:
        """Whether the scenario has been played to its end; the exchange goes on serving."""
        return self.ends_at is not None and self.now >= self.ends_at

    @property
    def wake_at(self) -> int | None:
        """When something will happen by itself, in epoch milliseconds."""
        venue = self.venue
        times = [
            venue.feed.wake_at,
            venue.trading.wake_at,
            venue.interest.wake_at,
            venue.liquidation.wake_at,
            venue.trade_streams.wake_at,
            venue.risk_streams.wake_at,
            venue.legacy_streams.wake_at,
            venue.market_streams.wake_at,
            self._switchboard.wake_at,
            self.faults.wake_at,
            None if self.is_finished else self.ends_at,
        ]
        return min((time for time in times if time is not None and time < NEVER), default=None)

    @property
    def levels(self) -> list[LevelRecord]:
        """Every margin level computed so far, oldest first (of the last million)."""
        return self.venue.risk.levels

    @property
    def liquidations(self) -> list[Order]:
        """Orders by which the exchange closed accounts."""
        return self.venue.liquidation.orders

    @property
    def prices(self) -> Mapping[str, Decimal]:
        """Index price of each symbol now."""
        return self.venue.feed.prices

    @property
    def market_time(self) -> int:
        """What the clock of prices and interest hours says, in epoch milliseconds."""
        return self._clock.market_time(self.now)

    @property
    def connections(self) -> Mapping[str, int]:
        """How many connections are open, by stream."""
        return self._switchboard.counts

    @property
    def rights(self) -> KeyRights:
        """What the first key may do; may be changed at any time."""
        return self._own_key.rights

    # -- requests and frames --------------------------------------------------------------------------------------

    def hold(self, request: HttpRequest, now: int) -> float:
        """Return for how many seconds a fault keeps *request* waiting before it may be handled."""
        self.advance(now)
        return self.faults.hold(request, now)

    def handle(self, request: HttpRequest, now: int) -> HttpReply:
        """Answer one HTTP request; how the reply is to be delivered is part of it."""
        self.advance(now)
        reply = self.faults.answer(request, self._rest_api, self.now)
        self.venue.market_streams.refresh(self.now)
        self._switchboard.cut_banned()
        return reply

    def admit(self, path: str, now: int, address: str = LOOPBACK) -> HttpReply | None:
        """
        Decide about a WebSocket handshake.

        Args:
            path: Raw, with its query.
            now: Epoch milliseconds.
            address: Where it comes from.

        Returns:
            ``None`` when it may succeed, else what is answered instead.
        """
        self.advance(now)
        return self._switchboard.admit(path, address, self.now)

    def connect(self, connection: int, path: str, now: int, address: str = LOOPBACK) -> None:
        """Take a WebSocket connection that was admitted; its *path* decides what it is for."""
        self.advance(now)
        self._switchboard.connect(connection, path, address, self.now)
        self.faults.on_connect(connection)

    def on_frame(self, connection: int, text: str, now: int) -> None:
        """Take a text frame."""
        self.advance(now)
        self._switchboard.on_frame(connection, text, self.now)
        self.venue.market_streams.refresh(self.now)
        self._switchboard.cut_banned()

    def disconnect(self, connection: int, now: int) -> None:
        """Take note that a connection is gone."""
        self.advance(now)
        self._switchboard.disconnect(connection)
        self.faults.forget(connection)

    def take_outbox(self) -> list[Message]:
        """Return what has to leave, in order, and forget it; a fault may hold a frame back for later."""
        leaving = list(self.venue.outbox)
        self.venue.outbox.clear()
        return self.faults.pass_on(leaving, self.now)

    # -- time -----------------------------------------------------------------------------------------------------

    def advance(self, now: int) -> None:
        """Let everything happen that is due until *now*, one moment after the other."""
        while (due := self.wake_at) is not None and due <= now:
            self.now = max(self.now, due)
            self._happen(self.now)
        self.now = max(self.now, now)

    def step(self, seconds: float, now: int) -> None:
        """
        Let market time pass at once: every price and every interest hour on the way happens, in its order.

        Args:
            seconds: Of market time.
            now: Epoch milliseconds of the server, whose time does not pass.

        Raises:
            ValueError: *seconds* is not above zero.
        """
        if not 0 < seconds < float("inf"):
            raise ValueError(f"a step must be above 0 seconds, not {seconds}")
        self.advance(now)
        end = self._clock.market_time(self.now) + round(seconds * 1000)
        while (due := self._next_market_ms()) < end:
            self._step_to(due)
        self._step_to(end)

    def set_price(self, symbol: str, price: Decimal | str, now: int) -> None:
        """
        Set a price by hand; it stays until it is set again.

        Raises:
            ValueError: There is no such symbol, or the price is not above zero.
        """
        self.advance(now)
        self.venue.feed.set_price(symbol, price)
        self.venue.market_streams.on_price(symbol, self.now)
        self.venue.trading.on_price(symbol, self.now)
        self.venue.risk.assess(self.now)
        self.venue.market_streams.refresh(self.now)

    def _next_market_ms(self) -> int:
        hour, price = self.venue.interest.next_market_ms, self.venue.feed.next_market_ms
        return hour if price is None else min(hour, price)

    def _step_to(self, market_ms: int) -> None:
        self._clock.step_to(max(market_ms, self._clock.market_time(self.now)), self.now)
        self.venue.feed.reschedule()
        self.venue.interest.reschedule()
        self.ends_at = self._end()
        self.advance(self.now)

    def _end(self) -> int | None:
        duration = self.scenario.duration_s
        return None if duration is None else self._clock.server_time(self.start_ms + round(duration * 1000))

    def _happen(self, now: int) -> None:
        venue = self.venue
        self.faults.advance(now)
        # Candles close before anything is traded in the next one.
        venue.market_streams.advance(now)
        moved = venue.feed.advance(now)
        for symbol in moved:
            venue.market_streams.on_price(symbol, now)
            venue.trading.on_price(symbol, now)
        parts = (venue.trading, venue.interest, venue.liquidation)
        # Each of them has its turn, whether or not the one before has changed anything.
        changed = [bool(moved), *[part.advance(now) for part in parts]]
        if any(changed):
            venue.risk.assess(now)
        venue.market_streams.refresh(now)
        venue.trade_streams.advance(now)
        venue.risk_streams.advance(now)
        venue.legacy_streams.advance(now)
        self._switchboard.advance(now)

    def inject(self, fault: Fault, now: int) -> int:
        """
        Let something go wrong; the times of *fault* count from *now*.

        Returns:
            Its number, for ``faults.remove``.
        """
        self.advance(now)
        number = self.faults.add(fault, self.now)
        self.advance(self.now)
        return number

    # -- keeping and going on --------------------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Plain]:
        """
        Return the whole state as plain JSON values: money, orders, streams, prices, even what waits to leave.

        Raises:
            SnapshotError: Something in it is not part of the simulator, such as a price path of your own.
        """
        return {"format": SNAPSHOT_FORMAT, "exchange": to_plain(self)}

    @classmethod
    def restore(cls, snapshot: Mapping[str, Plain]) -> Self:
        """
        Return an exchange that goes on from *snapshot* exactly as the one it was taken of.

        Connections go on too: whoever holds the sockets must give them their old numbers, or disconnect them.

        Raises:
            SnapshotError: It was not written by this version of the simulator.
        """
        if snapshot.get("format") != SNAPSHOT_FORMAT:
            raise SnapshotError(f"this is no snapshot of format {SNAPSHOT_FORMAT}; only those can be read here")
        restored = from_plain(snapshot["exchange"])
        if not isinstance(restored, cls):
            raise SnapshotError("this snapshot holds no exchange")
        return restored
