"""
Every public coroutine, cancelled at each of its awaits: nothing is left behind, and no order's fate stays open.

The calls of the endpoint table have a test of their own (``contract/test_cancelled_calls.py``), and so has the journal
on disk, whose thread has no place in virtual time.
"""

import asyncio
import inspect
from decimal import Decimal
from typing import get_type_hints

import pytest

import binance_margin_async
from binance_margin_async import (
    CROSS,
    SPOT,
    AppriseChannel,
    Channel,
    CommandChannel,
    Isolated,
    LimitOrder,
    LoanLeftBehind,
    LogChannel,
    MarginClient,
    MarketOrder,
    Oco,
    OrderUpdate,
    Outcome,
    SimulatedExchange,
    SpecialKeyAccess,
    TerminalChannel,
    WebhookChannel,
)
from binance_margin_async.bus import Bus, Subscription
from binance_margin_async.bus.listeners import PlainListener, TaskListener
from binance_margin_async.journal import Journal, MemoryJournal, SqliteJournal
from binance_margin_async.models.events import AssetBalance
from binance_margin_async.models.intents import IntentKind
from binance_margin_async.rest.group import EndpointGroup
from binance_margin_async.services.monitor import Monitor
from binance_margin_async.sim import Fault
from binance_margin_async.testing import CancelAt, virtual

ETH = Isolated("ETHUSDT")
RESTING = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="50000")
TAKING = MarketOrder("BTCUSDT", "BUY", quantity="0.01")
OCO = Oco("BTCUSDT", "SELL", quantity="0.01", price="66000", stop_price="58000")
DUNDER = {"__aenter__", "__aexit__", "__aiter__", "__anext__"}
# Longer than it may take to prove what became of an order.
PROOF = 40.0
# More awaits than any of them has.
MOST = 60


class SlowJournal(MemoryJournal):
    """A journal that writes as one on disk does: whoever gives up waiting does not keep it from writing."""

    async def write(self, *records):
        await asyncio.shield(asyncio.ensure_future(self._write(records)))

    async def _write(self, records):
        await asyncio.sleep(0.001)
        await super().write(*records)
        await asyncio.sleep(0.001)


class World:
    """An exchange and a client on it; what a prepared coroutine needs is made with them."""

    def __init__(self):
        self.exchange = SimulatedExchange("calm")
        self.journal = SlowJournal()
        key = self.exchange.core.venue.keys.make_special(str(CROSS), name="lane")
        self.client = MarginClient(
            sim=self.exchange,
            accounts=[CROSS],
            journal=self.journal,
            special_key=SpecialKeyAccess(key.api_key, key.material, account=CROSS),
        )

    @property
    def transactions(self):
        """Every loan, repayment and transfer in the exchange's books."""
        past = self.exchange.core.venue.book.histories
        return {each.transaction for each in (*past.loans, *past.transfers)}

    def later(self, act, *arguments):
        """Let something happen while the coroutine waits for it."""
        asyncio.get_running_loop().call_later(0.5, act, *arguments)

    def fill(self):
        """Let what rests be filled."""
        self.later(self.exchange.set_price, "BTCUSDT", "49000")

    async def live_order(self, order=RESTING):
        return await self.client.orders.place(order)

    async def streaming(self):
        """Start the trade stream, and wait until it is live."""
        async with self.client.events(OrderUpdate):
            pass


# -- how each is called: a function that prepares, and returns the coroutine to cancel --------------------------------


async def client_start(world):
    await world.client.aclose()
    world.__init__()
    return world.client.start()


async def client_enter(world):
    await world.client.aclose()
    world.__init__()
    return world.client.__aenter__()


async def client_aclose(world):
    await world.streaming()
    world.client.start_streams()
    await world.live_order()
    return world.client.aclose()


async def client_exit(world):
    await world.streaming()
    return world.client.__aexit__(None, None, None)


async def client_events(world):
    async def first():
        async with world.client.events(AssetBalance) as balances:
            await world.client.trade.new_order(TAKING)
            return await anext(balances)

    return first()


async def client_on(world):
    async def first():
        async with world.client.on(OrderUpdate, handler=print_nothing):
            await world.client.trade.new_order(TAKING)

    return first()


async def print_nothing(_event):
    await asyncio.sleep(0.01)


async def client_websocket_lane(world):
    async def trade():
        async with world.client.unproven_websocket_lane() as lane:
            await lane.new_order(MarketOrder("BTCUSDT", "SELL", quantity="0.01"))

    return trade()


async def client_add_account(world):
    await world.streaming()
    return world.client.add_account(ETH)


