"""A monitored client on the simulated exchange, its policy, its channels and its journal, in virtual time."""

import asyncio
from contextlib import AsyncExitStack
from decimal import Decimal

import pytest

from binance_margin_async import (
    CROSS,
    Announcements,
    MarginAlert,
    MarginClient,
    Measure,
    MemoryJournal,
    MonitorPolicy,
    Ring,
    RingKind,
    Route,
    Routing,
    Step,
    Threshold,
    Urgency,
)
from binance_margin_async.models.health import HealthUpdate
from binance_margin_async.services.alerts import kept_state
from binance_margin_async.sim import Fault, Holding, Scenario, ScriptedPrice, SimulatedExchange
from binance_margin_async.testing import virtual

READ_CROSS = "GET /sapi/v1/margin/account"
STATUS = "GET /sapi/v1/system/status"
ALL = {urgency: Route(("phone",), repeat=900.0) for urgency in Urgency}


class Guard:
    """A monitored cross account with one bitcoin against 37,500 USDT; rings and alerts are kept."""

    def __init__(self, prices, *channels, journal=None, routes=ALL, **policy):
        scenario = Scenario(
            "guard",
            pairs=("BTCUSDT",),
            prices={"BTCUSDT": ScriptedPrice("BTCUSDT", prices)},
            cross={"BTC": Holding(free=Decimal(1)), "USDT": Holding(borrowed=Decimal(37_500))},
            hourly_rate=Decimal(0),
            duration_s=None,
        )
        self.exchange = SimulatedExchange(scenario)
        self.client = MarginClient(sim=self.exchange, accounts=(CROSS,), journal=journal)
        self.policy = MonitorPolicy(channels=channels, routing=Routing(routes), **policy)
        self.rings, self.alerts, self.health = [], [], []
        self._exit = AsyncExitStack()

    async def __aenter__(self):
        self.begun = asyncio.get_running_loop().time()
        await self._exit.enter_async_context(self.client)
        for kind, kept in ((Ring, self.rings), (MarginAlert, self.alerts), (HealthUpdate, self.health)):
            await self._exit.enter_async_context(self.client.bus.on(kind, handler=kept.append))
        self.monitor = await self._exit.enter_async_context(self.client.monitor(policy=self.policy))
        return self

    async def __aexit__(self, *_):
        await self._exit.aclose()

    @property
    def waiting(self):
        return self.monitor._bell._delivery.waiting

    def rung(self, key="CROSS/level"):
        return [(ring.kind, ring.crossed) for ring in self.rings if ring.key == key]

    def first(self, key):
        return next(ring for ring in self.rings if ring.key == key)


@virtual
async def test_a_fall_rings_once_in_the_channel_with_all_that_was_crossed(scripted):
    """From far above to the margin call within one step of the price."""
    phone = scripted("phone")
    async with Guard([(0, "90000"), (60, "46000")], phone) as guard:
        await asyncio.sleep(120.0)

        assert [(RingKind.RAISED, ("NOTICE", "NO_BORROW", "WARN", "MARGIN_CALL"))] == guard.rung()
        assert 1 == len(phone.sent)
        assert 0 <= phone.sent[0][0] - guard.begun - 60.0 <= 31.0
        assert ["CROSS/level"] == [alert.key for alert in guard.monitor.alerts]


@virtual
async def test_what_nobody_acknowledges_is_escalated_and_repeated_until_somebody_does(scripted):
    """Through the monitor, by its number."""
    routes = {urgency: Route(("phone",), repeat=600.0, escalate=(Step(120.0, ("boss",)),)) for urgency in Urgency}
    phone, boss = scripted("phone"), scripted("boss")
    async with Guard([(0, "46000")], phone, boss, routes=routes) as guard:
        await asyncio.sleep(100.0)
        assert [] == boss.sent
        await asyncio.sleep(700.0)
        assert [RingKind.RAISED, RingKind.ESCALATED, RingKind.REPEATED] == [kind for kind, _ in guard.rung()]
        assert (2, 2) == (len(phone.sent), len(boss.sent))

        (alert,) = guard.monitor.alerts
        assert guard.monitor.acknowledge(alert.number)
        assert not guard.monitor.acknowledge(alert.number)
        await asyncio.sleep(3000.0)
        assert 3 == len(guard.rung())


@virtual
async def test_a_restart_rings_nothing_a_second_time_and_keeps_what_was_acknowledged(scripted):
    """Neither by a message nor by an alert on the bus."""
    journal = MemoryJournal()
    async with Guard([(0, "46000")], scripted("phone"), journal=journal) as guard:
        await asyncio.sleep(60.0)
        assert guard.monitor.acknowledge("CROSS/level")

    phone = scripted("phone")
    async with Guard([(0, "46000")], phone, journal=journal) as guard:
        await asyncio.sleep(2000.0)

        assert [] == phone.sent == guard.rung()
        assert not [alert for alert in guard.alerts if alert.kind == "raised"]
        assert [True] == [alert.acknowledged for alert in guard.monitor.alerts]


@virtual
async def test_what_became_worse_while_nobody_ran_rings_after_the_restart(scripted):
    """And only what is new is crossed."""
    journal = MemoryJournal()
    async with Guard([(0, "46000")], scripted("phone"), journal=journal):
        await asyncio.sleep(60.0)

    phone = scripted("phone")
    async with Guard([(0, "42500")], phone, journal=journal) as guard:
        await asyncio.sleep(60.0)

        assert [(RingKind.RAISED, ("CRITICAL",))] == guard.rung()
        assert 1 == len(phone.sent)


