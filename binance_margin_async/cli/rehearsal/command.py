"""``binance-margin rehearse``."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.exits import EXPECTED
from binance_margin_async.cli.options import AccountNames, Json, Prices, Verbose
from binance_margin_async.cli.rehearsal.play import Rehearsal
from binance_margin_async.cli.rehearsal.report import lines, rows
from binance_margin_async.cli.running import complain, quiet_logging
from binance_margin_async.cli.tables import print_json
from binance_margin_async.cli.target import Target, account_named, accounts_of
from binance_margin_async.services.alerts.policy import MonitorPolicy
from binance_margin_async.services.alerts.policy_file import read_policy


def rehearse(
    *,
    scenario: str = "flash-crash",
    policy: Path | None = None,
    prices: Prices = (),
    seed: int = 0,
    account: AccountNames = (),
    duration: float | None = None,
    json: Json = False,
    verbose: Verbose = False,
) -> ExitCode:
    """
    Play a scenario with your own policy, and print what would have happened, when, and what it would have saved.

    It is played twice in virtual time, once without the policy's protective rules; nobody is told, nothing is sent.

    Parameters
    ----------
    scenario
        What happens: flash-crash (default), another of `sim scenarios`, or a TOML file.
    policy
        TOML file with your policy; without one, the usual alerts.
    prices
        Price file: open_time,open,high,low,close,volume, or Binance's kline columns. FILE for the first pair, or
        SYMBOL=FILE; may be given several times.
    seed
        Decides every chance; the same seed prints the same report.
    account
        CROSS or a pair such as BTCUSDT; may be given several times.
    duration
        End after this many seconds of the scenario.
    json
        One JSON object per line on stdout, nothing else.
    verbose
        Tell on stderr what is going on.
    """
    quiet_logging(verbose=verbose)

    def work() -> ExitCode:
        asked = _asked(scenario=scenario, policy=policy, prices=prices, names=account, seed=seed, duration=duration)
        return _rehearse(asked, policy, as_json=json)

    return _told(work)


def _told(work: Callable[[], ExitCode]) -> ExitCode:
    try:
        return work()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except EXPECTED as problem:
        return complain(problem)


def _asked(
    *,
    scenario: str,
    policy: Path | None,
    prices: tuple[str, ...],
    names: tuple[str, ...],
    seed: int,
    duration: float | None,
) -> Rehearsal:
    if duration is not None and not 0 < duration < math.inf:
        raise ValueError(f"--duration must be a number of seconds above 0, not {duration}")
    chosen, paths = Target(sim=True, scenario=scenario, prices=prices).played()
    played = chosen.with_prices(paths)
    if duration is None and played.duration_s is None:
        raise ValueError(f"scenario {chosen.name} has no end: say how long with --duration SECONDS")
    rules = MonitorPolicy() if policy is None else read_policy(policy)
    accounts = tuple(map(account_named, names)) or rules.accounts or accounts_of(chosen)
    return Rehearsal(scenario=chosen, prices=paths, policy=rules, accounts=accounts, seed=seed, duration=duration)


def _rehearse(rehearsal: Rehearsal, policy: Path | None, *, as_json: bool) -> ExitCode:
    without, with_ = rehearsal.play(protects=False), rehearsal.play(protects=True)
    if as_json:
        for each in rows(rehearsal, without, with_):
            print_json(each)
        return ExitCode.DONE
    named = "none" if policy is None else policy.name
    for line in lines(rehearsal, named, without, with_):
        print(line)
    return ExitCode.DONE
