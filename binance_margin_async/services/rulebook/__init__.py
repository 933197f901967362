"""What is asked of orders and loans, read when first needed and kept for a while: ``client.rules``."""

from binance_margin_async.services.rulebook.rulebook import RuleBook

__all__ = ["RuleBook"]
