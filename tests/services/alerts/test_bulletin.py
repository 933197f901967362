"""What the exchange announces, until it reaches a person; and what the client says of itself."""

import asyncio
from contextlib import AsyncExitStack
from decimal import Decimal

import pytest

from binance_margin_async import (
    CROSS,
    Announcements,
    Isolated,
    MarginClient,
    MemoryJournal,
    MonitorPolicy,
    Ring,
    RingKind,
    Route,
    Routing,
    Urgency,
)
from binance_margin_async.models.health import HealthProblem, HealthState, HealthUpdate
from binance_margin_async.sim import ConstantPrice, Fault, Holding, IsolatedOpening, Scenario, SimulatedExchange
from binance_margin_async.testing import virtual

STATUS, PLANS = "GET /sapi/v1/system/status", "GET /sapi/v1/margin/delist-schedule"
RATIOS, BARRED = "GET /sapi/v1/margin/crossMarginCollateralRatio", "GET /sapi/v1/margin/restricted-asset"
POOL = "GET /sapi/v1/margin/available-inventory"
DAY_MS = 86_400_000
RAISED, CLEARED = RingKind.RAISED, RingKind.CLEARED


def still(**terms):
    return SimulatedExchange(
        Scenario(
            "still",
            pairs=("BTCUSDT",),
            prices={"BTCUSDT": ConstantPrice("BTCUSDT", "90000")},
            cross={"BTC": Holding(free=Decimal(1))},  # without a debt no prices are followed, and hours pass at once
            isolated={"BTCUSDT": IsolatedOpening({"BTC": Holding(free=Decimal("0.2"))}, leverage=5)},
            hourly_rate=Decimal(0),
            duration_s=None,
            **terms,
        )
    )


class Desk:
    """A monitored account that stands still; everything that is rung is kept."""

    def __init__(self, exchange=None, journal=None, **announcements):
        self._running, self.exchange = exchange is not None, exchange or still()
        self.journal = journal or MemoryJournal()
        self.rings = []
        self._policy = MonitorPolicy(
            routing=Routing({urgency: Route(()) for urgency in Urgency}),
            announcements=Announcements(**announcements),
        )
        self._exit = AsyncExitStack()

    async def __aenter__(self):
        accounts = (CROSS, Isolated("BTCUSDT"))
        way = {"config": self.exchange.config} if self._running else {"sim": self.exchange}
        self.client = MarginClient(**way, accounts=accounts, journal=self.journal)
        await self._exit.enter_async_context(self.client)
        await self._exit.enter_async_context(self.client.bus.on(Ring, handler=self.rings.append))
        self.monitor = await self._exit.enter_async_context(self.client.monitor(policy=self._policy))
        return self

    async def __aexit__(self, *_):
        await self._exit.aclose()

    def tell(self, replies):
        """Have the exchange answer so, by route."""
        for route, body in replies.items():
            self.exchange.core.faults.clear(route)
            self.exchange.inject(Fault("reply", target=route, status=200, body=body, times="always"))

    def urgency(self, key):
        return [ring.urgency for ring in self.rings if ring.key == key][-1]

    def rung(self, key):
        return [ring.kind for ring in self.rings if ring.key == key]


def plan(days, now_ms):
    at = now_ms + days * DAY_MS
    return f'[{{"delistTime":{at},"crossMarginAssets":["BTC"],"isolatedMarginSymbols":["BTCUSDT"]}}]'


def ratios(rate):
    return f'[{{"collaterals":[{{"minUsdValue":"0","discountRate":"{rate}"}}],"assetNames":["BTC","USDT"]}}]'


BARRED_NOW = '{"openLongRestrictedAsset":["BTC"],"maxCollateralExceededAsset":[]}'
BARRED_TWICE = '{"openLongRestrictedAsset":["BTC"],"maxCollateralExceededAsset":["BTC"]}'


@virtual
async def test_what_is_news_of_the_moment_rings_within_a_minute_and_is_told_as_over():
    """Maintenance, and little left to borrow."""
    good = {STATUS: '{"status":0,"msg":"normal"}', POOL: '{"assets":{"USDT":"10"},"updateTime":1}'}
    bad = {STATUS: '{"status":1,"msg":"x"}', POOL: '{"assets":{"USDT":"9"},"updateTime":1}'}
    async with Desk(inventory={"USDT": Decimal(10)}) as desk:
        for replies, expected in ((good, []), (bad, [RAISED]), (bad, [RAISED]), (good, [RAISED, CLEARED])):
            desk.tell(replies)
            await asyncio.sleep(60)
            assert expected == desk.rung("maintenance") == desk.rung("inventory/USDT")
        assert (Urgency.URGENT, Urgency.WARNING) == (desk.urgency("maintenance"), desk.urgency("inventory/USDT"))


