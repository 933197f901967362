"""The client: one ``async with`` that owns the session, the limits, the clock, the streams and the bus."""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import msgspec

from binance_margin_async.assembly import Parts, assemble
from binance_margin_async.bus import Bus, BusStatistics, Listener, Policy, Subscription
from binance_margin_async.clock import Clock
from binance_margin_async.config import Config, OrderTransport, require_credentials
from binance_margin_async.errors import ClosedError, ConfigError
from binance_margin_async.journal import Journal, MemoryJournal
from binance_margin_async.lanes import OrderLane
from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import AssetBalance, OrderUpdate, StreamName
from binance_margin_async.models.latency import Latency
from binance_margin_async.models.plain_json import Json
from binance_margin_async.models.stream_events import (
    MarginLevelStatusChange,
    StreamEvent,
    UnknownEvent,
    UserLiabilityChange,
)
from binance_margin_async.net.loop_time import time_of
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.any_call import any_row
from binance_margin_async.rest.borrow import BorrowCalls
from binance_margin_async.rest.lane import SpecialKeyAccess
from binance_margin_async.rest.limits import Limits
from binance_margin_async.rest.market import MarketCalls
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rest.spot_orders import SpotOrderCalls
from binance_margin_async.rest.trade import TradeCalls
from binance_margin_async.rest.transfer import TransferCalls
from binance_margin_async.rest.user_stream import UserStreamCalls
from binance_margin_async.rest.wallet import WalletCalls
from binance_margin_async.rules.limits import Cost, LimiterStatistics, ip
from binance_margin_async.services.desk import OrderDesk
from binance_margin_async.services.funds import Funds
from binance_margin_async.services.health import ClientHealth
from binance_margin_async.services.history import Histories
from binance_margin_async.services.mirror import AccountMirror
from binance_margin_async.services.rulebook import RuleBook
from binance_margin_async.services.streams import ACCOUNT_STREAMS
from binance_margin_async.wire.endpoint import Security
from binance_margin_async.wire.parameters import Parameter

if TYPE_CHECKING:
    from binance_margin_async.rules.margin.policy import AlertPolicy
    from binance_margin_async.services.alerts.policy import MonitorPolicy
    from binance_margin_async.services.monitor import Monitor
    from binance_margin_async.sim import Fault, Scenario, SimulatedExchange

E = TypeVar("E", bound=Event)
_CHEAP = ip(1)
_RISK_EVENTS = (MarginLevelStatusChange, UserLiabilityChange)

# A library prints nothing: without this, Python writes warnings of an unconfigured logger to stderr.
logging.getLogger("binance_margin_async").addHandler(logging.NullHandler())


