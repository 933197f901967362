"""``binance-margin orders``: what was sent and is not proved yet."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from cyclopts import App, Parameter

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.leaving import open_with_care
from binance_margin_async.cli.options import JOURNALED, Flag, Journaled, Patience
from binance_margin_async.cli.running import complain, quiet_logging, run_command
from binance_margin_async.cli.tables import print_json, print_table
from binance_margin_async.client import MarginClient
from binance_margin_async.errors import AmbiguousOutcomeError
from binance_margin_async.models.intents import Intent
from binance_margin_async.printable import printable

orders_app: App = App(
    name="orders",
    help_format="markdown",
    help="Find out what became of orders, loans and transfers whose reply was lost.",
)
_HEADINGS = ("intent", "pair or asset", "account", "kind", "written (UTC)", "why it is open")


@orders_app.command
def unresolved(*, where: Journaled = JOURNALED) -> ExitCode:
    """List what the journal holds that is not proved yet; nothing is asked of the exchange."""
    quiet_logging(verbose=False)
    return run_command(_unresolved(where))


@orders_app.command
def resolve(
    intent: str,
    /,
    *,
    patience: Patience = 60.0,
    transaction: Annotated[int | None, Parameter(show_default=False)] = None,
    never_happened: Flag = False,
    where: Journaled = JOURNALED,
) -> ExitCode:
    """
    Ask the exchange until it is proved what became of an intent; nothing is sent again.

    Where the exchange's records cannot prove what became of a loan or a transfer, look at its history yourself, and say
    what you found:  orders resolve ID --transaction 123456  or  --never-happened

    Parameters
    ----------
    intent
        Its id, which of an order is the client order id.
    patience
        Seconds to go on asking; then the exit code is 5.
    transaction
        You found that this transaction is it.
    never_happened
        You found that it never happened.
    """
    quiet_logging(verbose=False)
    if never_happened and transaction is not None:
        return complain(ValueError("it either is that transaction or never happened: leave one of the two out"))
    if never_happened or transaction is not None:
        return run_command(_settle(intent, transaction, where))
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
    why: Exception | None = None
    async with open_with_care(_client(where)) as client:
        try:
            async with asyncio.timeout(patience):
                intent = await client.orders.resolved(name)
        except (TimeoutError, AmbiguousOutcomeError) as problem:
            why = problem
            (intent,) = (each for each in client.orders.unresolved if each.id == name)
    _tell(intent, where)
    if why is None:
        return ExitCode.DONE
    enough = f"{name}: {patience:g} s were not enough to prove what became of it: try again"
    complain(TimeoutError(enough) if isinstance(why, TimeoutError) else why)
    return ExitCode.UNKNOWN


async def _settle(name: str, transaction: int | None, where: Journaled) -> ExitCode:
    async with _client(where) as client:
        intent = await client.funds.settle(name, transaction)
    _tell(intent, where)
    return ExitCode.DONE


def _client(where: Journaled) -> MarginClient:
    target = where.target()
    target.open_journal()  # asked for before anything is sent: without a journal there is nothing to resolve
    return target.client()[0]


def _tell(intent: Intent, where: Journaled) -> None:
    if where.json:
        print_json(intent)
    elif not intent.is_open:
        print(printable(f"{intent.id}: {intent.outcome}, {intent.reason}"))


def _row(intent: Intent) -> tuple[str, ...]:
    return (
        intent.id,
        intent.symbol,
        str(intent.account),
        intent.kind.replace("_", " "),
        datetime.fromtimestamp(intent.written_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S"),
        intent.reason or "it was being sent when the process ended",
    )
