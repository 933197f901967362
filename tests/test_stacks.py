"""Stacks: every task, in a stable order, down to the innermost await."""

import asyncio

from binance_margin_async.stacks import describe_tasks
from binance_margin_async.testing import virtual


async def wait_for(event):
    await event.wait()


async def reader(event):
    await wait_for(event)


@virtual
async def test_the_innermost_await_comes_last():
    """It answers the question; asyncio's own print_stack stops at the outermost."""
    event = asyncio.Event()
    task = asyncio.create_task(reader(event), name="reader")
    await asyncio.sleep(0)
    lines = [line.strip() for line in describe_tasks([task]).splitlines()]
    assert "name='reader'" in lines[0]
    assert ["await wait_for(event)", "await event.wait()"] == [line for line in lines if line.startswith("await")][:2]
    event.set()
    await task


@virtual
async def test_tasks_come_in_order_of_creation():
    """all_tasks is a set; two runs must print the same text."""
    event = asyncio.Event()
    tasks = [asyncio.create_task(wait_for(event), name=f"Task-{number}") for number in (9, 10, 11)]
    text = describe_tasks(set(tasks))
    assert text.index("Task-9") < text.index("Task-10") < text.index("Task-11")
    event.set()
    await asyncio.gather(*tasks)


def test_no_tasks_are_no_text():
    """The caller says so in its own words."""
    assert describe_tasks([]) == ""
