"""A day in the life of ``binance-margin monitor``; ``monitor_week.py`` lives through as many as one likes."""

import logging

import pytest
from monitor_week import live


@pytest.mark.timeout(180)
def test_a_day_with_faults_falls_restarts_and_crashes_ends_as_it_began(caplog):
    """Every crossing rings once in each channel, whenever the program is started anew; tasks and objects are flat."""
    # What is logged is kept by pytest, with all that it tells of, and would be counted.
    with caplog.at_level(logging.CRITICAL, logger="binance_margin_async"):
        result = live(1)

    assert [] == result.problems
    assert 2 == result.restarts.total()
    assert result.crossings >= 10
    assert result.messages >= 10 * result.crossings
    assert result.troubles.total() >= 20
    assert 1 == len(set(result.tasks)), result.tasks
    # What is remembered of calls and events fills in the first hours after each start, up to its bounds.
    assert max(result.growth) < 0.1, (result.objects, result.everywhere)
