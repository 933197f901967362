"""The tables of a policy file about what is done to protect accounts."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.account import CROSS, Account, Isolated
from binance_margin_async.models.alerts import Urgency
from binance_margin_async.models.protection import ActionKind
from binance_margin_async.rules.protection.rule import ProtectionRule
from binance_margin_async.tables import Key, Table


class _ProtectionTable(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    action: ActionKind
    # Nobody should learn in a crash that a rule only pretends, or that it does not.
    dry_run: bool
    accounts: list[str] = []
    level: Decimal | None = None
    distance: Decimal | None = None
    urgency: Urgency | None = None
    asset: str | None = None
    symbol: str | None = None
    most: Decimal | None = None
    most_per_day: Decimal | None = None
    cool_down: float = 60.0
    target: Decimal | None = None
    slippage: Decimal = Decimal("0.01")
    on_estimate: bool = False


def protection_of(table: Table, count: int, *, keeps_journal: bool) -> tuple[ProtectionRule, ...]:
    """
    Read every ``[[protection]]``.

    Args:
        table: The policy.
        count: How many there are.
        keeps_journal: Whether the policy names a journal, without which a restart could act twice.

    Raises:
        InputFileError: One is missing something or makes no sense.
    """
    return tuple(_rule(table, number, keeps_journal=keeps_journal) for number in range(count))


def _rule(table: Table, number: int, *, keeps_journal: bool) -> ProtectionRule:
    keys: tuple[Key, ...] = ("protection", number)
    entry = table.read(_ProtectionTable, *keys)
    if not entry.dry_run and not keeps_journal:
        raise table.error("what acts needs a journal: without one, a restart could act twice", *keys)
    terms = msgspec.structs.asdict(entry)
    del terms["action"]
    terms["accounts"] = tuple(account_of(table, name, *keys, "accounts") for name in entry.accounts)
    try:
        return ProtectionRule(kind=entry.action, **terms)
    except ValueError as problem:
        raise table.error(str(problem), *keys) from problem


def account_of(table: Table, name: str, *keys: Key) -> Account:
    """
    Return the account that a policy names.

    Raises:
        InputFileError: It is neither CROSS nor a pair.
    """
    if name == "CROSS":
        return CROSS
    try:
        return Isolated(name)
    except ValueError as problem:
        raise table.error(f"an account is CROSS or a pair: {problem}", *keys) from problem
