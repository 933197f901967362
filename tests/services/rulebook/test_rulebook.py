"""``client.rules`` on the simulated exchange: what is read when, and what is found in an order."""

import asyncio
from decimal import Decimal

import orjson
import pytest

from binance_margin_async import (
    Band,
    InvalidRequestError,
    Isolated,
    LimitMakerLeg,
    LimitOrder,
    MarginClient,
    MarketOrder,
    Otoco,
    Severity,
    SimulatedExchange,
    StopLossLimitLeg,
    UnreachableValueError,
)
from binance_margin_async.models.order_legs import LimitLeg
from binance_margin_async.sim import Fault
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
INFO = "GET /api/v3/exchangeInfo"
FLAGS = {"isMarginTrade": True, "isBuyAllowed": True, "isSellAllowed": True}
BTCUSDT = {"symbol": "BTCUSDT", "base": "BTC", "quote": "USDT", **FLAGS}


def asset(name, **changes):
    told = {"assetName": name, "assetFullName": name, "isBorrowable": True, "isMortgageable": True}
    return {**told, "userMinBorrow": "0.001", "userMinRepay": "0.002", **changes}


class Stage:
    """A client in ``calm`` where margin says what *told* says; ``reads`` counts the exchange's answers by route."""

    def __init__(self, **told):
        answers = {
            "GET /sapi/v1/margin/allPairs": [{**BTCUSDT, "id": 1}],
            "GET /sapi/v1/margin/isolated/allPairs": [BTCUSDT],
            "GET /sapi/v1/margin/allAssets": [asset("BTC"), asset("USDT")],
            "GET /sapi/v1/margin/limit-price-pairs": {"crossMarginSymbols": []},
            "GET /sapi/v1/margin/restricted-asset": {"openLongRestrictedAsset": [], "maxCollateralExceededAsset": []},
            "GET /api/v3/ticker/price": {"symbol": "BTCUSDT", "price": "60000"},
            "GET /sapi/v1/margin/priceIndex": {"symbol": "BTCUSDT", "price": "60000", "calcTime": 1},
        }
        self.exchange = SimulatedExchange("calm")
        core = self.exchange.core
        for route, plain in answers.items():
            name = route.removeprefix("GET /sapi/v1/margin/").rpartition("ticker/")[2].replace("-", "_")
            body = orjson.dumps(told.get(name, plain)).decode()
            self.exchange.inject(Fault("reply", target=route, body=body, times="always"))
        self.reads = {}
        handle = core.handle

        def noting(request, now):
            route = f"{request.method} {request.target.partition('?')[0]}"
            self.reads[route] = self.reads.get(route, 0) + 1
            return handle(request, now)

        core.handle = noting

    def client(self):
        return MarginClient(sim=self.exchange)


def buy(price="50000", quantity="0.01", **options):
    return LimitOrder("BTCUSDT", "BUY", quantity=quantity, price=price, **options)


async def found(order, band=None, **told):
    """Return name and severity of each violation of *order*."""
    async with Stage(**told).client() as client:
        if band is not None:
            client.rules.band = band
        return [(each.name, each.severity.value) for each in await client.rules.check(order)]


# -- what is read when --


@virtual
async def test_nothing_is_read_before_it_is_needed():
    """Whoever never checks an order does not pay for it."""
    stage = Stage()
    async with stage.client() as client:
        assert {} == client.rules.ages()
        assert "<RuleBook empty>" == repr(client.rules)
    assert {"GET /api/v3/time"} == stage.reads.keys()


@virtual
async def test_a_hundred_orders_at_once_read_the_filters_once():
    """And the next hundred not at all, until an hour is over."""
    stage = Stage()
    async with stage.client() as client:
        await asyncio.gather(*(client.rules.quantize(buy()) for _ in range(100)))
        await asyncio.sleep(3_500)
        await client.rules.quantize(buy())
        assert 1 == stage.reads[INFO]
        assert 3_500 == pytest.approx(client.rules.ages()["filters of BTCUSDT"], abs=1)
        await asyncio.sleep(200)
        await client.rules.quantize(buy())
        limits = 1  # the client's own question, once an hour
        assert 2 + limits == stage.reads[INFO]
        await client.rules.quantize(buy(), max_age=0)
    assert 3 + limits == stage.reads[INFO]


