"""``binance-margin bench streams``."""

from __future__ import annotations

import asyncio
import platform
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path

from binance_margin_async.bench.exchange_process import exchange_process
from binance_margin_async.bench.open_loop import fire
from binance_margin_async.bench.streams import EventTimes, heard
from binance_margin_async.cli.bench.texts import duration, loop_name
from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.exits import EXPECTED
from binance_margin_async.cli.options import Flag, Json, Patience
from binance_margin_async.cli.running import complain, quiet_logging, run_command
from binance_margin_async.cli.tables import print_json, print_table
from binance_margin_async.client import MarginClient
from binance_margin_async.config import Config
from binance_margin_async.models.account import checked_symbol
from binance_margin_async.models.latency import Percentiles
from binance_margin_async.models.market_events import AggregateTrade
from binance_margin_async.models.orders import LimitMakerOrder
from binance_margin_async.models.stream_events import ExecutionReport

# Orders a second, each of which makes two events.
_RATE = 18.0
_HEADINGS = ("", "mean", "p50", "p90", "p99", "p99.9", "largest")
# In the simulated market BTC stands at 60,000.
_RESTING = LimitMakerOrder("BTCUSDT", "BUY", quantity=Decimal("0.001"), price=Decimal(50_000))


def bench_streams(
    pair: str = "BTCUSDT",
    /,
    *,
    sim: Flag = False,
    live: Flag = False,
    config: Path | None = None,
    seconds: Patience = 5.0,
    json: Json = False,
) -> ExitCode:
    """
    Show how old events are when they arrive, and how soon a handler and a reader have them.

    Without --live, orders on a simulated exchange in another process make the events.

    Parameters
    ----------
    pair
        Whose trades are listened to with --live.
    sim
        A simulated exchange; so it is without --live, too.
    live
        The trades of everybody on the real exchange; nothing is sent, no key is needed.
    config
        TOML file with settings, for --live.
    seconds
        How long to listen.
    json
        JSON on stdout, and nothing else there.
    """
    quiet_logging(verbose=False)
    try:
        if sim and live:
            raise ValueError("give --sim or --live, not both")
        if config is not None and not live:
            raise ValueError("--config belongs to the real exchange: add --live or leave it out")
        if not live and pair.upper() != _RESTING.symbol:
            raise ValueError(f"the simulated orders are of {_RESTING.symbol}: leave the pair out, or add --live")
        settings = Config.load(config) if live else None
        symbol = checked_symbol(pair.upper())
    except EXPECTED as problem:
        return complain(problem)
    return run_command(_bench(settings, symbol, seconds, as_json=json))


async def _bench(config: Config | None, symbol: str, seconds: float, *, as_json: bool) -> ExitCode:
    times = await (_simulated(seconds) if config is None else _live(config, symbol, seconds))
    if as_json:
        print_json({"loop": loop_name(), "python": platform.python_version(), "seconds": seconds, "times": times})
        return ExitCode.DONE
    if times.age is None:
        print(f"no {times.kind} of {symbol} arrived in {seconds:g} s")
        return ExitCode.DONE
    rows = [
        ("age on arrival", *_cells(times.age)),
        ("to a handler", *_cells(times.to_handler)),
        ("to a reader", *_cells(times.to_reader)),
    ]
    title = f"{times.age.count} events {times.kind} of {symbol} in {seconds:g} s; {loop_name()}"
    print_table(_HEADINGS, rows, title=title, amounts=_HEADINGS[1:])
    print(
        f"The exchange stamps whole milliseconds, and its clock is known to ± {duration(times.clock_error)}: "
        "ages are no better than that. Handler and reader are counted from the arrival on."
    )
    return ExitCode.DONE


async def _live(config: Config, symbol: str, seconds: float) -> EventTimes:
    async with MarginClient(config=config) as client, heard(client, AggregateTrade, symbol) as told:
        await asyncio.sleep(seconds)
        return told.times(AggregateTrade, client.clock.error)


async def _simulated(seconds: float) -> EventTimes:
    async with AsyncExitStack() as exits:
        config = await exits.enter_async_context(exchange_process())
        listener = await exits.enter_async_context(MarginClient(config=config))
        trader = await exits.enter_async_context(MarginClient(config=config))
        told = await exits.enter_async_context(heard(listener, ExecutionReport, _RESTING.symbol))

        async def trade(_due: float) -> None:
            placed = await trader.trade.new_order(_RESTING)
            await trader.trade.cancel_order(_RESTING.symbol, order_id=placed.order_id)

        await fire(trade, count=max(1, round(seconds * _RATE)), rate=_RATE, time=trader.clock.now)
        return told.times(ExecutionReport, listener.clock.error)


def _cells(times: Percentiles | None) -> list[str]:
    if times is None:
        return ["-"] * (len(_HEADINGS) - 1)
    return list(map(duration, (times.mean, times.p50, times.p90, times.p99, times.p999, times.largest)))