@virtual
async def test_what_had_not_arrived_is_sent_by_the_next_process(scripted):
    """A crossing that was rung in a dead channel was not rung."""
    journal = MemoryJournal()
    async with Guard([(0, "46000")], scripted("phone", *["down"] * 20), journal=journal):
        await asyncio.sleep(60.0)

    phone = scripted("phone")
    async with Guard([(0, "46000")], phone, journal=journal):
        await asyncio.sleep(30.0)

    state = await reopened(journal, kept_state.read_state)
    assert 1 == [number for _, number in phone.sent].count(1)
    assert () == state.waiting


@virtual
async def test_a_crash_after_a_message_has_arrived_sends_it_no_second_time(scripted):
    """What has arrived is written down without being asked for."""
    journal = MemoryJournal()
    async with Guard([(0, "46000")], scripted("phone", "slow"), journal=journal) as guard:
        await asyncio.sleep(1.0)
        assert 1 == len(guard.waiting) == len((await kept_state.read_state(journal, kept_state.SLOT)).waiting)
        await asyncio.sleep(4.0)
        assert () == (await kept_state.read_state(journal, kept_state.SLOT)).waiting


async def reopened(journal, read):
    await journal.open()
    try:
        return await read(journal, kept_state.SLOT)
    finally:
        await journal.close()


@virtual
async def test_an_acknowledgement_from_outside_counts_within_two_seconds(scripted):
    """The command line leaves it in the journal."""
    journal = MemoryJournal()
    async with Guard([(0, "46000")], scripted("phone"), journal=journal) as guard:
        await asyncio.sleep(60.0)
        (alert,) = guard.monitor.alerts
        await journal.write(kept_state.acknowledged_note((alert.number,), kept_state.SLOT))
        await asyncio.sleep(2.1)

        assert guard.monitor.alerts[0].acknowledged


@virtual
async def test_a_channel_that_is_down_is_told_by_the_others_and_by_health_in_time(scripted):
    """Nobody must wait for a message that cannot come."""
    phone, mail = scripted("phone", *["down"] * 100), scripted("mail")
    routes = {urgency: Route(("phone", "mail")) for urgency in Urgency}
    async with Guard([(0, "46000")], phone, mail, routes=routes) as guard:
        await asyncio.sleep(20.0)

        assert [RingKind.RAISED] == [kind for kind, _ in guard.rung("channel/phone")]
        assert len(mail.sent) == len({number for _, number in mail.sent}) == 2
        assert 1 == len({number for _, number in phone.sent})
        (update,) = [each for each in guard.health if any("channel phone" in each.part for each in each.problems)][:1]
        assert update.received_at - phone.sent[0][0] <= 1.0
        # What says that it is down must not wait in it.
        assert [("phone", "CROSS/level")] == [(each.channel, each.ring.key) for each in guard.waiting]


@virtual
async def test_blindness_rings_and_is_told_as_over(scripted):
    """Silence is never taken for calm."""
    phone = scripted("phone")
    async with Guard([(0, "60000")], phone) as guard:
        await asyncio.sleep(10.0)
        guard.exchange.inject(Fault("reply", target=READ_CROSS, status=500, body="{}", times="always"))
        await asyncio.sleep(120.0)
        assert [RingKind.RAISED] == [kind for kind, _ in guard.rung("CROSS/blind")]
        assert Urgency.URGENT is guard.first("CROSS/blind").urgency
        guard.exchange.core.faults.clear(READ_CROSS)
        await asyncio.sleep(60.0)
        assert [RingKind.RAISED, RingKind.CLEARED] == [kind for kind, _ in guard.rung("CROSS/blind")]


@pytest.mark.parametrize(
    ("measure", "value"), [(Measure.LEVEL, "1.55"), (Measure.DISTANCE, "0.3"), (Measure.FALL, "0.03")]
)
@virtual
async def test_a_threshold_of_the_users_own_rings_once(scripted, measure, value):
    """At 60,000 the level is 1.6, at 57,000 it is 1.52."""
    mine = Threshold(name="mine", measure=measure, value=Decimal(value), urgency=Urgency.URGENT)
    async with Guard([(0, "60000"), (60, "57000")], scripted("phone"), thresholds=(mine,)) as guard:
        await asyncio.sleep(58.0)
        assert [] == guard.rung("CROSS/threshold/mine")
        await asyncio.sleep(40.0)
        assert [RingKind.RAISED] == [kind for kind, _ in guard.rung("CROSS/threshold/mine")]
        assert "your threshold mine" in guard.first("CROSS/threshold/mine").text


@virtual
async def test_maintenance_and_a_dry_pool_ring(scripted):
    """Asked for once a minute."""
    wanted = Announcements(inventory={"BTC": Decimal(10) ** 12})
    async with Guard([(0, "90000")], scripted("phone"), announcements=wanted) as guard:
        await asyncio.sleep(30.0)
        assert [RingKind.RAISED] == [kind for kind, _ in guard.rung("inventory/BTC")]
        assert [] == guard.rung("maintenance")
        body = '{"status":1,"msg":"system maintenance"}'
        guard.exchange.inject(Fault("reply", target=STATUS, status=200, body=body, times="always"))
        await asyncio.sleep(60.0)
        assert [RingKind.RAISED] == [kind for kind, _ in guard.rung("maintenance")]


@virtual
async def test_a_note_that_cannot_be_read_does_not_keep_the_monitor_from_running(scripted, caplog):
    """A first ring too many is better than no monitor."""
    journal = MemoryJournal()
    await journal.open()
    await journal.write(kept_state.Note(kept_state.SLOT, "{broken"))
    await journal.close()
    async with Guard([(0, "46000")], scripted("phone"), journal=journal) as guard:
        await asyncio.sleep(60.0)

        assert 1 == len(guard.rung())
    assert "begins anew" in caplog.text
