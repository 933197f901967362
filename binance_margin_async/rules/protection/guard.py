"""
Decide when an account is protected: one action at a time, one for each crossing, within caps and cool-downs.

A crossing begins when a rule is reached, and is over when a confirmed reading has been clear of it by a margin. An
action of which it is proved that nothing was done gives its crossing and its part of the cap back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import AccountType
from binance_margin_async.models.protection import ActionKind
from binance_margin_async.rules.protection.kept import KeptGuard, KeptRule, Spent
from binance_margin_async.rules.protection.look import Deed, Look
from binance_margin_async.rules.protection.remedy import Remedy, remedy
from binance_margin_async.rules.protection.rule import Measured, ProtectionRule

# Seconds; figures that are older decide nothing. Reading an account takes a tenth of it.
FRESH = 5.0
# Seconds until a rule that had nothing to do it with looks again.
LOOK_AGAIN_MS = 5_000
DAY_MS = 86_400_000
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Idle:
    """A rule is due, and nothing can be done; *reason* says why."""

    rule: ProtectionRule
    reason: str


@dataclass(slots=True)
class _Standing:
    rule: ProtectionRule
    acted: bool = False
    ready_ms: int = 0
    spent: list[Spent] = field(default_factory=list[Spent])
    # Why it could do nothing in this crossing, as told last.
    idle: str = ""
    # What an estimate has begun, an estimate must have left too.
    guessed: bool = False

    def left(self, now_ms: int) -> Decimal | None:
        self.spent = [each for each in self.spent if each.at_ms > now_ms - DAY_MS]
        if self.rule.most_per_day is None:
            return None
        return self.rule.most_per_day - sum((each.amount for each in self.spent), Decimal(0))


class Guard:
    """
    Protect one account by its rules, the first that is due first.

    Args:
        account: Which.
        rules: Those that cover it, in the order of the policy.
        clear_share: A crossing is over above its trigger times this.
        kept: Where an earlier guard ended.
    """

    def __init__(
        self,
        account: Account,
        rules: Sequence[ProtectionRule],
        *,
        clear_share: Decimal,
        kept: KeptGuard | None = None,
    ) -> None:
        self.account = account
        self._clear_share = clear_share
        known = {each.name: each for each in kept.rules} if kept is not None else {}
        self._standings = {rule.name: _restored(rule, known.get(rule.name)) for rule in rules}
        self.pending: Deed | None = None if kept is None else kept.pending

    def __repr__(self) -> str:
        acted = [name for name, each in self._standings.items() if each.acted]
        return f"Guard({self.account}, acted={acted}, pending={self.pending is not None})"

    def due(self, measured: Measured, *, confirmed: bool, now_ms: int) -> list[ProtectionRule]:
        """
        Take a reading of whatever source, and return the rules that may have to act: look at the account then.

        Args:
            measured: The account by that reading.
            confirmed: Whether it is the exchange's own full answer; only such a one ends a crossing.
            now_ms: Epoch milliseconds.
        """
        if confirmed:
            self._end_crossings(measured)
        else:
            self._note_guess(measured)
        if self.pending is not None:
            return []
        return [
            each.rule
            for each in self._standings.values()
            if not each.acted and each.ready_ms <= now_ms and each.rule.is_reached(measured)
        ]

    def decide(self, look: Look, *, now: float, now_ms: int) -> list[Deed | Idle]:
        """
        Return what is to be done now: at most one deed, after the rules before it that could do nothing.

        A rule that can do nothing says so once in a crossing. The deed is pending, and its crossing and its part of the
        cap are used, from now on until `end`.
        """
        if self.pending is not None or now - look.read_at > FRESH or look.account != self.account:
            return []
        confirmed, estimated = look.confirmed(), look.estimated()
        if estimated is not None:
            self._note_guess(estimated)
        self._end_crossings(confirmed)
        found: list[Deed | Idle] = []
        for each in self._standings.values():
            rule = each.rule
            reached = rule.is_reached(confirmed)
            guessed = rule.on_estimate and estimated is not None and rule.is_reached(estimated)
            if each.acted or each.ready_ms > now_ms or not (reached or guessed):
                continue
            told = _remedy(rule, look, each.left(now_ms))
            if isinstance(told, str):
                each.ready_ms = now_ms + LOOK_AGAIN_MS
                if told and told != each.idle:
                    found.append(Idle(rule, told))
                each.idle = told
                continue
            by = confirmed if reached or estimated is None else estimated
            self.pending = _deed(rule, look, told, by.level, now_ms)
            each.acted, each.idle = True, ""
            each.spent.append(Spent(now_ms, _counted(self.pending)))
            return [*found, self.pending]
        return found

    def end(self, *, done: Decimal, now_ms: int) -> None:
        """
        Take the proved outcome of what is pending.

        Args:
            done: How much was done; 0 when nothing was, and then the rule may act again after its cool-down.
            now_ms: Epoch milliseconds.
        """
        deed, self.pending = self.pending, None
        each = None if deed is None else self._standings.get(deed.rule)
        if deed is None or each is None:
            return
        each.ready_ms = now_ms + round(each.rule.cool_down * 1000)
        each.acted = done > 0
        each.spent = [spent for spent in each.spent if spent.at_ms != deed.at_ms]
        if done > 0:
            used = _ONE if deed.kind is ActionKind.CANCEL_ORDERS else done
            each.spent.append(Spent(deed.at_ms, used))

    def is_over(self, name: str) -> bool:
        """Tell whether no crossing of that rule lasts."""
        return not self._standings[name].acted

    def export(self) -> KeptGuard:
        """Return everything that a restart must find again."""
        rules = tuple(
            KeptRule(name=name, acted=each.acted, ready_ms=each.ready_ms, spent=tuple(each.spent))
            for name, each in self._standings.items()
        )
        return KeptGuard(account=self.account, rules=rules, pending=self.pending)

    def _end_crossings(self, measured: Measured) -> None:
        for each in self._standings.values():
            # While its outcome is open, it is the level after it that counts.
            is_open = self.pending is not None and self.pending.rule == each.rule.name
            if not is_open and not each.guessed and each.rule.is_clear(measured, widen=self._clear_share):
                each.acted, each.idle = False, ""

    def _note_guess(self, measured: Measured) -> None:
        for each in self._standings.values():
            each.guessed = each.rule.on_estimate and not each.rule.is_clear(measured, widen=self._clear_share)


def _remedy(rule: ProtectionRule, look: Look, left: Decimal | None) -> Remedy | str:
    if look.account_type is not AccountType.MARGIN_1:
        return f"the account is {look.account_type}, whose liquidation follows other figures"
    return remedy(rule, look, left_today=left)


def _deed(rule: ProtectionRule, look: Look, told: Remedy, level: Decimal | None, now_ms: int) -> Deed:
    return Deed(
        account=look.account,
        rule=rule.name,
        kind=rule.kind,
        subject=rule.asset or rule.symbol or "",
        amount=told.amount,
        level=level,
        at_ms=now_ms,
        side=told.side,
        price=told.price,
        dry_run=rule.dry_run,
    )


def _counted(deed: Deed) -> Decimal:
    return _ONE if deed.kind is ActionKind.CANCEL_ORDERS else deed.amount


def _restored(rule: ProtectionRule, kept: KeptRule | None) -> _Standing:
    if kept is None:
        return _Standing(rule)
    return _Standing(rule, kept.acted, kept.ready_ms, list(kept.spent))
