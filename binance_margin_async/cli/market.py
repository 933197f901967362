"""``binance-margin assets`` and ``pairs``: what margin offers."""

from __future__ import annotations

from datetime import UTC, datetime

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.options import HERE, Flag, Json, Where
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.cli.tables import print_json, print_table, shown
from binance_margin_async.errors import InvalidRequestError, Outcome
from binance_margin_async.models.assets import CrossMarginPair, MarginAsset, MarginPair


def assets(asset: str | None = None, /, *, where: Where = HERE, json: Json = False) -> ExitCode:
    """
    List the assets of margin: what can be borrowed, what counts as collateral, the smallest loans.

    Parameters
    ----------
    asset
        Only this one.
    json
        One JSON object per asset on stdout, nothing else.
    """
    quiet_logging(verbose=False)
    return run_command(_assets(asset, where, as_json=json))


def pairs(pair: str | None = None, /, *, isolated: Flag = False, where: Where = HERE, json: Json = False) -> ExitCode:
    """
    List the pairs of cross margin, or of isolated margin.

    Parameters
    ----------
    pair
        Only this one.
    isolated
        Those that can have an isolated account.
    json
        One JSON object per pair on stdout, nothing else.
    """
    quiet_logging(verbose=False)
    return run_command(_pairs(pair, where, isolated=isolated, as_json=json))


async def _assets(asset: str | None, where: Where, *, as_json: bool) -> ExitCode:
    client, _ = where.target().client()
    async with client:
        found = await client.market.all_assets(asset)
    _check_found(found, asset, "asset")
    if as_json:
        for each in found:
            print_json(each)
        return ExitCode.DONE
    print_table(
        ("asset", "name", "lent", "collateral", "least loan", "least repayment", "leaves margin"),
        map(_asset_row, sorted(found, key=lambda each: each.asset)),
        amounts=("least loan", "least repayment"),
    )
    return ExitCode.DONE


async def _pairs(pair: str | None, where: Where, *, isolated: bool, as_json: bool) -> ExitCode:
    client, _ = where.target().client()
    async with client:
        found: list[MarginPair] = [
            *(await (client.market.isolated_all_pairs(pair) if isolated else client.market.all_pairs(pair)))
        ]
    _check_found(found, pair, "pair")
    if as_json:
        for each in found:
            print_json(each)
        return ExitCode.DONE
    print_table(
        ("pair", "base", "quote", "may be bought", "may be sold", "leaves margin"),
        map(_pair_row, sorted(found, key=lambda each: each.symbol)),
    )
    return ExitCode.DONE


def _asset_row(asset: MarginAsset) -> tuple[str, ...]:
    return (
        asset.asset,
        asset.full_name,
        _yes(asset.is_borrowable),
        _yes(asset.is_collateral),
        shown(asset.min_borrow),
        shown(asset.min_repay),
        _day(asset.delist_time_ms),
    )


def _pair_row(pair: MarginPair) -> tuple[str, ...]:
    delisted = pair.delist_time_ms if isinstance(pair, CrossMarginPair) else None
    traded = pair.is_margin_trade
    return (
        pair.symbol,
        pair.base_asset,
        pair.quote_asset,
        _yes(traded and pair.is_buy_allowed),
        _yes(traded and pair.is_sell_allowed),
        _day(delisted),
    )


def _check_found(found: object, name: str | None, kind: str) -> None:
    if name is not None and not found:
        raise InvalidRequestError(f"margin has no {kind} {name!r}", outcome=Outcome.REFUSED)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _day(time_ms: int | None) -> str:
    return "" if time_ms is None else datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d")
