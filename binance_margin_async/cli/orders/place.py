"""``binance-margin order place``, ``oco``, ``oto`` and ``otoco``."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from typing import Annotated

from cyclopts import Parameter

from binance_margin_async.cli.changing import run_change
from binance_margin_async.cli.exits import ExitCode
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
from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import OrderResponse
from binance_margin_async.models.list_replies import NewList
from binance_margin_async.models.order_lists import AnyOrder, Oco, Oto, Otoco
from binance_margin_async.models.order_replies import NewOrder
from binance_margin_async.models.orders import SingleOrder
from binance_margin_async.models.violations import Severity

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
    return _place(how, make, pair, options, own_id="client_order_id", what=request_text(kind, pair, side, options))


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
    return _place(how, make, pair, options, own_id="list_client_order_id", what=what)


def _place(
    how: Placing, make: Callable[[Account, Given], AnyOrder], pair: str, options: Given, *, own_id: str, what: str
) -> ExitCode:
    # With an id of our own, an order can be looked up even if its reply is lost.
    options = {own_id: f"cli-{secrets.token_hex(8)}"} | options
    try:
        order = make(account_trading(pair, how.account), options)
    except ValueError as problem:
        return complain(problem)
    look_up = f"binance-margin order show {order.symbol} --{own_id.replace('_', '-')} {options[own_id]}"
    return run_change(
        how,
        partial(_send, order, how.response),
        what=f"{what}; account {how.account}",
        tell=reply_text,
        if_unknown=f"Look it up before you send it again: {look_up} --account {how.account}",
    )


async def _send(order: AnyOrder, response: str | None, client: MarginClient) -> NewOrder | NewList:
    # Whoever types an order wants to hear of every filter that it breaks, and of the nearest values that would do.
    broken = [each for each in (await client.rules.of(order.symbol)).check(order) if each.severity is Severity.ERROR]
    if broken:
        raise ValueError(f"the rules of {order.symbol} forbid this order: {'; '.join(map(str, broken))}")
    match order:
        case SingleOrder():
            return await client.trade.new_order(order, response=response or OrderResponse.FULL)
        case Oco():
            return await client.trade.new_oco(order, response=response or OrderResponse.RESULT)
        case Oto():
            return await client.trade.new_oto(order, response=response or OrderResponse.RESULT)
        case Otoco():
            return await client.trade.new_otoco(order, response=response or OrderResponse.RESULT)