@virtual
async def test_a_second_check_reads_only_what_moves():
    """Price and balances; the rules are known."""
    stage = Stage()
    async with stage.client() as client:
        await client.rules.check(buy())
        first = dict(stage.reads)
        await client.rules.check(buy())
    more = {route for route, times in stage.reads.items() if times > first[route]}
    assert {"GET /api/v3/ticker/price", "GET /sapi/v1/margin/account"} == more


@virtual
async def test_what_was_forgotten_is_read_anew():
    """All of it, or one pair's filters."""
    stage = Stage()
    async with stage.client() as client:
        await client.rules.check(buy())
        client.rules.forget("ETHUSDT")
        await client.rules.of("BTCUSDT")
        assert 1 == stage.reads[INFO]
        client.rules.forget()
        await client.rules.check(buy())
    assert (2, 2) == (stage.reads[INFO], stage.reads["GET /sapi/v1/margin/allAssets"])


@virtual
async def test_a_pair_that_does_not_exist_is_named():
    """With the exchange's own refusal."""
    async with Stage().client() as client:
        with pytest.raises(InvalidRequestError, match="NOSUCHUSDT"):
            await client.rules.of("NOSUCHUSDT")
        with pytest.raises(ValueError, match="margin has no asset 'ETH'"):
            await client.rules.asset("ETH")


# -- rounding --


@virtual
async def test_an_order_is_rounded_by_side_and_never_to_more():
    """A BUY is not dearer, a SELL not cheaper, and no order larger than asked for."""
    async with Stage().client() as client:
        bought = await client.rules.quantize(buy("50000.019", "0.0123456", client_order_id="mine"))
        sold = await client.rules.quantize(LimitOrder("BTCUSDT", "SELL", quantity="1.999999", price="70000.011"))
        with pytest.raises(UnreachableValueError, match="rounds to 0"):
            await client.rules.quantize(buy(quantity="0.000001"))
    assert buy("50000.01", "0.01234", client_order_id="mine") == bought
    assert (Decimal("70000.02"), Decimal("1.99999")) == (sold.price, sold.quantity)


@virtual
async def test_all_legs_of_a_list_are_rounded_for_their_own_side():
    """The working leg buys, the pending ones sell."""
    async with Stage().client() as client:
        order = await client.rules.quantize(
            Otoco(
                "BTCUSDT",
                "BUY",
                quantity="0.010009",
                working=LimitLeg(price="50000.019"),
                pending_side="SELL",
                pending_quantity="0.020009",
                above=LimitMakerLeg(price="60000.011"),
                below=StopLossLimitLeg(price="40000.001", stop_price="40100.001"),
            )
        )
    assert isinstance(order, Otoco)
    assert (Decimal("0.01"), Decimal("0.02")) == (order.quantity, order.pending_quantity)
    assert (Decimal("50000.01"), Decimal("60000.02")) == (order.working.price, order.above.price)
    assert (Decimal("40000.01"), Decimal("40100.01")) == (order.below.price, order.below.stop_price)


# -- checking --


@virtual
async def test_a_good_order_has_nothing_against_it():
    """In either kind of account."""
    assert [] == await found(buy())
    assert [] == await found(buy(account=BTC))


