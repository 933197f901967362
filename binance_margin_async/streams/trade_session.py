"""One connection of the trade data stream: a subscription per account, each watched over by a task of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Protocol

from binance_margin_async.clock import Clock
from binance_margin_async.errors import ExchangeError, MarginError, SocketLostError, StreamError
from binance_margin_async.models.account import Account
from binance_margin_async.models.replies import ListenToken
from binance_margin_async.models.stream_events import EventStreamTerminated, ServerShutdown, StreamEvent, UnknownEvent
from binance_margin_async.net.sockets import Socket
from binance_margin_async.rest.user_stream import UserStreamCalls
from binance_margin_async.rules.lifecycles.listen_token import ListenTokenLifecycle
from binance_margin_async.secret import Secret
from binance_margin_async.streams.questions import Adopt, Questions
from binance_margin_async.streams.routes import Routes
from binance_margin_async.streams.runner import REFUSALS
from binance_margin_async.streams.session import Line
from binance_margin_async.streams.together import Together
from binance_margin_async.wire import ws_api

_log = logging.getLogger("binance_margin_async.streams")
# Accounts that are subscribed and read at the same time: forty pairs on a slow line are live in seconds, and the calls
# take half of the sockets that the REST side may open.
AT_ONCE = 10
# Seconds between two looks at what the exchange says is subscribed; each costs 2 of 6,000 a minute (documents).
AUDIT_PERIOD = 60.0
_ALREADY_SUBSCRIBED = -2035
# Codes after which only another connection can help.
_NEEDS_NEW_CONNECTION = frozenset({-2042, -1191})


class Hub(Protocol):
    """What a session needs of its stream."""

    address: str
    calls: UserStreamCalls
    repair: Callable[[Account], Awaitable[None]]
    clock: Clock
    hide: Callable[[str], None]
    roll: Callable[[], float]

    def is_live(self, account: Account) -> bool: ...
    def on_live(self, account: Account) -> None: ...
    def on_stale(self, session: TradeSession, account: Account, reason: str) -> None: ...
    def on_account_refused(self, account: Account, problem: MarginError, again_in: float) -> None: ...
    def on_at_risk(self, account: Account, seconds_left: float) -> None: ...
    def on_push(self, session: TradeSession, account: Account | None, event: StreamEvent | UnknownEvent) -> None: ...


class _Subscription:
    """One account on this connection."""

    task: asyncio.Task[None]

    def __init__(self, account: Account, roll: Callable[[], float]) -> None:
        self.account = account
        self.token = ListenTokenLifecycle(roll)
        self.changed = asyncio.Event()
        self.risk: asyncio.TimerHandle | None = None


class TradeSession:
    """
    One connection with one subscription per account.

    Args:
        hub: The stream it belongs to.
        line: Told of the connection's state.
        accounts: Whose orders and balances are wanted.
    """

    def __init__(self, hub: Hub, line: Line, accounts: Iterable[Account]) -> None:
        self._hub = hub
        self._line = line
        self._subscriptions = {account: _Subscription(account, hub.roll) for account in accounts}
        self._routes = Routes()
        self._questions = Questions()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._parts = Together()
        self._socket: Socket | None = None

    def carries(self, account: Account) -> bool:
        """Whether the account's events arrive here."""
        subscription = self._subscriptions.get(account)
        return subscription is not None and subscription.token.is_subscribed

    async def prepare(self) -> str:
        """Return the address; tokens are minted once the connection stands."""
        return self._hub.address

    async def serve(self, socket: Socket) -> None:
        """Subscribe every account, read events, renew tokens and look after it all until the connection ends."""
        self._socket = socket
        try:
            for subscription in self._subscriptions.values():
                self._follow(subscription)
            self._parts.start(lambda: socket.listen(self._on_frame))
            self._parts.start(lambda: self._audit(socket))
            await self._parts.run()
        finally:
            self._socket = None
            for subscription in self._subscriptions.values():
                subscription.token.on_disconnected()
                _call_off(subscription)

    def add(self, account: Account) -> None:
        """Subscribe *account* too."""
        subscription = self._subscriptions[account] = _Subscription(account, self._hub.roll)
        if self._socket is not None:
            self._follow(subscription)

    async def remove(self, account: Account) -> None:
        """End the account's subscription; the connection goes on without it."""
        subscription = self._subscriptions.pop(account, None)
        if subscription is None or self._socket is None:
            return
        _call_off(subscription)
        await self._parts.stop(subscription.task)
        subscription_id = subscription.token.subscription_id
        if subscription_id is not None:
            await self._unsubscribe(subscription_id)

    def on_gap(self, account: Account) -> None:
        """Subscribe and read *account* once more: another connection was lost that had carried it."""
        subscription = self._subscriptions.get(account)
        if subscription is not None and subscription.token.is_subscribed:
            subscription.token.on_gap(self._hub.clock.now())
            subscription.changed.set()

    # -- subscriptions -------------------------------------------------------------------------------------------

    def _follow(self, subscription: _Subscription) -> None:
        subscription.token.on_connected(self._hub.clock.now())
        subscription.task = self._parts.start(lambda: self._keep(subscription))

    async def _keep(self, subscription: _Subscription) -> None:
        while True:
            subscription.changed.clear()
            if subscription.token.is_due(self._hub.clock.now()):
                async with self._turns:
                    await self._renew(subscription)
                continue
            try:
                async with asyncio.timeout_at(subscription.token.wake_at):
                    await subscription.changed.wait()
            except TimeoutError:
                pass

    async def _renew(self, subscription: _Subscription) -> None:
        """Mint a token and subscribe with it; a running subscription goes on if that fails."""
        account, token = subscription.account, subscription.token
        try:
            await self._subscribe(subscription)
            # Asked only now: the exchange may have ended the subscription that was being renewed.
            if not self._hub.is_live(account):
                await self._hub.repair(account)
        except SocketLostError:
            raise
        except MarginError as problem:
            if isinstance(problem, ExchangeError) and problem.code in _NEEDS_NEW_CONNECTION:
                raise SocketLostError(str(problem)) from None
            self._on_failed(subscription, problem)
        else:
            # It may have ended while the account was read; then it is due again, and so is the reading.
            if token.is_subscribed:
                self._hub.on_live(account)
        if all(self.carries(each) for each in self._subscriptions if self._hub.is_live(each)):
            self._line.ready()

    def _on_failed(self, subscription: _Subscription, problem: MarginError) -> None:
        account, token, now = subscription.account, subscription.token, self._hub.clock.now()
        urgent = not (token.is_subscribed and self._hub.is_live(account))
        if token.on_failed(now, urgent=urgent, refused=isinstance(problem, REFUSALS)):
            self._hub.on_account_refused(account, problem, (token.wake_at or now) - now)
        _log.warning("trade stream of %s: %s", account, problem)
        if not token.is_subscribed:
            self._hub.on_stale(self, account, str(problem))

    async def _subscribe(self, subscription: _Subscription) -> None:
        token, clock = subscription.token, self._hub.clock
        minted = await self._hub.calls.listen_token(account=subscription.account)
        self._hub.hide(minted.token.reveal())
        expires_at = self._expiry(minted)

        def adopt(answer: ws_api.Answer) -> None:
            subscription_id = ws_api.subscribed(answer.result).subscription_id
            self._on_subscribed(subscription, subscription_id, expires_at)
            for event in self._routes.learn(subscription_id, subscription.account):
                self._on_push(subscription_id, event)

        answer = await self._ask(ws_api.SUBSCRIBE, {"listenToken": minted.token}, adopt)
        if answer.error is None:
            return
        if answer.error.code == _ALREADY_SUBSCRIBED and token.subscription_id is not None:
            subscription_id = await self._verify(token.subscription_id)
            self._on_subscribed(subscription, subscription_id, expires_at)
            return
        raise ws_api.to_error(ws_api.SUBSCRIBE, answer, exchange_ms=clock.exchange_ms())

    def _on_subscribed(self, subscription: _Subscription, subscription_id: int, expires_at: float) -> None:
        token = subscription.token
        token.on_subscribed(subscription_id, expires_at, self._hub.clock.now())
        _call_off(subscription)
        if token.validity is not None:
            loop = asyncio.get_running_loop()
            subscription.risk = loop.call_at(token.validity.at_risk_at, self._tell_at_risk, subscription)

    def _tell_at_risk(self, subscription: _Subscription) -> None:
        token = subscription.token
        if token.is_subscribed and token.validity is not None:
            self._hub.on_at_risk(subscription.account, token.validity.seconds_left(self._hub.clock.now()))

    async def _verify(self, subscription_id: int) -> int:
        """An "already subscribed" is good news only if the server still lists the subscription."""
        answer = await self._ask(ws_api.SUBSCRIPTIONS, None)
        if answer.error is None and subscription_id in ws_api.subscription_ids(answer.result):
            return subscription_id
        raise SocketLostError("the exchange holds a subscription that this connection does not know")

    def _expiry(self, minted: ListenToken) -> float:
        """Loop time at which a token ends; the REST value is in ms without doubt."""
        clock = self._hub.clock
        return clock.now() + (minted.expiration_time_ms - clock.exchange_ms()) / 1000

    async def _unsubscribe(self, subscription_id: int) -> None:
        try:
            await self._ask(ws_api.UNSUBSCRIBE, {"subscriptionId": subscription_id})
        except StreamError as problem:
            _log.info("a subscription could not be given up, the next look will find it: %s", problem)

    async def _ask(
        self, method: str, params: Mapping[str, str | int | Secret] | None, adopt: Adopt = lambda _: None
    ) -> ws_api.Answer:
        if self._socket is None:
            raise SocketLostError("the connection was lost")
        return await self._questions.ask(self._socket, method, params, adopt)

    # -- what the exchange says is subscribed --------------------------------------------------------------------

    async def _audit(self, socket: Socket) -> None:
        """Compare regularly: a subscription can vanish without a word while the connection is well."""
        unanswered = 0
        while True:
            await asyncio.sleep(AUDIT_PERIOD)
            expected = {each: each.token.subscription_id for each in self._subscriptions.values()}
            try:
                answer = await self._questions.ask(socket, ws_api.SUBSCRIPTIONS, None)
            except SocketLostError:
                raise
            except StreamError as problem:
                unanswered += 1
                if unanswered > 1:
                    raise SocketLostError(f"the exchange does not answer on this connection: {problem}") from None
                continue
            unanswered = 0
            if answer.error is None:
                listed = ws_api.subscription_ids(answer.result)
                for subscription, subscription_id in expected.items():
                    # One that was renewed meanwhile may have another id, of which this list knows nothing.
                    if subscription_id is not None and subscription_id not in listed:
                        self._on_end(subscription, subscription_id, "the exchange has lost the subscription")
                for subscription_id in sorted(listed):
                    if not self._is_wanted(subscription_id):
                        await self._unsubscribe(subscription_id)

    def _is_wanted(self, subscription_id: int) -> bool:
        """Whether it is an account's subscription, or one that a renewal has replaced and that ends by itself."""
        account = self._routes.account_of(subscription_id)
        return account is not None and self.carries(account)

    # -- frames --------------------------------------------------------------------------------------------------

    def _on_frame(self, frame: bytes) -> None:
        read = ws_api.read(frame)
        if isinstance(read, ws_api.Answer):
            self._questions.on_answer(read)
        elif read.subscription_id is None:
            self._hub.on_push(self, None, read.event)
            if isinstance(read.event, ServerShutdown):
                self._line.shutdown()
        else:
            self._on_push(read.subscription_id, read.event)

    def _on_push(self, subscription_id: int, event: StreamEvent | UnknownEvent) -> None:
        account = self._routes.account_of(subscription_id)
        if account is None:
            self._routes.hold(subscription_id, event)
            return
        subscription = self._subscriptions.get(account)
        if subscription is not None:
            self._hub.on_push(self, account, event)
        if isinstance(event, EventStreamTerminated):
            self._routes.forget(subscription_id)
            if subscription is not None:
                self._on_end(subscription, subscription_id, "the exchange ended the subscription")

    def _on_end(self, subscription: _Subscription, subscription_id: int, reason: str) -> None:
        if subscription.token.on_terminated(subscription_id, self._hub.clock.now()):
            self._hub.on_stale(self, subscription.account, reason)
            subscription.changed.set()


def _call_off(subscription: _Subscription) -> None:
    if subscription.risk is not None:
        subscription.risk.cancel()
        subscription.risk = None
