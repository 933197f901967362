"""What is told to people before and after a protective action."""

from __future__ import annotations

from binance_margin_async.models.account import Account
from binance_margin_async.models.alerts import AlertTopic, Urgency
from binance_margin_async.models.protection import ActionKind, ActionStage
from binance_margin_async.money import plain
from binance_margin_async.rules.alerts.condition import Condition
from binance_margin_async.rules.protection.look import Deed

# What is over has no rank; what needs a person has the highest.
_RANKS = {
    ActionStage.WOULD: 1,
    ActionStage.BEGUN: 1,
    ActionStage.IDLE: 2,
    ActionStage.FAILED: 3,
    ActionStage.STUCK: 4,
}
_URGENCY = {ActionStage.WOULD: Urgency.WARNING, ActionStage.STUCK: Urgency.CRITICAL}


def protection_key(account: Account, rule: str) -> str:
    """Return the key of the alert that *rule* makes for *account*."""
    return f"{account}/protection/{rule}"


def condition(account: Account, rule: str, stage: ActionStage | None, text: str) -> Condition:
    """Return how bad the last action of *rule* is; ``None`` and ``DONE`` are well."""
    return Condition(
        key=protection_key(account, rule),
        topic=AlertTopic.PROTECTION,
        rank=0 if stage is None else _RANKS.get(stage, 0),
        urgency=Urgency.URGENT if stage is None else _URGENCY.get(stage, Urgency.URGENT),
        text=text,
        account=account,
    )


def describe(deed: Deed, stage: ActionStage, detail: str) -> str:
    """Return one sentence: whose account, by which rule, what, and what became of it."""
    level = "no debt" if deed.level is None else f"margin level {deed.level:.4f}"
    where = f"{deed.account} at {level}, {deed.rule}"
    if stage is ActionStage.WOULD:
        return f"{where}: would {_doing(deed)} now (dry run)"
    if stage is ActionStage.BEGUN:
        return f"{where}: about to {_doing(deed)}"
    if stage is ActionStage.DONE:
        return f"{where}: {detail}"
    if stage is ActionStage.STUCK:
        return f"{where}: nobody can tell whether it did {_doing(deed)}, so nothing more is done here: {detail}"
    return f"{where}: could not {_doing(deed)}: {detail}"


def _doing(deed: Deed) -> str:
    number = plain(deed.amount.normalize())
    amount = f"{number} {deed.subject}"
    if deed.kind is ActionKind.REPAY:
        return f"repay {amount}"
    if deed.kind is ActionKind.TRANSFER_IN:
        return f"move in {amount} from spot"
    if deed.kind is ActionKind.CANCEL_ORDERS:
        return f"cancel {number} open orders"
    price = "" if deed.price is None else f" at {deed.price:.8g} or better"
    return f"{str(deed.side).lower()} {number} of {deed.subject}{price} and repay"
