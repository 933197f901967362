"""The one way a call goes out: reserve, stamp, sign, send, read the headers, decode."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Protocol, TypeVar

import msgspec

from binance_margin_async.clock import Clock
from binance_margin_async.config import Config, require_credentials
from binance_margin_async.errors import (
    Category,
    ClockError,
    ExchangeError,
    MarginError,
    NotSentError,
    Outcome,
    ReplyLostError,
    Retry,
)
from binance_margin_async.models.account import Account
from binance_margin_async.models.stages import Stages
from binance_margin_async.rest.clock_doubt import ClockDoubt
from binance_margin_async.rest.gate import Gate
from binance_margin_async.rules.limits import Demand, Lane, Limiter
from binance_margin_async.rules.limits.retry import RetryPolicy
from binance_margin_async.secret import Secret
from binance_margin_async.wire import replies
from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.parameters import Parameter
from binance_margin_async.wire.replies import WireReply
from binance_margin_async.wire.requests import WireRequest, build, build_signed
from binance_margin_async.wire.signing import Signer, signer_of

T = TypeVar("T")
# How long a call may wait for weight: a full minute window and a little, then the caller is told.
WAIT_LIMIT = 65.0
# How long a reply may take; the exchange itself gives up on its engine after 10 s (documents).
REPLY_LIMIT = 10.0
# Seconds that a signature may wait for its connection before it is made anew.
FRESH = 0.002


class Transport(Protocol):
    """Sends a request once; raises only ``NotSentError``, ``ReplyLostError`` or ``ClosedError``."""

    def send(
        self, request: WireRequest, *, deadline: float, freshen: Callable[[], WireRequest] | None = None
    ) -> Awaitable[WireReply]:
        """
        Send *request* and return the reply, giving up at loop time *deadline*.

        Whoever has to wait for a connection sends what *freshen* then returns: the same call, stamped anew.
        """
        ...


class Call(msgspec.Struct, frozen=True, gc=False):
    """One call as its caller meant it, for whoever watches replies."""

    row: Endpoint[Any]
    parameters: Mapping[str, Parameter]
    account: Account | None
    asked_at: float
    """Loop seconds just before the request was sent."""
    replied_at: float
    """Loop seconds at which the reply was there."""


class BuildSigned(Protocol):
    """Builds the signed request of a call, as ``wire.requests.build_signed`` does."""

    def __call__(
        self,
        row: Endpoint[Any],
        parameters: Mapping[str, Parameter],
        *,
        api_key: Secret,
        signer: Signer,
        timestamp_ms: int,
        recv_window_ms: int,
    ) -> WireRequest:
        """Return the request; see ``wire.requests.build_signed``."""
        ...


OnReply = Callable[[Call, object], None]
OnRefused = Callable[[Call, ExchangeError], Awaitable[None]]


class Executor:
    """
    Carries out calls on the limits, the clock and the transport it is given.

    Args:
        transport: Sends and receives.
        gate: Where calls wait for request weight.
        limiter: Learns from every reply.
        clock: Stamps signed requests.
        config: Key, secret and receive window.
        retry: When a failed read is asked again; a write never is.
        on_reply: Told of every decoded reply.
        on_timed: Told of the stages of every answered call, by route.
        doubt: Arises when the exchange refuses a timestamp; signed calls wait until it is settled.
        on_refused: May add to a write's refusal, before it is raised.
        on_banned: Told when the exchange said that it bans this address.
        build_signed: Builds a signed request as *transport* sends it; an HTTP request when left out.
    """

    def __init__(
        self,
        *,
        transport: Transport,
        gate: Gate,
        limiter: Limiter,
        clock: Clock,
        config: Config,
        retry: RetryPolicy,
        on_reply: OnReply,
        on_timed: Callable[[str, Stages], None],
        doubt: ClockDoubt,
        on_refused: OnRefused | None = None,
        on_banned: Callable[[], None] | None = None,
        build_signed: BuildSigned = build_signed,
    ) -> None:
        self._transport = transport
        self._gate = gate
        self._limiter = limiter
        self._clock = clock
        self._config = config
        self._retry = retry
        self._on_reply = on_reply
        self._on_timed = on_timed
        self._doubt = doubt
        self._on_refused = on_refused
        self._on_banned = on_banned
        self._build_signed = build_signed
        self._api_key = Secret("")
        self._signer: Signer | None = None

    def call(
        self,
        row: Endpoint[T],
        parameters: Mapping[str, Parameter],
        *,
        account: Account | None = None,
        lane: Lane | None = None,
        wait_limit: float = WAIT_LIMIT,
        stages: Stages | None = None,
    ) -> Coroutine[Any, Any, T]:
        """
        Make one call and return its decoded reply, when awaited.

        Args:
            row: The endpoint.
            parameters: By wire name; ``None`` values are not sent.
            account: Whose order counts and loans are concerned.
            lane: Urgency, when it is not the row's.
            wait_limit: How many seconds the call may wait for weight.
            stages: Filled in as the call goes on.

        Raises:
            RateLimitedError: No weight came free in time, or the exchange said so.
            NotSentError: Nothing reached the exchange.
            ClockError: The timestamp was refused, or would be later than *stages* allows; ``outcome`` says which.
            ReplyLostError: The outcome of a write is unknown.
            ExchangeError: The exchange declined; its subclasses say why.
            DecodeError: The reply does not have the promised shape.
        """
        key = str(account) if account is not None else None
        demand = Demand.of(
            row.cost,
            row.pool,
            parameters,
            lane=row.lane if lane is None else lane,
            account=key,
            serial=key if row.serial else None,
        )
        self._retry.on_call()
        # A write goes without the step between, because every order goes this way.
        attempt = self._tried if row.is_read else self._once
        return attempt(row, parameters, account, demand, wait_limit=wait_limit, stages=stages)

    async def _tried(
        self,
        row: Endpoint[T],
        parameters: Mapping[str, Parameter],
        account: Account | None,
        demand: Demand,
        *,
        wait_limit: float,
        stages: Stages | None,
    ) -> T:
        tries = 0
        while True:
            tries += 1
            try:
                return await self._once(row, parameters, account, demand, wait_limit=wait_limit, stages=stages)
            except MarginError as problem:
                wait = self._retry.wait(problem, tries)
                if wait is None:
                    raise
            await asyncio.sleep(wait)

    async def _once(
        self,
        row: Endpoint[T],
        parameters: Mapping[str, Parameter],
        account: Account | None,
        demand: Demand,
        *,
        wait_limit: float,
        stages: Stages | None,
    ) -> T:
        asked_at = self._clock.now()
        go_by = asked_at + wait_limit
        marks = Stages(asked=asked_at) if stages is None else stages
        if self._limiter.reserve(demand, asked_at) > 0.0:
            await self._gate.acquire(demand, deadline=go_by)
            asked_at = self._clock.now()
        if self._doubt.exists and self._is_signed(row):
            # Whoever waits for the clock has to ask once more: meanwhile a refusal may have stopped everything.
            self._gate.release(demand, sent=False)
            await self._doubt.settled(go_by)
            await self._gate.acquire(demand, deadline=go_by)
            asked_at = self._clock.now()
        sent = False
        try:
            marks.granted = asked_at
            request = self._build(row, parameters, marks)
            sent = True

            def freshen() -> WireRequest:
                is_fresh = marks.signed is None or self._clock.now() - marks.signed <= FRESH
                # The window outlasts the wait for a connection, so a stamp that would come too late is not needed.
                return request if is_fresh or self._is_late(marks) else self._build(row, parameters, marks)

            reply = await self._transport.send(request, deadline=asked_at + REPLY_LIMIT, freshen=freshen)
            marks.written, marks.first_byte = reply.marks.written, reply.marks.first_byte
            replied_at = self._clock.now()
            self._limiter.on_headers(demand, reply.headers, replied_at, sent_at=asked_at)
            refused = None if reply.status == _OK else self._refusal(row, demand, reply, replied_at)
        except NotSentError:
            sent = False
            raise
        except ReplyLostError as problem:
            self._explain(problem, parameters)
            raise
        finally:
            self._gate.release(demand, sent=sent)
        call = Call(row, parameters, account, asked_at, replied_at)
        try:
            if refused is not None:
                raise refused
            decoded = replies.decode(row, reply.body)
        except ExchangeError as problem:
            self._explain(problem, parameters)
            if self._on_refused is not None and problem.outcome is Outcome.REFUSED and not row.is_read:
                await self._on_refused(call, problem)
            raise
        marks.decoded = self._clock.now()
        self._on_timed(row.route, marks)
        self._on_reply(call, decoded)
        return decoded

    def _refusal(self, row: Endpoint[T], demand: Demand, reply: WireReply, now: float) -> ExchangeError:
        """Tell the limiter of a refusal, and return the error that it stands for."""
        told = replies.refusal(reply.status, reply.headers, reply.body)
        problem = replies.to_error(row, told, exchange_ms=self._clock.exchange_ms())
        self._limiter.on_refused(
            demand, reply.status, problem.retry_after, now, too_many_orders=problem.code == _TOO_MANY_ORDERS
        )
        if reply.status == _BANNED and self._on_banned is not None:
            self._on_banned()
        return problem

    def _is_signed(self, row: Endpoint[Any]) -> bool:
        return row.is_signed or (row.path == _LISTEN_TOKEN and self._config.sign_listen_token)

    def _is_late(self, stages: Stages) -> bool:
        return stages.latest_ms is not None and self._clock.stamp_ms() > stages.latest_ms

    def _build(self, row: Endpoint[Any], parameters: Mapping[str, Parameter], stages: Stages) -> WireRequest:
        """Stamp and sign after all waiting, so that the receive window runs from now."""
        if not (row.is_signed or self._is_signed(row)):
            key = require_credentials(self._config) if row.needs_key else None
            return build(row, parameters, api_key=key)
        if stages.latest_ms is not None and self._is_late(stages):
            raise ClockError(
                f"{row.route}: the exchange's clock was set since this was written down. Nothing was sent: call again.",
                outcome=Outcome.NOT_SENT,
                category=Category.CLOCK,
                retry=Retry.LATER,
            )
        if self._signer is None:
            self._api_key, self._signer = require_credentials(self._config), signer_of(self._config)
        stamp_ms = self._clock.stamp_ms()
        request = self._build_signed(
            row,
            parameters,
            api_key=self._api_key,
            signer=self._signer,
            timestamp_ms=stamp_ms,
            recv_window_ms=self._config.recv_window_ms,
        )
        stages.stamped_ms, stages.signed = stamp_ms, self._clock.now()
        return request

    def _explain(self, problem: ExchangeError | ReplyLostError, parameters: Mapping[str, Parameter]) -> None:
        own = (parameters[name] for name in _CLIENT_IDS if parameters.get(name) is not None)
        order_id = next(own, None)
        problem.client_order_id = None if order_id is None else str(order_id)
        if isinstance(problem, ExchangeError) and problem.code == _BAD_SYMBOL:
            # The exchange does not repeat what it did not understand.
            asked = parameters.get("symbol") or parameters.get("symbols")
            problem.args = (f"{problem} Asked for: {asked}.",)
        if isinstance(problem, ClockError):
            self._doubt.arise()


_LISTEN_TOKEN = "/sapi/v1/userListenToken"  # noqa: S105  # a path, no secret
# Names under which an order's or list's own id goes out; of a cancel, the first is the order's and the last its own.
_CLIENT_IDS = ("origClientOrderId", "listClientOrderId", "newClientOrderId")
_OK = 200
_BANNED = 418
_TOO_MANY_ORDERS = -1015
_BAD_SYMBOL = -1121
