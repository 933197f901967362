"""How much of what lifts an account, within the caps of a rule, and never at the price of a lower level."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from binance_margin_async.models.enums import Side
from binance_margin_async.models.protection import ActionKind
from binance_margin_async.rules.margin.estimate import Estimate
from binance_margin_async.rules.margin.restore import add_to_restore, repay_to_restore
from binance_margin_async.rules.protection.look import Look
from binance_margin_async.rules.protection.rule import ProtectionRule

# More decimals are refused (practice, read 2026-11-22).
GRAIN = Decimal("1e-8")
# Share of what a trade brings that the exchange keeps at its usual rate (0.1 %, read 2026-11-22).
COMMISSION = Decimal("0.001")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Remedy:
    """Hold an amount in units of the rule's asset or base asset, and the terms of an order if it is one."""

    amount: Decimal
    side: Side | None = None
    price: Decimal | None = None


def remedy(rule: ProtectionRule, look: Look, *, left_today: Decimal | None) -> Remedy | str:
    """
    Return what *rule* does to the account, or in words why it cannot; no words when nothing needs to be done.

    Args:
        rule: It is due.
        look: The account now.
        left_today: What the rule's daily cap leaves; ``None`` without one.
    """
    if left_today is not None and left_today <= 0:
        return f"its cap for a day, {rule.most_per_day}, is reached"
    if rule.kind is ActionKind.CANCEL_ORDERS:
        return Remedy(Decimal(look.open_orders)) if look.open_orders else ""
    totals = look.totals
    if totals is None:
        return "a price is missing"
    caps = [each for each in (rule.most, left_today) if each is not None]
    if rule.kind is ActionKind.REPAY:
        return _repay(rule, look, totals, caps)
    return _transfer(rule, look, totals, caps) if rule.kind is ActionKind.TRANSFER_IN else _reduce(rule, look, caps)


def _repay(rule: ProtectionRule, look: Look, totals: Estimate, caps: list[Decimal]) -> Remedy | str:
    position = look.position(rule.asset or "")
    if not position.owed or not position.free:
        return f"no {position.asset} is {'free' if position.owed else 'owed'}"
    if totals.assets <= totals.liabilities:
        return "no more is held than owed, and paying back would lower the level"
    most = [*caps, position.free, position.owed]
    if rule.target is not None:
        value = repay_to_restore(totals.assets, totals.liabilities, rule.target) or _ZERO
        most.append(_up(value / look.prices[position.asset]))
    return _at_most(most)


def _transfer(rule: ProtectionRule, look: Look, totals: Estimate, caps: list[Decimal]) -> Remedy | str:
    asset = rule.asset or ""
    price = look.prices.get(asset)
    if not look.spot.get(asset):
        return f"no {asset} is free in the spot wallet"
    if price is None:
        return f"the price of {asset} is missing"
    most = [*caps, look.spot[asset]]
    if rule.target is not None:
        most.append(_up((add_to_restore(totals.assets, totals.liabilities, rule.target) or _ZERO) / price))
    return _at_most(most)


def _reduce(rule: ProtectionRule, look: Look, caps: list[Decimal]) -> Remedy | str:
    names = look.pairs.get(rule.symbol or "")
    if names is None or any(name not in look.prices for name in names):
        return f"the assets of {rule.symbol}, or their prices, are unknown"
    base, quote = (look.position(name) for name in names)
    index = look.prices[base.asset] / look.prices[quote.asset]
    if quote.owed and base.free:
        side, price = Side.SELL, index * (1 - rule.slippage)
        most = [*caps, base.free, quote.owed / price]
    elif base.owed and quote.free:
        side, price = Side.BUY, index * (1 + rule.slippage)
        most = [*caps, base.owed, quote.free / price]
    else:
        return f"nothing is held of one asset of {rule.symbol} against a debt in the other"
    return _within_target(rule, look, Remedy(min(most), side, price), index)


def _within_target(rule: ProtectionRule, look: Look, found: Remedy, index: Decimal) -> Remedy | str:
    """Take no more than lifts the level to the target, if every unit traded lifts it at all."""
    totals = look.totals
    names = look.pairs.get(rule.symbol or "")
    if totals is None or names is None or found.price is None:
        return "a price is missing"
    unit = look.prices[names[1]]
    # In the quote asset: what leaves with one unit of base, and what the debt falls by.
    sells = found.side is Side.SELL
    leaves = (index if sells else found.price) * unit
    pays = (found.price if sells else index) * (1 - COMMISSION) * unit
    if totals.assets * pays <= totals.liabilities * leaves:
        return f"at {rule.slippage:%} slippage it would not lift the level"
    amount = found.amount
    if rule.target is not None:
        lifts = rule.target * pays - leaves
        short = rule.target * totals.liabilities - totals.assets
        if short <= 0:
            return f"the level is at its target {rule.target}"
        if lifts > 0:
            amount = min(amount, _up(short / lifts))
    amount = amount.quantize(GRAIN, ROUND_DOWN)
    if not amount:
        return "what is left to do is too little"
    return Remedy(amount, found.side, found.price)


def _at_most(limits: list[Decimal]) -> Remedy | str:
    amount = min(limits).quantize(GRAIN, ROUND_DOWN)
    return Remedy(amount) if amount > 0 else "what is left to do is too little"


def _up(amount: Decimal) -> Decimal:
    return amount.quantize(GRAIN, ROUND_UP)
