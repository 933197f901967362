"""``binance-margin order place``, ``oco``, ``oto`` and ``otoco``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from cyclopts import Parameter

from binance_margin_async.cli.changing import run_change
from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.options import PLACING, Placing
from binance_margin_async.cli.orders.options import (
    Exit,
    Follower,
    Kind,
    OcoParts,
    Pair,
    Side,
    Single,
    Terms,
    Working,
    given,
)
from binance_margin_async.cli.orders.requests import Given, order_list, single_order
from binance_margin_async.cli.orders.texts import reply_text, request_text
from binance_margin_async.cli.running import complain
from binance_margin_async.cli.target import account_trading
from binance_margin_async.client import MarginClient
from binance_margin_async.errors import Outcome, UnknownOutcomeError
from binance_margin_async.models.account import Account
from binance_margin_async.models.list_replies import NewList, OrderList
from binance_margin_async.models.order_lists import AnyOrder, Oco, Oto, Otoco
from binance_margin_async.models.order_replies import CanceledOrder, Order, OrderFull
from binance_margin_async.models.orders import SingleOrder
from binance_margin_async.models.violations import Severity

Told = OrderFull | CanceledOrder | Order | NewList | OrderList
_TERMS = Terms()
_SINGLE = Single()
_OCO = OcoParts()
_PAIR = Pair()
_WORKING = Working()
_FOLLOWER = Follower()
_EXIT = Exit()


def place(
    pair: str,
    side: Side,
    kind: Annotated[Kind, Parameter(name="TYPE")],
    /,
    *,
    order: Single = _SINGLE,
    terms: Terms = _TERMS,
    how: Placing = PLACING,
) -> ExitCode:
    """
    Place one order.

    For example:  order place BTCUSDT BUY LIMIT --quantity 0.01 --price 61000

    Parameters
    ----------
    pair
        Such as BTCUSDT.
    side
        What to do with the base asset.
    kind
        It decides which options are needed; whatever is missing is told at once.
    """
    options = given(order, terms)
    make = partial(single_order, kind, pair, side)
    return _place(how, make, pair, options, what=request_text(kind, pair, side, options))


def oco(pair: str, side: Side, /, *, order: OcoParts = _OCO, terms: Terms = _TERMS, how: Placing = PLACING) -> ExitCode:
    """
    Place a limit order and a stop order, of which one cancels the other.

    For example:  order oco BTCUSDT SELL --quantity 0.01 --price 66000 --stop-price 58000

    Parameters
    ----------
    pair
        Such as BTCUSDT.
    side
        Of both orders.
    """
    return _place_list(Oco, pair, side, given(order, terms), how)


def oto(
    pair: str,
    side: Side,
    /,
    *,
    order: Pair = _PAIR,
    working: Annotated[Working, Parameter(group="Working leg")] = _WORKING,
    pending: Annotated[Follower, Parameter(group="Pending leg")] = _FOLLOWER,
    terms: Terms = _TERMS,
    how: Placing = PLACING,
) -> ExitCode:
    """
    Place a working order, and a pending one that follows when the first is filled.

    For example:  order oto BTCUSDT BUY --quantity 0.01 --working.price 60000
    --pending-side SELL --pending-quantity 0.01 --pending.type LIMIT --pending.price 66000

    Parameters
    ----------
    pair
        Such as BTCUSDT.
    side
        Of the working order.
    """
    legs = {"working": given(working), "pending": given(pending)}
    return _place_list(Oto, pair, side, given(order, terms), how, **legs)


def otoco(
    pair: str,
    side: Side,
    /,
    *,
    order: Pair = _PAIR,
    working: Annotated[Working, Parameter(group="Working leg")] = _WORKING,
    above: Annotated[Exit, Parameter(group="Pending leg above the market")] = _EXIT,
    below: Annotated[Exit, Parameter(group="Pending leg below the market; may be left out")] = _EXIT,
    terms: Terms = _TERMS,
    how: Placing = PLACING,
) -> ExitCode:
    """
    Place a working order, and two that follow when it is filled, of which one cancels the other.

    For example:  order otoco BTCUSDT BUY --quantity 0.01 --working.price 60000
    --pending-side SELL --pending-quantity 0.01 --above.type LIMIT_MAKER --above.price 66000
    --below.type STOP_LOSS --below.stop-price 58000

    Parameters
    ----------
    pair
        Such as BTCUSDT.
    side
        Of the working order.
    """
    legs = {"working": given(working), "above": given(above), "below": given(below)}
    return _place_list(Otoco, pair, side, given(order, terms), how, **legs)


def _place_list(
    kind: type[Oco | Oto | Otoco], pair: str, side: Side, options: Given, how: Placing, **legs: Given
) -> ExitCode:
    make = partial(order_list, kind, pair, side, legs=legs)
    what = request_text(kind.__name__.upper(), pair, side, options, **legs)
    return _place(how, make, pair, options, what=what)


def _place(
    how: Placing, make: Callable[[Account, Given], AnyOrder], pair: str, options: Given, *, what: str
) -> ExitCode:
    try:
        order = make(account_trading(pair, how.account), options)
    except ValueError as problem:
        return complain(problem)
    act = partial(_send, order, how.patience)
    return run_change(how, act, what=f"{what}; account {how.account}", tell=reply_text, if_unknown="")


async def _send(order: AnyOrder, patience: float, client: MarginClient) -> Told:
    # Whoever types an order wants to hear of every filter that it breaks, and of the nearest values that would do.
    broken = [each for each in (await client.rules.of(order.symbol)).check(order) if each.severity is Severity.ERROR]
    if broken:
        raise ValueError(f"the rules of {order.symbol} forbid this order: {'; '.join(map(str, broken))}")
    desk = client.orders
    if isinstance(order, SingleOrder):
        live = await desk.place(order, patience=patience)
        if live.outcome is Outcome.UNKNOWN:
            raise _unproved(order, live.client_order_id, "client-order-id", patience)
        return live.answer or await client.trade.order(
            order.symbol, account=order.account, client_order_id=live.client_order_id
        )
    listed = await desk.place_list(order, patience=patience)
    name = listed.list_client_order_id
    if listed.outcome is Outcome.UNKNOWN:
        raise _unproved(order, name, "list-client-order-id", patience)
    return listed.answer or await client.trade.order_list(account=order.account, list_client_order_id=name)


def _unproved(order: AnyOrder, name: str, option: str, patience: float) -> UnknownOutcomeError:
    return UnknownOutcomeError(
        f"{name}: the reply was lost, and {patience:g} s did not prove what became of it. It may be live: do "
        f"not send it again. Find out:  binance-margin orders resolve {name}  with the same journal, or, without one,  "
        f"binance-margin order show {order.symbol} --{option} {name} --account {order.account}",
        client_order_id=name,
    )
