"""A refused write carries the limit it ran into, if that can be asked at once; otherwise it is told without."""

import asyncio
import math
from decimal import Decimal

import orjson
import pytest

from binance_margin_async import (
    CROSS,
    ExchangeError,
    InsufficientCollateralError,
    InventoryError,
    Isolated,
    LimitOrder,
    MarginClient,
    SimulatedExchange,
)
from binance_margin_async.sim import Fault
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
LOAN, ORDER = "POST /sapi/v1/margin/borrow-repay", "POST /sapi/v1/margin/order"
TRANSFER = "POST /sapi/v1/asset/transfer"
MOST, LEAVES = "GET /sapi/v1/margin/maxBorrowable", "GET /sapi/v1/margin/maxTransferable"
POOL = "GET /sapi/v1/margin/available-inventory"
TOLD = {
    MOST: {"amount": "12.50", "borrowLimit": "60"},
    LEAVES: {"amount": "7"},
    POOL: {"assets": {"USDT": "3.5", "BTC": "0.02"}, "updateTime": 1},
}


class Stage:
    """A client on an exchange that refuses *route* with *code*; ``asked`` are the reads that followed."""

    def __init__(self, route, code, *, answers=TOLD):
        self.exchange = SimulatedExchange("calm")
        self.client = MarginClient(sim=self.exchange)
        core = self.exchange.core
        self.plant(route, {"code": code, "msg": "planted."}, status=400)
        for read, body in answers.items():
            self.plant(read, body)
        self.asked = []
        handle = core.handle

        def noting(request, now):
            path, _, query = request.target.partition("?")
            if (read := f"{request.method} {path}") in TOLD:
                self.asked.append((read, query.partition("&recvWindow")[0]))
            return handle(request, now)

        core.handle = noting

    def plant(self, route, body, *, status=200):
        """Let a route answer this, for as long as it is asked."""
        body = orjson.dumps(body).decode()
        self.exchange.inject(Fault("reply", target=route, status=status, body=body, times="always"))

    async def refused(self, call):
        """Return the error of *call*, a function of the client."""
        async with self.client as client:
            with pytest.raises(ExchangeError) as refusal:
                await call(client)
        return refusal.value


def borrow(account=CROSS):
    return lambda client: client.borrow.borrow("USDT", "9999999", account=account)


def buy(side, account=CROSS, side_effect="MARGIN_BUY"):
    order = LimitOrder("BTCUSDT", side, quantity="1", price="60000", side_effect=side_effect, account=account)
    return lambda client: client.trade.new_order(order)


def transfer(kind, **symbols):
    return lambda client: client.wallet.universal_transfer(kind, "USDT", "50", **symbols)


@pytest.mark.parametrize("code", [-3006, -3008, -11008, 51006])
@pytest.mark.parametrize(
    ("route", "call", "asked", "end"),
    [
        (LOAN, borrow(), "asset=USDT", "USDT may be borrowed in CROSS"),
        (LOAN, borrow(BTC), "asset=USDT&isolatedSymbol=BTCUSDT", "USDT may be borrowed in BTCUSDT"),
        (ORDER, buy("BUY"), "asset=USDT", "USDT may be borrowed in CROSS"),
        (
            ORDER,
            buy("SELL", BTC),
            "asset=BTC&isolatedSymbol=BTCUSDT",
            "BTC may be borrowed in BTCUSDT",
        ),
    ],
)
@virtual
async def test_above_the_borrow_room_the_most_that_may_be_borrowed_is_told(code, route, call, asked, end):
    """A BUY borrows the quote asset, a SELL the base asset; the room is asked for once."""
    stage = Stage(route, code)
    error = await stage.refused(call)

    assert isinstance(error, InsufficientCollateralError)
    assert Decimal("12.50") == error.maximum
    assert str(error).endswith(f"At most 12.50 {end} now.")
    assert [(MOST, asked)] == stage.asked


