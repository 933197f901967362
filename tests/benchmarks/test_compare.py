"""Two result files, with their noise: what has really changed."""

import json
import sys

import compare
import pytest
from harness.report import conclude
from harness.verdicts import Budget, Ratio

COST, RATE = Budget(1.0), Budget(1.0, at_least=True)


@pytest.fixture
def kept(tmp_path, capsys):
    """Keep what a benchmark prints about some ratios in a file."""

    def keep(name, *runs, **settings):
        for ratios in runs:
            conclude("orders", ratios, rounds=5, settings=settings)
        path = tmp_path / name
        path.write_text(capsys.readouterr().out)
        return path

    return keep


def words(before, after):
    return {change.key[2]: change.word for change in compare.changes(compare.read(before), compare.read(after))}


def test_only_what_exceeds_both_noises_together_has_changed(kept):
    """0.50 ± 0.03 and 0.56 ± 0.03 may be the same; 0.57 may not."""
    before = kept("before", [Ratio("a", 0.5, 0.03, COST), Ratio("b", 0.5, 0.03, COST)])
    after = kept("after", [Ratio("a", 0.559, 0.03, COST), Ratio("b", 0.57, 0.03, COST)])
    assert {"a": "within the noise", "b": "WORSE"} == words(before, after)


def test_better_is_what_the_budget_says_it_is(kept):
    """More of a cost is worse and more of a rate is better; without a budget nobody can say."""
    before = kept("before", [Ratio("cost", 0.5, 0.0, COST), Ratio("rate", 1.0, 0.0, RATE), Ratio("fact", 1.0, 0.0)])
    after = kept("after", [Ratio("cost", 0.4, 0.0, COST), Ratio("rate", 2.0, 0.0, RATE), Ratio("fact", 2.0, 0.0)])
    assert {"cost": "better", "rate": "better", "fact": "CHANGED"} == words(before, after)
    assert {"cost": "WORSE", "rate": "WORSE", "fact": "CHANGED"} == words(after, before)


def test_what_was_played_in_one_round_is_not_judged(kept):
    """Its noise is not known; it could be anything."""
    before, after = kept("before", [Ratio("a", 0.5, None, COST)]), kept("after", [Ratio("a", 5.0, 0.1, COST)])
    assert {"a": "one round only"} == words(before, after)


def test_repeated_runs_are_one_figure_with_the_spread_between_them(kept):
    """Three runs that differ by more than their rounds are as unsure as they differ."""
    runs = [[Ratio("a", each, 0.01, COST)] for each in (0.5, 0.6, 0.7)]
    (seen,) = compare.read(kept("before", *runs)).values()
    assert (0.6, pytest.approx(0.0816, abs=0.001)) == (seen.value, seen.noise)


def test_other_settings_are_another_measurement(kept):
    """An order over TLS says nothing about one without."""
    before, after = kept("before", [Ratio("a", 0.5, 0.0, COST)], tls=False), kept("after", [Ratio("a", 0.5)], tls=True)
    with pytest.raises(SystemExit, match="no ratio of the same benchmark with the same settings"):
        words(before, after)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no result in here\n", "holds no result"),
        ('{"benchmark": "orders", "rat\n', "line 1: begins like a result and is no JSON; was it cut off?"),
        ('{"benchmark": "orders"}\n', "line 1: not a result of these benchmarks"),
        (json.dumps({"benchmark": "x", "settings": {}, "ratios": {"a": 0.5}}), "line 1: not a result"),
    ],
)
def test_a_file_that_does_not_fit_is_named_with_the_reason(tmp_path, text, why):
    """Somebody may give the wrong file, an old one, or one that was cut off."""
    path = tmp_path / "wrong"
    path.write_text(text)
    with pytest.raises(SystemExit, match=why):
        compare.read(path)


def test_a_file_that_is_not_there_is_no_traceback(tmp_path):
    """The path is in the message."""
    with pytest.raises(SystemExit, match="nowhere cannot be read"):
        compare.read(tmp_path / "nowhere")


@pytest.mark.parametrize(("turned", "code"), [(False, 1), (True, None)])
def test_the_command_fails_when_something_became_worse(kept, monkeypatch, capsys, turned, code):
    """So that a script can ask."""
    files = [kept("one", [Ratio("a", 0.5, 0.0, COST)]), kept("two", [Ratio("a", 0.6, 0.0, COST), Ratio("b", 1.0)])]
    monkeypatch.setattr(sys, "argv", ["compare.py", *map(str, files[::-1] if turned else files)])
    if code is None:
        compare.main()
    else:
        with pytest.raises(SystemExit) as ended:
            compare.main()
        assert code == ended.value.code
    assert "orders: b" in capsys.readouterr().out
