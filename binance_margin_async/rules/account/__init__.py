"""The local copy of an account."""

from binance_margin_async.rules.account.debts import DebtMirror
from binance_margin_async.rules.account.drift import Drift
from binance_margin_async.rules.account.mirror import BalanceMirror

__all__ = ["BalanceMirror", "DebtMirror", "Drift"]
