"""The local copy of an account."""

from binance_margin_async.rules.account.mirror import BalanceMirror

__all__ = ["BalanceMirror"]
