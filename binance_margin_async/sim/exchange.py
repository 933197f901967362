"""The exchange itself: bytes and frames in, bytes and frames out, time as an argument."""

from collections.abc import Mapping
from decimal import Decimal

from binance_margin_async.sim.margin.risk import LevelRecord
from binance_margin_async.sim.market.feed import MarketClock
from binance_margin_async.sim.messages import LOOPBACK, Close, HttpReply, HttpRequest, Send
from binance_margin_async.sim.scenarios import Scenario
from binance_margin_async.sim.streams.trade_streams import Renewal
from binance_margin_async.sim.trading.orders import Order
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.keys import ApiKey, Credentials, KeyRights
from binance_margin_async.sim.wire.rest_api import JSON, RestApi
from binance_margin_async.sim.wire.switchboard import Switchboard


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
    ) -> None:
        self.scenario = scenario
        self.credentials = credentials
        self.start_ms = start_ms
        self.now: int = start_ms
        clock = MarketClock(start_ms, price_speed)
        self.venue: Venue = Venue(scenario, seed=seed, clock=clock, renewal=renewal, legacy=legacy_listen_key)
        self._own_key = self.venue.keys.add(ApiKey(credentials.api_key, credentials.api_secret))
        self._rest_api = RestApi(self.venue)
        self._switchboard = Switchboard(self.venue)
        duration = scenario.duration_s
        self.ends_at: int | None = None if duration is None else clock.server_time(start_ms + round(duration * 1000))
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
            venue.risk.wake_at,
            venue.trade_streams.wake_at,
            venue.risk_streams.wake_at,
            venue.legacy_streams.wake_at,
            venue.market_streams.wake_at,
            self._switchboard.wake_at,
            None if self.is_finished else self.ends_at,
        ]
        return min((time for time in times if time is not None), default=None)

    @property
    def levels(self) -> list[LevelRecord]:
        """Every margin level computed so far, oldest first (of the last million)."""
        return self.venue.risk.levels

    @property
    def liquidations(self) -> list[Order]:
        """Orders by which the exchange closed accounts."""
        return self.venue.risk.liquidations

    @property
    def prices(self) -> Mapping[str, Decimal]:
        """Index price of each symbol now."""
        return self.venue.feed.prices

    @property
    def rights(self) -> KeyRights:
        """What the first key may do; may be changed at any time."""
        return self._own_key.rights

    # -- requests and frames --------------------------------------------------------------------------------------

    def handle(self, request: HttpRequest, now: int) -> HttpReply:
        """Answer one HTTP request."""
        self.advance(now)
        reply = self._rest_api.answer(request, self.now)
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

    def take_outbox(self) -> list[Send | Close]:
        """Return what has to leave, in order, and forget it."""
        leaving = list(self.venue.outbox)
        self.venue.outbox.clear()
        return leaving

    # -- time -----------------------------------------------------------------------------------------------------

    def advance(self, now: int) -> None:
        """Let everything happen that is due until *now*, one moment after the other."""
        while (due := self.wake_at) is not None and due <= now:
            self.now = max(self.now, due)
            self._happen(self.now)
        self.now = max(self.now, now)

    def _happen(self, now: int) -> None:
        venue = self.venue
        # Candles close before anything is traded in the next one.
        venue.market_streams.advance(now)
        moved = venue.feed.advance(now)
        for symbol in moved:
            venue.market_streams.on_price(symbol, now)
            venue.trading.on_price(symbol, now)
        changed = [bool(moved), venue.trading.advance(now), venue.interest.advance(now), venue.risk.advance(now)]
        if any(changed):
            venue.risk.assess(now)
        venue.market_streams.refresh(now)
        venue.trade_streams.advance(now)
        venue.risk_streams.advance(now)
        venue.legacy_streams.advance(now)
        self._switchboard.advance(now)

    # -- faults for tests -----------------------------------------------------------------------------------------

    def fail_next(
        self,
        route: str,
        *,
        status: int = 500,
        body: bytes = b'{"code":-1000,"msg":"An unknown error occurred while processing the request."}',
        headers: Mapping[str, str] | None = None,
        times: int = 1,
    ) -> None:
        """
        Answer the next calls of one route wrongly, before any effect and without counting weight.

        Args:
            route: Verb and path, such as ``"PUT /sapi/v2/margin/listen-key"``.
            status: HTTP status of the replies.
            body: Their body.
            headers: Their headers; JSON when omitted.
            times: How many calls fail; 0 takes an earlier order back.
        """
        self._rest_api.fail_next(route, HttpReply(status, dict(headers or JSON), body), times)

    def expire_tokens(self, now: int) -> None:
        """Let every listen token and trade subscription end at once."""
        self.advance(now)
        self.venue.trade_streams.expire_all(now)

    def expire_listen_keys(self, now: int) -> None:
        """Let every listen key end at once; listeners are told and closed."""
        self.advance(now)
        self.venue.legacy_streams.end_all(now)
        self.venue.risk_streams.end_key(now)

    def announce_shutdown(self, now: int, lead_s: float = 0.0) -> None:
        """Tell every WebSocket connection that its server goes away, and cut it *lead_s* seconds later."""
        self.advance(now)
        self._switchboard.announce_shutdown(now + round(lead_s * 1000), now)
