"""Interest rates of what the watched accounts owe, read once an hour and when they owe something else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError
from binance_margin_async.models.account import Account
from binance_margin_async.rest.borrow import MOST_ASSETS, BorrowCalls
from binance_margin_async.services.monitor.watch import Watch

_log = logging.getLogger("binance_margin_async.monitor")
# Rates change on the full hour; a call costs 100 of 12,000 weight a minute (limits, read 2026-11-22).
LIVE, RETRY, LOOK = 3600.0, 60.0, 10.0


async def follow_rates(
    watches: Mapping[Account, Watch], calls: BorrowCalls, clock: Clock, changed: asyncio.Event
) -> None:
    """Keep the rates of all *watches*, which have new positions when *changed* is set; never returns."""
    due: dict[Account, float] = {}
    asked: dict[Account, list[str]] = {}
    while True:
        changed.clear()
        for account, watch in watches.items():
            owed = [each.asset for each in watch.holdings.positions if each.borrowed][:MOST_ASSETS]
            if owed and (owed != asked.get(account) or clock.now() >= due[account]):
                asked[account] = owed
                await _read(watch, owed, calls)
                is_whole = all(asset in watch.holdings.rates for asset in owed)
                due[account] = clock.now() + (LIVE if is_whole else RETRY)
        try:
            async with asyncio.timeout(LOOK):
                await changed.wait()
        except TimeoutError:
            pass


async def _read(watch: Watch, assets: list[str], calls: BorrowCalls) -> None:
    try:
        told = await calls.next_hourly_interest_rate(assets, account=watch.account)
    except MarginError as problem:
        _log.warning("interest rates of %s could not be read: %s", watch.account, problem)
        return
    watch.holdings.rates = {each.asset: each.next_hourly_interest_rate for each in told}
