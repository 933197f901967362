"""What mypy and basedpyright say of the public types: everything is known, and misuse is an error."""

import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import binance_margin_async
from binance_margin_async import MarginClient
from binance_margin_async.models.order_legs import Leg
from binance_margin_async.models.order_request import OrderRequest
from binance_margin_async.rest.group import EndpointGroup

pytest.importorskip("mypy", reason="type checkers are development tools: pip install '.[dev]'")
pytest.importorskip("basedpyright", reason="type checkers are development tools: pip install '.[dev]'")

ROOT = Path(__file__).parents[2]
MISUSE = Path(__file__).with_name("misuse.py")
# Of the same line as another fault: its consequences.
CONSEQUENCES = ("reportUnknown",)


def ran(tool, *arguments):
    """Run a tool of this environment in the repository, where its settings are, and return what it prints."""
    beside = Path(sys.executable).parent
    path = os.pathsep.join([str(beside), os.environ.get("PATH", "")])
    done = subprocess.run(  # noqa: S603  # a development tool
        [beside / tool, *arguments],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


def told_by_mypy(file):
    rows = map(json.loads, ran("mypy", "--output", "json", file).splitlines())
    return [(row["line"], row["code"], row["message"]) for row in rows if row["severity"] == "error"]


def told_by_basedpyright(file):
    rows = json.loads(ran("basedpyright", "--outputjson", file))["generalDiagnostics"]
    told = [(row["range"]["start"]["line"] + 1, row["rule"], row["message"]) for row in rows]
    return [row for row in told if not row[1].startswith(CONSEQUENCES)]


CHECKERS = [told_by_mypy, told_by_basedpyright]


def expected(column):
    """By line, the code that stands in the given column of its mark."""
    lines = enumerate(MISUSE.read_text(encoding="utf-8").splitlines(), 1)
    marks = ((number, re.search(r"# wrong: (.*)", line)) for number, line in lines)
    return {number: mark[1].split(", ")[column] for number, mark in marks if mark}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("column", range(2), ids=["mypy", "basedpyright"])
def test_misuse_is_a_type_error_on_exactly_the_marked_lines(column):
    """A misspelled keyword, a float for money, a missing price: told in the editor, not by the exchange."""
    told = CHECKERS[column](MISUSE)
    assert expected(column) == {line: code for line, code, _ in told}, told


def every_call():
    """A line for each method of each group, for each order and for the client's own methods."""
    for group, kind in inspect.getmembers(MarginClient, lambda member: isinstance(member, property)):
        calls = inspect.signature(kind.fget, eval_str=True).return_annotation
        if inspect.isclass(calls) and issubclass(calls, EndpointGroup):
            names = [name for name, _ in inspect.getmembers(calls, inspect.iscoroutinefunction) if name[0] != "_"]
            yield from (f"client.{group}.{name}" for name in names)
    yield from ("MarginClient", "MarginClient.from_env", "MarginClient.simulated")
    yield from (f"client.{name}" for name in ("events", "on", "monitor", "request"))
    public = (getattr(binance_margin_async, name) for name in binance_margin_async.__all__)
    requests = (each for each in public if inspect.isclass(each) and issubclass(each, OrderRequest | Leg))
    yield from sorted(each.__name__ for each in requests)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("checker", CHECKERS)
def test_no_call_takes_a_keyword_that_it_does_not_know(checker, tmp_path):
    """In any call at all; a ``**parameters`` anywhere would let it pass."""
    calls = list(every_call())
    assert len(calls) > 100
    head = ["from binance_margin_async import *", "", "", "def wrong(client: MarginClient) -> None:"]
    lines = [*head, *(f"    {call}(no_such_keyword=1)" for call in calls)]
    file = tmp_path / "every_call.py"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    # Of a method with several signatures only that none fits is told; misuse.py calls those in full.
    caught = {line for line, _, text in checker(file) if "no_such_keyword" in text or "No overload" in text}
    assert [] == [call for number, call in enumerate(calls, len(head) + 1) if number not in caught]


@pytest.mark.timeout(300)
def test_every_public_type_is_known():
    """Whatever is inferred, a user's tool may infer differently; the text of the failure names the lines."""
    told = ran("basedpyright", "--verifytypes", "binance_margin_async", "--ignoreexternal")
    wrong = [line for line in told.splitlines() if " error: " in line]
    assert [] == wrong
    assert "Type completeness score: 100%" in told