@virtual
async def test_all_that_is_wrong_is_told_at_once():
    """Filters, margin's flags and the balance, in one answer."""
    told = await found(
        LimitOrder("BTCUSDT", "BUY", quantity="10000.000001", price="70000.001"),
        allPairs=[{**BTCUSDT, "id": 1, "isBuyAllowed": False}],
        restricted_asset={"openLongRestrictedAsset": ["BTC"], "maxCollateralExceededAsset": ["BTC"]},
    )
    assert {
        ("PRICE_FILTER", "ERROR"),
        ("LOT_SIZE", "ERROR"),
        ("NOTIONAL", "ERROR"),
        ("PAIR", "ERROR"),
        ("RESTRICTED_ASSET", "WARNING"),
        ("COLLATERAL_CAP", "WARNING"),
        ("BALANCE", "ERROR"),
    } <= set(told)


@virtual
async def test_a_pair_that_margin_does_not_list_is_closed():
    """Cross and isolated margin have lists of their own."""
    assert ("PAIR", "ERROR") in await found(buy(), allPairs=[])
    assert [] == await found(buy(account=BTC), allPairs=[])


@pytest.mark.parametrize(
    ("side", "price", "account", "is_warned"),
    [
        ("BUY", "69000", None, False),
        ("BUY", "69000.01", None, True),
        ("SELL", "51000", None, False),
        ("SELL", "50999.99", None, True),
        ("BUY", "30000", None, False),
        ("SELL", "90000", None, False),
        ("BUY", "69000.01", BTC, False),
    ],
)
@virtual
async def test_the_band_around_the_index_is_one_sided_and_a_warning(side, price, account, is_warned):
    """15 % of an index of 60,000, in cross margin alone."""
    options = {} if account is None else {"account": account}
    order = LimitOrder("BTCUSDT", side, quantity="0.01", price=price, **options)
    told = await found(order, limit_price_pairs={"crossMarginSymbols": ["BTCUSDT"]})
    assert ([("LIMIT_PRICE_BAND", "WARNING")] if is_warned else []) == told


@virtual
async def test_the_band_can_be_judged_differently():
    """The exchange may change its width, and one text reads two-sided."""
    band = Band(width=Decimal("0.1"), is_two_sided=True, severity=Severity.ERROR)
    told = await found(buy("53999.99"), band, limit_price_pairs={"crossMarginSymbols": ["BTCUSDT"]})
    assert [("LIMIT_PRICE_BAND", "ERROR")] == told


@virtual
async def test_the_index_is_read_only_for_pairs_with_a_band():
    """It costs weight."""
    stage = Stage()
    async with stage.client() as client:
        await client.rules.check(buy())
    assert "GET /sapi/v1/margin/priceIndex" not in stage.reads


@virtual
async def test_the_free_balance_decides_unless_the_order_may_borrow():
    """100,000 USDT are free; what is missing must be an asset that is lent."""
    dear = {"quantity": "2", "price": "60000"}
    assert [("BALANCE", "ERROR")] == await found(buy(**dear))
    assert [] == await found(buy(**dear, side_effect="MARGIN_BUY"))
    told = await found(buy(**dear, side_effect="MARGIN_BUY"), allAssets=[asset("USDT", isBorrowable=False)])
    assert [("BORROW", "ERROR")] == told


@virtual
async def test_a_market_order_is_reckoned_at_the_last_price():
    """Far below the smallest worth an error, close to it a warning: the exchange's own reference may differ."""
    assert ("NOTIONAL", "ERROR") in await found(MarketOrder("BTCUSDT", "BUY", quantity="0.00008"))
    assert [("NOTIONAL", "WARNING")] == await found(
        MarketOrder("BTCUSDT", "BUY", quantity="0.00008"), price={"symbol": "BTCUSDT", "price": "62499"}
    )


@virtual
async def test_the_rules_of_an_asset_check_loans():
    """The smallest loan and the smallest repayment."""
    async with Stage().client() as client:
        dollar = await client.rules.asset("USDT")
    assert ["BORROW"] == [each.name for each in dollar.check_borrow(Decimal("0.0009"))]
    assert [] == dollar.check_borrow(Decimal("0.001"))
    assert ["REPAY"] == [each.name for each in dollar.check_repay(Decimal("0.0019"), Decimal(5))]
