"""The rows against the table they were written from: routes, security, weights and whom they count against."""

import itertools
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from binance_margin_async.wire.endpoints import ALL

TABLE = json.loads((Path(__file__).parent / "table.json").read_text(encoding="utf-8"))
ROWS = {row.route: row for row in ALL}
# A word that no rule names.
OTHER = "OTHER"


class Condition:
    """What ``if`` says of one parameter, read without the help of the package."""

    def __init__(self, written):
        self.parameter, form = written.split(" ", 1)
        listed = form.removeprefix("in ") if form.startswith("in ") else form.removeprefix("= ")
        self.values = re.findall(r"\w+", listed) if listed != form else []
        self.when_omitted, self.when_present = form == "omitted", form == "present"
        assert self.values or self.when_omitted or self.when_present, written

    def holds(self, parameters):
        value = parameters.get(self.parameter)
        if value is None:
            return self.when_omitted
        return self.when_present or ("true" if value is True else value) in self.values

    def candidates(self):
        """Return values that make it hold and others that do not; a flag may be passed as text or as a bool."""
        return [None, OTHER, *self.values, *([True] if "true" in self.values else [])]


def combinations(rules):
    """Return every combination of the values that the rules tell apart."""
    candidates = {}
    for condition, _ in rules:
        candidates.setdefault(condition.parameter, []).extend(condition.candidates())
    return [dict(zip(candidates, values, strict=True)) for values in itertools.product(*candidates.values())]


def test_the_rows_are_those_of_the_table():
    """No call is missing, none is listed twice, and none is made up."""
    assert Counter(entry["route"] for entry in TABLE) == Counter(row.route for row in ALL)


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry["id"])
def test_a_row_says_what_the_table_says(entry):
    """Whom the weight counts against, the orders a call adds, what it must carry."""
    row = ROWS[entry["route"]]
    said = {
        "security": row.security.value,
        "signed": row.is_signed,
        "scope": row.cost.scope.value,
        "orders": row.cost.orders,
    }
    assert {name: entry[name] for name in said} == said


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry["id"])
def test_a_call_is_charged_what_the_table_says_whatever_its_parameters(entry):
    """A charge too low draws a ban, one too high makes the client wait for nothing."""
    row = ROWS[entry["route"]]
    rules = [(Condition(rule["if"]), rule["value"]) for rule in entry["dearer"]]
    for parameters in combinations(rules):
        expected = next((value for condition, value in rules if condition.holds(parameters)), entry["weight"])
        assert expected == row.cost.weigh(parameters), parameters


def test_each_form_of_a_condition_is_understood():
    """The test above is worth what its reading of the table is worth."""
    omitted, present = Condition("coin omitted"), Condition("orderId present")
    equal, among = Condition("computeCommissionRates = true"), Condition("sideEffectType in [MARGIN_BUY, AUTO_REPAY]")
    assert [True, False] == [omitted.holds({"coin": None}), omitted.holds({"coin": "BTC"})]
    assert [True, False] == [present.holds({"orderId": 1}), present.holds({})]
    assert [True, True, False] == [equal.holds({"computeCommissionRates": each}) for each in ("true", True, False)]
    assert [True, True, False] == [
        among.holds({"sideEffectType": each}) for each in ("MARGIN_BUY", "AUTO_REPAY", "NO_SIDE_EFFECT")
    ]
    assert among.candidates() == [None, OTHER, "MARGIN_BUY", "AUTO_REPAY"]
