"""Isolated accounts, of which the exchange pushes nothing, and several accounts under one watch."""

import asyncio
from decimal import Decimal

import pytest

from binance_margin_async import CROSS, AccountStateError, InvalidRequestError, Isolated, MarginClient, MarginState
from binance_margin_async.models.margin import AlertKind, MarginAlert, MarginReading, Source
from binance_margin_async.sim import ConstantPrice, Holding, IsolatedOpening, Scenario, ScriptedPrice, SimulatedExchange
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
ETH = Isolated("ETHUSDT")
READ_ISOLATED = "GET /sapi/v1/margin/isolated/account"
PRICE = "GET /sapi/v1/margin/priceIndex"
CROSSING = 130.0
CALLED = IsolatedOpening({"BTC": Holding(free=Decimal("0.2")), "USDT": Holding(borrowed=Decimal(7_816))}, leverage=5)
FALL = [(0, "60000"), (CROSSING, "46000")]

# The promise: poll period of a calm account plus a second.
ALERTED = 31.0
# With the quotes of its pair arriving.
BY_PUSH = 1.0


@pytest.mark.parametrize(
    ("muted", "missing", "source", "within"),
    [
        ((), (), Source.ESTIMATE, BY_PUSH),
        (("market",), (), Source.ESTIMATE, ALERTED),
        (("market",), (PRICE,), Source.REST, ALERTED),
    ],
    ids=["by pushed quotes", "by index prices", "by reading alone"],
)
@virtual
async def test_an_isolated_call_comes_without_any_push_of_levels(vigil, muted, missing, source, within):
    """Each witness is enough, and the others do not ring again."""
    async with vigil(FALL, accounts=(BTC,)) as watch:
        watch.mute(*muted)
        watch.fail(*missing)
        await watch.until(CROSSING + 600)
        (called,) = watch.rings(MarginState.MARGIN_CALL, BTC)
        assert 0 < called - CROSSING <= within
        alert = next(each for each in watch.alerts(BTC) if each.state is MarginState.MARGIN_CALL)
        assert source is alert.source
        assert [] == watch.rings(MarginState.UNKNOWN, BTC)


@virtual
async def test_an_estimate_that_rings_is_confirmed_by_a_reading_at_once(vigil):
    """The next calm poll would come too late: an unconfirmed call is trusted for fifteen seconds only."""
    async with vigil(FALL, accounts=(BTC,)) as watch:
        await watch.until(CROSSING + 60)
        (called,) = watch.rings(MarginState.MARGIN_CALL, BTC)
        confirmed = next(at for at in watch.confirmed(BTC) if at > called)
        assert confirmed - called <= 1.0


@virtual
async def test_a_call_of_one_account_is_not_a_call_of_another(vigil):
    """Cross and isolated have bars of their own: at 47,500 only the cross account is in its call."""
    async with vigil([(0, "60000"), (CROSSING, "47500"), (600, "46000")], accounts=(CROSS, BTC)) as watch:
        await watch.until(550)
        assert 1 == len(watch.rings(MarginState.MARGIN_CALL, CROSS))
        assert [] == watch.rings(MarginState.MARGIN_CALL, BTC)
        await watch.until(700)
        assert 1 == len(watch.rings(MarginState.MARGIN_CALL, BTC))
        assert 1 == len(watch.rings(MarginState.MARGIN_CALL, CROSS))


@virtual
async def test_subscribers_of_one_account_hear_nothing_of_another(vigil):
    """Filtered by account, alerts and readings keep apart like everything else."""
    mine = {CROSS: [], BTC: []}
    async with vigil(FALL, accounts=(CROSS, BTC)) as watch:
        on = watch.client.on
        async with (
            on(MarginAlert, MarginReading, handler=mine[CROSS].append, account=CROSS),
            on(MarginAlert, MarginReading, handler=mine[BTC].append, account=BTC),
        ):
            await watch.until(300)
    for account, heard in mine.items():
        assert {account} == {event.account for event in heard}
        assert {MarginAlert, MarginReading} == {type(event) for event in heard}
    assert mine[CROSS][0].call_bar != mine[BTC][0].call_bar


