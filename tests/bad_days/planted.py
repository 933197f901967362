"""
Twelve bugs that real clients have, planted in ours to see that bad days find them.

Each is one function that replaces something of the package, through a ``pytest.MonkeyPatch``, so that it can be undone.
"""

import asyncio
import time
from contextvars import ContextVar
from typing import NamedTuple

from binance_margin_async.bus.mailbox import Mailbox
from binance_margin_async.client import MarginClient
from binance_margin_async.clock import Clock
from binance_margin_async.rest.executor import Executor
from binance_margin_async.rest.user_stream import UserStreamCalls
from binance_margin_async.rules.limits import Limiter
from binance_margin_async.rules.orders.dedupe import ReportDedupe
from binance_margin_async.services.monitor.lookout import Lookout
from binance_margin_async.services.repair import Repair
from binance_margin_async.streams.routes import Routes
from binance_margin_async.streams.runner import StreamRunner
from binance_margin_async.streams.trade import TradeStream


class Bug(NamedTuple):
    """
    One bug.

    Attributes:
        plant: Plants it through the monkeypatch that it is given.
        rules: What it breaks (``oracle``); a day on which only something else goes wrong has not found it.
    """

    plant: object
    rules: frozenset


BUGS = {}
_LOSS = ("order lost", "order differs", "fill lost", "balance differs")


def _breaks(*rules):
    def note(plant):
        BUGS[plant.__name__] = Bug(plant, frozenset(rules))
        return plant

    return note


# -- streams -----------------------------------------------------------------------------------------------------------


@_breaks(*_LOSS)
def no_resubscribe(patch):
    """A new connection is opened after a loss, and nothing is subscribed on it."""
    open_ = TradeStream.open

    def first_only(self, line):
        session = open_(self, line)
        if hasattr(self, "_planted"):
            session._subscriptions.clear()
        self._planted = True
        return session

    patch.setattr(TradeStream, "open", first_only)


@_breaks(*_LOSS, "not healthy")
def old_token_on_reconnect(patch):
    """The token of the start is used for every later subscription, too."""
    mint = UserStreamCalls.listen_token

    async def once(self, *, account, **options):
        tokens = self.__dict__.setdefault("_planted", {})
        if account not in tokens:
            tokens[account] = await mint(self, account=account, **options)
        return tokens[account]

    patch.setattr(UserStreamCalls, "listen_token", once)


@_breaks(*_LOSS)
def no_repair(patch):
    """What happened while a stream was away is not asked for."""

    async def nothing(*_args, **_options):
        return 0

    patch.setattr(Repair, "_catch_up", nothing)
    patch.setattr(Repair, "_catch_up_elsewhere", nothing)


@_breaks("report repeated")
def no_dedupe(patch):
    """What the exchange delivers twice is told twice."""
    patch.setattr(ReportDedupe, "seen", lambda *_: False)


@_breaks(*_LOSS)
def subscription_id_mapped_late(patch):
    """Whose events they are is noted a turn of the loop after the answer, and the first ones belong to nobody."""
    learn = Routes.learn

    def later(self, subscription_id, account):
        asyncio.get_running_loop().call_soon(learn, self, subscription_id, account)
        return []

    patch.setattr(Routes, "learn", later)
    patch.setattr(Routes, "hold", lambda *_: None)


@_breaks("key deleted")
def delete_key_on_close(patch):
    """Whoever leaves ends the listen key, and with it the stream of every other process of the account."""
    close = MarginClient.aclose

    async def tidily(self):
        if self._parts is not None:
            await self._parts.streams.delete_keys()
        await close(self)

    patch.setattr(MarginClient, "aclose", tidily)


# -- subscribers and tasks ---------------------------------------------------------------------------------------------


@_breaks("queue too long")
def unbounded_queue(patch):
    """A slow consumer's queue grows for as long as it is slow."""
    make = Mailbox.__init__

    def endless(self, name, policy, _capacity, *rest):
        make(self, name, policy, 10**9, *rest)

    patch.setattr(Mailbox, "__init__", endless)


@_breaks("slow close", "task left")
def swallow_cancellation(patch):
    """A stream takes its cancellation for one more loss of the connection, and goes on."""
    run = StreamRunner.run

    async def stubborn(self):
        try:
            await run(self)
        except asyncio.CancelledError:
            await run(self)

    patch.setattr(StreamRunner, "run", stubborn)


@_breaks("alert missing")
def alert_from_the_stream_only(patch):
    """The monitor believes that the exchange's margin call event always comes, and reads nothing itself."""

    async def never(*_):
        await asyncio.Event().wait()

    patch.setattr(Lookout, "_poll", never)
    patch.setattr(Lookout, "_poll_prices", never)
    patch.setattr(Lookout, "_on_price", lambda *_: None)


# -- calls -------------------------------------------------------------------------------------------------------------


@_breaks("old stamp")
def sign_before_waiting(patch):
    """A call is stamped when it is made, and then waits for weight."""
    stamped = ContextVar("stamped")
    once, stamp = Executor._once, Clock.stamp_ms

    async def early(self, *args, **options):
        stamped.set(stamp(self._clock))
        return await once(self, *args, **options)

    patch.setattr(Executor, "_once", early)
    patch.setattr(Clock, "stamp_ms", lambda self: stamped.get(None) or stamp(self))


@_breaks("call in a ban")
def ignore_retry_after(patch):
    """Whatever a refusal says, calls go on after a second."""
    refused = Limiter.on_refused

    def impatient(self, demand, status, _retry_after, now, **options):
        refused(self, demand, status, 1.0, now, **options)

    patch.setattr(Limiter, "on_refused", impatient)


@_breaks("wrong stamp")
def clock_read_from_the_wall(patch):
    """Stamps are the computer's date plus a difference that is measured now and then."""
    adjust = Clock.adjust

    def by_date(self, offset, error, *, measured_at=None):
        adjust(self, offset, error, measured_at=measured_at)
        self._planted = offset + self.now() - time.time()  # noqa: TID251  # the bug

    def stamp(self):
        return int((time.time() + getattr(self, "_planted", 0.0)) * 1000)  # noqa: TID251  # the bug

    patch.setattr(Clock, "adjust", by_date)
    patch.setattr(Clock, "exchange_ms", stamp)
