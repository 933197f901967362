"""``binance-margin bench doctor``."""

from __future__ import annotations

import importlib.util
import random
from collections import defaultdict
from decimal import Decimal

from binance_margin_async.bench.causes import Cause, between, within
from binance_margin_async.bench.exchange_process import exchange_process
from binance_margin_async.bench.orders import OrderPlan, WayTimes, measure
from binance_margin_async.bench.ways import WayName, available, opened
from binance_margin_async.cli.bench.orders import RATE, Count
from binance_margin_async.cli.bench.texts import duration, print_causes
from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.options import Json
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.cli.tables import print_json
from binance_margin_async.models.account import CROSS
from binance_margin_async.models.orders import LimitMakerOrder

# In the simulated market BTC stands at 60,000.
_ORDER = LimitMakerOrder("BTCUSDT", "BUY", quantity=Decimal("0.001"), price=Decimal(50_000))
# The loops take turns, so that none has the quiet moments alone.
_TURNS = 2
_PLAIN, _QUICK = "asyncio", "uvloop"
_NOT_INSTALLED = (
    ("uvloop", "another event loop, which may be quicker: pip install 'binance-margin-async[speed]'"),
    ("httptools", "the order lane, which costs less than aiohttp: pip install 'binance-margin-async[speed]'"),
)


def examine_speed(*, count: Count = 50, json: Json = False) -> ExitCode:
    """
    Name what of an order's time could be saved on this computer, the largest share first.

    It measures on a simulated exchange in another process: the loop, the way of the orders, cold starts, waiting for
    limits, the garbage collector. What the network takes, no program saves.

    Parameters
    ----------
    count
        Orders of each way and turn.
    json
        JSON on stdout, and nothing else there.
    """
    quiet_logging(verbose=False)
    loops = [_PLAIN] if importlib.util.find_spec(_QUICK) is None else [_PLAIN, _QUICK]
    told: dict[str, list[list[WayTimes]]] = defaultdict(list)
    for _ in range(_TURNS):
        for loop in loops:
            code = run_command(_measure(told[loop], count), plain=loop == _PLAIN)
            if code is not ExitCode.DONE:
                return code
    by_loop = {loop: _calmest(turns) for loop, turns in told.items()}
    _tell(by_loop, as_json=json)
    return ExitCode.DONE


async def _measure(turns: list[list[WayTimes]], count: int) -> ExitCode:
    plan = OrderPlan(order=_ORDER, count=count, rate=RATE)
    names = [name for name in available(None, unproven=False) if name in {WayName.AIOHTTP, WayName.LANE}]
    async with exchange_process() as config, opened(names, config, CROSS, None) as ways:
        turns.append(await measure(ways, plan, chance=random.Random()))
    return ExitCode.DONE


def _calmest(turns: list[list[WayTimes]]) -> list[WayTimes]:
    """Return each way's turn with the shorter median: what disturbs only adds time."""
    return [min(each, key=lambda times: times.total.p50) for each in zip(*turns, strict=True)]


def _tell(by_loop: dict[str, list[WayTimes]], *, as_json: bool) -> None:
    causes = _causes(by_loop)
    missing = [advice for package, advice in _NOT_INSTALLED if importlib.util.find_spec(package) is None]
    if as_json:
        medians = {loop: {str(each.way): each.total.p50 for each in ways} for loop, ways in by_loop.items()}
        print_json({"medians": medians, "avoidable": causes, "not_measured": missing})
        return
    for loop, ways in by_loop.items():
        for each in ways:
            print(f"an order over {each.way} on {loop} takes {duration(each.total.p50)} (median of {each.total.count})")
    print_causes(causes, otherwise="nothing here is worth changing")
    for advice in missing:
        print(f"not measured, as it is not installed: {advice}")


def _causes(by_loop: dict[str, list[WayTimes]]) -> list[Cause]:
    default = next(each for each in by_loop[_PLAIN] if each.way is WayName.AIOHTTP)
    found = [*within(default), *between(by_loop, loop=_PLAIN)]
    return sorted(found, key=lambda each: (each.is_once, -each.share))
