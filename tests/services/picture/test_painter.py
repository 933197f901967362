"""Pictures of a running monitor: true, and honest about what is old."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal

import msgspec

from binance_margin_async import LimitOrder, MarginClient
from binance_margin_async.models.alerts import Urgency
from binance_margin_async.models.health import HealthState
from binance_margin_async.models.margin import MarginState
from binance_margin_async.models.picture import Picture
from binance_margin_async.models.protection import ActionKind, ActionStage, ProtectiveAction
from binance_margin_async.services.picture import Painter, Sources
from binance_margin_async.sim import Fault, Holding, Scenario, ScriptedPrice, SimulatedExchange
from binance_margin_async.testing import virtual

READ_CROSS = "GET /sapi/v1/margin/account"
FALL_AT = 60.0


class Scene:
    def __init__(self, exchange, client, painter):
        self.exchange, self.client, self._painter = exchange, client, painter
        self.shown = []

    def paint(self):
        return self._painter.paint()


@asynccontextmanager
async def scene():
    """A monitored cross account that falls from a level of 1.6 into its margin call, and its painter."""
    opening = {"BTC": Holding(free=Decimal(1)), "USDT": Holding(free=Decimal(1000), borrowed=Decimal(38_000))}
    exchange = SimulatedExchange(
        Scenario(
            "fall",
            pairs=("BTCUSDT",),
            prices={"BTCUSDT": ScriptedPrice("BTCUSDT", [(0, "60000"), (FALL_AT, "46000")])},
            cross=opening,
            hourly_rate=Decimal(0),
            duration_s=None,
        )
    )
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(MarginClient(sim=exchange))
        monitor = client.monitor()
        sources = Sources(
            heading="Watching CROSS.",
            bus=client.bus,
            clock=client.clock,
            health=client.health,
            latency=client.latency,
            states=lambda: monitor.states,
            alerts=lambda: monitor.alerts,
            mirror=client.mirror,
        )
        painter = await stack.enter_async_context(Painter(sources))
        await stack.enter_async_context(monitor)
        here = Scene(exchange, client, painter)
        painting = asyncio.create_task(painter.run(here.shown.append, 0.5))
        try:
            yield here
        finally:
            painting.cancel()
            await asyncio.gather(painting, return_exceptions=True)


@virtual
async def test_a_picture_shows_the_level_its_bars_and_what_rings():
    """One look says how close it is, how far to the next bar, and who was told."""
    async with scene() as here:
        await asyncio.sleep(10)
        (account,) = here.paint().accounts
        assert ("CROSS", "") == (account.account, account.stale)
        assert Decimal(61_000) / 38_000 - account.level < Decimal("0.00000001")
        assert (Decimal("1.5"), Decimal("1.3"), Decimal("1.1")) == (
            account.borrow_bar,
            account.call_bar,
            account.liquidation_bar,
        )
        assert Decimal(40_800) == account.prices_at_liquidation["BTC"]
        await asyncio.sleep(FALL_AT)
        later = here.paint()
        assert MarginState.MARGIN_CALL is later.accounts[0].state
        assert ["CROSS/level"] == [alert.key for alert in later.alerts]
        assert {"level", "ring", "stream"} <= {line.kind for line in later.news}
        levels = [point.level for point in later.past["CROSS"]]
        assert levels[0] > Decimal("1.6") > Decimal("1.3") > levels[-1]
        streams = {(each.stream, each.health) for each in later.client.streams}
        assert {("trade", "live"), ("risk", "live"), ("market", "live")} == streams


@virtual
async def test_pictures_come_regularly_and_count_up():
    """A viewer sees by the number that the monitor's loop still runs."""
    async with scene() as here:
        await asyncio.sleep(10.2)
        assert 21 == len(here.shown)
        assert list(range(1, 22)) == [picture.number for picture in here.shown]


