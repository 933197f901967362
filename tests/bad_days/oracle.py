"""Compares what a client and its subscribers saw with the exchange's own books."""

from collections import Counter, defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from binance_margin_async import CROSS, ExecutionReport, Isolated
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import AssetBalance, HandlerFailed, OrderUpdate, Overflow, TaskFailed
from binance_margin_async.models.margin import MarginAlert, MarginState

IN_A_CALL = {MarginState.MARGIN_CALL, MarginState.CRITICAL, MarginState.LIQUIDATION}
# Promise T4: seconds from the stamp to the send.
OLDEST = 0.005
# Promise W2.
MOST_DIALS, DIAL_WINDOW = 60, 300.0


class Problem(NamedTuple):
    """What must not happen, and did."""

    rule: str
    text: str


def account_of(name):
    """Return the account that the exchange's books call *name*."""
    return CROSS if name == "CROSS" else Isolated(name)


def judge_orders(log, orders):
    """
    Compare what was told of orders with the exchange's.

    A fill is *told* when an ``OrderUpdate`` carries its trade id, or when one that is made from a reply or by repair
    carries none and a cumulative quantity that covers it: only the sum was known then. Each fill is told once, in one
    of the two ways; an ``ExecutionReport`` tells it besides, if it ever arrived. What the stream says of an order's end
    is no telling of its fills: the quantity is there, price and fee follow. Orders that came and went unnoticed without
    a fill change nothing, and need not be told.
    """
    updates = defaultdict(list)
    reports = Counter()
    for event in log:
        if isinstance(event, OrderUpdate):
            updates[event.account, event.symbol, event.order_id].append(event)
        elif isinstance(event, ExecutionReport):
            reports[event.account, event.symbol, event.order_id, event.execution_id] += 1
    for key, count in reports.items():
        if count > 1:
            yield Problem("report repeated", f"{key} came {count} times")
    for order in orders:
        key = (account_of(order.account), order.symbol, order.order_id)
        yield from _judge_order(order, updates.pop(key, []))
    for key in updates:
        yield Problem("order invented", f"{key} is in no book")


def _judge_order(order, updates):
    name = f"{order.account} {order.symbol} {order.order_id}"
    if not updates:
        if order.executed or order.is_open:
            yield Problem("order lost", f"{name}: {order.status} {order.executed} never told")
        return
    yield from _judge_fills(name, order, updates)
    yield from _judge_sequence(name, updates)
    last = updates[-1]
    if (str(last.status), last.cumulative_quantity) != (order.status, order.executed):
        told = f"{last.status} {last.cumulative_quantity}"
        yield Problem("order differs", f"{name}: {told} was told last, it is {order.status} {order.executed}")


def _judge_fills(name, order, updates):
    told, lump = Counter(), Decimal(0)
    cumulative, reached = {}, Decimal(0)
    for fill in order.fills:
        reached += fill.quantity
        cumulative[fill.trade_id] = reached
    quantities = {fill.trade_id: fill.quantity for fill in order.fills}
    for update in updates:
        if update.trade_id is None and update.origin is Origin.STREAM:
            continue
        if update.trade_id is None:
            lump = max(lump, update.cumulative_quantity)
            continue
        told[update.trade_id] += 1
        if update.trade_id not in cumulative:
            yield Problem("fill invented", f"{name}: trade {update.trade_id}")
        elif quantities[update.trade_id] != update.last_filled_quantity:
            yield Problem("fill differs", f"{name}: trade {update.trade_id}")
        elif told[update.trade_id] > 1 or cumulative[update.trade_id] <= lump:
            yield Problem("fill repeated", f"{name}: trade {update.trade_id}")
    for trade_id, reached in cumulative.items():
        if not told[trade_id] and reached > lump:
            yield Problem("fill lost", f"{name}: trade {trade_id}")


def _judge_sequence(name, updates):
    for before, after in pairwise(updates):
        if after.cumulative_quantity < before.cumulative_quantity:
            told = f"{before.cumulative_quantity} and then {after.cumulative_quantity}"
            yield Problem("order went back", f"{name}: {told}")
        if before.status.is_final and not after.status.is_final:
            yield Problem("order went back", f"{name}: {before.status} and then {after.status}")


def judge_balances(log, accounts):
    """Compare the last balance told of each asset with the books."""
    told = {(event.account, event.asset): event for event in log if isinstance(event, AssetBalance)}
    for account in accounts:
        for asset, balance in account.balances.items():
            last = told.get((account_of(account.name), asset))
            was = (last.free, last.locked) if last else (0, 0)
            if was != (balance.free, balance.locked):
                yield Problem("balance differs", f"{account.name} {asset}: {was}, it is {balance}")


