"""What lowers risk is never kept waiting by what raises it."""

import asyncio
from collections import Counter

import pytest

from binance_margin_async import Isolated, LimitOrder, MarginClient, RateLimitedError, SimulatedExchange
from binance_margin_async.testing import virtual

PAIR = Isolated("BTCUSDT")
RESTING = LimitOrder("BTCUSDT", "BUY", quantity="0.001", price="50000")
BORROWING = LimitOrder("BTCUSDT", "BUY", quantity="0.001", price="30000", time_in_force="IOC", side_effect="MARGIN_BUY")
# Twice of what each may do in a minute: the bucket is empty all the time.
FLOOD = {
    "orders": (lambda c: c.trade.new_order(BORROWING, response="ACK"), 240),
    "loans": (lambda c: c.borrow.borrow("USDT", "1"), 240),
    "transfers": (lambda c: c.wallet.universal_transfer("MARGIN_MAIN", "USDT", "0.01"), 400),
}
SECONDS = 100
# Virtual: the way to the exchange and back, and a little.
ROUND_TRIP = 0.01


async def flood(client, kind, crowd, sent):
    call, a_minute = FLOOD[kind]

    async def one():
        try:
            await call(client)
        except RateLimitedError:
            pass
        else:
            sent[kind] += 1

    for _ in range(a_minute * SECONDS // 60):
        crowd.create_task(one())
        await asyncio.sleep(60 / a_minute)


async def took(call):
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await call
    return loop.time() - begun


async def rescue(client):
    """Cancel, repay and transfer in every few seconds; return how long each took, the placing before not counted."""
    times = {"cancel": [], "repay": [], "transfer in": []}
    await asyncio.sleep(10)  # by then everything is empty
    for _ in range(8):
        (order, *_) = await client.trade.open_orders("BTCUSDT")
        cancel = client.trade.cancel_order("BTCUSDT", order_id=order.order_id)
        times["cancel"].append(await took(cancel))
        # Of another account than the loans: those of one account have to keep their distance.
        times["repay"].append(await took(client.borrow.repay("USDT", "1", account=PAIR)))
        times["transfer in"].append(await took(client.wallet.universal_transfer("MAIN_MARGIN", "USDT", "1")))
        await asyncio.sleep(10)
    return times


@pytest.mark.timeout(120)
@virtual
async def test_cancel_repay_and_transfer_in_wait_a_tenth_of_a_second_at_most():
    """Promise L8: a share of each limit is theirs alone, also the first time that they need it."""
    sent = Counter()
    async with SimulatedExchange("calm") as exchange, MarginClient(config=exchange.config) as client:
        for _ in range(8):
            await client.trade.new_order(RESTING)
        await client.wallet.universal_transfer("MARGIN_ISOLATEDMARGIN", "USDT", "1000", to_symbol="BTCUSDT")
        await client.borrow.borrow("USDT", "100", account=PAIR)
        async with asyncio.TaskGroup() as crowd:
            rescued = crowd.create_task(rescue(client))
            for kind in FLOOD:
                crowd.create_task(flood(client, kind, crowd, sent))

    assert {} == {
        what: slow
        for what, times in rescued.result().items()
        if (slow := [each for each in times if each > 0.1 + ROUND_TRIP])
    }
    for kind, (_, a_minute) in FLOOD.items():  # it was a flood: less went through than wanted to
        assert sent[kind] < 0.8 * a_minute * SECONDS / 60
