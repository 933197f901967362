"""The trade data stream: orders and balances of the cross and every isolated account, on one connection."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import NamedTuple

from binance_margin_async.clock import Clock
from binance_margin_async.errors import ExchangeError, MarginError, SocketLostError, StreamError
from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import StreamHealth, StreamName
from binance_margin_async.models.replies import ListenToken
from binance_margin_async.models.stream_events import EventStreamTerminated, ServerShutdown, StreamEvent, UnknownEvent
from binance_margin_async.net.sockets import Socket
from binance_margin_async.rest.user_stream import UserStreamCalls
from binance_margin_async.rules.lifecycles.listen_token import ListenTokenLifecycle
from binance_margin_async.streams.health import HealthBoard, OnEvent
from binance_margin_async.streams.routes import Routes
from binance_margin_async.streams.runner import REFUSALS, run_together
from binance_margin_async.wire import ws_api

_log = logging.getLogger("binance_margin_async.streams")
ANSWER_LIMIT = 10.0  # seconds; the exchange's own backend gives up after as many (documents)
_ALREADY_SUBSCRIBED = -2035
# Codes after which only another connection can help.
_NEEDS_NEW_CONNECTION = frozenset({-2042, -1191})


class _Question(NamedTuple):
    """A call under way on the socket; ``adopt`` takes a good answer at once, before any frame behind it is read."""

    answer: asyncio.Future[ws_api.Answer]
    adopt: Callable[[ws_api.Answer], None]


class TradeStream:
    """
    One connection with one subscription per account.

    Args:
        address: Of the WebSocket API.
        accounts: Whose orders and balances are wanted.
        calls: Mint tokens.
        read_account: Reads an account after each subscription, since each one is a gap.
        clock: The loop's and the exchange's time.
        on_event: Where events go.
        hide: Told of every token, so that logs blank it.
        roll: Random numbers in [0, 1), for jitter.
    """

    def __init__(
        self,
        *,
        address: str,
        accounts: Sequence[Account],
        calls: UserStreamCalls,
        read_account: Callable[[Account], Awaitable[None]],
        clock: Clock,
        on_event: OnEvent,
        hide: Callable[[str], None],
        roll: Callable[[], float],
    ) -> None:
        self._address = address
        self._calls = calls
        self._read_account = read_account
        self._clock = clock
        self._on_event = on_event
        self._hide = hide
        self._tokens = {account: ListenTokenLifecycle(roll) for account in accounts}
        self._routes = Routes()
        self._questions: dict[str, _Question] = {}
        self._ids = count(1)
        self._changed = asyncio.Event()
        self.health: HealthBoard = HealthBoard(StreamName.TRADE, accounts, clock=clock, on_event=on_event)

    async def prepare(self) -> str:
        """Return the address; tokens are minted once the connection stands."""
        return self._address

    async def serve(self, socket: Socket) -> None:
        """Subscribe every account, read events and renew tokens until the connection ends."""
        now = self._clock.now()
        for token in self._tokens.values():
            token.on_connected(now)
        await run_together(lambda: self._read(socket), lambda: self._keep(socket))

    def on_disconnected(self, problem: MarginError | None) -> None:  # noqa: ARG002  # any end is the same
        """Forget subscriptions and unanswered questions."""
        self._routes.clear()
        for question in self._questions.values():
            question.answer.cancel()
        self._questions.clear()
        for token in self._tokens.values():
            token.on_disconnected()

    async def _keep(self, socket: Socket) -> None:
        while True:
            self._changed.clear()
            for account, token in self._tokens.items():
                if token.is_due(self._clock.now()):
                    await self._renew(socket, account, token)
            wake_at = min((token.wake_at for token in self._tokens.values() if token.wake_at is not None), default=None)
            try:
                async with asyncio.timeout_at(wake_at):
                    await self._changed.wait()
            except TimeoutError:
                pass

    async def _renew(self, socket: Socket, account: Account, token: ListenTokenLifecycle) -> None:
        """Mint a token and subscribe with it; a running subscription goes on if that fails."""
        try:
            await self._subscribe(socket, account, token)
            # Asked only now: the exchange may have ended the subscription that was being renewed.
            if not self._is_live(account):
                await self._read_account(account)
        except SocketLostError:
            raise
        except MarginError as problem:
            if isinstance(problem, ExchangeError) and problem.code in _NEEDS_NEW_CONNECTION:
                raise SocketLostError(str(problem)) from None
            token.on_failed(self._clock.now(), urgent=not self._is_live(account), refused=isinstance(problem, REFUSALS))
            _log.warning("trade stream of %s: %s", account, problem)
            if not token.is_subscribed:
                self.health.tell(account, StreamHealth.STALE, str(problem))
        else:
            # It may have ended while the account was read; then it is due again, and so is the reading.
            if token.is_subscribed:
                self.health.tell(account, StreamHealth.LIVE, "subscribed")

    def _is_live(self, account: Account) -> bool:
        return self.health.of(account) is StreamHealth.LIVE

    async def _subscribe(self, socket: Socket, account: Account, token: ListenTokenLifecycle) -> None:
        minted = await self._calls.listen_token(account=account)
        self._hide(minted.token)
        expires_at = self._expiry(minted)

        def adopt(answer: ws_api.Answer) -> None:
            subscription_id = ws_api.subscribed(answer.result).subscription_id
            token.on_subscribed(subscription_id, expires_at, self._clock.now())
            for event in self._routes.learn(subscription_id, account):
                self._on_push(subscription_id, event)

        answer = await self._ask(socket, ws_api.SUBSCRIBE, {"listenToken": minted.token}, adopt)
        if answer.error is None:
            return
        if answer.error.code == _ALREADY_SUBSCRIBED and token.subscription_id is not None:
            subscription_id = await self._verify(socket, token.subscription_id)
            token.on_subscribed(subscription_id, expires_at, self._clock.now())
            return
        raise ws_api.to_error(ws_api.SUBSCRIBE, answer, exchange_ms=self._clock.exchange_ms())

    async def _verify(self, socket: Socket, subscription_id: int) -> int:
        """An "already subscribed" is good news only if the server still lists the subscription."""
        answer = await self._ask(socket, ws_api.SUBSCRIPTIONS, None)
        if answer.error is None and subscription_id in ws_api.subscription_ids(answer.result):
            return subscription_id
        raise SocketLostError("the exchange holds a subscription that this connection does not know")

    def _expiry(self, minted: ListenToken) -> float:
        """Loop time at which a token ends; the REST value is in ms without doubt."""
        return self._clock.now() + (minted.expiration_time_ms - self._clock.exchange_ms()) / 1000

    async def _ask(
        self,
        socket: Socket,
        method: str,
        params: dict[str, str] | None,
        adopt: Callable[[ws_api.Answer], None] = lambda _: None,
    ) -> ws_api.Answer:
        request_id = f"bma-{next(self._ids)}"
        answer: asyncio.Future[ws_api.Answer] = asyncio.get_running_loop().create_future()
        self._questions[request_id] = _Question(answer, adopt)
        try:
            await socket.send(ws_api.request(request_id, method, params))
            async with asyncio.timeout(ANSWER_LIMIT):
                return await answer
        except TimeoutError:
            raise StreamError(f"{method}: no answer within {ANSWER_LIMIT:.0f} s") from None
        finally:
            self._questions.pop(request_id, None)

    async def _read(self, socket: Socket) -> None:
        while True:
            read = ws_api.read(await socket.receive())
            if isinstance(read, ws_api.Answer):
                self._on_answer(read)
            elif read.subscription_id is None:
                self._on_connection_event(read.event)
            else:
                self._on_push(read.subscription_id, read.event)

    def _on_answer(self, answer: ws_api.Answer) -> None:
        question = self._questions.get(str(answer.request_id))
        if question is None:
            if answer.error is not None:
                raise SocketLostError(f"the exchange ended the session: {answer.error.code} {answer.error.msg[:200]}")
            return
        if answer.error is None:
            question.adopt(answer)
        if not question.answer.done():
            question.answer.set_result(answer)

    def _on_connection_event(self, event: StreamEvent | UnknownEvent) -> None:
        event.stamp(CROSS, Origin.STREAM, self._clock.now())  # of the connection, so of no account in particular
        self._on_event(event)
        if isinstance(event, ServerShutdown):
            raise SocketLostError("the exchange is shutting this server down")

    def _on_push(self, subscription_id: int, event: StreamEvent | UnknownEvent) -> None:
        account = self._routes.account_of(subscription_id)
        if account is None:
            self._routes.hold(subscription_id, event)
            return
        event.stamp(account, Origin.STREAM, self._clock.now())
        self._on_event(event)
        if isinstance(event, EventStreamTerminated):
            self._on_terminated(subscription_id, account)

    def _on_terminated(self, subscription_id: int, account: Account) -> None:
        self._routes.forget(subscription_id)
        if self._tokens[account].on_terminated(subscription_id, self._clock.now()):
            self.health.tell(account, StreamHealth.STALE, "the exchange ended the subscription")
            self._changed.set()