async def client_remove_account(world):
    await world.client.add_account(ETH)
    await world.streaming()
    return world.client.remove_account(CROSS)


async def order_done(world):
    await world.streaming()
    live = await world.live_order()
    world.fill()
    return live.done()


async def order_filled(world):
    await world.streaming()
    live = await world.live_order()
    world.fill()
    return live.filled()


async def order_changes(world):
    await world.streaming()
    live = await world.live_order()
    world.fill()

    async def read():
        return [change async for change in live]

    return read()


async def order_cancel(world):
    return world.client.orders.cancel(await world.live_order())


async def order_replace(world):
    return world.client.orders.replace(await world.live_order(), RESTING)


async def orders_cancel_list(world):
    placed = await world.client.orders.place_list(OCO)
    return world.client.orders.cancel_list("BTCUSDT", list_client_order_id=placed.list_client_order_id)


async def orders_cancel_all(world):
    await world.live_order()
    await world.live_order(RESTING.replace(price="51000"))
    return world.client.orders.cancel_all(CROSS)


async def orders_halt(world):
    await world.live_order()
    return world.client.orders.halt("enough", [CROSS, ETH])


async def orders_follow(world):
    await world.client.trade.new_order(RESTING.replace(client_order_id="theirs"))
    return world.client.orders.follow("BTCUSDT", client_order_id="theirs")


async def orders_unresolved(world, place="place", order=RESTING):
    """Lose the reply to an order, and return it while its outcome is unknown."""
    await world.client.rules.of("BTCUSDT")
    for connection in asyncio.get_running_loop().network.connections():
        connection.reset_after(down=1)
    live = await getattr(world.client.orders, place)(order, patience=0.0)
    assert Outcome.UNKNOWN is live.outcome
    return live


async def orders_resolved(world):
    live = await orders_unresolved(world)
    return world.client.orders.resolved(live.client_order_id)


async def order_verdict(world):
    return (await orders_unresolved(world)).verdict()


async def order_accepted(world):
    return (await orders_unresolved(world)).accepted()


async def list_done(world):
    await world.streaming()
    live = await world.client.orders.place_list(OCO)
    world.later(world.exchange.set_price, "BTCUSDT", "67000")
    return live.done()


async def list_verdict(world):
    return (await orders_unresolved(world, "place_list", OCO)).verdict()


async def list_accepted(world):
    return (await orders_unresolved(world, "place_list", OCO)).accepted()


async def monitored(world):
    async def watch():
        async with world.client.monitor([CROSS, ETH]):
            await asyncio.sleep(1)

    return watch()


async def history(world):
    await world.client.trade.new_order(TAKING)
    return world.client.history.trades("BTCUSDT", since=world.exchange.core.start_ms)


async def history_peek(world):
    return (await history(world)).peek()


async def history_next(world):
    told = await history(world)

    async def read():
        return await anext(told)

    return read()


async def statement_next(world):
    await world.client.trade.new_order(TAKING)

    async def read():
        return await anext(world.client.history.statement(CROSS, since=world.exchange.core.start_ms), None)

    return read()


async def subscription_next(world):
    async def read():
        async with world.client.bus.subscribe(OrderUpdate) as updates:
            world.later(lambda: asyncio.ensure_future(world.client.trade.new_order(TAKING)))
            return await anext(updates)

    return read()


async def listener_lives(world):
    async def listen():
        async with world.client.bus.on(OrderUpdate, handler=print_nothing):
            await world.client.trade.new_order(TAKING)

    return listen()


async def bus_drain(world):
    async def listen():
        async with world.client.bus.on(OrderUpdate, handler=print_nothing):
            await world.client.trade.new_order(TAKING)
            assert 0 == await world.client.bus.drain(1.0)

    return listen()


async def exchange_finished(world):
    return world.exchange.finished()


async def exchange_lives(_world):
    async def live():
        async with SimulatedExchange("calm", admin_port=0):
            await asyncio.sleep(1)

    return live()


def of(path, *arguments, **options):
    """Call ``client.<path>`` with these."""

    async def prepare(world):
        found = world.client
        for name in path.split("."):
            found = getattr(found, name)
        return found(*arguments, **options)

    return prepare


async def change_unresolved(world):
    """Lose the reply to a loan, and return it while its outcome is unknown."""
    world.exchange.inject(Fault("drop", target="POST /sapi/v1/margin/borrow-repay", effect="done"))
    change = await world.client.funds.borrow("USDT", "100", patience=0.0)
    assert Outcome.UNKNOWN is change.outcome
    return change


async def change_verdict(world):
    return (await change_unresolved(world)).verdict()


