"""One scenario played in virtual time, with a policy that protects or with one that only rings."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from binance_margin_async.client import MarginClient
from binance_margin_async.models.account import Account
from binance_margin_async.models.alerts import Ring
from binance_margin_async.models.protection import ProtectiveAction
from binance_margin_async.services.alerts.channel import LocalChannel
from binance_margin_async.services.alerts.policy import MonitorPolicy
from binance_margin_async.sim import LevelRecord, PricePath, Scenario, SimulatedExchange
from binance_margin_async.sim.admin.views import worth_of
from binance_margin_async.testing import run_virtual


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, and how many seconds after the start."""

    at: float
    event: Ring | ProtectiveAction


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """
    Hold what became of one account.

    Args:
        lowest: Its lowest margin level by the exchange's books; ``None`` when it never owed anything.
        liquidated_at: Seconds after the start; ``None`` when it never was.
        last: Its margin level at the end; ``None`` without debt.
    """

    lowest: Decimal | None
    liquidated_at: float | None
    last: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """
    Hold what happened.

    Args:
        moments: Alerts and actions, in their order.
        ends: By the name of the account.
        worth: In USDT at the last index prices: all margin accounts and wallets, debts taken off.
    """

    moments: tuple[Moment, ...]
    ends: Mapping[str, End]
    worth: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """
    Say what is to be played.

    Args:
        scenario: The session.
        prices: Instead of the scenario's, by pair.
        policy: The user's own.
        accounts: Whom to watch.
        seed: Decides every chance.
        duration: Seconds; as long as scenario or prices last when ``None``.
    """

    scenario: Scenario
    prices: Mapping[str, PricePath]
    policy: MonitorPolicy
    accounts: tuple[Account, ...]
    seed: int = 0
    duration: float | None = None

    def play(self, *, protects: bool) -> Played:
        """
        Play it from the beginning.

        Args:
            protects: Whether the policy's protective rules act, dry runs too; otherwise it only rings.

        Raises:
            MarginError: The monitor cannot begin, as when an account is not there.
            ScenarioError: The scenario lacks prices.
        """
        return run_virtual(self._run(protects=protects), seed=self.seed)

    async def _run(self, *, protects: bool) -> Played:
        exchange = SimulatedExchange(self.scenario, prices=self.prices, seed=self.seed)
        loop = asyncio.get_running_loop()
        begun, moments = loop.time(), list[Moment]()

        def note(event: Ring | ProtectiveAction) -> None:
            moments.append(Moment(loop.time() - begun, event))

        async with (
            MarginClient(sim=exchange, accounts=self.accounts) as client,
            client.bus.on(Ring, handler=note),
            client.bus.on(ProtectiveAction, handler=note),
            client.monitor(policy=_rehearsed(self.policy, protects=protects)),
        ):
            await self._until_over(exchange)
            core = exchange.core
            records = [each for each in core.levels if each.account in set(map(str, self.accounts))]
            return Played(
                moments=tuple(moments),
                ends={str(each): _end(str(each), records, core.start_ms) for each in self.accounts},
                worth=sum(worth_of(core).values(), Decimal(0)),
            )

    async def _until_over(self, exchange: SimulatedExchange) -> None:
        if self.duration is None:
            await exchange.finished()
            return
        try:
            async with asyncio.timeout(self.duration):
                await exchange.finished()
        except TimeoutError:
            pass


def _rehearsed(policy: MonitorPolicy, *, protects: bool) -> MonitorPolicy:
    """Return the policy with channels that reach nobody, and rules that act or are not there."""
    silent = partial(LocalChannel, write=lambda _ring: None)
    rules = tuple(replace(each, dry_run=False) for each in policy.protection) if protects else ()
    channels = tuple(silent(each.name, fallback=each.fallback) for each in policy.channels)
    return replace(policy, channels=channels, protection=rules)


def _end(account: str, records: list[LevelRecord], start_ms: int) -> End:
    own = [each for each in records if each.account == account]
    levels = [each.level for each in own if each.level is not None]
    fall = next((each.time for each in own if each.status == "FORCE_LIQUIDATION"), None)
    return End(
        lowest=min(levels, default=None),
        liquidated_at=None if fall is None else (fall - start_ms) / 1000,
        last=own[-1].level if own else None,
    )
