"""``binance-margin order cancel``."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec
from cyclopts import Parameter

from binance_margin_async.cli.changing import run_change
from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.options import CHANGE, Change, Flag
from binance_margin_async.cli.orders.names import NAMED, Named
from binance_margin_async.cli.orders.texts import canceled_text, reply_text
from binance_margin_async.cli.running import complain
from binance_margin_async.cli.tables import shown
from binance_margin_async.cli.target import account_trading
from binance_margin_async.client import MarginClient
from binance_margin_async.errors import OrderEndedError
from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import ListOrderStatus
from binance_margin_async.models.list_replies import CanceledOpenOrder, CanceledOrderList, OrderList
from binance_margin_async.models.order_replies import CanceledOrder, Order, OrderFull


class Emptied(msgspec.Struct, frozen=True):
    """Everything was cancelled, and nothing is open any more."""

    canceled: int


Told = OrderFull | CanceledOrder | Order
Canceled = Told | OrderList | Emptied | tuple[CanceledOpenOrder | CanceledOrderList, ...]


def cancel(
    pair: str,
    /,
    *,
    name: Named = NAMED,
    every: Annotated[Flag, Parameter(name="--all")] = False,
    change: Change = CHANGE,
) -> ExitCode:
    """
    Cancel an order, an order list, or everything that is open on a pair.

    Parameters
    ----------
    pair
        Such as BTCUSDT.
    every
        Everything that is open on the pair in this account.
    """
    try:
        name.check(all=every)
        account = account_trading(pair, change.account)
    except ValueError as problem:
        return complain(problem)

    async def act(client: MarginClient) -> Canceled:
        if every:
            if change.dry_run:  # the call itself is to be seen, also when nothing is open
                return await client.trade.cancel_open_orders(pair, account=account)
            return Emptied(await client.orders.cancel_all(account, pair))
        if name.is_list:
            return await _cancel_list(client, pair, name, account)
        return await _cancel(client, pair, name, account)

    return run_change(
        change,
        act,
        what=f"cancel {'everything open' if every else name.text} on {pair}; account {change.account}",
        tell=_text,
        if_unknown=f"See what is left: binance-margin order list {pair} --account {change.account}",
    )


async def _cancel(client: MarginClient, pair: str, name: Named, account: Account) -> Told:
    order = await client.orders.follow(
        pair, account=account, order_id=name.order_id, client_order_id=name.client_order_id
    )
    if order.state.is_final:
        raise OrderEndedError(
            f"{name.text} had ended before, as {order.status} with {shown(order.filled_quantity)} filled",
            client_order_id=order.client_order_id,
            status=str(order.status),
            filled_quantity=order.filled_quantity,
        )
    await client.orders.cancel(order)
    return order.answer or await client.trade.order(pair, account=account, order_id=order.order_id)


async def _cancel_list(client: MarginClient, pair: str, name: Named, account: Account) -> OrderList:
    number, own = name.order_list_id, name.list_client_order_id
    told = await client.trade.order_list(account=account, order_list_id=number, list_client_order_id=own)
    if told.list_order_status is ListOrderStatus.ALL_DONE:
        raise OrderEndedError(
            f"{name.text} had ended before: show its orders to see how",
            client_order_id=told.list_client_order_id,
            status=str(told.list_order_status),
            filled_quantity=Decimal(0),
        )
    return await client.orders.cancel_list(pair, account=account, order_list_id=number, list_client_order_id=own)


def _text(reply: Canceled) -> str:
    if isinstance(reply, Emptied):
        return f"{reply.canceled} orders cancelled; nothing is open any more"
    return "\n".join(map(canceled_text, reply)) if isinstance(reply, tuple) else reply_text(reply)
