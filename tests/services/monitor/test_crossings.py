"""No margin call is missed, none rings twice, whatever is in trouble: judged by the exchange's own ledger."""

from collections import Counter

import pytest
from blunders import BLUNDERS
from crossings import TROUBLES, Watched, play

WINDOW, WINDOWS = 40, 25
# The first schedule that finds each of them, as ``crossings.py 0:100 --plant NAME`` says.
FOUND_BY = {
    "alert_from_the_stream_only": 1,
    "no_own_computation": 2,
    "ring_forgotten_after_a_reconnect": 0,
    "double_ring_in_the_second_channel": 0,
    "being_blind_never_rings": 5,
    "trembling_rings_each_time": 3,
    "reminders_never_come": 1,
}


@pytest.mark.parametrize("first", range(0, WINDOW * WINDOWS, WINDOW))
def test_every_crossing_rings_once_in_each_channel_and_in_time(first):
    """
    Within a second while quotes or levels arrive, else within a poll and a second.

    Where neither these nor readings arrive, that nobody can see the account is told as soon as its last reading is too
    old for its state. Programs and both webhooks are judged alike, and reminders come in their time.
    """
    played = {seed: play(seed) for seed in range(first, first + WINDOW)}

    assert {} == {seed: each.problems for seed, each in played.items() if each.problems}
    assert sum(each.crossings for each in played.values()) > WINDOW
    assert sum(each.messages for each in played.values()) > 5 * WINDOW


def test_each_kind_of_trouble_is_met():
    """What never strikes is not tested."""
    met = Counter(Watched(seed).kind for seed in range(WINDOW * WINDOWS))
    assert set(TROUBLES) == set(met)
    assert min(met.values()) >= WINDOW


@pytest.mark.parametrize("name", BLUNDERS)
def test_a_planted_bug_is_found(name):
    """A judge who finds nothing in a monitor that is known to be wrong could not be believed about ours."""
    broken = {rule for rule, _ in play(FOUND_BY[name], plant=name).problems}
    assert broken & BLUNDERS[name].rules