@virtual
async def test_what_is_told_days_ahead_rings_within_an_hour_and_is_told_as_over():
    """Delistings of what is held and of a pair, and a restriction."""
    good = {PLANS: "[]", BARRED: '{"openLongRestrictedAsset":[],"maxCollateralExceededAsset":[]}'}
    keys = ("delisting/BTC", "delisting/BTCUSDT", "restricted/BTC")
    async with Desk() as desk:
        bad = {PLANS: plan(5, desk.client.clock.exchange_ms()), BARRED: BARRED_NOW}
        for replies, expected in ((good, []), (bad, [RAISED]), (good, [RAISED, CLEARED])):
            desk.tell(replies)
            await asyncio.sleep(3600)
            assert [expected] * 3 == [desk.rung(key) for key in keys]
        assert {Urgency.WARNING} == {desk.urgency(key) for key in keys}


@virtual
async def test_a_delisting_that_comes_close_and_a_second_restriction_ring_again():
    """What becomes worse is a new crossing."""
    async with Desk() as desk:
        desk.tell({PLANS: plan(5, desk.client.clock.exchange_ms()), BARRED: BARRED_NOW})
        await asyncio.sleep(30)
        assert [RAISED] == desk.rung("delisting/BTC") == desk.rung("restricted/BTC")
        desk.tell({PLANS: plan(1, desk.client.clock.exchange_ms()), BARRED: BARRED_TWICE})
        await asyncio.sleep(3600)
        assert [RAISED] * 2 == desk.rung("delisting/BTC") == desk.rung("restricted/BTC")
        assert Urgency.URGENT is desk.urgency("delisting/BTC")


@virtual
async def test_a_restart_rings_no_announcement_a_second_time_and_takes_none_for_over():
    """Before the account was read, nothing seems to concern it."""
    journal = MemoryJournal()
    async with still() as exchange:
        async with Desk(exchange, journal) as desk:
            desk.tell({PLANS: plan(5, desk.client.clock.exchange_ms()), BARRED: BARRED_NOW})
            await asyncio.sleep(30)
            assert [RAISED] == desk.rung("delisting/BTC") == desk.rung("restricted/BTC")
        async with Desk(exchange, journal) as desk:
            await asyncio.sleep(30)
            assert [] == desk.rung("delisting/BTC") == desk.rung("restricted/BTC")


@virtual
async def test_a_changed_collateral_ratio_rings_over_a_restart_until_somebody_acknowledges_it():
    """It may change while nobody runs; what somebody knows of is what is known."""
    journal, key = MemoryJournal(), "collateral/BTC"
    steps = [("0.95", False, []), ("0.9", False, [RAISED]), ("0.9", True, []), ("0.9", False, [CLEARED])]
    for rate, acknowledges, expected in [*steps, ("0.8", False, [RAISED])]:
        async with Desk(journal=journal) as desk:
            desk.tell({RATIOS: ratios(rate)})
            await asyncio.sleep(30)
            assert expected == desk.rung(key)
            assert acknowledges is (acknowledges and desk.monitor.acknowledge(key))


@virtual
async def test_what_was_kept_of_collateral_and_cannot_be_read_begins_anew():
    """A change might be missed, and no alarm for good."""
    journal = MemoryJournal()
    journal._notes["collateral.1"] = "{broken"
    for rate, expected in (("0.95", []), ("0.9", [RAISED])):
        async with Desk(journal=journal) as desk:
            desk.tell({RATIOS: ratios(rate)})
            await asyncio.sleep(30)
            assert expected == desk.rung("collateral/BTC")


@pytest.mark.parametrize(
    ("part", "state", "urgency"),
    [
        ("clock", HealthState.DEGRADED, Urgency.WARNING),
        ("clock", HealthState.UNHEALTHY, Urgency.URGENT),
        ("loop", HealthState.DEGRADED, Urgency.WARNING),
        ("limits", HealthState.UNHEALTHY, Urgency.URGENT),
        ("trade stream of CROSS", HealthState.UNHEALTHY, Urgency.URGENT),
        ("monitor 1: prices", HealthState.UNHEALTHY, Urgency.URGENT),
    ],
)
def test_trouble_of_the_client_rings_and_is_over_after_a_minute_without_it(part, state, urgency):
    """A monitor that is blind must not look calm."""

    @virtual
    async def play():
        key = f"client/{part}"
        async with Desk() as desk:
            await asyncio.sleep(30)
            problem = HealthProblem(part, state, "planted")
            for problems in ((problem,), (), (problem,), ()):  # what comes and goes is one trouble
                time_ms = desk.client.clock.exchange_ms()
                desk.client.bus.publish(HealthUpdate(state=state, problems=problems, time_ms=time_ms))
                await asyncio.sleep(5)
            assert [RAISED] == desk.rung(key)
            assert urgency is desk.rings[-1].urgency
            assert "the monitor may be blind" in desk.rings[-1].text
            await asyncio.sleep(60)
            assert [RAISED, CLEARED] == desk.rung(key)

    play()


@virtual
async def test_a_ban_rings():
    """Nobody can read, cancel or repay meanwhile."""
    async with Desk() as desk:
        await asyncio.sleep(30)
        desk.exchange.inject(Fault("ban", seconds=300.0))
        await asyncio.sleep(100)
        assert [RAISED] == desk.rung("client/limits")
