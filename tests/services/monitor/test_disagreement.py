"""Two witnesses of one level: what is told when the exchange's number and our own sum differ for long."""

import asyncio
from decimal import Decimal

from binance_margin_async import CROSS, MarginClient, MonitorPolicy, Ring, RingKind, Route, Routing, Urgency
from binance_margin_async.models.margin import MarginReading
from binance_margin_async.sim import ConstantPrice, Fault, Holding, Scenario, SimulatedExchange
from binance_margin_async.testing import virtual

READ_CROSS = "GET /sapi/v1/margin/account"
KEY = "CROSS/disagreement"
# What is held and owed is told as it is; only the level is another one than 60,000 / 37,500.
WRONG = (
    '{"created":true,"accountType":"MARGIN_1","borrowEnabled":true,"tradeEnabled":true,"transferInEnabled":true,'
    '"transferOutEnabled":true,"marginLevel":"1.55","collateralMarginLevel":"1.55","totalAssetOfBtc":"1",'
    '"totalLiabilityOfBtc":"0.645","totalNetAssetOfBtc":"0.355","totalCollateralValueInUSDT":"60000","userAssets":['
    '{"asset":"BTC","borrowed":"0","free":"1","interest":"0","locked":"0","netAsset":"1"},'
    '{"asset":"USDT","borrowed":"37500","free":"0","interest":"0","locked":"0","netAsset":"-37500"}]}'
)


@virtual
async def test_a_lasting_disagreement_rings_once_warns_and_is_told_as_over():
    """Estimates may ring too early or too late then; a person should know by which number to go."""
    scenario = Scenario(
        "still",
        pairs=("BTCUSDT",),
        prices={"BTCUSDT": ConstantPrice("BTCUSDT", "60000")},
        cross={"BTC": Holding(free=Decimal(1)), "USDT": Holding(borrowed=Decimal(37_500))},
        hourly_rate=Decimal(0),
        duration_s=None,
    )
    exchange = SimulatedExchange(scenario)
    policy = MonitorPolicy(routing=Routing({urgency: Route(()) for urgency in Urgency}))
    rings, readings = [], []
    async with (
        MarginClient(sim=exchange, accounts=(CROSS,)) as client,
        client.bus.on(Ring, handler=rings.append),
        client.bus.on(MarginReading, handler=readings.append),
        client.monitor(policy=policy) as monitor,
    ):

        def rung():
            return [ring.kind for ring in rings if ring.key == KEY]

        await asyncio.sleep(20)
        exchange.inject(Fault("reply", target=READ_CROSS, status=200, body=WRONG, times="always"))
        await asyncio.sleep(65)  # two readings: it may be chance
        assert [] == rung()
        await asyncio.sleep(35)
        assert [RingKind.RAISED] == rung()
        assert any("differs by more than 1%" in warning for warning in monitor.answers(CROSS).warnings)
        # Distances by our own sum, with that warning, are better than none for as long as it lasts.
        assert readings[-1].to_call is not None
        await asyncio.sleep(300)
        assert [RingKind.RAISED] == rung()

        exchange.faults.clear()
        await asyncio.sleep(120)  # the next reading, and a minute in which it must stay well
        assert [RingKind.RAISED, RingKind.CLEARED] == rung()
        assert () == monitor.answers(CROSS).warnings
