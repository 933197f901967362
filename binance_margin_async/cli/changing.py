"""Commands that change an account: they ask first, or only show the request, and say what to do if all is unclear."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.exits import EXPECTED
from binance_margin_async.cli.leaving import open_with_care
from binance_margin_async.cli.options import Deed
from binance_margin_async.cli.running import complain, quiet_logging, run_command
from binance_margin_async.cli.tables import print_json, print_results
from binance_margin_async.client import MarginClient
from binance_margin_async.errors import DryRunError, MarginError, Outcome
from binance_margin_async.printable import printable

T = TypeVar("T")


def run_change(
    options: Deed,
    act: Callable[[MarginClient], Awaitable[T]],
    *,
    what: str,
    tell: Callable[[T], str],
    if_unknown: str,
) -> ExitCode:
    """
    Carry out one change, and return the exit code.

    Args:
        options: Where, and whether to ask.
        act: The change itself; it may read before it writes.
        what: Names it, for whoever is asked.
        tell: Turns the answer into text for people.
        if_unknown: What to do when it is unknown whether the exchange acted.
    """
    quiet_logging(verbose=False)
    try:
        client, _ = options.target().client(dry_run=options.dry_run)
    except EXPECTED as problem:
        return complain(problem)
    if not options.yes and not options.dry_run:
        refusal = ask(f"{what}, on {client.rest_url or 'a simulated exchange'}")
        if refusal is not None:
            return refusal
    return run_command(_carry_out(client, act, options, tell, if_unknown))


def ask(what: str) -> ExitCode | None:
    """Return ``None`` if a person at a terminal agrees; the questions go to stderr, as stdout is for answers."""
    if sys.stdin is None or not sys.stdin.isatty():
        print(
            f"binance-margin: not sent, as there is no terminal to ask at: {printable(what)}. "
            "Add --yes to do it without a question, or --dry-run to see the request",
            file=sys.stderr,
        )
        return ExitCode.USAGE
    print(f"{printable(what)}\nGo ahead? [y/N] ", end="", file=sys.stderr, flush=True)
    try:
        answer = sys.stdin.readline()
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return ExitCode.INTERRUPTED
    if answer.strip().lower() in {"y", "yes"}:
        return None
    print("Nothing was sent.", file=sys.stderr)
    return ExitCode.ERROR


async def _carry_out(
    client: MarginClient,
    act: Callable[[MarginClient], Awaitable[T]],
    options: Deed,
    tell: Callable[[T], str],
    if_unknown: str,
) -> ExitCode:
    try:
        async with open_with_care(client):
            answer = await act(client)
    except DryRunError as held:
        _show_request(held, as_json=options.json)
        return ExitCode.DONE
    except MarginError as problem:
        if problem.outcome is Outcome.UNKNOWN:
            problem.args = (f"{problem} {if_unknown}",)
        raise
    print_results(answer, tell, as_json=options.json)
    return ExitCode.DONE


def _show_request(held: DryRunError, *, as_json: bool) -> None:
    if as_json:
        print_json({"dry_run": True, "method": held.verb, "url": held.url, "headers": held.headers})
        return
    print(f"{held.verb} {held.url}")
    for name, value in held.headers.items():
        print(f"{name}: {value}")
    print("Not sent: this was a dry run.", file=sys.stderr)
