"""What an order would do, before it is sent."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.orders import SingleOrder
from binance_margin_async.models.violations import Violation


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """
    What an order would do if it were filled now and in full; nothing was sent.

    Args:
        order: Rounded to its symbol's steps.
        price: At which it is assumed to be filled: its own, or the last price where that is better.
        spends: Asset it spends.
        borrows: Loan it would draw, in units of ``spends``.
        missing: What is neither free nor may be borrowed of ``spends``: above zero, the order would be refused.
        interest_per_hour: What that loan costs each hour, in the same units; the first is charged at once.
        repays: Debt it would pay, in units of the asset it receives.
        inventory: What the exchange has left to lend of ``spends``; ``None`` when nothing is to be borrowed.
        level_before: Margin level now, at index prices; ``None`` when nothing is owed.
        level_after: Margin level after the fill, at the same index prices.
        call_price: Index price of the base asset at which the margin call comes after the fill, all others unchanged;
            ``None`` when no price brings it.
        liquidation_price: The same of the forced liquidation.
        violations: What speaks against the order; errors and warnings.
        weight: Request weight of the call that would place it.
        orders: How many orders it counts as.
        guesses: What was assumed and may turn out otherwise; empty for a resting order that is filled at its price.
    """

    order: SingleOrder
    price: Decimal
    spends: str
    borrows: Decimal
    missing: Decimal
    interest_per_hour: Decimal
    repays: Decimal
    inventory: Decimal | None
    level_before: Decimal | None
    level_after: Decimal | None
    call_price: Decimal | None
    liquidation_price: Decimal | None
    violations: tuple[Violation, ...]
    weight: int
    orders: int
    guesses: tuple[str, ...]

    @property
    def lacks_inventory(self) -> bool:
        """Whether the exchange has less to lend than the order would borrow (-3045)."""
        return self.inventory is not None and self.inventory < self.borrows