async def change_accepted(world):
    return (await change_unresolved(world)).accepted()


async def funds_settle(world):
    await change_unresolved(world)
    (transaction,) = world.transactions
    return world.client.funds.settle(world.client.funds.unresolved[0].id, transaction)


async def funds_repay(world):
    await world.client.borrow.borrow("USDT", "100")
    return world.client.funds.repay("USDT", "50")


async def repay_left(world):
    await world.client.funds.borrow("USDT", "100")
    (intent,) = world.journal._intents.values()
    return world.client.funds.repay_left(LoanLeftBehind(asset="USDT", amount=Decimal(50), intent=intent))


async def repay_all(world):
    await world.client.borrow.borrow("USDT", "100")
    return world.client.funds.repay_all("USDT")


async def rules_context(world):
    return world.client.rules.context(RESTING, await world.client.rules.of("BTCUSDT"))


PREPARED = {
    "Bus.drain": bus_drain,
    "Funds.borrow": of("funds.borrow", "USDT", "100"),
    "Funds.loan_status": of("funds.loan_status", 1, "BORROW"),
    "Funds.move": of("funds.move", "USDT", "10", from_=SPOT, to=ETH),
    "Funds.repay": funds_repay,
    "Funds.repay_all": repay_all,
    "Funds.repay_left": repay_left,
    "Funds.settle": funds_settle,
    "Funds.settled": of("funds.settled"),
    "Funds.transfer_status": of("funds.transfer_status", 1, "MAIN_MARGIN", since_ms=1_767_571_200_000),
    "FundsChange.accepted": change_accepted,
    "FundsChange.verdict": change_verdict,
    "History.__anext__": history_next,
    "History.peek": history_peek,
    "LiveOrder.__aiter__": order_changes,
    "LiveOrder.accepted": order_accepted,
    "LiveOrder.done": order_done,
    "LiveOrder.filled": order_filled,
    "LiveOrder.verdict": order_verdict,
    "LiveOrderList.accepted": list_accepted,
    "LiveOrderList.done": list_done,
    "LiveOrderList.verdict": list_verdict,
    "MarginClient.__aenter__": client_enter,
    "MarginClient.__aexit__": client_exit,
    "MarginClient.aclose": client_aclose,
    "MarginClient.add_account": client_add_account,
    "MarginClient.events": client_events,
    "MarginClient.mirror": of("mirror"),
    "MarginClient.on": client_on,
    "MarginClient.remove_account": client_remove_account,
    "MarginClient.request": of("request", "GET", "/sapi/v1/margin/account"),
    "MarginClient.start": client_start,
    "MarginClient.unproven_websocket_lane": client_websocket_lane,
    "Monitor.__aenter__": monitored,
    "OrderDesk.cancel": order_cancel,
    "OrderDesk.cancel_all": orders_cancel_all,
    "OrderDesk.cancel_list": orders_cancel_list,
    "OrderDesk.follow": orders_follow,
    "OrderDesk.halt": orders_halt,
    "OrderDesk.place": of("orders.place", RESTING),
    "OrderDesk.place_list": of("orders.place_list", OCO),
    "OrderDesk.preview": of("orders.preview", TAKING.replace(side_effect="MARGIN_BUY")),
    "OrderDesk.release": of("orders.release"),
    "OrderDesk.replace": order_replace,
    "OrderDesk.resolved": orders_resolved,
    "OrderDesk.settled": of("orders.settled"),
    "RuleBook.asset": of("rules.asset", "USDT"),
    "RuleBook.check": of("rules.check", RESTING),
    "RuleBook.context": rules_context,
    "RuleBook.cross_pairs": of("rules.cross_pairs"),
    "RuleBook.of": of("rules.of", "BTCUSDT"),
    "RuleBook.quantize": of("rules.quantize", RESTING),
    "SimulatedExchange.__aenter__": exchange_lives,
    "SimulatedExchange.finished": exchange_finished,
    "Statement.__anext__": statement_next,
    "Subscription.__anext__": subscription_next,
    "TaskListener.__aenter__": listener_lives,
}


# -- what is checked after each --------------------------------------------------------------------------------------


