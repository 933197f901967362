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
LIVE, LOOK = 3600.0, 10.0


async def follow_rates(watches: Mapping[Account, Watch], calls: BorrowCalls, clock: Clock) -> None:
    """Keep the rates of all *watches*; never returns."""
    due: dict[Account, float] = {}
    while True:
        for account, watch in watches.items():
            owed = [each.asset for each in watch.holdings.positions if each.borrowed]
            is_new = any(asset not in watch.holdings.rates for asset in owed[:MOST_ASSETS])
            if owed and (is_new or clock.now() >= due.get(account, 0.0)):
                due[account] = clock.now() + LIVE
                await _read(watch, owed[:MOST_ASSETS], calls)
        await asyncio.sleep(LOOK)


async def _read(watch: Watch, assets: list[str], calls: BorrowCalls) -> None:
    try:
        told = await calls.next_hourly_interest_rate(assets, account=watch.account)
    except MarginError as problem:
        _log.warning("interest rates of %s could not be read: %s", watch.account, problem)
        return
    watch.holdings.rates = {each.asset: each.next_hourly_interest_rate for each in told}
