"""``binance-margin history`` as a process: rows on stdout or in a file, everything else on stderr."""

import csv
import io
import os
import pty
import subprocess
import sys
from decimal import Decimal

import orjson
import pyarrow.parquet
import pytest

from binance_margin_async.cli.history.question import Kind
from binance_margin_async.cli.history.rows import columns_of

# The simulated session in which both accounts are liquidated begins on this day.
SLIDE = ("--sim", "--since", "2026-01-05")
ISOLATED = ("--account", "BTCUSDT")


def told(command, *arguments):
    ended = command("history", *arguments)
    assert 0 == ended.code, ended.err
    return ended


# -- what is written -----------------------------------------------------------------------------------------------


def test_the_csv_has_a_header_and_a_line_for_each_record(command):
    """The default, for a spreadsheet; a kind without records is a header."""
    ended = told(command, "repayments", *SLIDE, *ISOLATED)
    (row,) = csv.DictReader(io.StringIO(ended.out))
    assert list(columns_of(Kind.REPAYMENTS)) == list(row)
    assert ("USDT", "BTCUSDT", "CONFIRMED") == (row["asset"], row["isolated_symbol"], row["status"])
    assert Decimal(7816) == Decimal(row["principal"])
    assert [",".join(columns_of(Kind.TRANSFERS))] == told(command, "transfers", *SLIDE).out.splitlines()


def test_json_lines_have_amounts_as_text_and_numbers_as_numbers(command):
    """A JSON number would be read as a float."""
    rows = told(command, "liquidations", *SLIDE, *ISOLATED, "--json").rows
    assert rows
    for row in rows:
        assert list(columns_of(Kind.LIQUIDATIONS)) == list(row)
        assert {str, int, bool} == {type(value) for value in row.values()}
        assert (True, "SELL") == (row["is_isolated"], row["side"])


def test_a_statement_is_the_same_in_every_format(command, tmp_path):
    """Rows of all kinds in the order of time; nothing is left beside the finished files."""
    for name in ("csv", "jsonl", "parquet"):
        told(command, "statement", *SLIDE, *ISOLATED, "--format", name, "--out", str(tmp_path / name))
    assert ["csv", "jsonl", "parquet"] == sorted(path.name for path in tmp_path.iterdir())

    rows = [orjson.loads(line) for line in (tmp_path / "jsonl").read_bytes().splitlines()]
    assert {"repayments", "liquidations", "capital-flow", "trades", "orders"} == {row["kind"] for row in rows}
    assert sorted(row["time_ms"] for row in rows) == [row["time_ms"] for row in rows]
    for row in rows:
        assert {"kind", "time_ms", *columns_of(Kind(row["kind"]))} == set(row)

    whole = [{name: row.get(name) for name in columns_of(Kind.STATEMENT)} for row in rows]
    assert whole == pyarrow.parquet.read_table(tmp_path / "parquet").to_pylist()
    with (tmp_path / "csv").open(newline="", encoding="utf-8") as file:
        cells = {None: "", True: "true", False: "false"}
        assert [
            {name: cells[cell] if cell is None or isinstance(cell, bool) else str(cell) for name, cell in row.items()}
            for row in whole
        ] == list(csv.DictReader(file))


@pytest.mark.skipif(os.name != "posix", reason="a pseudo terminal is a POSIX thing")
def test_a_terminal_sees_a_bar_on_stderr_and_stdout_holds_only_rows(tmp_path):
    """People see that it goes on, programs are not disturbed."""
    ours, theirs = pty.openpty()
    arguments = ["history", "transfers", *SLIDE, "--json"]
    environment = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM"}}
    with subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-P", "-m", "binance_margin_async.cli", *arguments],
        env=environment | {"TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=tmp_path,
    ) as process:
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(ours), b""))
        os.close(ours)
        assert b"" == process.stdout.read()
    assert 0 == process.returncode
    assert b"transfers" in shown
    assert b"100%" in shown


def _read(terminal):
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""  # Linux: the other side is closed


# -- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("trades", *SLIDE), "the exchange tells trades of one pair at a time: give one --symbol"),
        (("loans", *SLIDE, "--format", "parquet"), "Parquet cannot be written to stdout: add --out FILE"),
        (("loans", *SLIDE, "--json", "--format", "csv"), "--json and --format csv contradict each other"),
        (("loans", *SLIDE, "--until", "2026-01-04"), "the period ends before it begins"),
    ],
)
def test_a_senseless_question_is_one_sentence(command, arguments, complaint):
    """And ends with the code of a wrong option; nothing is on stdout, not even a header."""
    ended = command("history", *arguments)
    assert 2 == ended.code
    assert complaint in ended.complaint
    assert "" == ended.out


def test_a_time_without_a_zone_is_told_by_the_option(command):
    """As every wrong value is."""
    ended = command("history", "loans", "--sim", "--since", "2026-01-05T08:00")
    assert 2 == ended.code
    assert "Invalid value for --since: '2026-01-05T08:00' has no time zone: write 2026-01-05T08:00Z" in " ".join(
        ended.err.replace("│", " ").split()
    )


def test_what_the_exchange_no_longer_tells_is_said_on_stderr(command):
    """The rest is read: a year's statement has to begin somewhere."""
    ended = told(command, "interest", "--sim", "--since", "2025-01-05")
    assert "interest: 2025-01-05T00:00:00Z to 2025-10-07T00:0" in ended.err
    assert "cannot be read: the exchange tells no more than the last 90 days of it" in ended.err


def test_a_missing_extra_is_one_line_with_the_command_that_installs_it(command, tmp_path):
    """Before anything is asked, not after an hour."""
    (tmp_path / "pyarrow.py").write_text("raise ModuleNotFoundError('No module named pyarrow', name='pyarrow')")
    out = tmp_path / "loans.parquet"
    ended = command(
        *("history", "loans", *SLIDE, "--format", "parquet", "--out", str(out)), env={"PYTHONPATH": str(tmp_path)}
    )
    assert 1 == ended.code
    needed = "Parquet needs packages that are not installed: run  pip install 'binance-margin-async[data]'"
    assert f"binance-margin: {needed}" == ended.complaint.replace("run pip", "run  pip")
    assert not out.exists()


@pytest.mark.parametrize(("name", "complaint"), [("there.csv", "is there already"), ("no/where.csv", "No such file")])
def test_a_file_that_cannot_be_made_is_told_with_its_name(command, tmp_path, name, complaint):
    """Before anything is asked."""
    (tmp_path / "there.csv").write_text("last month's")
    ended = command("history", "loans", *SLIDE, "--out", str(tmp_path / name))
    assert 1 == ended.code
    assert complaint in ended.complaint
    assert str(tmp_path / name) in ended.complaint
