"""``binance-margin orders``: what was sent and is not proved yet."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from cyclopts import App

from binance_margin_async.cli.exits import ExitCode
from binance_margin_async.cli.options import JOURNALED, Journaled, Patience
from binance_margin_async.cli.running import complain, quiet_logging, run_command
from binance_margin_async.cli.tables import print_json, print_table
from binance_margin_async.models.intents import Intent

orders_app: App = App(name="orders", help="Find out what became of orders whose reply was lost.")
_HEADINGS = ("intent", "pair", "account", "kind", "written (UTC)", "why it is open")


@orders_app.command
def unresolved(*, where: Journaled = JOURNALED) -> ExitCode:
    """List what the journal holds that is not proved yet; nothing is asked of the exchange."""
    quiet_logging(verbose=False)
    return run_command(_unresolved(where))


@orders_app.command
def resolve(intent: str, /, *, patience: Patience = 60.0, where: Journaled = JOURNALED) -> ExitCode:
    """
    Ask the exchange until it is proved what became of an intent; nothing is sent again.

    Parameters
    ----------
    intent
        Its id, which is the client order id.
    patience
        Seconds to go on asking; then the exit code is 5.
    """
    quiet_logging(verbose=False)
    return run_command(_resolve(intent, patience, where))


async def _unresolved(where: Journaled) -> ExitCode:
    journal = where.target().open_journal()
    await journal.open()
    try:
        left = await journal.open_intents()
    finally:
        await journal.close()
    if where.json:
        for intent in left:
            print_json(intent)
    elif left:
        print_table(_HEADINGS, map(_row, left))
    else:
        print("everything is resolved")
    return ExitCode.DONE


async def _resolve(name: str, patience: float, where: Journaled) -> ExitCode:
    target = where.target()
    target.open_journal()  # asked for before anything is sent: without a journal there is nothing to resolve
    client, _ = target.client()
    async with client:
        try:
            async with asyncio.timeout(patience):
                intent = await client.orders.resolved(name)
        except TimeoutError:
            (intent,) = (each for each in client.orders.unresolved if each.id == name)
    if where.json:
        print_json(intent)
    elif not intent.is_open:
        print(f"{intent.id}: {intent.outcome}, {intent.reason}")
    if intent.is_open:
        complain(TimeoutError(f"{name}: {patience:g} s were not enough to prove what became of it: try again"))
        return ExitCode.UNKNOWN
    return ExitCode.DONE


def _row(intent: Intent) -> tuple[str, ...]:
    return (
        intent.id,
        intent.symbol,
        str(intent.account),
        intent.kind.replace("_", " "),
        datetime.fromtimestamp(intent.written_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S"),
        intent.reason or "it was being sent when the process ended",
    )
