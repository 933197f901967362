"""``binance-margin account``."""

from __future__ import annotations

from decimal import Decimal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.options import HERE, AccountNames, Json, Where
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.cli.tables import cell, print_json
from binance_margin_async.cli.target import Target
from binance_margin_async.errors import AccountStateError
from binance_margin_async.models.replies import CrossAccount, CrossAsset, IsolatedAsset, IsolatedPair
from binance_margin_async.money import plain
from binance_margin_async.rules.margin.level import reported_level

Assets = tuple[CrossAsset | IsolatedAsset, ...]


def account(where: Where = HERE, *, account: AccountNames = (), json: Json = False) -> ExitCode:
    """
    Show balances, debts and margin levels.

    Parameters
    ----------
    account
        CROSS or a pair such as BTCUSDT; may be given several times.
    json
        One JSON object per account on stdout, nothing else.
    """
    quiet_logging(verbose=False)
    return run_command(show(where.target(*account, scenario="slide"), as_json=json))


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
                _print("CROSS", level_of(cross), cross.user_assets, as_json=as_json)
                continue
            reply = await client.account.isolated([account.symbol])
            if not reply.pairs:
                raise AccountStateError(f"no isolated margin account for {account}: open it at Binance first")
            for pair in reply.pairs:
                _print(pair.symbol, level_of(pair), (pair.base_asset, pair.quote_asset), as_json=as_json)
    return ExitCode.DONE


def level_of(account: CrossAccount | IsolatedPair) -> Decimal | None:
    """Return the exchange's margin level, ``None`` when nothing is owed."""
    if isinstance(account, CrossAccount):
        return reported_level(account.margin_level, liabilities=account.total_liability_of_btc)
    sides = (account.base_asset, account.quote_asset)
    owed = sum((side.borrowed + side.interest for side in sides), Decimal(0))
    return reported_level(account.margin_level, liabilities=owed)


def level_text(level: Decimal | None) -> str:
    """Return a margin level for people."""
    return "nothing is owed" if level is None else f"margin level {level:.4f}"


def _print(name: str, level: Decimal | None, assets: Assets, *, as_json: bool) -> None:
    touched = [asset for asset in assets if asset.free or asset.locked or asset.borrowed or asset.interest]
    if as_json:
        rows = {asset.asset: {name: plain(amount) for name, amount in _amounts(asset).items()} for asset in touched}
        print_json({"account": name, "level": None if level is None else plain(level), "assets": rows})
        return
    table = Table(title=cell(f"{name}: {level_text(level)}"), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("asset", no_wrap=True)
    for heading in ("free", "locked", "borrowed", "interest", "net"):
        # Folded rather than cut: an amount without its end is a wrong amount.
        table.add_column(heading, justify="right", overflow="fold")
    for asset in touched:
        table.add_row(cell(asset.asset), *(f"{amount.normalize():f}" for amount in _amounts(asset).values()))
    Console().print(table)


def _amounts(asset: CrossAsset | IsolatedAsset) -> dict[str, Decimal]:
    return {
        "free": asset.free,
        "locked": asset.locked,
        "borrowed": asset.borrowed,
        "interest": asset.interest,
        "net": asset.net_asset,
    }
