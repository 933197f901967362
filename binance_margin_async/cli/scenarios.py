"""``binance-margin sim scenarios``."""

from __future__ import annotations

import orjson
from rich.console import Console
from rich.table import Table

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.options import Json
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.sim import Scenario, scenarios


def list_scenarios(*, json: Json = False) -> ExitCode:
    """
    List the scenarios that come with the package.

    Parameters
    ----------
    json
        One JSON object per scenario on stdout, nothing else.
    """
    quiet_logging(verbose=False)
    return run_command(show(as_json=json))


async def show(*, as_json: bool) -> ExitCode:
    """Print name, length and description of every shipped scenario."""
    shipped = [scenarios.scenario_named(name) for name in scenarios.scenario_names()]
    if as_json:
        for scenario in shipped:
            print(orjson.dumps(_row(scenario)).decode())
        return ExitCode.DONE
    table = Table(box=None, pad_edge=False)
    for title in ("scenario", "lasts", "what happens"):
        table.add_column(title)
    for scenario in shipped:
        table.add_row(scenario.name, _length(scenario), scenario.description)
    Console().print(table)
    return ExitCode.DONE


def _row(scenario: Scenario) -> dict[str, object]:
    return {
        "scenario": scenario.name,
        "description": scenario.description,
        "duration_s": scenario.duration_s,
        "pairs": scenario.pairs,
        "needs_prices": scenario.needs_prices,
    }


def _length(scenario: Scenario) -> str:
    if scenario.duration_s is None:
        return "as its prices" if scenario.needs_prices else "for ever"
    for unit, seconds in (("h", 3600), ("min", 60)):
        if scenario.duration_s >= 2 * seconds:
            return f"{scenario.duration_s / seconds:g} {unit}"
    return f"{scenario.duration_s:g} s"
