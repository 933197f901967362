"""``binance-margin order show`` and ``order list``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.options import ONE_ACCOUNT, OneAccount
from binance_margin_async.cli.orders.names import NAMED, Named
from binance_margin_async.cli.orders.texts import reply_text
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.cli.tables import print_json, print_table, shown
from binance_margin_async.cli.target import account_named, account_trading
from binance_margin_async.client import MarginClient
from binance_margin_async.models.account import Account
from binance_margin_async.models.list_replies import OrderList
from binance_margin_async.models.order_replies import Order
from binance_margin_async.printable import printable_lines

_HEADINGS = ("order", "what", "price", "filled", "status")


def show(pair: str, /, *, name: Named = NAMED, where: OneAccount = ONE_ACCOUNT) -> ExitCode:
    """
    Show one order, or one order list.

    Parameters
    ----------
    pair
        Such as BTCUSDT.
    """
    quiet_logging(verbose=False)
    return run_command(_show(pair, name, where))


def listed(pair: str | None = None, /, *, where: OneAccount = ONE_ACCOUNT) -> ExitCode:
    """
    List open orders.

    Parameters
    ----------
    pair
        Only those of this pair, which costs less request weight.
    """
    quiet_logging(verbose=False)
    return run_command(_list(pair, where))


async def _show(pair: str, name: Named, where: OneAccount) -> ExitCode:
    name.check()
    account = account_trading(pair, where.account)
    client, _ = where.target(where.account).client()
    async with client:
        found = await _find(client, pair, name, account)
    if where.json:
        print_json(found)
    elif isinstance(found, OrderList):
        print(printable_lines(reply_text(found)))
    else:
        print_table(("field", "value"), _fields(found))
    return ExitCode.DONE


async def _find(client: MarginClient, pair: str, name: Named, account: Account) -> Order | OrderList:
    if name.is_list:
        return await client.trade.order_list(
            account=account, order_list_id=name.order_list_id, list_client_order_id=name.list_client_order_id
        )
    return await client.trade.order(pair, account=account, order_id=name.order_id, client_order_id=name.client_order_id)


async def _list(pair: str | None, where: OneAccount) -> ExitCode:
    account = account_named(where.account) if pair is None else account_trading(pair, where.account)
    client, _ = where.target(where.account).client()
    async with client:
        orders = await client.trade.open_orders(pair, account=account)
    if where.json:
        for order in orders:
            print_json(order)
    elif orders:
        _print_orders(orders)
    else:
        print(f"no open orders in account {account}")
    return ExitCode.DONE


def _print_orders(orders: list[Order]) -> None:
    print_table(_HEADINGS, map(_row, orders), amounts=("price", "filled"))


def _row(order: Order) -> tuple[str, ...]:
    # Two lines each, so that the whole fits into 80 columns.
    price = shown(order.price) if order.price else "market"
    if order.stop_price:
        price += f"\nstop {shown(order.stop_price)}"
    return (
        f"{order.order_id}\n{order.client_order_id}",
        f"{order.side} {order.symbol}\n{order.type}",
        price,
        f"{shown(order.executed_quantity)}\nof {shown(order.quantity)}",
        order.status,
    )


def _fields(order: Order) -> Iterator[tuple[str, str]]:
    for name in order.__struct_fields__:
        value: object = getattr(order, name)
        yield name.removesuffix("_ms").replace("_", " "), _value(name, value)


def _value(name: str, value: object) -> str:
    if isinstance(value, Decimal):
        return shown(value)
    if isinstance(value, int) and name.endswith("_ms"):
        return datetime.fromtimestamp(value / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return str(value)
