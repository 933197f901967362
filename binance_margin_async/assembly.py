"""Which part gets which other part: the client's wiring, in one place."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from binance_margin_async.bus import Bus
from binance_margin_async.clock import Clock
from binance_margin_async.config import Config
from binance_margin_async.errors import ExchangeError
from binance_margin_async.journal import Journal
from binance_margin_async.lanes import OrderLane, lane_of
from binance_margin_async.models.account import Account
from binance_margin_async.models.events import StreamName
from binance_margin_async.models.intents import IntentKind
from binance_margin_async.net import sockets
from binance_margin_async.net.http import HttpTransport
from binance_margin_async.net.lane import LaneTransport
from binance_margin_async.net.order_route import OrderRoute
from binance_margin_async.net.redaction import RedactingFilter
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.borrow import BorrowCalls
from binance_margin_async.rest.clock_doubt import ClockDoubt
from binance_margin_async.rest.dry_run import DryRun
from binance_margin_async.rest.executor import BuildSigned, Call, Executor, Transport
from binance_margin_async.rest.gate import Gate
from binance_margin_async.rest.lane import SpecialKeyAccess
from binance_margin_async.rest.limits import Limits
from binance_margin_async.rest.market import MarketCalls
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rest.trade import TradeCalls
from binance_margin_async.rest.transfer import TransferCalls
from binance_margin_async.rest.user_stream import UserStreamCalls
from binance_margin_async.rest.wallet import WalletCalls
from binance_margin_async.rules.limits.retry import RetryPolicy
from binance_margin_async.rules.orders.client_ids import ClientIds
from binance_margin_async.secret import Secret
from binance_margin_async.services.ban_keeper import BanKeeper
from binance_margin_async.services.clock_keeper import ClockKeeper
from binance_margin_async.services.desk import OrderDesk
from binance_margin_async.services.desk.cancels import Cancels
from binance_margin_async.services.desk.loan_watch import LoanWatch
from binance_margin_async.services.desk.outcomes import Outcomes
from binance_margin_async.services.desk.previews import Previews
from binance_margin_async.services.desk.resolver import Resolver
from binance_margin_async.services.funds import Funds
from binance_margin_async.services.funds.claims import Claims
from binance_margin_async.services.funds.resolver import RecordResolver
from binance_margin_async.services.health import Health
from binance_margin_async.services.history import Histories
from binance_margin_async.services.intake import Intake
from binance_margin_async.services.latency import LatencyBook
from binance_margin_async.services.limit_keeper import LimitKeeper
from binance_margin_async.services.market_streams import MarketStreams
from binance_margin_async.services.mirror import Mirrors
from binance_margin_async.services.refusals import Refusals
from binance_margin_async.services.repair import Repair
from binance_margin_async.services.rulebook import RuleBook
from binance_margin_async.services.streams import Streams
from binance_margin_async.services.supervisor import Supervisor
from binance_margin_async.stream_assembly import StreamMaking, read_account
from binance_margin_async.wire.requests import build_signed

# Loggers whose records can hold a key, a listen key or a token.
_LOGGERS = (sockets.log, logging.getLogger("aiohttp.client"), logging.getLogger("aiohttp.internal"))


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an open client."""

    clock: Clock
    bus: Bus
    gate: Gate
    executor: Executor
    transport: HttpTransport | OrderRoute
    supervisor: Supervisor
    clock_keeper: ClockKeeper
    journal: Journal
    bans: BanKeeper
    limit_keeper: LimitKeeper
    desk: OrderDesk
    redaction: RedactingFilter
    account: AccountCalls
    market: MarketCalls
    borrow: BorrowCalls
    trade: TradeCalls
    transfer: TransferCalls
    user_stream: UserStreamCalls
    wallet: WalletCalls
    spot: SpotCalls
    lane: OrderLane | None
    funds: Funds
    latency: LatencyBook
    rules: RuleBook
    history: Histories
    streams: Streams
    market_streams: MarketStreams
    mirrors: Mirrors
    repair: Repair
    health: Health

    def hide_from_logs(self) -> Callable[[], None]:
        """Hang the redacting filter on every logger that could tell a secret, and return what takes it off."""
        for logger in _LOGGERS:
            logger.addFilter(self.redaction)

        def undo() -> None:
            for logger in _LOGGERS:
                logger.removeFilter(self.redaction)

        return undo


