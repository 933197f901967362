"""``binance-margin history``."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.history.bar import Bar
from binance_margin_async.cli.history.formats import rows_in
from binance_margin_async.cli.history.parquet import arrow
from binance_margin_async.cli.history.question import Format, Kind, Question, account_named, checked_pairs, moment_of
from binance_margin_async.cli.history.reader import reader_of
from binance_margin_async.cli.history.rows import columns_of, row_of
from binance_margin_async.cli.history.unfinished import Unfinished
from binance_margin_async.cli.options import FASTEST, HERE, Flag, Where
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.client import MarginClient
from binance_margin_async.config import Config, require_credentials

Moment = Annotated[int, Parameter(converter=moment_of, n_tokens=1)]
Symbols = Annotated[
    tuple[str, ...], Parameter(name="--symbol", negative="", consume_multiple=False, show_default=False)
]


def history(
    kind: Kind,
    where: Where = HERE,
    *,
    since: Moment,
    until: Moment | None = None,
    account: str = "CROSS",
    symbol: Symbols = (),
    format: Format | None = None,  # noqa: A002  # the option's name
    json: Flag = False,
    out: Path | None = None,
) -> ExitCode:
    """
    Read the past of an account: any period, each record once, oldest first.

    With --out, a run that was interrupted goes on where it was when the same command is given again.

    Parameters
    ----------
    kind
        What to read; statement is all the others together, in the order of time.
    since
        Begin: a day (midnight UTC), a time such as 2026-01-31T08:00Z, or epoch milliseconds.
    until
        End, which does not belong to the period; now, if left out.
    account
        CROSS, or the pair of an isolated account.
    symbol
        Pair of trades and orders in the cross account; for a statement, may be given several times.
    format
        csv (default), jsonl or parquet.
    json
        The same as --format jsonl.
    out
        File to write; stdout, if left out.
    """
    quiet_logging(verbose=False)
    return run_command(
        _read(where, kind, account, symbol, since=since, until=until, named=format, as_json=json, out=out),
        # The session of a simulated exchange is played to its end first, which should take no time.
        pace=FASTEST if where.sim else None,
    )


async def _read(
    where: Where,
    kind: Kind,
    account: str,
    symbols: tuple[str, ...],
    *,
    since: int,
    until: int | None,
    named: Format | None,
    as_json: bool,
    out: Path | None,
) -> ExitCode:
    whose = account_named(account)
    question = Question(
        kind=kind,
        account=str(whose),
        symbols=checked_pairs(kind, whose, symbols),
        since_ms=since,
        until_ms=until,
        format=_format(named, as_json=as_json),
        whose=_key_name(where),
    )
    if question.format is Format.PARQUET:
        if out is None:
            raise ValueError("Parquet cannot be written to stdout: add --out FILE")
        arrow()
    client, exchange = where.target(question.account, scenario="slide").client()
    async with client:
        if exchange is not None:
            await exchange.finished()
        if out is None:
            await _to_stdout(client, question)
        else:
            await _to_file(client, question, out)
    return ExitCode.DONE


async def _to_stdout(client: MarginClient, question: Question) -> None:
    with Bar(question.kind) as bar:
        reader = reader_of(question, client.history, bar, until=question.until_ms, on_progress=bar.show)
        with rows_in(question.format, sys.stdout.buffer, columns_of(question.kind)) as rows:
            async for record in reader:
                rows.write(row_of(record))
                bar.count()


async def _to_file(client: MarginClient, question: Question, out: Path) -> None:
    now = client.clock.exchange_ms()
    with (
        Unfinished(out, question, now if question.until_ms is None else question.until_ms) as rows,
        Bar(question.kind) as bar,
    ):

        def on_progress(done: int, total: int) -> None:
            rows.save(reader.mark)
            bar.show(done, total)

        reader = reader_of(question, client.history, bar, until=rows.until_ms, mark=rows.mark, on_progress=on_progress)
        try:
            async for record in reader:
                rows.write(row_of(record))
                bar.count()
        except BaseException:
            bar.note(f"{out} is not finished; the same command goes on from here")
            raise
        rows.finish(columns_of(question.kind))


def _format(named: Format | None, *, as_json: bool) -> Format:
    if as_json and named not in {None, Format.JSONL}:
        raise ValueError(f"--json and --format {named} contradict each other: leave one out")
    return Format.JSONL if as_json else named or Format.CSV


def _key_name(where: Where) -> str:
    """Return what tells API keys apart and gives none away: rows of two users must not end in one file."""
    if where.sim:
        return "simulated"
    return hashlib.sha256(require_credentials(Config.load(where.config)).reveal().encode()).hexdigest()[:12]
