"""The legs of a call add up to the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.stages import Stages
from binance_margin_async.rules.latency.call_times import CallTimes

FULL = {
    "asked": 1.0,
    "checked": 1.5,
    "journaled": 1.75,
    "granted": 4.0,
    "signed": 4.125,
    "written": 4.25,
    "first_byte": 5.25,
    "decoded": 5.5,
}


def totals(marks):
    times = CallTimes()
    times.record(Stages(**marks))
    return {leg: histogram.total for leg, histogram in times.legs().items()}


def test_each_leg_is_the_time_since_the_mark_before():
    """So that a user can see where the time went."""
    expected = {
        "check": 0.5,
        "journal": 0.25,
        "limiter": 2.25,
        "sign": 0.125,
        "connection": 0.125,
        "exchange": 1.0,
        "decode": 0.25,
        "total": 4.5,
    }
    assert expected == totals(FULL)


@given(st.sets(st.sampled_from([name for name in FULL if name not in {"asked", "decoded"}])))
def test_whatever_marks_are_missing_the_legs_add_up_to_the_total(missing):
    """Time that belongs to no leg would be hidden from whoever looks for it."""
    told = totals({name: at for name, at in FULL.items() if name not in missing})

    assert told.pop("total") == sum(told.values())


@pytest.mark.parametrize("missing", ["asked", "decoded"])
def test_a_call_without_an_answer_is_left_out(missing):
    """A lost reply would look like a quick one."""
    assert {} == totals({name: at for name, at in FULL.items() if name != missing})
