"""Where one order stands, from its first update to its last; it only ever moves forward."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.events import OrderUpdate

_ZERO = Decimal(0)


class OrderState(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is known of an order.

    Args:
        order_id: The exchange's id; ``None`` until the order is known to be there.
        status: ``None`` until then too.
        filled_quantity: In the base asset.
        filled_quote: In the quote asset; ``None`` when the exchange does not know it.
        commissions: By asset, of the fills whose details are known.
        detailed_quantity: Quantity of those fills.
        updated_ms: Exchange's time of the last change.
    """

    order_id: int | None = None
    status: OrderStatus | None = None
    filled_quantity: Decimal = _ZERO
    filled_quote: Decimal | None = _ZERO
    commissions: dict[str, Decimal] = msgspec.field(default_factory=dict[str, Decimal])
    detailed_quantity: Decimal = _ZERO
    updated_ms: int = 0

    @property
    def is_final(self) -> bool:
        """Whether nothing can happen to it any more."""
        return self.status is not None and self.status.is_final

    @property
    def average_price(self) -> Decimal | None:
        """Quote per base over all fills; ``None`` without a fill, or when the exchange does not know the sum."""
        if not self.filled_quantity or self.filled_quote is None:
            return None
        return self.filled_quote / self.filled_quantity

    @property
    def knows_commissions(self) -> bool:
        """Whether ``commissions`` covers every fill."""
        return self.detailed_quantity == self.filled_quantity

    def on_update(self, update: OrderUpdate) -> OrderState:
        """
        Return the state after *update*.

        Updates come merged: each fill once, the cumulative quantity never falling. One that comes late may still add a
        fill's details, and changes nothing else.
        """
        is_late = update.cumulative_quantity < self.filled_quantity or (self.is_final and not update.status.is_final)
        commissions, detailed = self.commissions, self.detailed_quantity
        if update.trade_id is not None and update.last_filled_quantity is not None:
            detailed += update.last_filled_quantity
            if update.commission is not None and update.commission_asset is not None:
                paid = commissions.get(update.commission_asset, _ZERO) + update.commission
                commissions = {**commissions, update.commission_asset: paid}
        if is_late:
            return msgspec.structs.replace(self, commissions=commissions, detailed_quantity=detailed)
        return OrderState(
            order_id=update.order_id,
            status=update.status,
            filled_quantity=update.cumulative_quantity,
            filled_quote=update.cumulative_quote,
            commissions=commissions,
            detailed_quantity=detailed,
            updated_ms=max(self.updated_ms, update.time_ms),
        )
