"""Asks the exchange regularly what it announces or restricts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError
from binance_margin_async.journal import Journal
from binance_margin_async.models.alerts import AlertTopic
from binance_margin_async.models.intents import Note
from binance_margin_async.models.replies import CollateralTier
from binance_margin_async.rest.market import MarketCalls
from binance_margin_async.rest.wallet import WalletCalls
from binance_margin_async.rules.alerts import venue
from binance_margin_async.services.alerts.bell import Bell
from binance_margin_async.services.alerts.policy import Announcements

_log = logging.getLogger("binance_margin_async.alerts")
# Seconds. What is announced days ahead is asked for once an hour.
OFTEN, SELDOM, FIRST_LOOK = 60.0, 3600.0, 1.0
_decode = msgspec.json.Decoder(dict[str, tuple[CollateralTier, ...]]).decode


class Bulletin:
    """
    Tells the bell of announcements.

    Args:
        wanted: Which.
        market: Read assets.
        wallet: Reads the system's status.
        bell: Told of them.
        clock: The exchange's time.
        assets: Returns what the cross account holds or owes; ``None`` until that is known.
        pairs: Isolated accounts.
        journal: Keeps what assets counted for when they were looked at first; open.
        slot: Name of the note in the journal.
    """

    def __init__(
        self,
        wanted: Announcements,
        *,
        market: MarketCalls,
        wallet: WalletCalls,
        bell: Bell,
        clock: Clock,
        assets: Callable[[], Sequence[str] | None],
        pairs: Sequence[str],
        journal: Journal,
        slot: str,
    ) -> None:
        self._wanted = wanted
        self._market = market
        self._wallet = wallet
        self._bell = bell
        self._clock = clock
        self._find_assets = assets
        self._assets: Sequence[str] = ()
        self._pairs = pairs
        self._journal = journal
        self._slot = slot

    async def often(self) -> None:
        """Ask once a minute, until cancelled."""
        await self._regularly(OFTEN, (self._maintenance, self._inventory))

    async def seldom(self) -> None:
        """Ask once an hour, until cancelled; it begins when the account was read: before, nothing would concern it."""
        while self._find_assets() is None:  # noqa: ASYNC110  # it comes with a reading, of which nobody is told here
            await asyncio.sleep(FIRST_LOOK)
        await self._regularly(SELDOM, (self._delistings, self._collaterals, self._restrictions))

    async def _regularly(self, period: float, questions: Sequence[Callable[[], Awaitable[None]]]) -> None:
        while True:
            self._assets = self._find_assets() or ()
            for question in questions:
                try:
                    await question()
                except MarginError as problem:
                    _log.info("an announcement could not be asked for: %s", problem)
            await asyncio.sleep(period)

    async def _maintenance(self) -> None:
        if self._wanted.maintenance:
            told = await self._wallet.system_status()
            self._bell.on_all(AlertTopic.MAINTENANCE, venue.of_maintenance(told))

    async def _inventory(self) -> None:
        if self._wanted.inventory:
            told = await self._market.available_inventory()
            self._bell.on_all(AlertTopic.INVENTORY, venue.of_inventory(told, self._wanted.inventory))

    async def _delistings(self) -> None:
        if self._wanted.delistings:
            planned = await self._market.delist_schedule()
            concerned = venue.of_delistings(
                planned, assets=self._assets, pairs=self._pairs, time_ms=self._clock.exchange_ms()
            )
            self._bell.on_all(AlertTopic.DELISTING, concerned)

    async def _collaterals(self) -> None:
        if self._wanted.collateral:
            told = venue.tiers_of(await self._market.cross_margin_collateral_ratio())
            before = await self._known()
            known = venue.accepted(before, told, (alert.key for alert in self._bell.alerts if alert.acknowledged))
            self._bell.on_all(AlertTopic.COLLATERAL, venue.of_collateral(known, told, assets=self._assets))
            if known != before:
                await self._journal.write(Note(self._slot, msgspec.json.encode(known).decode()))

    async def _restrictions(self) -> None:
        if self._wanted.restrictions:
            told = await self._market.restricted_asset()
            self._bell.on_all(AlertTopic.RESTRICTED, venue.of_restrictions(told, assets=self._assets))

    async def _known(self) -> venue.Tiers:
        text = await self._journal.note(self._slot)
        try:
            return {} if text is None else _decode(text)
        except msgspec.MsgspecError as problem:
            _log.warning("what assets counted for as collateral begins anew: %s", problem)
            return {}