class MarginClient:
    """
    Everything a bot does with Binance margin, inside one ``async with``.

    ::

        async with MarginClient.from_env() as client:
            account = await client.account.cross()
            async with client.events(OrderUpdate) as updates:
                async for update in updates:
                    print(update.account, update.order_id, update.status)

    Args:
        api_key: API key; ``None`` for public calls only.
        api_secret: Its secret.
        config: All settings at once, instead of the two.
        accounts: Whose events the streams carry: ``CROSS`` and any ``Isolated(symbol)``.
        sim: A simulated exchange to start, trade on and stop with the client.
        limits: One count of the exchange's limits for several clients of one address; its own when left out.
        journal: Where ``orders`` writes down what it sends, such as ``SqliteJournal("bot.journal")``; in memory when
            left out, and then a crash leaves nothing to go on with.
        special_key: Opens ``lane``: margin orders through ``/api/v3`` with this key.
        order_transport: ``"lane"`` sends orders and cancels over connections of their own, at six tenths of the cost,
            with the extra ``speed``; the setting of the same name when left out.
        dry_run: Stop every call that would change something with ``DryRunError``, which shows what would have been
            sent; calls that only read are sent. Streams do not start, as they begin with such a call.
    """

    def __init__(
        self,
        api_key: str | None = None,
        api_secret: str | None = None,
        *,
        config: Config | None = None,
        accounts: Iterable[Account] = (CROSS,),
        sim: SimulatedExchange | None = None,
        limits: Limits | None = None,
        journal: Journal | None = None,
        special_key: SpecialKeyAccess | None = None,
        order_transport: OrderTransport | None = None,
        dry_run: bool = False,
    ) -> None:
        if config is not None and (api_key is not None or api_secret is not None):
            raise TypeError("give either config or api_key and api_secret, not both")
        settings = config or Config.load(environ={}, api_key=api_key, api_secret=api_secret)
        if order_transport is not None:
            settings = msgspec.structs.replace(settings, order_transport=order_transport)
        self._config: Config = settings
        self._accounts = tuple(dict.fromkeys(accounts))
        self._sim = sim
        self._limits = limits
        self._journal = journal
        self._special_key = special_key
        self._dry_run = dry_run
        self._parts: Parts | None = None
        self._monitors = itertools.count(1)
        self._exit = AsyncExitStack()

    @classmethod
    def from_env(
        cls,
        path: str | Path | None = None,
        *,
        environ: Mapping[str, str] | None = None,
        accounts: Iterable[Account] = (CROSS,),
        limits: Limits | None = None,
        journal: Journal | None = None,
        special_key: SpecialKeyAccess | None = None,
    ) -> Self:
        """
        Return a client with the settings of the environment and of a TOML file.

        Args:
            path: The file; without it, the one that ``BINANCE_MARGIN_CONFIG`` names, if any.
            environ: Instead of the process's environment.
            accounts: Whose events the streams carry.
            limits: As of the client.
            journal: As of the client; the setting ``journal_path`` names a file instead.
            special_key: As of the client.

        Raises:
            ConfigError: A setting is wrong; the text says which.
        """
        return cls(
            config=Config.load(path, environ=environ),
            accounts=accounts,
            limits=limits,
            journal=journal,
            special_key=special_key,
        )

    @classmethod
    def simulated(
        cls,
        scenario: str | Scenario = "calm",
        *,
        accounts: Iterable[Account] = (CROSS,),
        seed: int = 0,
        price_speed: float = 1.0,
        faults: Iterable[Fault] = (),
    ) -> Self:
        """
        Return a client on a simulated exchange of its own, on loopback.

        Args:
            scenario: How the exchange begins: ``"calm"``, ``"slide"`` and so on, a TOML file, or one of your own.
            accounts: Whose events the streams carry.
            seed: Decides tokens, keys and harmed bytes.
            price_speed: Market seconds in one second.
            faults: What goes wrong, besides the scenario's own faults.

        Raises:
            ScenarioError: There is no such scenario, or it cannot be played.
        """
        from binance_margin_async.sim import SimulatedExchange  # noqa: PLC0415  # only who simulates loads it

        exchange = SimulatedExchange(scenario, seed=seed, price_speed=price_speed, faults=faults)
        return cls(sim=exchange, accounts=accounts)

    async def __aenter__(self) -> Self:
        """
        Open the session and measure the exchange's clock; streams start when first needed.

        Raises:
            MarginError: The exchange cannot be reached.
        """
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def start(self) -> None:
        """
        Do what entering does, for programs that cannot use ``async with``; end with ``aclose``.

        Raises:
            ClosedError: It is open already.
            MarginError: The exchange cannot be reached.
        """
        if self._parts is not None:
            raise ClosedError("the client is open already")
        try:
            config = self._config
            if self._sim is not None:
                there = (await self._exit.enter_async_context(self._sim)).config
                config = msgspec.structs.replace(
                    there, order_transport=config.order_transport, stream_transport=config.stream_transport
                )
            loop = asyncio.get_running_loop()
            clock = Clock(time_of(loop))
            # From the module's generator, so that a program that seeds it repeats its jitter too.
            chance = random.Random(random.getrandbits(64))
            parts = self._parts = assemble(
                config,
                self._accounts,
                clock=clock,
                wall=getattr(loop, "wall", time.time),  # noqa: TID251  # see BanKeeper; a virtual loop has its own
                chance=chance,
                limits=self._limits or Limits(),
                journal=self._journal or (MemoryJournal() if self._dry_run else _journal_of(config)),
                special_key=self._special_key,
                dry_run=self._dry_run,
            )
            self._exit.callback(parts.hide_from_logs())
            self._exit.push_async_callback(parts.transport.close)
            await parts.transport.open()
            self._exit.callback(parts.bus.close)
            await parts.journal.open()
            self._exit.push_async_callback(parts.journal.close)
            await parts.bans.restore()
            self._exit.push_async_callback(parts.bans.close)
            self._exit.push_async_callback(parts.desk.close)
            self._exit.push_async_callback(parts.funds.close)
            if config.only_user:
                self._exit.push_async_callback(parts.streams.delete_keys)
            self._exit.push_async_callback(parts.supervisor.close)
            self._exit.push_async_callback(parts.rules.close)
            await parts.clock_keeper.synchronize()
            await parts.desk.open()
            await parts.funds.open()
            parts.supervisor.start("clock", parts.clock_keeper.run)
            parts.supervisor.start("limits", parts.limit_keeper.run)
            parts.supervisor.start("loop probe", parts.health.probe.run)
            parts.supervisor.start("health", parts.health.run)
            parts.supervisor.start("repair", parts.repair.run)
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """End every task, close every connection, and let subscribers finish what is queued for them."""
        try:
            await self._exit.aclose()
        finally:
            self._parts = None

    @property
    def _open(self) -> Parts:
        if self._parts is None:
            raise ClosedError("the client is not open: use it inside  async with MarginClient(...) as client")
        return self._parts

    @property
    def rest_url(self) -> str | None:
        """Where calls go; ``None`` for a simulated exchange of the client's own."""
        return self._config.rest_url if self._sim is None else None

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Whose events the streams carry."""
        return self._accounts if self._parts is None else self._parts.streams.accounts

    async def add_account(self, account: Account) -> None:
        """
        Let the streams carry *account* too; if they run, wait until its events arrive.

        The accounts carried already do not notice. Nothing happens when it is one of them.

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``.

        Raises:
            StreamError: Its events do not arrive; it is not carried then.
        """
        await self._open.streams.add(account)

    async def remove_account(self, account: Account) -> None:
        """
        Let the streams carry *account* no more; the others do not notice.

        Subscriptions to its events stay, and hear what this program does by REST.
        """
        await self._open.streams.remove(account)

    @property
    def account(self) -> AccountCalls:
        """Accounts and their bars."""
        return self._open.account

    @property
    def market(self) -> MarketCalls:
        """Index prices, tiers and collateral ratios."""
        return self._open.market

    @property
    def borrow(self) -> BorrowCalls:
        """Loans."""
        return self._open.borrow

    @property
    def trade(self) -> TradeCalls:
        """Orders."""
        return self._open.trade

    @property
    def orders(self) -> OrderDesk:
        """Orders that always end in a proved outcome."""
        return self._open.desk

    @property
    def transfer(self) -> TransferCalls:
        """What went into and out of margin accounts, and what may leave."""
        return self._open.transfer

    @property
    def user_stream(self) -> UserStreamCalls:
        """Keys and tokens of the streams; the client manages its own."""
        return self._open.user_stream

    @property
    def wallet(self) -> WalletCalls:
        """The key's rights, the exchange's health."""
        return self._open.wallet

    @property
    def spot(self) -> SpotCalls:
        """Time and symbols."""
        return self._open.spot

    @property
    def lane(self) -> SpotOrderCalls:
        """
        Margin orders through ``/api/v3`` with the special key: faster, and without side effects.

        An order says nothing of its account: it acts on the one the key was made for. What would borrow, repay or name
        another account is refused before it is sent.

        Raises:
            ConfigError: The client was given no ``special_key``.
        """
        return self._need_lane().orders

    @asynccontextmanager
    async def unproven_websocket_lane(self) -> AsyncGenerator[SpotOrderCalls, None]:
        """
        Open the lane over the WebSocket API instead of HTTP: ``order.place``, ``order.cancel`` and their kin.

        **Unproven.** The exchange documents these methods for spot orders, and special keys for REST; no page says that
        a special key may place margin orders here. Try it with the smallest order there is, and look where it went.

        The connection is opened by the first call and again after a loss. A call that was on its way when the
        connection ended has an unknown outcome; none is sent twice.

        Yields:
            The calls of ``lane``.

        Raises:
            ConfigError: The client was given no ``special_key``.
        """
        lane = self._need_lane()
        async with lane.make_socket() as socket:
            yield lane.orders_over(socket)

    def _need_lane(self) -> OrderLane:
        lane = self._open.lane
        if lane is None:
            raise ConfigError("the lane needs a special key: MarginClient(special_key=SpecialKeyAccess(...))")
        return lane

    @property
    def funds(self) -> Funds:
        """Loans, repayments and transfers that end in a proved outcome, in as many calls as it takes."""
        return self._open.funds

    @property
    def rules(self) -> RuleBook:
        """What the exchange and margin ask of orders and loans: rounding to it, and checking against it."""
        return self._open.rules

    @property
    def history(self) -> Histories:
        """What happened in any period: trades, orders, loans, interest and so on."""
        return self._open.history

    @property
    def bus(self) -> Bus:
        """Where everything the client learns is published."""
        return self._open.bus

    @property
    def clock(self) -> Clock:
        """The loop's and the exchange's time."""
        return self._open.clock

    async def request(
        self,
        verb: str,
        path: str,
        params: Mapping[str, Parameter] | None = None,
        *,
        cost: Cost = _CHEAP,
        security: Security = Security.USER_DATA,
    ) -> Json:
        """
        Call an endpoint that has no method here, such as one that appeared today.

        It waits for request weight, is signed, sent and explained like every other call; only its answer is not typed,
        and no event is made of it.

        Args:
            verb: ``"GET"``, ``"POST"``, ``"PUT"`` or ``"DELETE"``; a ``GET`` that fails may be sent again.
            path: Without parameters, such as ``"/sapi/v1/margin/account"``.
            params: By the exchange's names, unencoded, in the order in which they are sent; amounts are ``Decimal``.
            cost: Its request weight, as ``ip(10)`` or ``uid(1500)``; the default is 1 for the address.
            security: What it needs, as its page says; the default is a signed call.

        Returns:
            The decoded JSON, with ``Decimal`` for numbers with a point; ``None`` for an empty answer.

        Raises:
            EndpointRetiredError: The exchange no longer offers it; the error says since when, and what to use instead.
            MarginError: As of every call.
            TypeError: A parameter is a ``float``.
            ValueError: *verb* or *path* is none.
        """
        row = any_row(verb, path, cost=cost, security=security)
        return await self._open.executor.call(row, params or {})

    @asynccontextmanager
    async def events(
        self,
        *types: type[E],
        account: Account | None = None,
        symbol: str | None = None,
        interval: str | None = None,
        policy: Policy = "fail",
        capacity: int = 10_000,
    ) -> AsyncGenerator[Subscription[E], None]:
        """
        Subscribe to events; entering waits until the streams they come from are live.

        Args:
            types: Event classes; a base class stands for all its subclasses.
            account: Only this account's events; no other account is waited for.
            symbol: Only events about this pair; market events other than ``MiniTicker`` need one.
            interval: Only candles of this interval, such as ``"1m"``; ``Kline`` needs one.
            policy: What happens when the consumer falls behind: ``fail``, ``drop_oldest`` or ``coalesce``.
            capacity: How many events may wait.

        Yields:
            A subscription to read with ``async for``.

        Raises:
            CredentialsError: The events come from a stream of an account, and there is no API key.
            EndpointRetiredError: The venue no longer offers the stream; see the setting ``legacy_trade_stream``.
            InvalidRequestError: Market events of a pair are wanted that the exchange does not know.
            StreamError: A stream did not become live in time.
            ValueError: Market events are wanted, and pair or interval are missing or an account is named.
        """
        subscription = self.bus.subscribe(
            *types, account=account, symbol=symbol, interval=interval, policy=policy, capacity=capacity
        )
        async with subscription, self._streams(types, account, symbol, interval):
            yield subscription

    @asynccontextmanager
    async def on(
        self,
        *types: type[E],
        handler: Callable[[E], object],
        account: Account | None = None,
        symbol: str | None = None,
        interval: str | None = None,
        policy: Policy = "fail",
        capacity: int = 10_000,
    ) -> AsyncGenerator[Listener[E], None]:
        """
        Call *handler*, plain or ``async def``, with each event while the context is entered.

        Arguments and errors are those of ``events``.
        """
        listener = self.bus.on(
            *types, handler=handler, account=account, symbol=symbol, interval=interval, policy=policy, capacity=capacity
        )
        async with listener, self._streams(types, account, symbol, interval):
            yield listener

    async def mirror(self, account: Account = CROSS) -> AccountMirror:
        """
        Return the local copy of *account*: balances, debts, open orders, margin level, and how far to trust them.

        Starts the streams of the accounts if they do not run, and waits until they are live; from then on the copy is
        read without waiting. The same object is returned each time.

        Args:
            account: One of the client's.

        Raises:
            ValueError: It is none of the client's accounts.
            CredentialsError: There is no API key.
            EndpointRetiredError: The venue no longer offers the stream; see the setting ``legacy_trade_stream``.
            StreamError: A stream did not become live in time.
        """
        if account not in self.accounts:
            raise ValueError(f"{account} is none of the client's accounts: await client.add_account({account!r}) first")
        mirror = self._open.mirrors.of(account)
        await self._await_streams((OrderUpdate, *([UserLiabilityChange] if account == CROSS else [])), account)
        return mirror

    def monitor(
        self, accounts: Iterable[Account] = (), *, policy: AlertPolicy | MonitorPolicy | None = None
    ) -> Monitor:
        """
        Return a margin-call monitor, to be entered with ``async with``.

        What was rung and acknowledged is kept in the client's journal, so that a restart does not ring it again.

        Args:
            accounts: Which accounts to watch; the policy's when left out, or else the client's.
            policy: When it rings, and whom it tells; an ``AlertPolicy`` says only how patient the alerts are.
        """
        # A fifth of the package, which a bot without a monitor does not need.
        from binance_margin_async.monitor_assembly import monitor_of, policy_of  # noqa: PLC0415

        whole = policy_of(policy)
        return monitor_of(
            tuple(accounts) or whole.accounts or self.accounts,
            whole,
            parts=self._open,
            start_streams=self.start_streams,
            number=next(self._monitors),
        )

    def start_streams(self) -> None:
        """Start every stream of the client's accounts without waiting for it."""
        self._open.streams.start(*ACCOUNT_STREAMS)

    def latency(self, *, restart: bool = False) -> Latency:
        """
        Return how long calls took since the client was opened, by endpoint and leg: 50th to 99.9th percentile.

        What the exchange and the network took is the leg ``exchange``; all others are this computer's.

        Args:
            restart: Whether to count anew from here on, as after warming up.
        """
        return self._open.latency.report(restart=restart)

    def health(self) -> ClientHealth:
        """
        Return how well the client is: its streams, its clock, its tasks, the event loop, the limits and the bus.

        ``HealthUpdate`` events tell when it changes, within ten seconds.
        """
        return self._open.health.report()

    def statistics(self) -> dict[str, BusStatistics | LimiterStatistics]:
        """Return counters of the bus and the limiter."""
        return {"bus": self._open.bus.statistics(), "limits": self._open.gate.statistics()}

    @asynccontextmanager
    async def _streams(
        self, types: Iterable[type[Any]], account: Account | None, symbol: str | None, interval: str | None
    ) -> AsyncGenerator[None, None]:
        """Have what can bring events of *types* live while entered; the streams of the accounts stay."""
        async with self._open.market_streams.carry(types, account=account, symbol=symbol, interval=interval):
            await self._await_streams(types, account)
            yield

    async def _await_streams(self, types: Iterable[type[Any]], account: Account | None) -> None:
        streams = self._open.streams
        wanted = [name for name in _streams_of(types) if streams.boards[name].entries]
        if wanted and self._sim is None:
            require_credentials(self._config)  # said at once, not after waiting for a stream that cannot start
        for name in wanted:
            streams.start(name)
            await streams.wait_live(name, account)

    def __repr__(self) -> str:
        place = self._config.rest_url if self._sim is None else repr(self._sim)
        return f"<MarginClient {place}, {'open' if self._parts else 'closed'}>"


def _journal_of(config: Config) -> Journal:
    if config.journal_path is None:
        return MemoryJournal()
    from binance_margin_async.journal import SqliteJournal  # noqa: PLC0415  # SQLite is for who has a file

    return SqliteJournal(config.journal_path, durability=config.journal_durability)


def _streams_of(types: Iterable[type[Any]]) -> list[StreamName]:
    """Which streams can bring events of *types*."""
    wanted: dict[StreamName, None] = {}
    for kind in types:
        if issubclass(kind, _RISK_EVENTS):
            wanted[StreamName.RISK] = None
        elif kind in {Event, StreamEvent, UnknownEvent}:
            wanted |= dict.fromkeys(ACCOUNT_STREAMS)
        elif issubclass(kind, StreamEvent | OrderUpdate | AssetBalance):
            wanted[StreamName.TRADE] = None
    return list(wanted)
