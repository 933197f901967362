"""Alarms of a user's own: a level, a distance to liquidation, or how fast a level falls."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from binance_margin_async.models.account import Account
from binance_margin_async.models.alerts import Urgency
from binance_margin_async.rules.margin.estimate import Estimate
from binance_margin_async.rules.margin.holds import Hold
from binance_margin_async.rules.margin.policy import AlertPolicy
from binance_margin_async.rules.margin.price_at_bar import common_fall
from binance_margin_async.rules.margin.reading import Reading

# Seconds; a fall is measured within the last of them.
MINUTE = 60.0
# Prices come more often than that; what lies closer together is one level.
_MOST_LEVELS = 1_000
# No fall leads to liquidation, not even one to nothing.
_NOTHING_LEFT = Decimal(1)


class Measure(StrEnum):
    """What a threshold compares."""

    LEVEL = "level"
    """The margin level, at or below."""
    DISTANCE = "distance"
    """The fall, common to everything that is not owed, that leads to liquidation: a fraction, at or below."""
    FALL = "fall_per_minute"
    """By what fraction the level fell from its highest within a minute: at or above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """
    Hold one alarm of a user's.

    Args:
        name: Names it in alerts.
        measure: What is compared …
        value: … with this.
        urgency: How soon a person should look.
        accounts: Whose; all that are watched when empty.

    Raises:
        TypeError: The value is no ``Decimal``.
        ValueError: It could never be reached, or always is.
    """

    name: str
    measure: Measure
    value: Decimal
    urgency: Urgency = Urgency.WARNING
    accounts: tuple[Account, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.value, Decimal):
            raise TypeError(f"the value of threshold {self.name!r} must be a Decimal, not {self.value!r}")
        if not self.value.is_finite():
            raise ValueError(f"{self.value} is no number to ring at")
        if self.measure is Measure.LEVEL and not 1 < self.value < 999:
            raise ValueError(f"a margin level to ring at is above 1 and below 999, not {self.value}")
        if self.measure is not Measure.LEVEL and not 0 < self.value < 1:
            raise ValueError(f"{self.measure} is a fraction above 0 and below 1 (0.05 is 5 %), not {self.value}")

    def covers(self, account: Account) -> bool:
        """Tell whether *account* is meant."""
        return not self.accounts or account in self.accounts


class ThresholdMachine:
    """
    Follow one threshold of one account.

    As with the states of an account, any reading may raise it, and only confirmed readings that stay clear of it for
    long enough lower it.

    Args:
        threshold: What to watch.
        policy: How patient it is.
        reached: Whether it was when an earlier watch ended.
    """

    def __init__(self, threshold: Threshold, policy: AlertPolicy, *, reached: bool = False) -> None:
        self.threshold = threshold
        self._policy = policy
        self.reached: bool = reached
        self.measured: Decimal | None = None
        self._hold: Hold | None = None
        self._levels: deque[tuple[float, Decimal]] = deque(maxlen=_MOST_LEVELS)

    def on_reading(self, reading: Reading, *, totals: Estimate | None, now: float) -> bool:
        """
        Take a reading and return whether the threshold is reached.

        Args:
            reading: Of any source.
            totals: Of the account at this reading; ``None`` when they are unknown, which lowers nothing.
            now: Seconds.
        """
        self.measured = measured = self._measure(reading, totals, now)
        if measured is not None and self._is_reached(measured, Decimal(1)):
            self.reached, self._hold = True, None
        elif self.reached and not self._is_clear(reading, measured):
            self._hold = None
        elif self.reached and reading.confirmed:
            self._lower(reading, now)
        return self.reached

    def on_blind(self) -> None:
        """Begin the hold anew, and the minute: what nobody saw was not held."""
        self._hold = None
        self._levels.clear()

    def _lower(self, reading: Reading, now: float) -> None:
        self._hold = self._hold or Hold(since=now)
        self._hold.readings += 1
        if reading.level is None or self._hold.is_complete(self._policy, now=now):
            self.reached, self._hold = False, None

    def _measure(self, reading: Reading, totals: Estimate | None, now: float) -> Decimal | None:
        if self.threshold.measure is Measure.LEVEL:
            return reading.level
        if self.threshold.measure is Measure.DISTANCE:
            return None if reading.level is None or totals is None else _distance(totals, reading)
        if reading.level is None:
            self._levels.clear()
            return None
        self._note(now, reading.level)
        return 1 - reading.level / self._levels[0][1]

    def _note(self, now: float, level: Decimal) -> None:
        """Keep what may become the highest of the minute: the levels that nothing later has exceeded."""
        levels = self._levels
        while levels and levels[0][0] < now - MINUTE:
            levels.popleft()
        while levels and levels[-1][1] <= level:
            levels.pop()
        if not levels or now - levels[-1][0] >= MINUTE / _MOST_LEVELS:
            levels.append((now, level))

    def _is_reached(self, measured: Decimal, widen: Decimal) -> bool:
        value = self.threshold.value
        return measured >= value / widen if self.threshold.measure is Measure.FALL else measured <= value * widen

    def _is_clear(self, reading: Reading, measured: Decimal | None) -> bool:
        if measured is None:
            # Without debt nothing can fall; a distance that nobody knows clears nothing.
            return reading.level is None
        return not self._is_reached(measured, self._policy.clear_share)

    def __repr__(self) -> str:
        return f"ThresholdMachine({self.threshold.name!r}, reached={self.reached})"


def _distance(totals: Estimate, reading: Reading) -> Decimal:
    fall = common_fall(totals.assets, totals.liabilities, reading.bars.liquidation, steady=totals.steady)
    return _NOTHING_LEFT if fall is None else fall
