"""Twelve bugs that real clients have: bad days find each of them."""

import pytest

from bad_days.planted import BUGS
from bad_days.player import play
from bad_days.search import KEPT, findings, finds

# Promise: one of so many days finds a bug.
ENOUGH = 100


def _days(name):
    """Return ten days, first those that have found the bug."""
    seeds = findings()[name].seeds
    return [*seeds, *(seed for seed in range(2 * KEPT) if seed not in seeds)][:KEPT]


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(name):
    """
    A judge who finds nothing in a client that is known to be wrong could not be believed about ours.

    The first day that finds it is enough. When none of the ten does, ``python tests/bad_days 0:100 --find <name>``
    looks for others.
    """
    assert any(finds(name, seed) for seed in _days(name))


def test_the_days_that_find_bugs_are_well_without_them():
    """It is the bug that is found; and whoever plants one takes it out again."""
    seeds = {findings()[name].seeds[0] for name in BUGS}
    assert {} == {seed: day.problems for seed in seeds if (day := play(seed)).problems}


def test_each_bug_is_found_within_a_hundred_days():
    """What is found once in ten thousand days is found by nobody."""
    assert dict.fromkeys(BUGS, True) == {name: found.seeds[0] < ENOUGH for name, found in findings().items()}
