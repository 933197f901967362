"""``binance-margin account``."""

from __future__ import annotations

from decimal import Decimal

import orjson
from rich.console import Console
from rich.table import Table

from binance_margin_async.cli.exits import ExitCode
from binance_margin_async.cli.target import Target
from binance_margin_async.errors import AccountStateError
from binance_margin_async.models.replies import CrossAsset, IsolatedAsset
from binance_margin_async.money import plain

Assets = tuple[CrossAsset | IsolatedAsset, ...]


async def show(target: Target, *, as_json: bool) -> ExitCode:
    """
    Print balances, debts and the exchange's margin level of each account.

    Args:
        target: Which exchange and accounts.
        as_json: One JSON object per account instead of tables.
    """
    client, _ = target.client()
    async with client:
        for account in client.accounts:
            if account.symbol is None:
                cross = await client.account.cross()
                _print("CROSS", cross.margin_level, cross.user_assets, as_json=as_json)
                continue
            reply = await client.account.isolated([account.symbol])
            if not reply.pairs:
                raise AccountStateError(f"no isolated margin account for {account}: open it at Binance first")
            for pair in reply.pairs:
                _print(pair.symbol, pair.margin_level, (pair.base_asset, pair.quote_asset), as_json=as_json)
    return ExitCode.DONE


def _print(name: str, level: Decimal, assets: Assets, *, as_json: bool) -> None:
    touched = [asset for asset in assets if asset.free or asset.locked or asset.borrowed or asset.interest]
    if as_json:
        rows = {asset.asset: _amounts(asset) for asset in touched}
        print(orjson.dumps({"account": name, "level": plain(level), "assets": rows}).decode())
        return
    table = Table(title=f"{name}: margin level {level:f}", title_justify="left")
    table.add_column("asset")
    for heading in ("free", "locked", "borrowed", "interest", "net"):
        table.add_column(heading, justify="right")
    for asset in touched:
        table.add_row(asset.asset, *_amounts(asset).values())
    Console().print(table)


def _amounts(asset: CrossAsset | IsolatedAsset) -> dict[str, str]:
    return {
        "free": plain(asset.free),
        "locked": plain(asset.locked),
        "borrowed": plain(asset.borrowed),
        "interest": plain(asset.interest),
        "net": plain(asset.net_asset),
    }