async def check(world, before, what):
    """The client goes on, and what it says of every order is what the exchange's books say."""
    client = world.client
    if client._parts is None:  # it was closed, or never opened: close it once more, as a caller would
        await client.aclose()
    else:
        await client.spot.time()
        await asyncio.sleep(PROOF)
        assert [] == client.orders.unresolved, what
        await client.orders._outcomes.flush()
        moved = set()
        on_exchange = {order.client_id for order in world.exchange.core.venue.trading.orders.values()}
        for intent in world.journal._intents.values():
            assert intent.outcome in {Outcome.ACCEPTED, Outcome.REFUSED, Outcome.NOT_SENT}, (what, intent)
            if intent.kind in {IntentKind.ORDER, IntentKind.ORDER_LIST}:
                # Of a list, the books know the orders by their ids.
                is_there = not on_exchange.isdisjoint(intent.parameters.values())
                assert (intent.outcome is Outcome.ACCEPTED) == is_there, (what, intent)
            elif intent.outcome is Outcome.ACCEPTED:
                moved.add(intent.exchange_id)
        assert world.transactions - before <= moved <= world.transactions, what
        await client.aclose()


async def one(prepare, k, late):
    world = World()
    await world.client.start()
    try:
        coroutine = await prepare(world)
        before = world.transactions
        attempt = CancelAt(coroutine, k, late=late)
        (end,) = await asyncio.gather(asyncio.create_task(attempt), return_exceptions=True)
        what = (k, late, end)
        assert attempt.fired == isinstance(end, asyncio.CancelledError), what
        if not attempt.fired and isinstance(end, BaseException):
            raise end
        await check(world, before, what)
    finally:
        await world.client.aclose()
    return attempt.fired


# Run by one that is in the table: the inside of the client's own start and end, and ends of an ``async with``.
WITH = {
    "Funds.close": "MarginClient.aclose",
    "Funds.open": "MarginClient.start",
    "Funds.send_transfer": "Funds.move",
    "Monitor.__aexit__": "Monitor.__aenter__",
    "OrderDesk.close": "MarginClient.aclose",
    "OrderDesk.open": "MarginClient.start",
    "PlainListener.__aenter__": "TaskListener.__aenter__",
    "PlainListener.__aexit__": "TaskListener.__aenter__",
    "PlainListener.settled": "Bus.drain",
    "RuleBook.close": "MarginClient.aclose",
    "SimulatedExchange.__aexit__": "SimulatedExchange.__aenter__",
    "Subscription.__aenter__": "Subscription.__anext__",
    "Subscription.__aexit__": "Subscription.__anext__",
    "Subscription.settled": "Bus.drain",
    "TaskListener.__aexit__": "TaskListener.__aenter__",
    "TaskListener.settled": "Bus.drain",
}
# Tested where they live, see above.
ELSEWHERE = (EndpointGroup, Journal, MemoryJournal, SqliteJournal)
# Awaited by the client's own tasks and by no caller; what gives them up is the limit of a delivery.
CHANNELS = (AppriseChannel, Channel, CommandChannel, LogChannel, TerminalChannel, WebhookChannel)


def public_classes():
    """Return what the package offers, what the client's properties return, and what else it hands out."""
    offered = [getattr(binance_margin_async, name) for name in binance_margin_async.__all__]
    properties = [member for _, member in inspect.getmembers(MarginClient, lambda each: isinstance(each, property))]
    returned = [get_type_hints(each.fget).get("return") for each in properties if each.fget.__name__ != "_open"]
    handed_out = [Bus, Monitor, PlainListener, Subscription, TaskListener]
    found = {each for each in (*offered, *returned, *handed_out) if inspect.isclass(each)}
    return [each for each in found if each not in ELSEWHERE + CHANNELS and not issubclass(each, EndpointGroup)]


def is_awaited(member):
    """Whether it is an ``async def``, also one made into a context manager, or returns an awaitable."""
    function = inspect.unwrap(member)
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        return True
    return inspect.isfunction(function) and function.__name__ == "__anext__"


def test_every_public_coroutine_is_in_the_table():
    """A new one is cancelled everywhere from its first day; one that has gone leaves no row behind."""
    public = {
        f"{kind.__name__}.{name}"
        for kind in public_classes()
        for name, member in inspect.getmembers(kind, inspect.isfunction)
        if is_awaited(member) and (name in DUNDER or not name.startswith("_"))
    }
    assert public == PREPARED.keys() | WITH.keys()
    assert set(WITH.values()) <= PREPARED.keys()


@pytest.mark.parametrize("name", PREPARED)
def test_a_coroutine_cancelled_at_any_await_leaves_nothing_behind(name):
    """Promise P1: also when what it waited for has just come."""
    for late in (False, True):
        for k in range(1, MOST):
            fired = []

            @virtual(seed=k)
            async def scenario(k=k, late=late, fired=fired):
                fired.append(await one(PREPARED[name], k, late))

            scenario()
            if not fired[0]:
                break
        assert not fired[0], f"{name} is still not through after {MOST} awaits"
