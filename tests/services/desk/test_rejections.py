"""Orders that the exchange takes in, and whose engine rejects them: they have an id, and were never live."""

import orjson
import pytest

from binance_margin_async import LimitOrder, Oco, OrderStatus, Outcome
from binance_margin_async.errors import OrderRefusedError
from binance_margin_async.sim import Fault, Send
from binance_margin_async.sim.messages import HttpReply
from binance_margin_async.testing import virtual

PLACE = "POST /sapi/v1/margin/order"
RESTING = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="50000")
OCO = Oco("BTCUSDT", "SELL", quantity="0.01", price="66000", stop_price="50000")


class Engine:
    """Lets everything that an exchange tells of its orders be of rejected ones; *but* leaves some legs alone."""

    def __init__(self, exchange, *, but=()):
        self._but = but
        core, sockets = exchange.core, exchange._sockets
        self._handle, self._deliver = core.handle, sockets.deliver
        core.handle, sockets.deliver = self.handle, self.deliver

    def handle(self, request, now):
        reply = self._handle(request, now)
        if reply.status != 200 or not request.target.startswith("/sapi/v1/margin/order"):
            return reply
        told = orjson.loads(reply.body)
        for each in [told, *told.get("orderReports", ())]:
            self._reject(each, type_="type", status="status")
        return HttpReply(reply.status, reply.headers, orjson.dumps(told), reply.delivery)

    def deliver(self, message):
        if isinstance(message, Send):
            told = orjson.loads(message.text)
            event = told.get("event", {})
            if event.get("e") == "listStatus" and not self._but:
                event["L"] = "REJECT"
                message = Send(message.connection, orjson.dumps(told).decode())
            if event.get("e") == "executionReport":
                self._reject(event, type_="o", status="X")
                event["x"] = event["X"]
                message = Send(message.connection, orjson.dumps(told).decode())
        self._deliver(message)

    def _reject(self, told, *, type_, status):
        if status in told and told[type_] not in self._but:
            told[status] = "REJECTED"


@pytest.mark.parametrize("streams", [False, True], ids=["no stream", "stream"])
@pytest.mark.parametrize("lost", ["", "drop"], ids=["answered", "lost"])
@virtual
async def test_an_order_that_the_engine_rejected_is_refused_whoever_tells(counter, streams, lost):
    """The reply, the stream, or the answer to a question: an id is proof of arrival, not that anything is live."""
    async with counter(streams=streams) as at:
        Engine(at.exchange)
        if lost:
            at.core.inject(Fault(lost, target=PLACE, effect="done"), at.core.now)
        started = at.now
        with pytest.raises(OrderRefusedError, match="engine rejected it") as caught:
            await at.desk.place(RESTING)

        assert at.now - started < 1.0
        assert Outcome.REFUSED is caught.value.outcome
        (name,) = at.on_exchange
        intent = await at.desk.resolved(name)
        assert (Outcome.REFUSED, True) == (
            intent.outcome,
            intent.reason.startswith("rejected by the exchange's engine"),
        )
        assert [] == at.desk.unresolved
        assert "0 orders" in repr(at.desk)


@pytest.mark.parametrize("lost", ["", "drop"], ids=["answered", "lost"])
@virtual
async def test_a_list_is_refused_when_all_its_orders_were_rejected(counter, lost):
    """Each leg has its own report."""
    async with counter(streams=True) as at:
        await at.desk.place(LimitOrder("BTCUSDT", "BUY", quantity="0.02", price="61000"))
        Engine(at.exchange)
        if lost:
            at.core.inject(Fault(lost, target=PLACE + "/oco", effect="done"), at.core.now)
        with pytest.raises(OrderRefusedError, match="engine rejected it"):
            await at.desk.place_list(OCO)


@pytest.mark.parametrize("lost", ["", "drop"], ids=["answered", "lost"])
@virtual
async def test_a_list_of_which_one_order_lives_is_accepted(counter, lost):
    """Told as refused, it would be placed again."""
    async with counter(streams=True) as at:
        await at.desk.place(LimitOrder("BTCUSDT", "BUY", quantity="0.02", price="61000"))
        Engine(at.exchange, but=("LIMIT_MAKER",))
        if lost:
            at.core.inject(Fault(lost, target=PLACE + "/oco", effect="done"), at.core.now)
        placed = await at.desk.place_list(OCO)

        assert Outcome.ACCEPTED is placed.outcome
        assert OrderStatus.REJECTED is await placed.orders["stop"].done()
        assert OrderStatus.NEW is placed.orders["limit"].status


@virtual
async def test_a_rejected_order_that_is_asked_for_is_told_as_refused(counter):
    """Whoever finds it by its id must not take it for one that was live."""
    async with counter() as at:
        Engine(at.exchange)
        with pytest.raises(OrderRefusedError):
            await at.desk.place(RESTING)
        order = await at.desk.follow("BTCUSDT", client_order_id=at.on_exchange[0])

        assert (Outcome.REFUSED, OrderStatus.REJECTED) == (order.outcome, order.status)
        with pytest.raises(OrderRefusedError):
            await at.desk.cancel(order)
