"""Nothing on a hot path looks through everything there is: with ten times as much an operation does the same."""

import asyncio

import pytest
from harness.growing import PATHS
from harness.work import work_of

SMALL = 60


@pytest.mark.parametrize("path", PATHS)
def test_an_operation_does_no_more_with_ten_times_as_much(path):
    """
    Calls and lines are counted, and the most memory taken, so that neither a loop nor a copy can hide.

    A logarithm would add less than half. A bisection of ten times as many entries takes four steps more.
    """
    make, _ = PATHS[path]

    async def counted(size):
        async with make(size) as operation:
            return await work_of(operation)

    few, many = asyncio.run(counted(SMALL)), asyncio.run(counted(10 * SMALL))

    assert many.calls <= few.calls * 1.1 + 5
    assert many.lines <= few.lines * 1.1 + 10
    # A copy of 540 more entries would take 4 kB at least.
    assert many.allocated <= few.allocated + 2_000
