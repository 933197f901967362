"""Rows that wait beside the file until it is complete."""

import msgspec
import orjson
import pytest

from binance_margin_async.cli.history import unfinished
from binance_margin_async.cli.history.question import Format, Kind, Question
from binance_margin_async.cli.history.unfinished import Unfinished
from binance_margin_async.rules.history import HistoryMark

COLUMNS = {"id": int, "amount": str}
QUESTION = Question(
    kind=Kind.LOANS, account="CROSS", symbols=(), since_ms=10**12, until_ms=None, format=Format.JSONL, whose="one"
)
UNTIL = 10**12 + 5


@pytest.fixture
def out(tmp_path):
    return tmp_path / "loans.jsonl"


def row(number):
    return {"id": number, "amount": "0.10"}


def mark(number):
    return HistoryMark("loans", number)


def begin(out, *, saved, more=0, question=QUESTION):
    """Write rows and save their mark, write *more* rows, and end without a word."""
    with Unfinished(out, question, UNTIL) as rows:
        for number in range(saved):
            rows.write(row(number))
        rows.save(mark(saved))
        for number in range(saved, saved + more):
            rows.write(row(number))


def names(out):
    return sorted(path.name for path in out.parent.iterdir())


def test_a_file_appears_when_it_is_complete(out):
    """Until then there are rows and a mark, afterwards nothing but the file."""
    with Unfinished(out, QUESTION, UNTIL) as rows:
        rows.write(row(0))
        rows.save(mark(1))
        assert ["loans.jsonl.mark", "loans.jsonl.part"] == names(out)
        rows.write(row(1))
        rows.finish(COLUMNS)
    assert ["loans.jsonl"] == names(out)
    assert [row(0), row(1)] == [orjson.loads(line) for line in out.read_bytes().splitlines()]


def test_a_later_run_goes_on_behind_the_mark(out):
    """What stands behind it was written by a run that could not say so, perhaps half a row."""
    begin(out, saved=2, more=3)
    with (out.parent / "loans.jsonl.part").open("ab") as part:
        part.write(b'{"half": "a ro')

    with Unfinished(out, QUESTION, UNTIL) as rows:
        assert mark(2) == msgspec.json.decode(rows.mark, type=HistoryMark)
        rows.write(row(2))
        rows.finish(COLUMNS)
    assert [row(0), row(1), row(2)] == [orjson.loads(line) for line in out.read_bytes().splitlines()]


def test_rows_are_on_the_disk_before_the_mark_says_so(out):
    """A process may be killed at any moment, without closing anything."""
    with Unfinished(out, QUESTION, UNTIL) as rows:
        rows.write(row(0))
        rows.save(mark(1))
        assert row(0) == orjson.loads((out.parent / "loans.jsonl.part").read_bytes())


def test_a_run_that_saved_nothing_is_begun_anew(out):
    """Its rows belong to no mark."""
    with Unfinished(out, QUESTION, UNTIL) as rows:
        rows.write(row(0))
    with Unfinished(out, QUESTION, UNTIL) as rows:
        assert rows.mark is None
        rows.finish(COLUMNS)
    assert b"" == out.read_bytes()


def test_the_end_of_the_period_is_that_of_the_first_run(out):
    """The time goes on between two runs, and the file must not depend on it."""
    begin(out, saved=1)
    assert UNTIL == Unfinished(out, QUESTION, UNTIL + 1000).until_ms


def test_another_question_is_refused_and_nothing_touched(out):
    """It would be half of each, and nobody could tell."""
    begin(out, saved=1)
    before = {path.name: path.read_bytes() for path in out.parent.iterdir()}
    with pytest.raises(
        ValueError, match=r"loans.jsonl.part holds the beginning of another question: whose was one"
    ) as told:
        Unfinished(out, msgspec.structs.replace(QUESTION, whose="two"), UNTIL)
    assert "ask the same again to go on, or remove loans.jsonl.part and loans.jsonl.mark to begin anew" in str(
        told.value
    )
    assert before == {path.name: path.read_bytes() for path in out.parent.iterdir()}


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda part, _: part.unlink(), "is shorter than"),
        (lambda part, _: part.write_bytes(b""), "is shorter than"),
        (lambda _, mark: mark.write_text("{}"), "is no mark of this command"),
        (lambda _, mark: mark.write_text("half of {"), "is no mark of this command"),
    ],
)
def test_a_spoiled_beginning_is_not_built_upon(out, spoil, complaint):
    """Better to begin anew than to go on from nowhere."""
    begin(out, saved=1)
    spoil(out.parent / "loans.jsonl.part", out.parent / "loans.jsonl.mark")
    with pytest.raises(ValueError, match=rf"{complaint}.*: remove loans.jsonl.part and loans.jsonl.mark to begin anew"):
        Unfinished(out, QUESTION, UNTIL)


def test_a_file_that_is_there_is_not_overwritten(out):
    """It may be last month's."""
    out.write_text("last month's")
    with pytest.raises(FileExistsError, match="is there already: choose another name, or remove it"):
        Unfinished(out, QUESTION, UNTIL)
    assert "last month's" == out.read_text()


def test_a_run_that_fails_while_it_finishes_leaves_no_file(out, monkeypatch):
    """A disk may be full. Half a file would be believed; the next run finishes it."""
    begin(out, saved=2)

    def full(_file):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, Unfinished(out, QUESTION, UNTIL) as rows:
        patch.setattr(unfinished.os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            rows.finish(COLUMNS)
    assert not out.exists()

    with Unfinished(out, QUESTION, UNTIL) as rows:
        rows.finish(COLUMNS)
    assert ["loans.jsonl"] == names(out)
    assert 2 == len(out.read_bytes().splitlines())