def judge_mirrors(mirrors, accounts, orders):
    """Compare what the client says an account has, owes and has on the books with the exchange's books."""
    for account in accounts:
        mirror = mirrors[account_of(account.name)]
        if mirror.stale:
            yield Problem("mirror stale", f"{account.name}: {mirror.stale_because}")
        for asset, balance in account.balances.items():
            here = mirror.asset(asset)
            shown = (here.free, here.locked, here.borrowed, here.interest)
            if shown != (balance.free, balance.locked, balance.borrowed, balance.interest):
                yield Problem("mirror differs", f"{account.name} {asset}: {shown}, it is {balance}")
        open_here = {
            number: (update.symbol, update.cumulative_quantity) for number, update in mirror.open_orders.items()
        }
        open_there = {
            each.order_id: (each.symbol, each.executed)
            for each in orders
            if each.account == account.name and each.is_open
        }
        if open_here != open_there:
            yield Problem("mirror differs", f"{account.name}: {open_here} are open, it is {open_there}")


def judge_stays(stays, log):
    """Each subscriber was given what was published while it stayed, in order and once."""
    overflows = Counter()
    for event in log:
        if isinstance(event, Overflow):
            overflows[event.subscriber] = max(overflows[event.subscriber], event.dropped)
    for stay in stays:
        expected = [event for event in log[stay.begun : stay.ended] if isinstance(event, stay.kinds)]
        if stay.high_water > stay.capacity:
            yield Problem("queue too long", f"{stay.name}: {stay.high_water} of {stay.capacity}")
        if stay.policy == "all":
            wanted = expected[: len(stay.given)] if stay.left else expected
            if list(map(id, wanted)) != list(map(id, stay.given)):
                yield Problem("subscriber differs", f"{stay.name}: {len(stay.given)} of {len(expected)}")
            continue
        places = {id(event): place for place, event in enumerate(expected)}
        given = [places.get(id(event), -1) for event in stay.given]
        # What takes the place of an older event comes early.
        is_in_order = bool(stay.replaced) or given == sorted(given)
        if len(set(given)) != len(given) or -1 in given or not is_in_order:
            yield Problem("subscriber differs", f"{stay.name}: repeated, or out of order")
        if len(given) + stay.lost + stay.replaced != len(expected):
            lost = f"{len(given)} given, {stay.lost} given up and {stay.replaced} replaced, of {len(expected)}"
            yield Problem("loss not counted", f"{stay.name}: {lost}")
        # Told once until it has caught up, with the count so far.
        if stay.policy == "some" and bool(stay.lost) != bool(overflows[stay.name]):
            yield Problem("overflow not told", f"{stay.name}: {stay.lost} given up, {overflows[stay.name]} told")


def judge_failures(log, raised):
    """Handlers' failures are told, and the client's own tasks have none."""
    failed = sum(isinstance(event, HandlerFailed) for event in log)
    if failed != raised:
        yield Problem("failure not told", f"{raised} raised, {failed} told")
    yield from (Problem("task failed", f"{e.task}: {e.error}") for e in log if isinstance(e, TaskFailed))


def judge_alerts(log, statuses):
    """Whoever is in a margin call, by the exchange's word, is so by the last alert."""
    told = {event.account: event.state for event in log if isinstance(event, MarginAlert)}
    for name, status in statuses.items():
        state = told.get(account_of(name))
        if status in {"MARGIN_CALL", "PRE_LIQUIDATION"} and state not in IN_A_CALL:
            yield Problem("alert missing", f"{name}: {status}, and {state} was told")


def judge_calls(witness):
    """Nothing is sent in a ban, nothing with an old or a wrong stamp, and no listen key is deleted."""
    for sent in witness.sent:
        where = f"{sent.route} at {sent.at:.3f}"
        if sent.age is not None and sent.age > OLDEST:
            yield Problem("old stamp", f"{where}: {sent.age:.3f} s old")
        if sent.off is not None and sent.off > 0:
            yield Problem("wrong stamp", f"{where}: by {sent.off:.3f} s more than it can be")
        if sent.route.startswith("DELETE ") and sent.route.endswith("/listen-key"):
            yield Problem("key deleted", where)
    yield from _judge_pauses(witness)
    for stream, dials in witness.dialled.items():
        for first, last in zip(dials, dials[MOST_DIALS:], strict=False):
            if last - first < DIAL_WINDOW:
                yield Problem(
                    "hot loop", f"{stream}: more than {MOST_DIALS} connections from {first:.0f} to {last:.0f}"
                )


def _judge_pauses(witness):
    for told in witness.told:
        for sent in witness.sent:
            is_concerned = told.route in {None, sent.route}
            if is_concerned and told.at < sent.at < told.until - 1e-6 and (told.named or told.route is None):
                yield Problem("call in a ban", f"{sent.route} at {sent.at:.3f}, told until {told.until:.3f}")