@virtual
async def test_open_orders_are_shown_until_they_end():
    """As the mirror knows them."""
    async with scene() as here:
        await asyncio.sleep(5)
        order = await here.client.orders.place(LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="50000"))
        await asyncio.sleep(1)
        (shown,) = here.paint().orders.shown
        assert (order.order_id, "BUY", Decimal(50_000), Decimal("0.01"), Decimal(0)) == (
            shown.order_id,
            shown.side,
            shown.price,
            shown.quantity,
            shown.filled,
        )
        assert "" == here.paint().orders.stale
        await here.client.trade.cancel_order("BTCUSDT", order_id=order.order_id)
        await asyncio.sleep(1)
        assert () == here.paint().orders.shown
        assert any("CANCELED" in line.text for line in here.paint().news)


@virtual
async def test_an_account_that_cannot_be_read_is_stale_five_seconds_after_it_was_due():
    """An estimate that still moves must not look like the exchange's own word."""
    async with scene() as here:
        await asyncio.sleep(10)
        fault = Fault("reply", target=READ_CROSS, status=500, body='{"code":-1000,"msg":"planted"}', times="always")
        here.exchange.inject(fault)
        await asyncio.sleep(36)  # the period of a calm account, and six seconds
        (account,) = here.paint().accounts
        assert account.stale.startswith("not confirmed for ")
        assert account.age > 30


@virtual
async def test_streams_that_are_gone_make_orders_stale_and_the_client_degraded():
    """What may be missing is said where it is looked for."""
    async with scene() as here:
        await asyncio.sleep(5)
        assert here.exchange.drop_sockets()
        await asyncio.sleep(0.1)
        picture = here.paint()
        assert "the trade stream is stale" in picture.orders.stale
        assert HealthState.HEALTHY is not picture.client.state


@virtual
async def test_it_says_how_long_calls_took():
    """Counted every tenth picture; a call that was made is there by then."""
    async with scene() as here:
        await asyncio.sleep(10)
        calls = {call.route: call for call in here.paint().client.calls}
        assert calls["GET /sapi/v1/margin/account"].count >= 1
        assert calls["GET /sapi/v1/margin/account"].p99 >= calls["GET /sapi/v1/margin/account"].p50 > 0


@virtual
async def test_what_was_done_for_the_account_is_news():
    """A sale that nobody ordered must be explained where it is seen."""
    async with scene() as here:
        done = ProtectiveAction(
            rule="last",
            kind=ActionKind.REPAY,
            stage=ActionStage.STUCK,
            subject="USDT",
            amount=Decimal(5),
            level=None,
            text="nobody knows",
            time_ms=1,
        )
        here.client.bus.publish(done)
        assert ("action", Urgency.URGENT, "stuck: nobody knows") == (
            here.paint().news[0].kind,
            here.paint().news[0].urgency,
            here.paint().news[0].text,
        )


@virtual
async def test_a_picture_is_plain_json():
    """It goes to a browser; nothing in it is an object of this package."""
    async with scene() as here:
        await asyncio.sleep(70)
        picture = here.paint()
        assert picture == msgspec.json.decode(msgspec.json.encode(picture), type=Picture)
        assert len(msgspec.json.encode(picture)) < 50_000


@virtual
async def test_a_level_never_stands_beside_distances_at_the_prices_before_it():
    """Just after a fall the level is pushed and read first; the distance to liquidation would still be the calm one."""
    async with scene() as here:
        await asyncio.sleep(FALL_AT - 1)
        before = here.paint().accounts[0]
        here.exchange.inject(Fault("event_drop", target="market", times="always"))
        pictures = []
        for _ in range(200):
            pictures.append(here.paint().accounts[0])
            await asyncio.sleep(0.05)
        fallen = [each for each in pictures if each.level < Decimal("1.3")]

        assert before.fall_to_liquidation > Decimal("0.3")
        assert fallen
        assert {None} | {each.fall_to_liquidation for each in fallen} == {None, fallen[-1].fall_to_liquidation}
        assert fallen[-1].fall_to_liquidation < Decimal("0.2")