@pytest.mark.parametrize("code", [-3020, -3005])
@pytest.mark.parametrize(
    ("call", "asked"),
    [
        (transfer("MARGIN_MAIN"), "asset=USDT"),
        (transfer("MARGIN_ISOLATEDMARGIN", to_symbol="BTCUSDT"), "asset=USDT"),
        (transfer("ISOLATEDMARGIN_MARGIN", from_symbol="BTCUSDT"), "asset=USDT&isolatedSymbol=BTCUSDT"),
    ],
)
@virtual
async def test_above_the_transfer_room_the_most_that_may_leave_is_told(code, call, asked):
    """Of the account that the money was to leave."""
    stage = Stage(TRANSFER, code)
    error = await stage.refused(call)

    assert isinstance(error, InsufficientCollateralError)
    assert (Decimal(7), [(LEAVES, asked)]) == (error.maximum, stage.asked)
    assert "At most 7 USDT may leave" in str(error)


@pytest.mark.parametrize(
    ("route", "call", "pool", "available"),
    [
        (LOAN, borrow(), "MARGIN", "3.5"),
        (LOAN, borrow(BTC), "ISOLATED", "3.5"),
        (ORDER, buy("SELL"), "MARGIN", "0.02"),
        (LOAN, lambda client: client.borrow.borrow("ETH", 5), "MARGIN", "0"),
    ],
)
@virtual
async def test_a_pool_that_is_too_low_tells_what_it_holds(route, call, pool, available):
    """Of an asset that it does not list it holds nothing."""
    stage = Stage(route, -3045)
    error = await stage.refused(call)

    assert isinstance(error, InventoryError)
    assert (Decimal(available), [(POOL, f"type={pool}")]) == (error.available, stage.asked)
    assert f"The pool holds {available} " in str(error)


@pytest.mark.parametrize(
    ("route", "code", "call"),
    [
        (LOAN, -3014, borrow()),
        (TRANSFER, -3020, transfer("MAIN_MARGIN")),
        (ORDER, -2010, buy("BUY")),
    ],
)
@virtual
async def test_other_refusals_ask_nothing(route, code, call):
    """A question costs weight, and there is no limit to tell."""
    stage = Stage(route, code)
    await stage.refused(call)
    assert [] == stage.asked


@virtual
async def test_a_question_that_fails_leaves_the_refusal_as_it_is():
    """The refusal is what matters; its limit is a courtesy."""
    stage = Stage(LOAN, -3006, answers={})
    stage.plant(MOST, {"code": -3003, "msg": "planted"}, status=400)
    error = await stage.refused(borrow())
    assert isinstance(error, InsufficientCollateralError)
    assert (None, -3006) == (error.maximum, error.code)


@virtual
async def test_a_question_that_would_have_to_wait_is_not_asked():
    """240 a minute are allowed: a bot that uses them up is told of a refusal at once, without the limit."""
    stage = Stage(LOAN, -3006)
    async with stage.client as client:
        crowd = [asyncio.ensure_future(client.borrow.max_borrowable("USDT")) for _ in range(300)]
        await asyncio.sleep(1)
        assert not all(each.done() for each in crowd)  # some stand in line

        before = asyncio.get_running_loop().time()
        with pytest.raises(InsufficientCollateralError) as refusal:
            await borrow()(client)
        assert (None, True) == (refusal.value.maximum, asyncio.get_running_loop().time() - before < 0.5)
        for each in crowd:
            each.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)


@virtual
async def test_an_order_that_broke_a_filter_makes_its_rules_be_read_anew():
    """The exchange changes filters without notice."""
    stage = Stage(ORDER, -1013)
    async with stage.client as client:
        await client.rules.of("BTCUSDT")
        await client.rules.of("ETHUSDT")
        assert {True} == {age < 1 for age in client.rules.ages().values()}
        with pytest.raises(ExchangeError, match="-1013"):
            await buy("BUY")(client)
        assert {"filters of BTCUSDT": True, "filters of ETHUSDT": False} == {
            name: math.isinf(age) for name, age in client.rules.ages().items()
        }
