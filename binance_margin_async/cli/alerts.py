"""``binance-margin alerts``: try the channels, see what rings, and say that somebody knows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cyclopts import App

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.options import Json
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.cli.tables import print_json, print_table
from binance_margin_async.clock import Clock
from binance_margin_async.errors import ConfigError, DeliveryError
from binance_margin_async.models.alerts import AlertTopic, Ring, RingKind, Urgency
from binance_margin_async.rules.alerts.kept import KeptAlert
from binance_margin_async.rules.alerts.patience import ATTEMPT_LIMIT
from binance_margin_async.services.alerts import Channel
from binance_margin_async.services.alerts.beside import acknowledge_beside, alerts_beside
from binance_margin_async.services.alerts.policy_file import read_policy

alerts_app: App = App(
    name="alerts", help_format="markdown", help="Try the channels of a policy, see what rings, and acknowledge it."
)
_HEADINGS = ("number", "alert", "urgency", "since (UTC)", "acknowledged", "text")


@alerts_app.command(name="test")
def try_channels(*, policy: Path, json: Json = False) -> ExitCode:
    """
    Send one message through every channel of a policy; the exit code is 1 when one does not deliver.

    Parameters
    ----------
    policy
        TOML file with the policy.
    json
        One JSON object per channel on stdout, nothing else.
    """
    quiet_logging(verbose=False)
    return run_command(_test(policy, as_json=json))


@alerts_app.command(name="list")
def list_alerts(*, policy: Path | None = None, journal: Path | None = None, json: Json = False) -> ExitCode:
    """
    List what rings and is not over, as the running monitor has written it down.

    Parameters
    ----------
    policy
        TOML file with the policy, which names the journal.
    journal
        The journal itself, instead.
    json
        One JSON object per alert on stdout, nothing else.
    """
    quiet_logging(verbose=False)
    return run_command(_list(policy, journal, as_json=json))


@alerts_app.command
def ack(alert: str, /, *, policy: Path | None = None, journal: Path | None = None) -> ExitCode:
    """
    Acknowledge an alert: no reminder and no escalation until it becomes worse, or is over and comes again.

    Parameters
    ----------
    alert
        The number that its messages say, or its name such as CROSS/level.
    policy
        TOML file with the policy, which names the journal.
    journal
        The journal itself, instead.
    """
    quiet_logging(verbose=False)
    return run_command(_ack(alert, policy, journal))


async def _test(policy: Path, *, as_json: bool) -> ExitCode:
    channels = read_policy(policy).channels
    if not channels:
        raise ConfigError(f"{policy} names no channel")
    loop = asyncio.get_running_loop()
    clock = Clock(loop.time)
    # No exchange is asked for its time here; receivers of webhooks compare with their own.
    clock.adjust(time.time_ns() / 1e9 - loop.time(), 1.0)
    results = await asyncio.gather(*(_try(channel, clock) for channel in channels))
    if as_json:
        for channel, trouble in zip(channels, results, strict=True):
            print_json({"channel": channel.name, "delivered": trouble is None, "reason": trouble})
    else:
        rows = [
            (channel.name, "delivered" if trouble is None else "FAILED", trouble or "")
            for channel, trouble in zip(channels, results, strict=True)
        ]
        print_table(("channel", "result", "why"), rows)
    return ExitCode.DONE if not any(results) else ExitCode.ERROR


async def _try(channel: Channel, clock: Clock) -> str | None:
    """Send one message and return why it was not delivered, if it was not."""
    await channel.open(clock)
    try:
        async with asyncio.timeout(ATTEMPT_LIMIT):
            await channel.send(_message(channel.name, clock.exchange_ms()))
    except DeliveryError as problem:
        return str(problem)
    except TimeoutError:
        return f"no answer within {ATTEMPT_LIMIT:.0f} s"
    finally:
        await channel.close()
    return None


def _message(channel: str, time_ms: int) -> Ring:
    return Ring(
        number=0,
        key="test",
        topic=AlertTopic.TEST,
        kind=RingKind.RAISED,
        urgency=Urgency.INFO,
        text="this is a test: nothing has happened",
        crossed=(),
        channels=(channel,),
        time_ms=time_ms,
    )


async def _list(policy: Path | None, journal: Path | None, *, as_json: bool) -> ExitCode:
    alerts = await asyncio.to_thread(alerts_beside, _journal(policy, journal))
    if as_json:
        for alert in alerts:
            print_json(alert)
    elif alerts:
        print_table(_HEADINGS, map(_row, alerts))
    else:
        print("nothing rings")
    return ExitCode.DONE


async def _ack(name: str, policy: Path | None, journal: Path | None) -> ExitCode:
    path = _journal(policy, journal)
    found = await asyncio.to_thread(acknowledge_beside, path, name)
    if found is None:
        raise ValueError(f"no alert {name!r} rings: see  binance-margin alerts list")
    print(f"acknowledged: {found.number} {found.key}")
    return ExitCode.DONE


def _journal(policy: Path | None, journal: Path | None) -> Path:
    if journal is not None:
        return journal
    if policy is None:
        raise ValueError("say where the monitor keeps its alerts: --policy FILE or --journal FILE")
    path = read_policy(policy).journal_path
    if path is None:
        raise ConfigError(f"{policy} names no journal: without one nothing is kept, and nothing can be acknowledged")
    return Path(path)


def _row(alert: KeptAlert) -> Sequence[str]:
    since = datetime.fromtimestamp(alert.raised_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    known = "yes" if alert.acknowledged else "no"
    return (str(alert.number), alert.key, alert.urgency, since, known, alert.text)
