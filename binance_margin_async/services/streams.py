"""Which accounts are followed, and the streams that carry their events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping

from binance_margin_async.errors import MarginError, StreamError
from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.events import StreamName
from binance_margin_async.services.supervisor import Supervisor
from binance_margin_async.streams.health import HealthBoard
from binance_margin_async.streams.keyed import KeyedStream
from binance_margin_async.streams.runner import StreamRunner
from binance_margin_async.streams.session import Channel
from binance_margin_async.streams.trade import TradeStream

_log = logging.getLogger("binance_margin_async.streams")
# The streams that carry accounts.
ACCOUNT_STREAMS = (StreamName.TRADE, StreamName.RISK)
# How long is waited for a stream to become live; after that the caller is told why it is not.
START_LIMIT = 30.0
# How long leaving may take for the sake of listen keys, in seconds.
DELETE_LIMIT = 2.0


class Streams:
    """
    Starts streams when they are first needed, and follows accounts that come and go.

    Args:
        boards: The health of each stream, account by account.
        trade: The trade stream of all accounts; ``None`` on a venue that opens one for each account by a key.
        keyed: Makes the stream of one account that a key opens: the risk stream, and the trade stream of such a venue.
        runner: Makes what keeps a stream open.
        supervisor: Owns the tasks.
        accounts: Whose events are carried from the beginning.
    """

    def __init__(
        self,
        *,
        boards: Mapping[StreamName, HealthBoard],
        trade: TradeStream | None,
        keyed: Callable[[StreamName, Account], KeyedStream],
        runner: Callable[[Channel], StreamRunner],
        supervisor: Supervisor,
        accounts: Iterable[Account],
    ) -> None:
        self.boards = boards
        self._trade = trade
        self._make_keyed = keyed
        self._runner = runner
        self._supervisor = supervisor
        self._accounts: dict[Account, None] = {}
        self._keyed: dict[tuple[StreamName, Account], KeyedStream] = {}
        self._wanted: dict[StreamName, None] = {}
        for account in accounts:
            self._follow(account)

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Whose events are carried."""
        return tuple(self._accounts)

    @property
    def started(self) -> tuple[StreamName, ...]:
        """Which streams were started."""
        return tuple(self._wanted)

    def start(self, *names: StreamName) -> None:
        """Start the streams of these names, without waiting for them; those that run go on."""
        self._wanted |= dict.fromkeys(names)
        for task, channel in self._channels():
            self._supervisor.start(task, self._runner(channel).run)

    async def wait_live(self, name: StreamName, account: Account | None = None) -> None:
        """
        Wait until a stream carries *account*, or everything when it is ``None`` or not one of the stream's.

        Raises:
            EndpointRetiredError: The venue no longer offers the stream.
            StreamError: It did not become live in time; the text says why.
        """
        board = self.boards[name]
        try:
            async with asyncio.timeout(START_LIMIT):
                await board.wait_live(account)
        except TimeoutError:
            told = f"the {name} stream did not start within {START_LIMIT:.0f} s: {board.last_reason}"
            raise StreamError(told) from None

    async def add(self, account: Account) -> None:
        """
        Carry *account* too, on the connection that stands; wait until its events arrive, if streams run.

        Nothing happens when it is carried already.

        Raises:
            StreamError: Its events do not arrive; it is not carried then.
        """
        if account in self._accounts:
            return
        self._follow(account)
        self.start()
        try:
            for name in self._wanted:
                if account in self.boards[name].entries:
                    await self.wait_live(name, account)
        except BaseException:
            await self.remove(account)
            raise

    async def remove(self, account: Account) -> None:
        """Carry *account* no more; the other accounts do not notice."""
        self._accounts.pop(account, None)
        for key in [key for key in self._keyed if key[1] == account]:
            await self._supervisor.stop(_task_of(*key))
            del self._keyed[key]
        if self._trade is not None:
            await self._trade.remove(account)
            if not self._accounts:
                await self._supervisor.stop(_task_of(StreamName.TRADE))
        for board in self.boards.values():
            board.remove(account, "removed")

    async def delete_keys(self) -> None:
        """End every listen key for good, on leaving; one that cannot be ended is left to end by itself."""
        try:
            async with asyncio.timeout(DELETE_LIMIT):
                for stream in self._keyed.values():
                    await stream.delete_key()
        except (MarginError, TimeoutError) as problem:
            _log.warning("a listen key was not deleted, it ends by itself in an hour: %r", problem)

    def _follow(self, account: Account) -> None:
        self._accounts[account] = None
        if account == CROSS:
            self._add_keyed(StreamName.RISK, account)
        if self._trade is None:
            self._add_keyed(StreamName.TRADE, account)
        else:
            self._trade.add(account)

    def _add_keyed(self, name: StreamName, account: Account) -> None:
        self.boards[name].add(account)
        self._keyed[name, account] = self._make_keyed(name, account)

    def _channels(self) -> Iterator[tuple[str, Channel]]:
        """Yield the channels that are wanted, and the names of their tasks."""
        if self._trade is not None and StreamName.TRADE in self._wanted and self._accounts:
            yield _task_of(StreamName.TRADE), self._trade
        for (name, account), channel in self._keyed.items():
            if name in self._wanted:
                yield _task_of(name, account), channel


def _task_of(name: StreamName, account: Account = CROSS) -> str:
    return f"{name} stream" if account == CROSS else f"{name} stream of {account}"