@virtual
async def test_the_first_alert_of_an_account_in_its_call_is_heard_by_who_subscribes_after_the_monitor(vigil):
    """In ``async with monitor, events`` the monitor comes first; it must not speak before its listener is there."""
    exchange = vigil([(0, "46000")]).exchange
    async with MarginClient(sim=exchange) as client:
        monitor = client.monitor()
        async with asyncio.timeout(5), monitor, client.events(MarginAlert) as alerts:
            first = await anext(alerts)
    assert (AlertKind.RAISED, MarginState.MARGIN_CALL, CROSS) == (first.kind, first.state, first.account)


@virtual
async def test_a_second_monitor_watches_by_itself_and_leaving_it_leaves_the_first_alone(vigil):
    """Neither may take the other's tasks for its own: a monitor without them would never ring."""
    async with vigil(FALL, accounts=(CROSS, BTC)) as watch:
        async with watch.client.monitor([BTC]), watch.client.monitor([CROSS, BTC]):
            await watch.until(CROSSING + 60)
            assert 3 == len(watch.rings(MarginState.MARGIN_CALL, BTC))
            assert 2 == len(watch.rings(MarginState.MARGIN_CALL, CROSS))
            watch.unplug(watch.rest_port)
            await watch.until(CROSSING + 120)
            assert 3 == len(watch.rings(MarginState.UNKNOWN, BTC))
            watch.plug(watch.rest_port)
        begun = watch.now - watch.begun
        await watch.until(begun + 60)
        assert 20 <= len([at for at in watch.confirmed(BTC) if at >= begun]) <= 31


@virtual
async def test_a_monitor_of_a_pair_nobody_opened_says_so_on_entering():
    """Silence would look like safety."""
    async with MarginClient(sim=SimulatedExchange("slide")) as client:
        subscribers = client.bus.statistics().subscribers
        with pytest.raises(AccountStateError):
            async with client.monitor([ETH]):
                pytest.fail("it cannot be entered")
        with pytest.raises(InvalidRequestError):
            async with client.monitor([Isolated("NOPEUSDT")]):
                pytest.fail("it cannot be entered")
        assert subscribers == client.bus.statistics().subscribers


@virtual
async def test_a_pair_that_is_closed_leaves_the_others_of_its_call_in_sight():
    """Up to five are read together, and the exchange refuses all of them for one."""
    prices = {"BTCUSDT": ScriptedPrice("BTCUSDT", FALL), "ETHUSDT": ConstantPrice("ETHUSDT", "3000")}
    isolated = {"BTCUSDT": CALLED, "ETHUSDT": IsolatedOpening()}
    scenario = Scenario("two", pairs=tuple(prices), prices=prices, isolated=isolated, duration_s=None)
    exchange = SimulatedExchange(scenario)
    alerts = []
    async with (
        MarginClient(sim=exchange, accounts=(BTC, ETH)) as client,
        client.bus.on(MarginAlert, handler=alerts.append),
        client.monitor(),
    ):
        await asyncio.sleep(60)
        del exchange.core.venue.book.accounts["ETHUSDT"]
        await asyncio.sleep(300)

    raised = [(each.account, each.state) for each in alerts if each.kind is AlertKind.RAISED]
    assert (BTC, MarginState.MARGIN_CALL) in raised
    assert [ETH] == [account for account, state in raised if state is MarginState.UNKNOWN]


@virtual
async def test_a_monitor_that_is_entered_cannot_be_entered_again_until_it_is_left(vigil):
    """Leaving the inner context would end the tasks of the outer one, which would go on as if it saw."""
    async with vigil(FALL, accounts=(BTC,)) as watch:
        monitor = watch.client.monitor()
        async with monitor:
            with pytest.raises(RuntimeError, match="entered already"):
                async with monitor:
                    pytest.fail("it cannot be entered")
            await watch.until(60)
        async with monitor:
            await watch.until(CROSSING + 60)
            assert {BTC: MarginState.MARGIN_CALL} == monitor.states
