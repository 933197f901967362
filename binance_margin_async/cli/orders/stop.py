"""``binance-margin order cancel``."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from binance_margin_async.cli.changing import run_change
from binance_margin_async.cli.exits import ExitCode
from binance_margin_async.cli.options import CHANGE, Change, Flag
from binance_margin_async.cli.orders.names import NAMED, Named
from binance_margin_async.cli.orders.texts import canceled_text
from binance_margin_async.cli.running import complain
from binance_margin_async.cli.target import account_trading
from binance_margin_async.client import MarginClient
from binance_margin_async.models.list_replies import CanceledOpenOrder, CanceledOrderList
from binance_margin_async.models.order_replies import CanceledOrder

Canceled = CanceledOrder | CanceledOrderList | tuple[CanceledOpenOrder | CanceledOrderList, ...]


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
            return await client.trade.cancel_open_orders(pair, account=account)
        if name.is_list:
            return await client.trade.cancel_order_list(
                pair,
                account=account,
                order_list_id=name.order_list_id,
                list_client_order_id=name.list_client_order_id,
            )
        return await client.trade.cancel_order(
            pair, account=account, order_id=name.order_id, client_order_id=name.client_order_id
        )

    return run_change(
        change,
        act,
        what=f"cancel {'everything open' if every else name.text} on {pair}; account {change.account}",
        tell=_text,
        if_unknown=f"See what is left: binance-margin order list {pair} --account {change.account}",
    )


def _text(reply: Canceled) -> str:
    return "\n".join(map(canceled_text, reply)) if isinstance(reply, tuple) else canceled_text(reply)
