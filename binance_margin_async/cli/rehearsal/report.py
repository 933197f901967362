"""What a rehearsal tells: each moment, and what the policy would have saved."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from binance_margin_async.cli.rehearsal.play import End, Moment, Played, Rehearsal
from binance_margin_async.models.alerts import AlertTopic, Ring
from binance_margin_async.money import plain
from binance_margin_async.services.alerts.message import headline, row

_CENT = Decimal("0.01")


def lines(rehearsal: Rehearsal, policy: str, without: Played, with_: Played) -> Iterator[str]:
    """
    Yield the report for people, line by line; the same rehearsal gives the same text.

    Args:
        rehearsal: What was played.
        policy: How the policy was named.
        without: How it went when the policy only rang.
        with_: How it went when it protected.
    """
    scenario = rehearsal.scenario
    yield f"{scenario.name}, seed {rehearsal.seed}: {scenario.description}"
    yield f"policy: {policy}, with {len(rehearsal.policy.protection)} protective rules"
    pretend = [each.name for each in rehearsal.policy.protection if each.dry_run]
    if pretend:
        yield f"dry runs in the file, which act in this rehearsal: {', '.join(pretend)}"
    yield ""
    yield "What would have happened:"
    # The actions themselves say what the alerts about them say.
    told = [each for each in with_.moments if not _is_about_action(each)]
    yield from map(_moment, told)
    if not told:
        yield "  nothing"
    yield ""
    yield "What it would have saved:"
    for account, before in without.ends.items():
        yield f"  {account} without its actions: {_fate(before)}"
        yield f"  {account} with them: {_fate(with_.ends[account])}"
    yield f"  all wallets at the end: {_money(without.worth)} USDT without, {_money(with_.worth)} USDT with them"
    yield f"  saved: {_money(with_.worth - without.worth)} USDT"


def rows(rehearsal: Rehearsal, without: Played, with_: Played) -> Iterator[dict[str, object]]:
    """Yield the report as JSON objects, one a line."""
    yield {
        "type": "rehearsal",
        "scenario": rehearsal.scenario.name,
        "seed": rehearsal.seed,
        "dry_runs": [each.name for each in rehearsal.policy.protection if each.dry_run],
    }
    yield from map(_row, with_.moments)
    for account, before in without.ends.items():
        after = with_.ends[account]
        yield {"type": "account", "account": account, "without": _end_row(before), "with": _end_row(after)}
    yield {
        "type": "worth",
        "without": _money(without.worth),
        "with": _money(with_.worth),
        "saved": _money(with_.worth - without.worth),
    }


def _is_about_action(moment: Moment) -> bool:
    return isinstance(moment.event, Ring) and moment.event.topic is AlertTopic.PROTECTION


def _moment(moment: Moment) -> str:
    event = moment.event
    if isinstance(event, Ring):
        told = f" -> {', '.join(event.channels)}" if event.channels else ""
        return f"  {_clock(moment.at)}  {headline(event)}{told}"
    return f"  {_clock(moment.at)}  {event.stage}: {event.text}"


def _row(moment: Moment) -> dict[str, object]:
    at, event = round(moment.at, 3), moment.event
    if isinstance(event, Ring):
        return {**row(event), "at": at, "channels": list(event.channels)}
    return {
        "type": "action",
        "at": at,
        "account": str(event.account),
        "rule": event.rule,
        "kind": event.kind,
        "stage": event.stage,
        "subject": event.subject,
        "amount": plain(event.amount),
        "level": _level(event.level),
        "text": event.text,
        "time": event.time_ms,
    }


def _end_row(end: End) -> dict[str, object]:
    return {"lowest": _level(end.lowest), "liquidated_at": end.liquidated_at, "last": _level(end.last)}


def _fate(end: End) -> str:
    if end.lowest is None:
        return "without debt throughout"
    fell = "never liquidated" if end.liquidated_at is None else f"liquidated at {_clock(end.liquidated_at)}"
    return f"{fell}, lowest level {_level(end.lowest)}"


def _clock(seconds: float) -> str:
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 10:02}.{rest % 10}"


def _level(level: Decimal | None) -> str | None:
    return None if level is None else f"{level:.4f}"


def _money(amount: Decimal) -> str:
    return plain(amount.quantize(_CENT))
