"""Bad days: a thousand of them, the harness that plays them, and what they found."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from bad_days.player import play
from bad_days.schedule import KINDS, Act, Trouble, read, rolled
from bad_days.shrink import shrink

# In windows, so that they spread over the cores.
DAYS, WINDOW = 1_000, 50
TESTS = Path(__file__).parents[1]
# Days are counted in CPU time; on a busy machine a window may take long.
pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize("first", range(0, DAYS, WINDOW))
def test_after_a_bad_day_everything_was_told_once_and_everything_is_well(first):
    """
    Promises W2 to W13, B1 to B4, L2, L4, T4 and P8, on 1,000 days of everything that can go wrong.

    What is compared with what is said in ``oracle``; one day again: ``python tests/bad_days --replay <seed>``.
    """
    assert {} == {seed: day.problems for seed in range(first, first + WINDOW) if (day := play(seed)).problems}


def test_the_same_seed_goes_the_same_way_whatever_the_hash_seed():
    """A day that goes another way the next time can be neither replayed nor made smaller."""
    first, second = (_digests("0:50", hash_seed) for hash_seed in ("1", "4711"))
    assert 50 == len(first)
    assert first == second


def _digests(seeds, hash_seed):
    ran = subprocess.run(  # noqa: S603  # this interpreter, a file of ours
        [sys.executable, str(TESTS / "bad_days"), seeds, "--digests", "--no-shrink"],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
        timeout=280,
    )
    return [line for line in ran.stdout.splitlines() if line[0].isdigit() and len(line.split()) == 2]


def test_every_kind_of_trouble_strikes():
    """A kind that never strikes proves nothing; the command looks at each window of a thousand and fails likewise."""
    fired = Counter()
    seeds = iter(range(DAYS))
    while set(KINDS) - set(fired) and (seed := next(seeds, None)) is not None:
        # Only days that may bring something new are played.
        if {each.kind for each in rolled(seed).troubles} - set(fired):
            fired += play(seed).fired
    assert set() == set(KINDS) - set(fired)


def test_a_schedule_is_data():
    """What was found is kept as text, and plays the same."""
    day = rolled(3)
    assert day == read(day.to_json())
    assert play(day).digest == play(read(day.to_json())).digest


def test_a_schedule_is_made_small_while_it_fails():
    """Of everything that happened two things are left, both of which it takes."""
    day = rolled(5)
    needed = (day.troubles[0], day.acts[-1])

    class Found:
        def __init__(self, schedule):
            parts = (*schedule.troubles, *schedule.acts)
            self.rules = {"planted"} if all(each in parts for each in needed) else set()

    small = shrink(day, {"planted"}, play=Found)
    assert needed == (*small.troubles, *small.acts)


# -- what the oracle is worth --------------------------------------------------------------------------------------


@pytest.fixture
def quiet_day():
    """A day on which nothing goes wrong but what is given."""

    def make(*troubles, acts=()):
        return msgspec.structs.replace(rolled(1), troubles=troubles, acts=acts, greeted=False, shuffle=False)

    return make


def test_an_order_that_is_never_told_is_found(quiet_day, monkeypatch):
    """A judge who finds nothing in a client that repairs nothing could not be believed about ours."""
    act = Act(at=10.0, who="other", what="take", account="CROSS", symbol="BTCUSDT", side="BUY")
    day = quiet_day(Trouble("refused", at=5.0, seconds=30.0, target="streams"), acts=(act,))
    assert set() == play(day).rules

    async def nothing(*_args, **_options):
        return 0

    monkeypatch.setattr("binance_margin_async.services.repair.Repair._catch_up", nothing)
    monkeypatch.setattr("binance_margin_async.services.repair.Repair._catch_up_elsewhere", nothing)
    assert {"order lost"} == play(day).rules


def test_a_client_that_does_not_recover_is_found(quiet_day, monkeypatch):
    """By its streams, a minute after the last trouble."""
    monkeypatch.setattr("binance_margin_async.rules.lifecycles.connection.FIRST_WAIT", 1e6)
    monkeypatch.setattr("binance_margin_async.rules.lifecycles.connection.LONGEST_WAIT", 1e6)
    assert "not healthy" in play(quiet_day(Trouble("reset_all", at=5.0))).rules
