"""The tables of a scenario file about other wallets and about how assets are lent."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from binance_margin_async.sim.ledger.wallets import WALLETS
from binance_margin_async.sim.margin.terms import LoanTerms
from binance_margin_async.tables import Table


class _LoanTable(msgspec.Struct, forbid_unknown_fields=True):
    hourly_rate: Decimal | None = None
    inventory: Decimal | None = None
    isolated_inventory: Decimal | None = None
    borrow_limit: Decimal | None = None
    min_borrow: Decimal = Decimal(0)
    min_repay: Decimal = Decimal(0)
    is_borrowable: bool = True
    is_collateral: bool = True


def wallets_of(table: Table, entries: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Decimal]]:
    """
    Read ``[wallets.SPOT]`` and the like: amounts by asset.

    Raises:
        InputFileError: A wallet is not known, or an amount is none.
    """
    return {wallet: _amounts(table, wallet) for wallet in entries}


def loan_terms_of(table: Table, entries: Mapping[str, Mapping[str, Any]]) -> Mapping[str, LoanTerms]:
    """
    Read ``[loans.BTC]`` and the like: how an asset is lent.

    Raises:
        InputFileError: A number is below zero.
    """
    return {asset: _loan_terms(table, asset) for asset in entries}


def _amounts(table: Table, wallet: str) -> Mapping[str, Decimal]:
    if wallet not in WALLETS:
        raise table.error(f"a wallet is one of {', '.join(WALLETS)}", "wallets", wallet)
    amounts = table.read(dict[str, Decimal], "wallets", wallet)
    for asset, amount in amounts.items():
        _check_amount(table, amount, "wallets", wallet, asset)
    return amounts


def _loan_terms(table: Table, asset: str) -> LoanTerms:
    entry = msgspec.structs.asdict(table.read(_LoanTable, "loans", asset))
    for name, amount in entry.items():
        if isinstance(amount, Decimal):
            _check_amount(table, amount, "loans", asset, name)
    return LoanTerms(**entry)


def _check_amount(table: Table, amount: Decimal, *keys: str) -> None:
    if not amount.is_finite() or amount < 0:
        raise table.error(f"'{amount}' is not an amount of at least 0", *keys)
