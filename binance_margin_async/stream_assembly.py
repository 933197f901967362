"""How streams are made: which of them an account has, and what each is given."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from binance_margin_async.clock import Clock
from binance_margin_async.config import Config
from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import StreamHealth, StreamName, StreamStatus
from binance_margin_async.net.redaction import RedactingFilter
from binance_margin_async.net.sockets import Dial, open_socket
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.executor import Executor
from binance_margin_async.rest.legacy_stream import LegacyStreamCalls
from binance_margin_async.rest.user_stream import UserStreamCalls
from binance_margin_async.rules.lifecycles.connection import ConnectionLifecycle
from binance_margin_async.rules.lifecycles.rotation import RotationLifecycle
from binance_margin_async.services.intake import Intake
from binance_margin_async.services.market_streams import MarketStreams
from binance_margin_async.services.repair import Repair
from binance_margin_async.services.streams import ACCOUNT_STREAMS, Streams
from binance_margin_async.services.supervisor import Supervisor
from binance_margin_async.streams.health import HealthBoard
from binance_margin_async.streams.keyed import KeyedStream
from binance_margin_async.streams.keys import LegacyTradeKeys, RiskKeys
from binance_margin_async.streams.market import MarketStream
from binance_margin_async.streams.runner import StreamRunner
from binance_margin_async.streams.session import Channel
from binance_margin_async.streams.trade import TradeStream


@dataclass(frozen=True, slots=True)
class StreamMaking:
    """What streams are made of."""

    config: Config
    executor: Executor
    clock: Clock
    intake: Intake
    redaction: RedactingFilter
    chance: random.Random
    supervisor: Supervisor
    repair: Repair
    on_silence: Callable[[], None]

    def streams(self, accounts: Sequence[Account]) -> Streams:
        boards = {name: HealthBoard(name, (), clock=self.clock, on_event=self._on_health) for name in ACCOUNT_STREAMS}
        return Streams(
            boards=boards,
            trade=None if self.config.legacy_trade_stream else self._trade(boards[StreamName.TRADE]),
            keyed=lambda name, account: self._keyed(boards[name], name, account),
            runner=self._runner,
            supervisor=self.supervisor,
            accounts=accounts,
        )

    def market_streams(self, check_symbol: Callable[[str], Awaitable[object]]) -> MarketStreams:
        board = HealthBoard(StreamName.MARKET, (), clock=self.clock, on_event=self._on_health)
        stream = MarketStream(base=self.config.market_url, board=board, clock=self.clock, on_event=self.intake.on_event)
        return MarketStreams(stream, board, runner=self._runner, supervisor=self.supervisor, check_symbol=check_symbol)

    def _trade(self, board: HealthBoard) -> TradeStream:
        return TradeStream(
            address=self.config.ws_api_url,
            board=board,
            calls=UserStreamCalls(self.executor),
            repair=self.repair.repair,
            clock=self.clock,
            on_event=self.intake.on_event,
            hide=self.redaction.hide,
            roll=self.chance.random,
        )

    def _keyed(self, board: HealthBoard, name: StreamName, account: Account) -> KeyedStream:
        risk = name is StreamName.RISK
        return KeyedStream(
            base=self.config.risk_url if risk else self.config.legacy_stream_url,
            account=account,
            board=board,
            keys=RiskKeys(UserStreamCalls(self.executor))
            if risk
            else LegacyTradeKeys(LegacyStreamCalls(self.executor), account),
            repair=self._read_account if risk else self.repair.repair,
            clock=self.clock,
            on_event=self.intake.on_event,
            hide=self.redaction.hide,
        )

    def _runner(self, channel: Channel) -> StreamRunner:
        return StreamRunner(
            channel,
            ConnectionLifecycle(self.chance.random),
            RotationLifecycle(self.chance.random),
            clock=self.clock,
            dial=dialling(self.config),
            on_silence=self.on_silence,
        )

    def _on_health(self, event: Event) -> None:
        # Whoever hears that a stream is live may rely on what was missed having been told.
        is_live = isinstance(event, StreamStatus) and event.health is StreamHealth.LIVE
        if not is_live:
            self.intake.on_event(event)
        if isinstance(event, StreamStatus):
            self.repair.on_status(event)
        if is_live:
            self.intake.on_event(event)

    async def _read_account(self, account: Account) -> None:
        await read_account(AccountCalls(self.executor), account)


def dialling(config: Config) -> Dial:
    """Return what opens WebSockets as *config* says."""
    return partial(open_socket, ssl_context=config.ssl_context, proxy=config.proxy, transport=config.stream_transport)


async def read_account(calls: AccountCalls, account: Account) -> None:
    """Read one margin account in full; the reply goes where the calls' replies go."""
    if account.symbol is None:
        await calls.cross()
    else:
        await calls.isolated([account.symbol])
