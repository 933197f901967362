"""The client's own health: asked for, and told when it changes."""

import asyncio
import logging

import pytest

from binance_margin_async import CROSS, Isolated, MarginClient
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import AssetBalance, OrderUpdate, StreamHealth, StreamName
from binance_margin_async.models.health import HealthState, HealthUpdate
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
HEALTHY, DEGRADED, UNHEALTHY = HealthState.HEALTHY, HealthState.DEGRADED, HealthState.UNHEALTHY
# Within which whatever is wrong is told, in seconds.
VISIBLE = 10.0


class Stage:
    def __init__(self, client):
        self.client = client
        self.told = []

    def hear(self, update):
        self.told.append((update.state, [problem.part for problem in update.problems]))


async def entered(body, *, accounts=(CROSS,)):
    """Run *body* with a client whose streams are live and whose health is written down."""
    exchange = SimulatedExchange("calm")
    async with MarginClient(sim=exchange, accounts=accounts) as client:
        stage = Stage(client)
        stage.exchange = exchange
        async with client.on(HealthUpdate, handler=stage.hear), client.on(Event, handler=lambda _: None):
            await asyncio.sleep(VISIBLE)
            stage.told.clear()
            await body(stage)


@virtual
async def test_a_client_whose_streams_are_live_is_healthy():
    """And says since when, and what it knows of the time."""

    async def body(stage):
        health = stage.client.health()
        assert (HEALTHY, ()) == (health.state, health.problems)
        assert {(StreamName.TRADE, CROSS), (StreamName.TRADE, BTC), (StreamName.RISK, CROSS)} == {
            (each.stream, each.account) for each in health.streams
        }
        assert {StreamHealth.LIVE} == {each.health for each in health.streams}
        assert all(9.0 < each.seconds <= 11.0 for each in health.streams)
        assert health.clock.synchronized
        assert health.clock.age < 11.0
        assert 0.0 == health.loop.worst_lag
        assert {"clock", "health", "trade stream", "risk stream"} <= {task.name for task in health.tasks}

    await entered(body, accounts=(CROSS, BTC))


@virtual
async def test_a_client_that_only_calls_is_healthy_without_streams():
    """What was never started is not missing."""
    async with MarginClient(sim=SimulatedExchange("calm")) as client:
        await client.account.cross()
        assert (HEALTHY, ()) == (client.health().state, client.health().streams)


@virtual
async def test_an_outage_is_told_degraded_then_unhealthy_then_healthy():
    """Each once, and soon."""

    async def body(stage):
        network = asyncio.get_running_loop().network
        ports = [int(url.rpartition(":")[2]) for url in (stage.exchange.rest_url, stage.exchange.risk_url)]
        for port in ports:
            network.refuse(port)
        stage.exchange.drop_sockets()
        await asyncio.sleep(VISIBLE)
        assert [DEGRADED] == [state for state, _ in stage.told]
        await asyncio.sleep(60)
        assert [DEGRADED, UNHEALTHY] == [state for state, _ in stage.told]
        assert ["trade stream of CROSS", "risk stream of CROSS"] == stage.told[-1][1]
        for port in ports:
            network.accept(port)
        await asyncio.sleep(2 * VISIBLE)
        assert (HEALTHY, []) == stage.told[-1]

    await entered(body)


@virtual
async def test_a_refused_stream_is_unhealthy_with_the_exchanges_words():
    """Promise W3: it is asked once a minute, and somebody has to look."""

    async def body(stage):
        refusal = Fault(
            "reply", target="POST /sapi/v1/userListenToken", status=401, body='{"code":-2015}', times="always"
        )
        stage.exchange.inject(refusal)
        stage.exchange.drop_sockets("trade")
        await asyncio.sleep(2 * VISIBLE)
        assert (UNHEALTHY, ["trade stream of CROSS"]) == stage.told[-1]
        (problem,) = stage.client.health().problems
        assert "-2015" in problem.text

    await entered(body)


@virtual
async def test_a_subscriber_that_loses_events_degrades_the_bus_for_a_minute():
    """Promise B1: giving up events is never silent."""

    async def body(stage):
        async with stage.client.bus.subscribe(AssetBalance, policy="drop_oldest", capacity=1):
            for asset in ("A", "B", "C"):
                stage.client.bus.publish(AssetBalance(asset=asset, free=1, locked=0))
            await asyncio.sleep(VISIBLE)
            assert [(DEGRADED, ["bus"])] == stage.told
            await asyncio.sleep(60 + VISIBLE)
            assert (HEALTHY, []) == stage.told[-1]

    await entered(body)


@virtual
async def test_a_handler_that_raises_is_told(caplog):
    """Others do not notice, but somebody should."""
    caplog.set_level(logging.CRITICAL, "binance_margin_async")

    def fails(_event):
        raise ValueError("planted")

    async def body(stage):
        async with stage.client.bus.on(AssetBalance, handler=fails):
            stage.client.bus.publish(AssetBalance(asset="A", free=1, locked=0))
            await asyncio.sleep(VISIBLE)
        assert [(DEGRADED, ["handlers"])] == stage.told

    await entered(body)


@pytest.mark.parametrize("name", ["clock", "trade stream", "risk stream"])
@virtual
async def test_a_background_task_that_keeps_failing_makes_the_client_unhealthy(caplog, name):
    """Promise P9: five times in a minute, then it is given up loudly."""
    caplog.set_level(logging.CRITICAL, "binance_margin_async")

    async def faulty():
        raise ZeroDivisionError("planted")

    async def body(stage):
        supervisor = stage.client._parts.supervisor
        await supervisor.stop(name)
        supervisor.start(name, faulty)
        await asyncio.sleep(60)
        assert UNHEALTHY is stage.told[-1][0]
        assert name in stage.told[-1][1]
        report = next(each for each in stage.client.health().tasks if each.name == name)
        assert (True, "ZeroDivisionError: planted") == (report.given_up, report.error)

    await entered(body)


@virtual
async def test_a_clock_that_cannot_be_measured_is_told():
    """Signatures go on with what is known, and get worse."""

    async def body(stage):
        stage.exchange.inject(Fault("server_error", target="GET /api/v3/time", times="always"))
        await asyncio.sleep(1300)
        assert [(DEGRADED, ["clock"])] == stage.told
        stage.exchange.faults.clear()
        await asyncio.sleep(60)
        assert (HEALTHY, []) == stage.told[-1]

    await entered(body)


async def test_on_a_real_loop_the_probe_runs_with_the_client():
    """Who blocks it is named by an event; how, has tests of its own."""
    async with MarginClient(sim=SimulatedExchange("calm")) as client, client.events(OrderUpdate):
        assert "loop probe" in {task.name for task in client.health().tasks}
        assert client.health().loop.lag >= 0.0
