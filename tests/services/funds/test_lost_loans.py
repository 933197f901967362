"""Loans and transfers whose replies are lost in every way, and what the exchange's own books say of each."""

from collections import Counter

import pytest
from lost_loans import TREATMENTS, play

# In windows, so that they spread over the cores.
WINDOW = 100


@pytest.mark.parametrize("first", range(0, 400, WINDOW))
def test_whatever_is_lost_no_loan_is_doubled_and_no_verdict_is_wrong(first):
    """One delivery and at most one transaction an intent; a person is asked only where another tool did the same."""
    assert {} == {game.seed: game.problems for game in map(play, range(first, first + WINDOW)) if game.problems}


def test_with_nobody_else_everything_is_proved():
    """Where the records are the account's own, nothing is left to a person."""
    games = [game for game in map(play, range(WINDOW)) if game.others == "nobody"]
    assert sum(game.lost for game in games) > 100
    assert 0 == sum(game.ambiguous + game.mistaken for game in games)


def test_where_another_tool_shows_its_hand_nothing_is_guessed():
    """Some of its loans fit ours: they are left to a person, and none is taken for ours."""
    games = [game for game in map(play, range(WINDOW)) if game.others == "regular"]
    assert sum(game.ambiguous for game in games) > 20
    assert 0 == sum(game.mistaken for game in games)


@pytest.mark.parametrize(("policy", "sin"), [("send again", "duplicated"), ("believe one miss", "wrong")])
def test_the_judge_catches_both_common_policies(policy, sin):
    """Planted bugs: a judge who finds nothing in these could not be believed about the proof either."""
    assert any(getattr(play(seed, policy), sin) for seed in range(20))


def test_everything_that_can_go_wrong_does():
    """A kind of fault that never strikes proves nothing."""
    fired = sum((play(seed).fired for seed in range(60)), Counter())
    wanted = {each if isinstance(each, str) else f"POST {each.kind}" for each in TREATMENTS if each is not None}
    assert wanted <= set(fired)
