"""What the monitor answers about an account."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.account import Account
from binance_margin_async.models.margin import BarDistance, MarginState, Source


class Restore(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """
    What brings an account to a margin level; either of the two is enough. Values are in ``numeraire``.

    Divide by the price of the asset, and round up to the eight decimals of an amount: then the level is not below the
    target.
    """

    target: Decimal
    add: Decimal | None
    """Value to transfer in; 0 when the level is there already."""
    repay: Decimal | None
    """Value to repay from what is held; ``None`` when less is held than owed, as repaying then makes it worse."""


class MarginAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the monitor can say of one account at one moment; what it does not know is ``None``."""

    account: Account
    state: MarginState
    """The state alerted now."""
    level: Decimal | None
    """Margin level; ``None`` when nothing is owed, or nothing was ever read."""
    source: Source | None
    age: float | None
    """Seconds since the exchange itself told the level."""
    collateral_level: Decimal | None
    borrow_bar: Decimal
    call_bar: Decimal
    liquidation_bar: Decimal
    bars_source: str
    """``account`` and ``tier`` are the exchange's; ``fallback`` means it could not be asked."""
    may_borrow: bool | None
    may_transfer_out: bool | None
    assets: tuple[str, ...]
    """What it holds or owes."""
    numeraire: str
    """In which values are told: ``USDT``, or the quote asset of an isolated pair; empty until that has been read."""
    to_call: BarDistance | None
    to_liquidation: BarDistance | None
    interest_per_hour: Decimal | None
    """In ``numeraire``, at the rates of the coming hour."""
    interest_per_day: Decimal | None
    call_by_interest_ms: int | None
    """The full hour at which interest alone has led to the call bar; ``None`` when it does not within a year."""
    liquidation_by_interest_ms: int | None
    restore: Restore | None
    """What brings it to the borrow bar."""
    warnings: tuple[str, ...]
