"""The order in which ready tasks go on: as asyncio does it, or shuffled by the seed."""

import asyncio

from binance_margin_async.testing import run_virtual


async def _race():
    """Return the order in which ten tasks woken at once went on, and in which ten callbacks ran."""
    loop = asyncio.get_running_loop()
    woken, called = [], []
    gate = asyncio.Event()

    async def wait(number):
        await gate.wait()
        woken.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(10):
            group.create_task(wait(number))
        await asyncio.sleep(1)
        gate.set()
        for number in range(10):
            loop.call_soon(called.append, number)
    return woken, called


def test_without_shuffling_tasks_go_on_first_come_first_served():
    """As on any loop."""
    assert (list(range(10)), list(range(10))) == run_virtual(_race(), seed=3)


def test_shuffling_reorders_tasks_and_leaves_callbacks_alone():
    """Transports rely on the order of their callbacks; programs must not rely on that of tasks."""
    orders = {tuple(run_virtual(_race(), seed=seed, shuffle=True)[0]) for seed in range(20)}
    assert len(orders) > 15
    assert all(sorted(order) == list(range(10)) for order in orders)
    assert list(range(10)) == run_virtual(_race(), seed=3, shuffle=True)[1]


def test_a_seed_repeats_the_order():
    """Or a failure could not be looked at."""
    assert run_virtual(_race(), seed=4, shuffle=True) == run_virtual(_race(), seed=4, shuffle=True)
