"""A user's own rule: what is done to protect an account, when, and how much of it at most."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from binance_margin_async.models.account import Account
from binance_margin_async.models.alerts import Urgency
from binance_margin_async.models.margin import MarginState
from binance_margin_async.models.protection import ActionKind
from binance_margin_async.rules.alerts.condition import LEVEL_URGENCY

# No fall leads to liquidation, not even one to nothing.
NOTHING_LEFT = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """
    Hold how an account is, as triggers see it.

    Args:
        level: Margin level; ``None`` when nothing is owed.
        distance: Common fall that leads to liquidation, a fraction; ``None`` when it is unknown.
        state: By level and bars.
    """

    level: Decimal | None
    distance: Decimal | None
    state: MarginState


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionRule:
    """
    Say what is done to protect accounts, when, and how much of it at most.

    Exactly one of ``level``, ``distance`` and ``urgency`` is the trigger. Amounts are in units of ``asset``, or of the
    base asset of ``symbol``.

    Args:
        name: Names it in alerts and in what is kept.
        kind: What is done.
        accounts: Whose; all that are watched when empty.
        level: Margin level, at or below which it is due.
        distance: Common fall that leads to liquidation, a fraction, at or below which it is due.
        urgency: Due when the state of the account is at least so urgent.
        asset: What is repaid or moved in.
        symbol: Pair by which a position is reduced.
        most: In one action.
        most_per_day: Within 24 hours; of cancels, how often.
        cool_down: Seconds from the end of one action to the next.
        target: Only as much as lifts the level to this; as much as is allowed when left out.
        slippage: How much worse than the index price an order may trade, a fraction.
        on_estimate: Whether our own estimate of the level is enough; otherwise the exchange's must have reached it too.
        dry_run: Say what would be done, and do nothing.

    Raises:
        TypeError: An amount or a trigger is no ``Decimal``.
        ValueError: Something is missing, senseless, or does not belong to this kind.
    """

    name: str
    kind: ActionKind
    accounts: tuple[Account, ...] = ()
    level: Decimal | None = None
    distance: Decimal | None = None
    urgency: Urgency | None = None
    asset: str | None = None
    symbol: str | None = None
    most: Decimal | None = None
    most_per_day: Decimal | None = None
    cool_down: float = 60.0
    target: Decimal | None = None
    slippage: Decimal = Decimal("0.01")
    on_estimate: bool = False
    dry_run: bool = True

    def __post_init__(self) -> None:
        for name in ("level", "distance", "most", "most_per_day", "target", "slippage"):
            number = getattr(self, name)
            if number is not None and not isinstance(number, Decimal):
                raise TypeError(f"{name} of {self.name!r} must be a Decimal, not {number!r}")
            if number is not None and not (number.is_finite() and number > 0):
                raise ValueError(f"{name} must be above 0, not {number}")
        self._check_trigger()
        self._check_subject()
        if not 0 <= self.cool_down < float("inf"):
            raise ValueError(f"cool_down must be seconds, at least 0, not {self.cool_down}")
        if not self.slippage < 1:
            raise ValueError(f"slippage is a fraction below 1 (0.01 is 1 %), not {self.slippage}")

    def covers(self, account: Account) -> bool:
        """Tell whether *account* is protected by it."""
        return not self.accounts or account in self.accounts

    def is_reached(self, measured: Measured, *, widen: Decimal = Decimal(1)) -> bool:
        """Tell whether it is due; with *widen* above 1, whether it would be with that margin to spare."""
        if measured.level is None:
            return False
        if self.level is not None:
            return measured.level <= self.level * widen
        if self.distance is not None:
            return measured.distance is not None and measured.distance <= self.distance * widen
        urgency = LEVEL_URGENCY.get(measured.state)
        return urgency is not None and self.urgency is not None and urgency.rank >= self.urgency.rank

    def is_clear(self, measured: Measured, *, widen: Decimal) -> bool:
        """Tell whether the crossing is over: there is no debt, or a margin to spare; what is unknown is not clear."""
        if measured.level is None:
            return True
        if self.distance is not None and measured.distance is None:
            return False
        return not self.is_reached(measured, widen=widen)

    def _check_trigger(self) -> None:
        given = [name for name in ("level", "distance", "urgency") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of level, distance and urgency, not {', '.join(given) or 'none'}")
        if self.level is not None and not 1 < self.level < 999:
            raise ValueError(f"a margin level to act at is above 1 and below 999, not {self.level}")
        if self.distance is not None and not self.distance < 1:
            raise ValueError(f"distance is a fraction below 1 (0.05 is 5 %), not {self.distance}")
        if self.target is not None and not self.target > (self.level or 1):
            raise ValueError(f"target {self.target} must be above {self.level or 1}")

    def _check_subject(self) -> None:
        wanted = {ActionKind.REDUCE: ["symbol"], ActionKind.CANCEL_ORDERS: []}.get(self.kind, ["asset"])
        for name in ("asset", "symbol"):
            if (getattr(self, name) is not None) != (name in wanted):
                raise ValueError(f"{self.kind} {'needs' if name in wanted else 'takes no'} {name}")
        if self.kind is ActionKind.CANCEL_ORDERS:
            if self.most is not None or self.target is not None:
                raise ValueError("cancel_orders takes neither most nor target: it cancels everything that is open")
        elif self.most is None or self.most_per_day is None:
            raise ValueError(f"{self.kind} needs most and most_per_day: without a cap nothing is done")
