"""Each call of the table, cancelled at each of its awaits: nothing is left running, and the client goes on."""

import asyncio
import itertools
import json

import pytest
from test_contract import STORED, groups_of, revive

from binance_margin_async import MarginClient, SimulatedExchange
from binance_margin_async.testing import CancelAt, Conditions, virtual

CALLS = {f"{file.parent.name}.{file.stem}": json.loads(file.read_text(encoding="utf-8")) for file in STORED}
GROUPS = sorted({call.partition(".")[0] for call in CALLS})
# A reply that comes in pieces is waited for more than once.
HALVES = Conditions(pieces=lambda _rng, size: -(-size // 2))


async def ended(coroutine):
    """Run *coroutine* in a task, and return the error it ended with, if any."""
    (end,) = await asyncio.gather(asyncio.create_task(coroutine), return_exceptions=True)
    return end if isinstance(end, BaseException) else None


async def at_rest(client):
    """Make a call that works, and return how many tasks there are, and what the limiter counts as under way."""
    await client.spot.time()
    await asyncio.sleep(1)
    buckets = client.statistics()["limits"].buckets
    return len(asyncio.all_tasks()), [each for each in buckets if each.in_flight or each.waiting]


@pytest.mark.parametrize("late", [False, True], ids=["while-it-waits", "as-the-result-comes"])
@pytest.mark.parametrize("warm", [True, False], ids=["connected", "not-connected"])
@pytest.mark.parametrize("group", GROUPS)
def test_a_call_cancelled_at_any_await_leaves_nothing_behind(group, warm, late):
    """Promise P1: neither a task, nor a connection, nor weight that is counted as under way for ever."""

    @virtual
    async def scenario():
        network = asyncio.get_running_loop().network
        if warm:
            network.set_conditions(HALVES)
        async with MarginClient(sim=SimulatedExchange("calm")) as client:
            rest = await at_rest(client)
            for call, stored in CALLS.items():
                name, _, method = call.partition(".")
                if name != group:
                    continue
                arguments = {each: revive(each, value) for each, value in stored["arguments"].items()}
                for k in itertools.count(1):
                    if not warm:
                        for connection in network.connections():
                            connection.reset()
                        await asyncio.sleep(0.1)
                    calls = groups_of(client)[group]
                    attempt = CancelAt(getattr(calls, method.partition(".")[0])(**arguments), k, late=late)
                    end = await ended(attempt)
                    assert attempt.fired == isinstance(end, asyncio.CancelledError), (call, k, end)
                    assert rest == await at_rest(client), (call, k)
                    if not attempt.fired:
                        break
                assert k > 2, (call, k)

    scenario()
