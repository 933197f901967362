"""Protective actions: what is done to keep an account from liquidation."""

from binance_margin_async.services.protection.protector import Protector

__all__ = ["Protector"]
