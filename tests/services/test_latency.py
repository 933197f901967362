"""Where the time of calls went, on the simulated exchange."""

import pytest

from binance_margin_async import LimitOrder, MarginClient
from binance_margin_async.errors import ReplyLostError
from binance_margin_async.models.stages import Stages
from binance_margin_async.services.latency import LatencyBook
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import virtual

ORDER = "POST /sapi/v1/margin/order"
BUY = LimitOrder("BTCUSDT", "BUY", quantity="0.001", price="50000")


@virtual
async def test_the_legs_of_calls_add_up_to_their_total_exactly_in_virtual_time():
    """Nothing between asking and having may be hidden; no time passes where nothing waits."""
    async with MarginClient(sim=SimulatedExchange("calm")) as client:
        for _ in range(20):
            await client.trade.new_order(BUY)
        placed = await client.orders.place(BUY)
        calls = client.latency().calls[ORDER]

    sums = {leg: each.mean * each.count for leg, each in calls.items()}
    assert 21 == calls["total"].count
    assert sums.pop("total") == pytest.approx(sum(sums.values()), abs=1e-9)
    assert placed.stages.decoded - placed.stages.asked <= calls["total"].largest + 1e-9


@virtual
async def test_what_the_exchange_takes_is_told_apart_from_what_we_take():
    """Whoever is slow should be named."""
    slow = SimulatedExchange("calm", faults=[Fault("delay", seconds=2.0, target=ORDER)])
    async with MarginClient(sim=slow) as client:
        await client.trade.new_order(BUY)
        calls = client.latency().calls[ORDER]

    assert 2.0 <= calls["exchange"].p50 <= 2.1
    assert 0.0 == calls["limiter"].largest


@virtual
async def test_an_order_through_the_desk_has_legs_for_its_checks_and_its_journal():
    """They are part of what it costs."""
    async with MarginClient(sim=SimulatedExchange("calm")) as client:
        await client.orders.place(BUY)
        legs = client.latency().calls[ORDER]

    assert ["check", "journal", "limiter", "sign", "connection", "exchange", "decode", "total"] == list(legs)


@virtual
async def test_a_call_whose_reply_was_lost_is_not_counted():
    """It would pull the percentiles to the deadline, or look quick."""
    losing = SimulatedExchange("calm", faults=[Fault("reset", effect="done", target=ORDER)])
    async with MarginClient(sim=losing) as client:
        with pytest.raises(ReplyLostError):
            await client.trade.new_order(BUY)

        assert ORDER not in client.latency().calls


def test_calls_that_anybody_names_take_no_more_room_than_the_endpoints_there_are():
    """``client.request`` takes any path."""
    book = LatencyBook()
    for number in range(1000):
        book.on_call(f"GET /sapi/v1/margin/{number}", Stages(asked=1.0, decoded=2.0))

    assert 256 == len(book.report().calls)
