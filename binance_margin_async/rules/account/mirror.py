"""The local copy of the balances, from which each change is told once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import AssetBalance
from binance_margin_async.models.stream_events import AccountPosition

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Version:
    """When the stream last spoke of an asset: by the exchange's clock, update before event, and by ours."""

    exchange_ms: tuple[int, int]
    received_at: float


@dataclass(slots=True)
class _Copy:
    """One account: an entry per asset ever seen with a balance."""

    told: dict[str, AssetBalance] = field(default_factory=dict)
    versions: dict[str, _Version] = field(default_factory=dict)
    asked_at: float = -math.inf

    def is_spoken_of_since(self, time: float, asset: str) -> bool:
        version = self.versions.get(asset)
        return version is not None and version.received_at > time

    def adopt(self, now: AssetBalance) -> list[AssetBalance]:
        before = self.told.get(now.asset)
        if before is not None and (before.free, before.locked) == (now.free, now.locked):
            return []
        self.told[now.asset] = now
        return [now]


class BalanceMirror:
    """
    Follow the balances of every account through the stream's positions and REST readings.

    Both are absolute amounts, so nothing is ever added up. Positions are ordered by the exchange's version. A
    reading has none: it counts as older than any position that came after it was asked for.
    """

    def __init__(self) -> None:
        self._copies: dict[Account, _Copy] = {}

    def __repr__(self) -> str:
        return "<BalanceMirror " + ", ".join(f"{a}: {len(c.told)} assets" for a, c in self._copies.items()) + ">"

    def balances(self, account: Account) -> Mapping[str, AssetBalance]:
        """
        Return what was last told of each asset of *account*, by name, as a copy.

        Assets that never had a balance are missing; those that had one once are there with zeros.
        """
        copy = self._copies.get(account)
        return {} if copy is None else dict(copy.told)

    def balance(self, account: Account, asset: str) -> AssetBalance | None:
        """Return what was last told of one asset; ``None`` when it never had a balance."""
        copy = self._copies.get(account)
        return None if copy is None else copy.told.get(asset)

    def on_position(self, event: AccountPosition) -> list[AssetBalance]:
        """
        Return the balances that *event* changes; its stamps are carried over.

        What is older than the asset's last position is ignored. Of two with the same version the later event
        counts, because the exchange's version has only milliseconds.
        """
        copy = self._copy_of(event.account)
        version = _Version((event.update_time_ms, event.event_time_ms), event.received_at)
        changed: list[AssetBalance] = []
        for each in event.balances:
            before = copy.versions.get(each.asset)
            if before is None or version.exchange_ms >= before.exchange_ms:
                copy.versions[each.asset] = version
                now = AssetBalance(
                    account=event.account,
                    origin=event.origin,
                    received_at=event.received_at,
                    asset=each.asset,
                    free=each.free,
                    locked=each.locked,
                    update_time_ms=event.update_time_ms,
                )
                changed += copy.adopt(now)
        return changed

    def on_snapshot(
        self,
        account: Account,
        balances: Iterable[tuple[str, Decimal, Decimal]],
        *,
        asked_at: float,
        received_at: float,
    ) -> list[AssetBalance]:
        """
        Return the balances that a full REST reading changes.

        An asset whose position came after *asked_at* keeps it, and an older reading that comes after a newer one is
        ignored altogether. A known asset that the reading does not name has nothing left: it becomes zero. An asset
        that was never known and has nothing is no change.

        Args:
            account: Whose balances they are.
            balances: Asset, free, locked; in any order.
            asked_at: When the request was sent, in loop seconds.
            received_at: When the reply came, in loop seconds.
        """
        copy = self._copy_of(account)
        if asked_at < copy.asked_at:
            return []
        copy.asked_at = asked_at
        reading = dict.fromkeys(copy.told, (_ZERO, _ZERO))
        reading.update({asset: (free, locked) for asset, free, locked in balances})
        changed: list[AssetBalance] = []
        for asset, (free, locked) in reading.items():
            if copy.is_spoken_of_since(asked_at, asset) or not (free or locked or asset in copy.told):
                continue
            now = AssetBalance(
                account=account, origin=Origin.REST, received_at=received_at, asset=asset, free=free, locked=locked
            )
            changed += copy.adopt(now)
        return changed

    def _copy_of(self, account: Account) -> _Copy:
        return self._copies.setdefault(account, _Copy())
