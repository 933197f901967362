"""The local copy of what is owed, and of the margin level, from one full reading to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import AssetLiability

_ZERO = Decimal(0)


@dataclass(slots=True)
class _Copy:
    told: dict[str, AssetLiability] = field(default_factory=dict[str, AssetLiability])
    asked_at: float = float("-inf")
    level: Decimal | None = None


class DebtMirror:
    """
    Remembers the debts of every account.

    No stream tells them as absolute amounts, so only full readings count, the one asked for last.
    """

    def __init__(self) -> None:
        self._copies: dict[Account, _Copy] = {}

    def on_snapshot(
        self,
        account: Account,
        debts: Iterable[tuple[str, Decimal, Decimal]],
        *,
        level: Decimal | None,
        asked_at: float,
        received_at: float,
    ) -> list[AssetLiability]:
        """
        Return the debts that a full reading changes.

        An older reading that comes after a newer one is ignored. A known debt that the reading does not name is paid.

        Args:
            account: Whose debts they are.
            debts: Asset, borrowed, interest; in any order.
            level: Margin level, as the exchange computes it; ``None`` when nothing is owed.
            asked_at: When the request was sent, in loop seconds.
            received_at: When the reply came, in loop seconds.
        """
        copy = self._copies.setdefault(account, _Copy())
        if asked_at < copy.asked_at:
            return []
        copy.asked_at, copy.level = asked_at, level
        reading = dict.fromkeys(copy.told, (_ZERO, _ZERO))
        reading.update({asset: (borrowed, interest) for asset, borrowed, interest in debts})
        changed: list[AssetLiability] = []
        for asset, (borrowed, interest) in reading.items():
            before = copy.told.get(asset)
            known = (_ZERO, _ZERO) if before is None else (before.borrowed, before.interest)
            if known == (borrowed, interest):
                continue
            now = AssetLiability(
                account=account,
                origin=Origin.REST,
                received_at=received_at,
                asset=asset,
                borrowed=borrowed,
                interest=interest,
            )
            copy.told[asset] = now
            changed.append(now)
        return changed

    def debts(self, account: Account) -> Mapping[str, AssetLiability]:
        """Return what was last told of each asset that was ever owed, by name, as a copy."""
        return dict(self._of(account).told)

    def debt(self, account: Account, asset: str) -> AssetLiability | None:
        """Return what was last told of one asset; ``None`` when it was never owed."""
        return self._of(account).told.get(asset)

    def level(self, account: Account) -> Decimal | None:
        """Return the margin level of the last reading."""
        return self._of(account).level

    def asked_at(self, account: Account) -> float:
        """Return when the last full reading was asked for, in loop seconds; minus infinity before the first."""
        return self._of(account).asked_at

    def _of(self, account: Account) -> _Copy:
        return self._copies.get(account, _Copy())
