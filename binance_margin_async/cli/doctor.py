"""``binance-margin doctor``: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from binance_margin_async.cli.account import level_of, level_text
from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.exits import exit_code, sentence
from binance_margin_async.cli.options import HERE, AccountNames, Json, Where
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.cli.tables import print_json
from binance_margin_async.cli.target import Target
from binance_margin_async.client import MarginClient
from binance_margin_async.errors import ExchangeError, MarginError
from binance_margin_async.models.account import Account
from binance_margin_async.models.events import OrderUpdate
from binance_margin_async.models.replies import ApiRestrictions
from binance_margin_async.models.stream_events import MarginLevelStatusChange
from binance_margin_async.printable import printable
from binance_margin_async.services.monitor.portfolio import PORTFOLIO, PORTFOLIO_CODE

# What the refusals people meet most often mean (error pages, read 2026-11-22).
EXPLAINED = {
    -2015: "-2015: the key is unknown, or used from an address outside its IP list, or lacks the right: "
    "check it at Binance under API Management.",
    -3003: "-3003: the margin account, or this isolated pair, is not open yet: open it at Binance, accept the terms, "
    "and transfer something in.",
    -1021: "-1021: the request was stamped too early or arrived too late: check this computer's load and network; "
    "the client measures the exchange's clock by itself.",
    -21001: "-21001: this is no portfolio-margin account, so the margin level applies to it; what was refused is for "
    "portfolio margin alone: check that the key belongs to the account you mean.",
    PORTFOLIO_CODE: f"{PORTFOLIO_CODE}: {PORTFOLIO}.",
    -21003: "-21003: the exchange could not read the margin assets just then, which says nothing about the account: "
    "run this again in a second or more.",
}
RIGHTS = (
    ("enable_spot_and_margin_trading", "Enable Spot & Margin Trading", "orders are refused without it"),
    ("enable_margin", "Enable Margin Loan, Repay & Transfer", "borrowing and repaying are refused without it"),
    ("permits_universal_transfer", "Permits Universal Transfer", "transfers between wallets are refused without it"),
)


# Long enough to be seen by whoever runs the doctor once a month.
_SOON_MS = 30 * 86_400_000


class Verdict(StrEnum):
    GOOD = "ok"
    WARNING = "warning"
    BAD = "problem"


class Finding(NamedTuple):
    """One thing looked at."""

    check: str
    verdict: Verdict
    text: str
    code: ExitCode = ExitCode.DONE


def doctor(where: Where = HERE, *, account: AccountNames = (), json: Json = False) -> ExitCode:
    """
    Check connection, clock, key rights, accounts and streams, and say what to do about each problem.

    Parameters
    ----------
    account
        CROSS or a pair such as BTCUSDT; may be given several times.
    json
        One JSON object per check on stdout, nothing else.
    """
    quiet_logging(verbose=False)
    return run_command(examine(where.target(*account), as_json=json))


async def examine(target: Target, *, as_json: bool) -> ExitCode:
    """
    Look at everything a margin bot needs and print a finding for each.

    Returns:
        0 when nothing is wrong, else the code of the first problem.
    """
    client, _ = target.client()
    worst = ExitCode.DONE
    async with client:
        async for finding in _findings(client):
            _print(finding, as_json=as_json)
            if worst is ExitCode.DONE and finding.verdict is Verdict.BAD:
                worst = finding.code
    return worst


async def _findings(client: MarginClient) -> AsyncIterator[Finding]:
    error_ms = client.clock.error * 1000
    yield Finding("clock", Verdict.GOOD, f"the exchange's clock is known to ± {error_ms:.0f} ms")
    yield await _status(client)
    rights = await _rights(client)
    for finding in rights:
        yield finding
    if any(finding.code is ExitCode.CONFIG for finding in rights):
        return
    accounts = [await _account(client, account) for account in client.accounts]
    for finding in accounts:
        yield finding
    if any(finding.verdict is Verdict.BAD for finding in accounts):
        # Half a minute each, only to be told the same again.
        yield Finding("streams", Verdict.WARNING, "not tried: they need every account that is named to be open")
        return
    yield await _stream(client, "trade stream", OrderUpdate)
    if any(not account.is_isolated for account in client.accounts):
        yield await _stream(client, "risk stream", MarginLevelStatusChange)


async def _status(client: MarginClient) -> Finding:
    try:
        status = await client.wallet.system_status()
    except MarginError as problem:
        return _failed("exchange", problem)
    if status.status:
        return Finding("exchange", Verdict.WARNING, f"in maintenance: {status.msg}")
    return Finding("exchange", Verdict.GOOD, "in normal operation")


async def _rights(client: MarginClient) -> list[Finding]:
    try:
        told = await client.wallet.api_restrictions()
    except MarginError as problem:
        return [_failed("API key", problem)]
    dangers = _dangers(told, client.clock.exchange_ms())
    return [*_missing_rights(told), *dangers] or [Finding("API key", Verdict.GOOD, "has the rights it needs")]


def _missing_rights(told: ApiRestrictions) -> list[Finding]:
    return [
        Finding("API key", Verdict.BAD, f"'{label}' is off: {why}. Switch it on under API Management", ExitCode.REFUSED)
        for field, label, why in RIGHTS
        if not getattr(told, field)
    ]


def _dangers(told: ApiRestrictions, now_ms: int) -> list[Finding]:
    findings: list[Finding] = []
    ends_ms = told.trading_authority_expiration_time_ms
    if ends_ms is not None and ends_ms - now_ms < _SOON_MS:
        day = datetime.fromtimestamp(ends_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
        text = f"its right to trade ends on {day}: orders are refused then. Renew it under API Management"
        findings.append(Finding("API key", Verdict.WARNING, text))
    if not told.ip_restrict:
        text = "no IP restriction: whoever copies the key can use it from anywhere. Restrict it under API Management"
        findings.append(Finding("API key", Verdict.WARNING, text))
    if told.enable_withdrawals:
        text = "can withdraw: a margin bot never needs that. Switch 'Enable Withdrawals' off"
        findings.append(Finding("API key", Verdict.WARNING, text))
    return findings


async def _account(client: MarginClient, account: Account) -> Finding:
    check = f"account {account}"
    try:
        if account.symbol is None:
            level = level_of(await client.account.cross())
        else:
            pairs = (await client.account.isolated([account.symbol])).pairs
            if not pairs or not pairs[0].isolated_created:
                return Finding(check, Verdict.BAD, f"not open. {EXPLAINED[-3003]}", ExitCode.REFUSED)
            if not pairs[0].enabled:
                return Finding(check, Verdict.BAD, "switched off: switch it on again at Binance", ExitCode.REFUSED)
            level = level_of(pairs[0])
    except MarginError as problem:
        return _failed(check, problem)
    return Finding(check, Verdict.GOOD, f"open, {level_text(level)}")


async def _stream(client: MarginClient, check: str, kind: type[OrderUpdate | MarginLevelStatusChange]) -> Finding:
    try:
        async with client.events(kind):
            return Finding(check, Verdict.GOOD, "opens and subscribes")
    except MarginError as problem:
        return _failed(check, problem)


def _failed(check: str, problem: MarginError) -> Finding:
    known = EXPLAINED.get(problem.code) if isinstance(problem, ExchangeError) and problem.code is not None else None
    return Finding(check, Verdict.BAD, known or sentence(problem), exit_code(problem))


def _print(finding: Finding, *, as_json: bool) -> None:
    if as_json:
        row = {"check": finding.check, "verdict": finding.verdict, "text": finding.text}
        print_json(row)
        return
    style = {Verdict.GOOD: "green", Verdict.WARNING: "yellow", Verdict.BAD: "bold red"}[finding.verdict]
    line = Text.assemble((f"{finding.verdict:<8}", style), f" {finding.check}: {printable(finding.text)}")
    Console(soft_wrap=True).print(line)
