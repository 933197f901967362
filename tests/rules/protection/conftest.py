"""Accounts, rules and guards in a few words."""

from decimal import Decimal

import pytest

from binance_margin_async.models.account import CROSS
from binance_margin_async.models.protection import ActionKind
from binance_margin_async.rules.margin.bars import fallback_cross_bars
from binance_margin_async.rules.margin.estimate import Position
from binance_margin_async.rules.protection.look import Look
from binance_margin_async.rules.protection.rule import ProtectionRule


def position(asset, free="0", owed="0", locked="0"):
    return Position(asset, Decimal(free), Decimal(locked), Decimal(owed), Decimal(0))


def make_look(*positions, price="50000", level=None, read_at=0.0, **more):
    """A cross account of bitcoin and USDT; its level is that of its balances unless another one is given."""
    prices = {"BTC": Decimal(price), "USDT": Decimal(1)}
    assets = sum(each.held * prices[each.asset] for each in positions)
    owed = sum(each.owed * prices[each.asset] for each in positions)
    known = Decimal(level) if level is not None else assets / owed if owed else None
    settings = {
        "account": CROSS,
        "bars": fallback_cross_bars(3),
        "prices": prices,
        "numeraire": "USDT",
        "pairs": {"BTCUSDT": ("BTC", "USDT")},
    }
    return Look(level=known, positions=positions, read_at=read_at, **settings | more)


def make_rule(kind, name="rule", **terms):
    usual = {"name": name, "kind": ActionKind(kind), "dry_run": False}
    if kind in {"repay", "transfer_in"}:
        usual |= {"asset": "USDT", "most": Decimal(1_000), "most_per_day": Decimal(2_500)}
    elif kind == "reduce":
        usual |= {"symbol": "BTCUSDT", "most": Decimal("0.1"), "most_per_day": Decimal("0.25")}
    if not {"level", "distance", "urgency"} & terms.keys():
        usual["level"] = Decimal("1.3")
    return ProtectionRule(**usual | terms)


@pytest.fixture(scope="session")
def holds():
    """Return the maker of positions: ``holds("USDT", "100", owed="5000")``."""
    return position


@pytest.fixture(scope="session")
def look():
    """Return the maker of looks at an account."""
    return make_look


@pytest.fixture(scope="session")
def rule():
    """Return the maker of rules: ``rule("repay", most=Decimal(5))``."""
    return make_rule
