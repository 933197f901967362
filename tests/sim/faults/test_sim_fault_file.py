"""Fault files: TOML or JSON, and one clear sentence about what is wrong in them."""

import pytest

from binance_margin_async.sim import FaultFileError, ScenarioFileError
from binance_margin_async.sim.faults import Fault, FaultPlan, read_faults
from binance_margin_async.sim.scenarios import read_scenario

FILE = """\
[[faults]]
kind = "server_error"
target = "POST /sapi/v1/margin/order"
after_s = 2.5
times = "always"
effect = "done"

[[faults]]
kind = "reply"
status = 400
[faults.headers]
X-Seen = "yes"
"""
FAULTS = (
    Fault("server_error", target="POST /sapi/v1/margin/order", after_s=2.5, times="always", effect="done"),
    Fault("reply", status=400, headers={"X-Seen": "yes"}),
)


@pytest.fixture
def written(tmp_path):
    """Write a file and return its path."""

    def write(text, name="faults.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_faults_are_read_from_toml(written):
    """In the order in which they stand."""
    assert FaultPlan(FAULTS) == read_faults(written(FILE))


def test_faults_are_read_from_json(written):
    """As a plan writes itself."""
    path = written(FaultPlan(FAULTS).to_json().decode(), "faults.json")
    assert FaultPlan(FAULTS) == read_faults(path)


def test_a_scenario_brings_its_own(written):
    """Misbehaviour is part of a story."""
    scenario = read_scenario(written('description = "x"\n' + FILE, "own.toml"))
    assert FAULTS == scenario.faults


@pytest.mark.parametrize(
    ("right", "wrong", "line", "field", "words"),
    [
        ('kind = "server_error"', 'kind = "thunder"', 2, "faults[0].kind", "a fault needs a kind, one of delay, drop"),
        ('kind = "reply"\n', "", 8, "faults[1].kind", "not None"),
        ("after_s = 2.5", "after = 2.5", 4, "faults[0].after", "unknown field"),
        ("after_s = 2.5", "after_s = '2.5'", 4, "faults[0].after_s", "Expected `float`"),
        ('times = "always"', "times = 0", 1, "faults[0]", "times must be at least 1"),
        ('effect = "done"', 'effect = "perhaps"', 6, "faults[0].effect", "Invalid enum value"),
        ("status = 400", "seconds = 400", 8, "faults[1]", "takes no 'seconds'"),
        ('X-Seen = "yes"', "X-Seen = 3", 11, "faults[1].headers", "Expected `str`"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_field(written, right, wrong, line, field, words):  # noqa: PLR0917
    """One sentence, in a fault file and in a scenario alike."""
    assert right in FILE
    text = FILE.replace(right, wrong)

    with pytest.raises(FaultFileError) as caught:
        read_faults(written(text))
    assert (line, field) == (caught.value.line, caught.value.field), str(caught.value)
    assert words in str(caught.value)

    with pytest.raises(ScenarioFileError) as caught:
        read_scenario(written('description = "x"\n' + text, "own.toml"))
    assert (line + 1, field) == (caught.value.line, caught.value.field)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.toml", "[[faults]", "line 1: is not TOML"),
        ("a.json", '{"faults": [}', "line 1: is not JSON"),
        ("a.json", "[]", "is not a JSON object"),
        ("a.json", "{}", "field 'faults'"),
        ("a.json", '{"faults": [{"kind": "delay", "seconds": -1}]}', "field 'faults[0]': seconds must be above 0"),
        ("a.toml", 'faults = ["delay"]', "field 'faults[0]': Expected `object`"),
    ],
)
def test_a_file_that_holds_no_plan_is_told(written, name, text, words):
    """With its name."""
    path = written(text, name)
    with pytest.raises(FaultFileError) as caught:
        read_faults(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)
