"""A bot that is killed, against an exchange in another process; the long run is a command, see ``kills.py``."""

import os

import pytest
from kills import play


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX thing")
def test_a_killed_bot_loses_no_order_that_it_acknowledged_and_doubles_none(tmp_path):
    """Promises P3, P4 and S8: whatever was under way, the next life proves it, and knew of it first."""
    tally = play(4, seed=0, folder=tmp_path)

    assert {} == tally.faults
    assert 4 == tally.kills
    assert tally.acknowledged > 20
    assert tally.left_open > 0  # or nothing was interrupted
