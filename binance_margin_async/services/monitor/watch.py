"""One account under watch: turns replies, pushed levels and prices into readings and alerts."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from decimal import Decimal

from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import AccountType
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.margin import BarDistance, MarginAlert, MarginReading, MarginState, Source
from binance_margin_async.models.replies import CrossAccount, CrossAsset, IsolatedAsset, IsolatedPair
from binance_margin_async.models.stream_events import AccountPosition, MarginLevelStatusChange
from binance_margin_async.rules.alerts.condition import Condition, level_condition
from binance_margin_async.rules.alerts.dead_man import of_blindness, of_disagreement
from binance_margin_async.rules.margin.agreement import TOLERANCE, Agreement, agree
from binance_margin_async.rules.margin.alerts import AlertMachine
from binance_margin_async.rules.margin.bars import Bars, TierRow, fallback_isolated_bars, isolated_bars
from binance_margin_async.rules.margin.estimate import Position
from binance_margin_async.rules.margin.holdings import Holdings
from binance_margin_async.rules.margin.level import reported_level
from binance_margin_async.rules.margin.policy import AlertPolicy, poll_period
from binance_margin_async.rules.margin.reading import Reading, StateChange
from binance_margin_async.rules.margin.states import is_known_status
from binance_margin_async.rules.margin.thresholds import ThresholdMachine
from binance_margin_async.services.monitor.thresholds import threshold_condition
from binance_margin_async.services.monitor.words import describe, situation

_log = logging.getLogger("binance_margin_async.monitor")
# Seconds between two estimates that are told and change nothing: prices come much more often.
TOLD_EVERY = 1.0
DISAGREEMENT = (
    f"the margin level computed here differs by more than {TOLERANCE:.0%} from the exchange's: estimates may ring too "
    "early or too late; readings of the exchange go on"
)
TORN = "the level is newer than the prices or balances known here: what follows from them is left out until they are in"
PRO_MODE = (
    "the account is in Pro mode: its state follows the collateral margin level, by the exchange's numbers alone; "
    "nothing is estimated or computed here"
)


class Watch:
    """
    What is known of one account, and its alert machine. It decides; it reads nothing by itself.

    Args:
        account: ``CROSS`` or ``Isolated(symbol)``.
        bars: Until the account's own are read.
        policy: How patient the alerts are.
        now: Loop seconds.
        known: The state that an earlier watch knew.
        thresholds: The user's own alarms.
    """

    def __init__(
        self,
        account: Account,
        *,
        bars: Bars,
        policy: AlertPolicy,
        now: float,
        known: MarginState | None = None,
        thresholds: Sequence[ThresholdMachine] = (),
    ) -> None:
        self.account = account
        self.bars: Bars = bars
        self.tiers: tuple[TierRow, ...] = ()
        self._machine = AlertMachine(policy, now=now, known=known)
        self._thresholds = tuple(thresholds)
        self.holdings: Holdings = Holdings(account)
        self.collateral_level: Decimal | None = None
        self.confirmed_at: float | None = None  # when the exchange told it last, in loop seconds
        self.trouble: str = ""  # why it cannot be read, when a person can do something about that
        self._agreement = Agreement()
        self._told_at = float("-inf")  # when an estimate was told last

    @property
    def state(self) -> MarginState:
        """The state alerted now."""
        return self._machine.state

    @property
    def wake_at(self) -> float | None:
        """When ``on_time`` is due, in loop seconds."""
        return self._machine.wake_at

    @property
    def poll_period(self) -> float:
        """Seconds between two readings by REST."""
        return poll_period(self._machine.state)

    @property
    def last_reading(self) -> Reading | None:
        """The last reading of any source."""
        return self._machine.last_reading

    @property
    def is_torn(self) -> bool:
        """Whether the last level is of another moment than the prices or balances known here; not when that lasts."""
        last, totals = self._machine.last_reading, self.holdings.totals
        differ = last is not None and totals is not None and not agree(last.level, totals.level)
        return differ and self.holdings.computable and not self._agreement.differs

    def distance(self, bar: Decimal) -> BarDistance | None:
        """Return how far the account is from *bar*; ``None`` while that is not known of this moment."""
        return None if self.is_torn else self.holdings.distance(bar)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know before believing the figures."""
        told: list[str] = [self.trouble] if self.trouble else []
        if not self.holdings.computable and self.last_reading is not None:
            told.append(PRO_MODE)
        if self.bars.source == "fallback":
            told.append("the bars are published ones: the account's own could not be read")
        if self._agreement.differs:
            told.append(DISAGREEMENT)
        elif self.is_torn:
            told.append(TORN)
        return tuple(told)

    def conditions(self) -> list[Condition]:
        """Return how bad everything about the account is now."""
        machine, account = self._machine, self.account
        known, last = machine.known_state, machine.last_reading
        if last is None and not machine.is_blind:
            return []  # nobody has looked yet: what an earlier watch knew stays as it was
        found = [of_blindness(account, situation(account, machine.state, last), blind=machine.is_blind)]
        if last is None:
            return found
        if known is not None:
            found.append(level_condition(account, known, situation(account, known, last)))
        found.append(of_disagreement(account, DISAGREEMENT, differs=self._agreement.differs))
        return found + [threshold_condition(account, each) for each in self._thresholds]

    def on_cross(self, reply: CrossAccount, *, asked_ms: int, now: float, time_ms: int) -> list[Event]:
        """Take the exchange's reading of the cross account; it was asked for at *asked_ms* of the exchange's time."""
        self.holdings.computable = reply.account_type is not AccountType.MARGIN_2
        self.holdings.on_reading(tuple(map(_position, reply.user_assets)), asked_ms=asked_ms)
        told = reply.margin_level
        self.collateral_level = reply.collateral_margin_level
        if not self.holdings.computable and self.collateral_level is not None:
            told = self.collateral_level
        reading = Reading(
            level=reported_level(told, liabilities=reply.total_liability_of_btc),
            bars=self.bars,
            source=Source.REST,
            collateral_level=self.collateral_level,
        )
        self._compare(reading)
        return self._take(reading, now=now, time_ms=time_ms)

    def on_isolated(self, pair: IsolatedPair, *, asked_ms: int, now: float, time_ms: int) -> list[Event]:
        """Take the exchange's reading of an isolated account; as `on_cross`."""
        base, quote = _position(pair.base_asset), _position(pair.quote_asset)
        self.holdings.on_isolated(base, quote, pair.index_price, asked_ms=asked_ms)
        self.bars = self._isolated_bars(base, quote, pair.margin_ratio)
        if not is_known_status(pair.margin_level_status):
            _log.warning("unknown margin level status %r of %s", pair.margin_level_status, self.account)
        reading = Reading(
            level=reported_level(pair.margin_level, liabilities=quote.owed + base.owed * pair.index_price),
            bars=self.bars,
            source=Source.REST,
            status_text=pair.margin_level_status if base.owed or quote.owed else None,
        )
        self._compare(reading)
        self.holdings.on_index_price(pair.index_price)
        return self._take(reading, now=now, time_ms=time_ms)

    def on_pushed_level(self, event: MarginLevelStatusChange, *, now: float, time_ms: int) -> list[Event]:
        """Take a level the risk stream pushed."""
        reading = Reading(
            level=reported_level(event.margin_level),
            bars=self.bars,
            source=Source.RISK_STREAM,
            status_text=event.status_text,
        )
        return self._take(reading, now=now, time_ms=time_ms)

    def on_price(self, pair: str, price: Decimal, *, now: float, time_ms: int) -> list[Event]:
        """Estimate the level at a new price of *pair*; what changes nothing is told once a second at most."""
        return self._estimate(now=now, time_ms=time_ms) if self.holdings.on_price(pair, price) else []

    def on_position(self, event: AccountPosition, *, now: float, time_ms: int) -> list[Event]:
        """Estimate the level with pushed balances."""
        return self._estimate(now=now, time_ms=time_ms) if self.holdings.on_position(event) else []

    def _estimate(self, *, now: float, time_ms: int) -> list[Event]:
        """Nothing is said before the first reading, nor while the sum is not known to be whole."""
        totals = self.holdings.estimate
        if totals is None or self._machine.last_reading is None:
            return []
        reading = Reading(level=totals.level, bars=self.bars, source=Source.ESTIMATE)
        return self._take(reading, now=now, time_ms=time_ms)

    def _compare(self, reading: Reading) -> None:
        """Compare the exchange's level with our own sum of the same balances at the prices of the moment."""
        totals = self.holdings.totals if self.holdings.computable else None
        self._agreement.on_levels(reading.level, None if totals is None else totals.level)

    def on_time(self, *, now: float, time_ms: int) -> list[Event]:
        """Return alerts that are due without any reading: nobody is looking, or a reminder."""
        changes = self._machine.on_time(now)
        if self._machine.is_blind:
            for each in self._thresholds:
                each.on_blind()
        return [self._alert(change, now=now, time_ms=time_ms) for change in changes]

    def _take(self, reading: Reading, *, now: float, time_ms: int) -> list[Event]:
        changes = self._machine.on_reading(reading, now)
        totals = self.holdings.totals
        reached = [each.reached for each in self._thresholds]
        for each in self._thresholds:
            each.on_reading(reading, totals=totals, now=now)
        is_news = bool(changes) or reached != [each.reached for each in self._thresholds]
        if reading.confirmed:
            self.confirmed_at, self.trouble = now, ""
        if reading.source is Source.ESTIMATE:
            if not is_news and now < self._told_at + TOLD_EVERY:
                return []
            self._told_at = now
        event = MarginReading(
            level=reading.level,
            state=reading.state,
            source=reading.source,
            borrow_bar=reading.bars.borrow,
            call_bar=reading.bars.call,
            liquidation_bar=reading.bars.liquidation,
            bars_source=reading.bars.source,
            to_call=self.distance(reading.bars.call),
            to_liquidation=self.distance(reading.bars.liquidation),
            time_ms=time_ms,
        )
        event.stamp(self.account, Origin.LOCAL, now)
        return [event, *(self._alert(change, now=now, time_ms=time_ms) for change in changes)]

    def _isolated_bars(self, base: Position, quote: Position, margin_ratio: Decimal) -> Bars:
        """Bars of the tier the debts fall in; published ones while the tiers are unread or make no sense."""
        try:
            return isolated_bars(self.tiers, base_debt=base.owed, quote_debt=quote.owed)
        except ValueError as problem:
            _log.warning("published bars for %s: %s", self.account, problem)
            return _fallback(margin_ratio)

    def _alert(self, change: StateChange, *, now: float, time_ms: int) -> MarginAlert:
        alert = MarginAlert(
            kind=change.kind,
            from_state=change.from_state,
            state=change.to_state,
            level=change.level,
            source=change.source,
            text=describe(self.account, change),
            time_ms=time_ms,
        )
        alert.stamp(self.account, Origin.LOCAL, now)
        _log.log(logging.WARNING if change.to_state.rings else logging.INFO, "%s", alert.text)
        return alert


def _position(asset: CrossAsset | IsolatedAsset) -> Position:
    return Position(asset.asset, asset.free, asset.locked, asset.borrowed, asset.interest)


def _fallback(margin_ratio: Decimal) -> Bars:
    """Published bars for the pair's leverage; the smallest table that is not below it rings earliest."""
    leverage = next((known for known in (3, 5, 10) if margin_ratio <= known), 10)
    return fallback_isolated_bars(leverage)
