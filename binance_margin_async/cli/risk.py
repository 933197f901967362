"""``binance-margin risk``: how far each account is from its bars, what interest does to it, and what restores it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

import msgspec

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.options import HERE, AccountNames, Json, MaybeAmount, WhatIf, Where
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.cli.tables import as_json, print_json, print_table, shown
from binance_margin_async.cli.target import Target
from binance_margin_async.models.account import Account
from binance_margin_async.models.answers import MarginAnswers
from binance_margin_async.models.margin import BarDistance
from binance_margin_async.models.order_request import positive
from binance_margin_async.printable import printable
from binance_margin_async.rules.margin.bars import TRANSFER_OUT_BAR
from binance_margin_async.services.monitor import Monitor

# Seconds until what is not known is shown as not known: an account, its prices and its rates are three calls.
LONGEST, LOOK = 10.0, 0.05
_UNKNOWN = "not known"
# Values and levels are quotients of 28 digits; the exchange gives eight decimals.
_DECIMALS = 8


class _WhatIf(NamedTuple):
    prices: Mapping[str, Decimal]
    level: Decimal | None


def risk(
    where: Where = HERE,
    *,
    account: AccountNames = (),
    target: MaybeAmount = None,
    at: WhatIf = (),
    json: Json = False,
) -> ExitCode:
    """
    Show how far accounts are from a margin call and from liquidation, and what would bring them back.

    Parameters
    ----------
    account
        CROSS or a pair such as BTCUSDT; may be given several times.
    target
        Margin level to be restored; the borrow bar when left out.
    at
        A price at which to tell the level, such as BTC=40000; may be given several times.
    json
        One JSON object per account on stdout, nothing else.
    """
    quiet_logging(verbose=False)
    return run_command(show(where.target(*account, scenario="slide"), level=target, at=at, json=json))


async def show(target: Target, *, level: Decimal | None, at: tuple[str, ...], json: bool) -> ExitCode:
    """
    Read each account, and print what follows from it.

    Args:
        target: Which exchange and accounts.
        level: To be restored.
        at: Prices, as they were typed.
        json: One JSON object per account instead of text.
    """
    if level is not None and level <= 1:
        raise ValueError(f"--target must be above 1, not {level}: at 1 all that is held is owed")
    prices = dict(map(_price, at))
    client, _ = target.client()
    async with client, client.monitor() as monitor:
        found = [await _known(monitor, account) for account in client.accounts]
        if missed := prices.keys() - {asset for answers in found for asset in answers.assets}:
            raise ValueError(f"--at {', '.join(sorted(missed))}: these accounts neither hold nor owe it")
        for account, told in zip(client.accounts, found, strict=True):
            answers = told
            if level is not None:
                answers = msgspec.structs.replace(answers, restore=monitor.restore(account, level))
            what_if = _WhatIf(prices, monitor.level_at(account, prices)) if prices else None
            if json:
                print_json(_row(answers, what_if))
            else:
                _print(answers, what_if)
    return ExitCode.DONE


def _price(typed: str) -> tuple[str, Decimal]:
    asset, given, price = typed.partition("=")
    if not asset or not given:
        raise ValueError(f"--at is written ASSET=PRICE, such as BTC=40000, not {typed!r}")
    return asset.upper(), positive(price, f"the price of {asset}")


async def _known(monitor: Monitor, account: Account) -> MarginAnswers:
    """Return the answers once everything is known that can be, or after a while as far as it is."""
    for _ in range(int(LONGEST / LOOK)):
        answers = monitor.answers(account)
        nothing_owed = answers.source is not None and answers.level is None
        if nothing_owed or (answers.restore is not None and answers.interest_per_hour is not None):
            return answers
        await asyncio.sleep(LOOK)
    return monitor.answers(account)


def _row(answers: MarginAnswers, what_if: _WhatIf | None) -> dict[str, object]:
    names = answers.__struct_fields__
    row = {name: as_json(getattr(answers, name), decimals=_DECIMALS) for name in names}
    if what_if is not None:
        row["at"] = {"prices": as_json(what_if.prices), "level": as_json(what_if.level, decimals=_DECIMALS)}
    return row


def _print(answers: MarginAnswers, what_if: _WhatIf | None) -> None:
    print(printable(_heading(answers)))
    bars = {
        "call": (answers.call_bar, answers.to_call),
        "liquidation": (answers.liquidation_bar, answers.to_liquidation),
    }
    if answers.level is not None:
        print_table(
            ("bar", "at", "if all falls", "if all moves", "if one asset moves"),
            ((name, shown(bar), *_distance(distance)) for name, (bar, distance) in bars.items()),
        )
    for line in _sentences(answers, what_if):
        print(printable(line))
    print()


def _heading(answers: MarginAnswers) -> str:
    if answers.source is None:
        return f"{answers.account}: {answers.state}, not read yet"
    level = "nothing is owed" if answers.level is None else f"margin level {answers.level:.4f}"
    return f"{answers.account}: {answers.state}, {level}, by {answers.source.replace('_', ' ')}"


def _distance(distance: BarDistance | None) -> tuple[str, str, str]:
    if distance is None:
        return _UNKNOWN, "", ""
    fall = "never" if distance.fall is None else f"{abs(distance.fall):.1%} {'past' if distance.fall < 0 else 'away'}"
    shock = "" if distance.shock is None else f"{distance.shock:+.1%}"
    alone = (f"{asset} {_value(price)} ({distance.moves[asset]:+.1%})" for asset, price in distance.prices.items())
    return fall, shock, "\n".join(alone)


def _sentences(answers: MarginAnswers, what_if: _WhatIf | None) -> Iterator[str]:
    if what_if is not None:
        prices = ", ".join(f"{asset}={shown(price)}" for asset, price in what_if.prices.items())
        yield f"At {prices}: " + ("nothing is owed." if what_if.level is None else f"margin level {what_if.level:.4f}.")
    yield _forbidden(answers)
    if answers.level is not None:
        yield _interest(answers)
        yield _restored(answers)
    for warning in answers.warnings:
        yield f"Warning: {warning}."


def _forbidden(answers: MarginAnswers) -> str:
    if answers.may_borrow is None or answers.may_transfer_out is None:
        return f"Forbidden now: {_UNKNOWN}."
    barred = [] if answers.may_transfer_out else [f"to transfer out (bar {TRANSFER_OUT_BAR})"]
    barred += [] if answers.may_borrow else [f"to borrow (bar {shown(answers.borrow_bar)})"]
    level = answers.collateral_level
    by = "" if level is None or answers.level is None else f", by the collateral margin level of {level:.4f}"
    return f"Forbidden now{by}: {' and '.join(barred) or 'nothing'}."


def _interest(answers: MarginAnswers) -> str:
    hourly, daily, unit = answers.interest_per_hour, answers.interest_per_day, answers.numeraire
    if hourly is None or daily is None:
        return f"Interest: {_UNKNOWN}."
    if not hourly:
        return "Interest: none."
    ends = (
        ("the call", answers.call_bar, answers.call_by_interest_ms),
        ("liquidation", answers.liquidation_bar, answers.liquidation_by_interest_ms),
    )
    level = answers.level
    ahead = [f"leads to {name} at {_time(ms)}" for name, bar, ms in ends if ms and level is not None and level > bar]
    leads = " and ".join(ahead) or "leads to no further bar within a year"
    return f"Interest: {_value(hourly)} {unit} an hour, {_value(daily)} a day; alone it {leads}."


def _restored(answers: MarginAnswers) -> str:
    restore, unit = answers.restore, answers.numeraire
    if restore is None or restore.add is None:
        return f"To restore it: {_UNKNOWN}."
    if not restore.add:
        return f"It is at {shown(restore.target)} or above: nothing has to be restored."
    repay = "" if restore.repay is None else f", or repay {_value(restore.repay)} {unit} in value of what is held"
    return f"Back to {shown(restore.target)}: add {_value(restore.add)} {unit} in value{repay}."


def _value(value: Decimal) -> str:
    # A sum of money for people: cents of a dollar, and eight decimals where a unit is worth much more.
    return f"{value:,.2f}" if value >= 1 else f"{value:,.8f}"


def _time(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
