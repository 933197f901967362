"""Margin's rules of one asset: the smallest loan and repayment."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.violations import Severity, Violation
from binance_margin_async.money import plain
from binance_margin_async.rules.orders.exact import EXACT, checked, decimals

# More are refused (practice, read 2026-11-22).
_MOST_DECIMALS = 8


class AssetRules(msgspec.Struct, frozen=True, kw_only=True):
    """
    Margin's rules of one asset.

    Source:
        Margin: all assets; codes -3012, -3013, -3015, -3016, -3024 (read 2026-11-22).
    """

    asset: str
    is_borrowable: bool
    min_borrow: Decimal = Decimal(0)
    min_repay: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        checked(self.min_borrow, "min_borrow")
        checked(self.min_repay, "min_repay")

    def check_borrow(self, amount: Decimal) -> list[Violation]:
        """Return what speaks against borrowing *amount* by hand."""
        found = self._precision(amount)
        if not self.is_borrowable:
            found.append(self._violation("BORROW", f"{self.asset} is not lent at present", "borrow another asset"))
        elif amount < self.min_borrow:
            found.append(self._too_small("BORROW", amount, self.min_borrow))
        return found

    def check_repay(self, amount: Decimal, debt: Decimal | None = None) -> list[Violation]:
        """
        Return what speaks against repaying *amount*.

        Args:
            amount: To be repaid.
            debt: Borrowed plus interest, read just before; ``None`` when it is not known.
        """
        found = self._precision(amount)
        if debt is not None and amount > debt:
            what = f"{plain(amount)} {self.asset} is more than the debt of {plain(debt)}"
            found.append(self._violation("REPAY", what, "read the debt again, interest moves it every hour"))
        if amount < self.min_repay and amount != debt:
            severity = Severity.WARNING if debt is None else Severity.ERROR
            found.append(self._too_small("REPAY", amount, self.min_repay, severity))
        if debt is not None and Decimal(0) < EXACT.subtract(debt, amount) < self.min_repay:
            what = f"repaying {plain(amount)} leaves less than {plain(self.min_repay)} {self.asset}"
            found.append(self._violation("REPAY", what, "repay the whole debt", Severity.WARNING))
        return found

    def _precision(self, amount: Decimal) -> list[Violation]:
        if decimals(amount) <= _MOST_DECIMALS:
            return []
        what = f"{plain(amount)} has more than {_MOST_DECIMALS} decimals"
        return [self._violation("PRECISION", what, "round it")]

    def _too_small(self, name: str, amount: Decimal, least: Decimal, severity: Severity = Severity.ERROR) -> Violation:
        what = f"{plain(amount)} {self.asset} is below the smallest amount, {plain(least)}"
        return Violation(name=name, what=what, what_to_do="raise it", severity=severity, nearest=(least,))

    def _violation(self, name: str, what: str, what_to_do: str, severity: Severity = Severity.ERROR) -> Violation:
        return Violation(name=name, what=what, what_to_do=what_to_do, severity=severity)
