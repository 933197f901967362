"""``binance-margin monitor``."""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.live_table import LiveTable
from binance_margin_async.cli.options import AccountNames, Flag, Json, Prices, Speed, Verbose
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.cli.screens import JsonLines, PlainLines, Screen
from binance_margin_async.cli.service import reported
from binance_margin_async.cli.target import Target
from binance_margin_async.cli.viewing import NO_VIEWERS, Viewing
from binance_margin_async.client import MarginClient
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import StreamStatus
from binance_margin_async.models.margin import MarginAlert, MarginReading
from binance_margin_async.services.alerts import Channel, LogChannel, TerminalChannel
from binance_margin_async.services.alerts.channel import LocalChannel
from binance_margin_async.services.alerts.message import headline
from binance_margin_async.services.alerts.policy import MonitorPolicy
from binance_margin_async.services.alerts.policy_file import read_policy
from binance_margin_async.sim import SimulatedExchange


def monitor(
    *,
    sim: Flag = False,
    scenario: str | None = None,
    prices: Prices = (),
    speed: Speed = 1.0,
    duration: float | None = None,
    account: AccountNames = (),
    policy: Path | None = None,
    config: Path | None = None,
    json: Json = False,
    verbose: Verbose = False,
    viewing: Viewing = NO_VIEWERS,
) -> ExitCode:
    """
    Watch margin accounts and ring before, at and after a margin call.

    Parameters
    ----------
    sim
        Watch a simulated exchange; no keys needed.
    scenario
        What happens on it: slide (default), another of `sim scenarios`, or a TOML file.
    prices
        Price file for the simulated exchange: open_time,open,high,low,close,volume, or Binance's kline columns.
        FILE for the first pair, or SYMBOL=FILE; may be given several times.
    speed
        Simulated seconds in one second.
    duration
        End after this many seconds.
    account
        CROSS or a pair such as BTCUSDT; may be given several times.
    policy
        TOML file that says when it rings, and whom it tells. On a simulated exchange nobody is told: it is shown here.
    config
        TOML file with settings.
    json
        One JSON object per line on stdout, nothing else.
    verbose
        Tell on stderr what is going on.
    """
    quiet_logging(verbose=verbose)
    target = Target(sim=sim, scenario=scenario, prices=prices, accounts=account, config=config)
    return run_command(
        watch(target, policy=policy, duration=duration, as_json=json, viewing=viewing, speed=speed if sim else 1.0),
        pace=speed if sim else None,
    )


async def watch(
    target: Target,
    *,
    policy: Path | None = None,
    duration: float | None,
    as_json: bool,
    viewing: Viewing = NO_VIEWERS,
    speed: float = 1.0,
) -> ExitCode:
    """
    Watch until the scenario, the price file or *duration* (seconds) ends, or for ever.

    Args:
        target: Which exchange and accounts; those of the policy when it names none.
        policy: File with the policy.
        duration: Seconds on the exchange's clock.
        as_json: Write JSON lines instead of a table.
        viewing: Who else may look.
        speed: Loop seconds in one second.
    """
    if duration is not None and not 0 < duration < math.inf:
        raise ValueError(f"--duration must be a number of seconds above 0, not {duration}")
    screen = _screen(as_json=as_json)
    rules = MonitorPolicy() if policy is None else shown_policy(read_policy(policy), screen, sim=target.sim)
    client, exchange = with_policy(target, rules).client()
    loop = asyncio.get_running_loop()
    started = loop.time()
    try:
        async with AsyncExitStack() as stack:
            server = stack.enter_context(viewing.server())
            await stack.enter_async_context(client)
            events = await stack.enter_async_context(
                client.bus.subscribe(MarginReading, MarginAlert, StreamStatus, policy="drop_oldest")
            )
            monitor = client.monitor(policy=rules)
            heading = _heading(client, exchange)
            await stack.enter_async_context(server.showing(client, monitor, heading, speed=speed))
            await stack.enter_async_context(monitor)
            await stack.enter_async_context(reported(client, monitor))
            screen.announce(f"{heading} Ctrl-C ends it.")
            for line in server.told:
                screen.announce(line)
            stack.enter_context(screen)
            await _show_until(_end(client, exchange, duration), events, screen)
    finally:
        screen.summarize(loop.time() - started)
    return ExitCode.DONE


def shown_policy(policy: MonitorPolicy, screen: Screen, *, sim: bool) -> MonitorPolicy:
    """
    Return *policy* with its terminal channels on *screen*, where a live table may be; in a simulation, all of them.

    A rehearsal must wake nobody.
    """

    def on_screen(channel: Channel) -> Channel:
        if not (sim or isinstance(channel, TerminalChannel)) or isinstance(channel, LogChannel):
            return channel
        before = f"to {channel.name}: " if sim else ""
        return LocalChannel(
            channel.name, lambda ring: screen.tell(f"{before}{headline(ring)}"), fallback=channel.fallback
        )

    return replace(policy, channels=tuple(map(on_screen, policy.channels)))


def with_policy(target: Target, policy: MonitorPolicy) -> Target:
    """Return *target* with the accounts and the journal of *policy*, unless it has its own; a simulation keeps none."""
    accounts = target.accounts or tuple(map(str, policy.accounts))
    journal = None if target.sim or policy.journal_path is None else Path(policy.journal_path)
    return replace(target, accounts=accounts, journal=target.journal or journal)


def _screen(*, as_json: bool) -> Screen:
    if as_json:
        return JsonLines(sys.stdout, sys.stderr)
    return LiveTable() if sys.stdout.isatty() else PlainLines(sys.stdout)


def _heading(client: MarginClient, exchange: SimulatedExchange | None) -> str:
    watched = ", ".join(map(str, client.accounts))
    if exchange is None:
        return f"Watching {watched}."
    scenario = exchange.core.scenario
    lasts = "" if scenario.duration_s is None else f" ({scenario.duration_s:.0f} s)"
    return f"Watching {watched} on a simulated exchange. {scenario.name}{lasts}: {scenario.description}."


async def _end(client: MarginClient, exchange: SimulatedExchange | None, duration: float | None) -> None:
    """Wait for whatever ends the watch first."""
    ends: list[Awaitable[None]] = []
    if duration is not None:
        ends.append(asyncio.sleep(duration))
    if exchange is not None:
        ends.append(exchange.finished())
    if not ends:
        await asyncio.Event().wait()
    tasks = [asyncio.ensure_future(end) for end in ends]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    await client.bus.drain(1.0)


async def _show_until(end: Awaitable[None], events: AsyncIterator[Event], screen: Screen) -> None:
    async def show() -> None:
        async for event in events:
            screen.show(event)

    shower = asyncio.ensure_future(show())
    ender = asyncio.ensure_future(end)
    try:
        done, _ = await asyncio.wait({shower, ender}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in (shower, ender):
            task.cancel()
        await asyncio.gather(shower, ender, return_exceptions=True)
