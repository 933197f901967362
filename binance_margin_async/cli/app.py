"""The commands and their options."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console

from binance_margin_async import __version__
from binance_margin_async.cli import account as account_command
from binance_margin_async.cli import doctor as doctor_command
from binance_margin_async.cli import monitor as monitor_command
from binance_margin_async.cli import serve as serve_command
from binance_margin_async.cli.exits import ExitCode
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.cli.target import Target, check_port, check_speed

app: App = App(
    name="binance-margin",
    help="Binance margin from the command line. Without keys, try:  binance-margin monitor --sim",
    version=__version__,
    error_console=Console(stderr=True),
)
sim_app: App = App(name="sim", help="The simulated exchange: the margin testnet that Binance does not offer.")
app.command(sim_app)

# A flag that is off and a list that is empty need no "default" in the help.
Flag = Annotated[bool, Parameter(negative="", show_default=False)]
Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False)]
Verbose = Annotated[bool, Parameter(name=["--verbose", "-v"], negative="", show_default=False)]
Accounts = Annotated[
    tuple[str, ...], Parameter(name="--account", negative="", consume_multiple=False, show_default=False)
]
Speed = Annotated[float, Parameter(validator=check_speed)]
Port = Annotated[int, Parameter(validator=check_port)]


def run_app(arguments: Sequence[str]) -> ExitCode:
    """Run one command line and return its exit code."""
    try:
        result = app(arguments, exit_on_error=False, print_error=True, result_action="return_value")
    except CycloptsError:
        return ExitCode.USAGE
    return result if isinstance(result, ExitCode) else ExitCode.DONE


@app.command
def monitor(
    *,
    sim: Flag = False,
    scenario: str | None = None,
    prices: Path | None = None,
    speed: Speed = 1.0,
    duration: float | None = None,
    account: Accounts = (),
    config: Path | None = None,
    json: Json = False,
    verbose: Verbose = False,
) -> ExitCode:
    """
    Watch margin accounts and ring before, at and after a margin call.

    Parameters
    ----------
    sim
        Watch a simulated exchange; no keys needed.
    scenario
        What happens on it: slide (default), bank-run, calm.
    prices
        Price file for the simulated exchange: open_time,open,high,low,close,volume, or Binance's kline columns.
    speed
        Simulated seconds in one second.
    duration
        End after this many seconds.
    account
        CROSS or a pair such as BTCUSDT; may be given several times.
    config
        TOML file with settings.
    json
        One JSON object per line on stdout, nothing else.
    verbose
        Tell on stderr what is going on.
    """
    quiet_logging(verbose=verbose)
    target = Target(sim=sim, scenario=scenario, prices=prices, accounts=account, config=config)
    return run_command(
        monitor_command.watch(target, duration=duration, as_json=json),
        pace=speed if sim else None,
    )


@app.command
def doctor(
    *,
    sim: Flag = False,
    account: Accounts = (),
    config: Path | None = None,
    json: Json = False,
) -> ExitCode:
    """
    Check connection, clock, key rights, accounts and streams, and say what to do about each problem.

    Parameters
    ----------
    sim
        Check a simulated exchange; no keys needed.
    account
        CROSS or a pair such as BTCUSDT; may be given several times.
    config
        TOML file with settings.
    json
        One JSON object per check on stdout, nothing else.
    """
    quiet_logging(verbose=False)
    target = Target(sim=sim, scenario="calm" if sim else None, prices=None, accounts=account, config=config)
    return run_command(doctor_command.examine(target, as_json=json))


@app.command
def account(
    *,
    sim: Flag = False,
    account: Accounts = (),
    config: Path | None = None,
    json: Json = False,
) -> ExitCode:
    """
    Show balances, debts and margin levels.

    Parameters
    ----------
    sim
        Show a simulated exchange; no keys needed.
    account
        CROSS or a pair such as BTCUSDT; may be given several times.
    config
        TOML file with settings.
    json
        One JSON object per account on stdout, nothing else.
    """
    quiet_logging(verbose=False)
    target = Target(sim=sim, scenario="slide" if sim else None, prices=None, accounts=account, config=config)
    return run_command(account_command.show(target, as_json=json))


@sim_app.command
def serve(
    *,
    scenario: str = "calm",
    prices: Path | None = None,
    speed: Speed = 1.0,
    host: str = "127.0.0.1",
    rest_port: Port = 8710,
    ws_port: Port = 8711,
    seed: int = 0,
    json: Json = False,
) -> ExitCode:
    """
    Run the simulated exchange for any client, and print the settings that lead there.

    Parameters
    ----------
    scenario
        How it begins: calm (default), slide, bank-run.
    prices
        Price file: open_time,open,high,low,close,volume, or Binance's kline columns.
    speed
        Market seconds in one second: moves prices and interest only.
    host
        Address to listen on; others than loopback let anybody in your network trade on it.
    rest_port
        Port of the REST API; 0 lets the system choose.
    ws_port
        Port of the streams; 0 lets the system choose.
    seed
        Repeats a session's keys and tokens.
    json
        Print the settings as one JSON object.
    """
    quiet_logging(verbose=False)
    return run_command(
        serve_command.serve(
            Target(sim=True, scenario=scenario, prices=prices),
            speed=speed,
            host=host,
            ports=(rest_port, ws_port),
            seed=seed,
            as_json=json,
        )
    )
