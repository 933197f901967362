"""How often a reading disagreed with what the stream had told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from binance_margin_async.models.account import Account

# Seconds for an event that was on its way while the reading was made; far more than one takes.
GRACE = 5.0


@dataclass(slots=True)
class _State:
    count: int = 0
    # Readings that disagreed: until when an event may still explain it, and of which assets none has come yet.
    open: list[tuple[float, dict[str, None]]] = field(default_factory=list[tuple[float, dict[str, None]]])


class Drift:
    """
    Counts, for each account, the readings that differ from what a live stream had told.

    A stream may be a moment behind a reading. So a difference counts only when the stream does not speak of the asset
    in the seconds after it.
    """

    def __init__(self) -> None:
        self._states: dict[Account, _State] = {}

    def on_difference(self, account: Account, assets: Iterable[str], now: float) -> None:
        """Note that a reading differs in *assets* from what had been told."""
        missing = dict.fromkeys(assets)
        if missing:
            self._settled(account, now).open.append((now + GRACE, missing))

    def on_told(self, account: Account, assets: Iterable[str], now: float) -> None:
        """Note that the stream has spoken of *assets*."""
        state = self._settled(account, now)
        if state.open:
            spoken = dict.fromkeys(assets)
            left = [(until, {each: None for each in missing if each not in spoken}) for until, missing in state.open]
            state.open = [(until, missing) for until, missing in left if missing]

    def on_lost(self, account: Account) -> None:
        """Note that a comparison has found an order event which the stream had never told."""
        self._states.setdefault(account, _State()).count += 1

    def count(self, account: Account, now: float) -> int:
        """Return how many readings differed, without an event that explains it."""
        return self._settled(account, now).count

    def _settled(self, account: Account, now: float) -> _State:
        state = self._states.setdefault(account, _State())
        while state.open and state.open[0][0] <= now:
            del state.open[0]
            state.count += 1
        return state