def assemble(
    config: Config,
    accounts: Sequence[Account],
    *,
    clock: Clock,
    wall: Callable[[], float],
    chance: random.Random,
    limits: Limits,
    journal: Journal,
    special_key: SpecialKeyAccess | None = None,
    dry_run: bool = False,
) -> Parts:
    """
    Return the parts of a client; nothing is opened or started.

    Args:
        config: Keys, addresses and switches.
        accounts: Whose events the streams carry.
        clock: The loop's and the exchange's time.
        wall: The computer's date, in epoch seconds.
        chance: Source of jitter.
        limits: The exchange's limits, which other clients may count as well.
        journal: Where orders are written down.
        special_key: Opens the low-latency lane.
        dry_run: Whether calls that would change something are stopped instead of sent.

    Raises:
        ClosedError: The limits belong to another event loop.
    """
    redaction = RedactingFilter()
    for each in (config, *([] if special_key is None else [special_key.settings(config)])):
        for secret in (each.api_key, each.api_secret, each.private_key, each.private_key_passphrase):
            if isinstance(secret, Secret):
                redaction.hide(secret.reveal(), for_good=True)
    bus = Bus(clock.now)
    supervisor = Supervisor(clock=clock, on_event=bus.publish)
    intake = Intake(bus.publish, clock, wants=bus.wants)
    latency = LatencyBook()
    gate, limiter = limits.gate(), limits.limiter
    transport = _transport_of(config, clock)
    sender = DryRun(transport, config.rest_url) if dry_run else transport
    doubt = ClockDoubt()
    bans = BanKeeper(journal, limiter, now=clock.now, wall=wall, supervisor=supervisor)

    async def explain(call: Call, problem: ExchangeError) -> None:
        await refusals.explain(call, problem)

    def executor_of(
        config: Config,
        transport: Transport,
        build_signed: BuildSigned = build_signed,
        on_reply: Callable[[Call, object], None] | None = None,
    ) -> Executor:
        return Executor(
            transport=transport,
            gate=gate,
            limiter=limiter,
            clock=clock,
            config=config,
            retry=RetryPolicy(chance.random),
            on_reply=take if on_reply is None else on_reply,
            on_timed=latency.on_call,
            doubt=doubt,
            on_refused=explain,
            on_banned=bans.on_ban,
            build_signed=build_signed,
        )

    def take(call: Call, reply: object) -> None:
        if call.row.is_read:
            limit_keeper.on_reply(call, reply)
        intake.on_reply(call, reply)

    executor = executor_of(config, sender)
    account, borrow, spot = AccountCalls(executor), BorrowCalls(executor), SpotCalls(executor)
    trade, transfer, wallet = TradeCalls(executor), TransferCalls(executor), WalletCalls(executor)
    market = MarketCalls(executor)
    limit_keeper = LimitKeeper(limiter, clock, spot)
    rules = RuleBook(account=account, market=market, spot=spot, clock=clock)
    refusals = Refusals(executor, rules)
    engine_limit = config.engine_limit_ms / 1000
    claims, by_id = Claims(journal), Resolver(trade, clock, engine_limit=engine_limit)
    by_records = RecordResolver(
        account=account, borrow=borrow, wallet=wallet, claims=claims, clock=clock, engine_limit=engine_limit
    )
    outcomes = Outcomes(
        journal,
        {
            IntentKind.ORDER: by_id,
            IntentKind.ORDER_LIST: by_id,
            IntentKind.LOAN: by_records,
            IntentKind.TRANSFER: by_records,
        },
        clock=clock,
        doubt=doubt,
        supervisor=supervisor,
        publish=bus.publish,
        recv_window_ms=config.recv_window_ms,
    )
    ids = ClientIds(config.client_order_prefix, chance.random)
    desk = OrderDesk(
        executor=executor,
        trade=trade,
        outcomes=outcomes,
        cancels=Cancels(trade, clock, recv_window_ms=config.recv_window_ms, engine_limit=engine_limit),
        rules=rules,
        previews=Previews(account=account, borrow=borrow, market=market, rules=rules),
        journal=journal,
        bus=bus,
        clock=clock,
        ids=ids,
        loans=LoanWatch(
            account=account, borrow=borrow, rules=rules, clock=clock, supervisor=supervisor, publish=bus.publish
        ),
    )
    funds = Funds(
        executor=executor,
        account=account,
        borrow=borrow,
        spot=spot,
        transfer=transfer,
        wallet=wallet,
        outcomes=outcomes,
        claims=claims,
        journal=journal,
        bus=bus,
        clock=clock,
        ids=ids,
        on_reply=intake.on_reply,
    )
    repair = Repair(
        # What it finds is told as repaired, and not once more as a reply.
        TradeCalls(executor_of(config, sender, on_reply=lambda _call, _reply: None)),
        intake,
        read_account=lambda each: read_account(account, each),
        pairs=rules.cross_pairs,
        clock=clock,
        publish=bus.publish,
    )
    making = StreamMaking(config, executor, clock, intake, redaction, chance, supervisor, repair, transport.distrust)
    streams = making.streams(accounts)
    market_streams = making.market_streams(rules.of)
    health = Health(
        clock=clock,
        streams=streams,
        market=market_streams.board,
        supervisor=supervisor,
        limits=gate.statistics,
        bus=bus.statistics,
        loop=asyncio.get_running_loop(),
        recv_window=config.recv_window_ms / 1000,
        publish=bus.publish,
    )
    return Parts(
        clock=clock,
        bus=bus,
        gate=gate,
        executor=executor,
        transport=transport,
        supervisor=supervisor,
        clock_keeper=ClockKeeper(clock, spot, on_offset=limiter.on_clock, doubt=doubt),
        journal=journal,
        bans=bans,
        limit_keeper=limit_keeper,
        desk=desk,
        redaction=redaction,
        account=account,
        market=market,
        borrow=borrow,
        trade=trade,
        transfer=transfer,
        user_stream=UserStreamCalls(executor),
        wallet=wallet,
        spot=spot,
        lane=None if special_key is None else lane_of(special_key, config, sender, clock, executor_of),
        funds=funds,
        latency=latency,
        rules=rules,
        history=Histories(executor, clock),
        streams=streams,
        market_streams=market_streams,
        mirrors=Mirrors(
            intake,
            read_account=lambda each: read_account(account, each),
            board=streams.boards[StreamName.TRADE],
            bus=bus,
            clock=clock,
            supervisor=supervisor,
        ),
        repair=repair,
        health=health,
    )


def _transport_of(config: Config, clock: Clock) -> HttpTransport | OrderRoute:
    rest = HttpTransport(config.rest_url, time=clock.now, ssl_context=config.ssl_context, proxy=config.proxy)
    if config.order_transport == "aiohttp" or config.proxy is not None:
        return rest
    return OrderRoute(LaneTransport(config.rest_url, time=clock.now, ssl_context=config.ssl_context), rest)
