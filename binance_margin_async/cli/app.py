"""The commands, by name; each group has a file of its own."""

from __future__ import annotations

from collections.abc import Sequence

from cyclopts import App, CycloptsError
from rich.console import Console

from binance_margin_async import __version__
from binance_margin_async.cli.account import account
from binance_margin_async.cli.alerts import alerts_app
from binance_margin_async.cli.bench import bench_app
from binance_margin_async.cli.doctor import doctor
from binance_margin_async.cli.exits import ExitCode
from binance_margin_async.cli.funds import borrow, repay, transfer
from binance_margin_async.cli.history.command import history
from binance_margin_async.cli.limits import limits
from binance_margin_async.cli.market import assets, pairs
from binance_margin_async.cli.monitor import monitor
from binance_margin_async.cli.orders import order_app
from binance_margin_async.cli.orders.journal import orders_app
from binance_margin_async.cli.rehearsal.command import rehearse
from binance_margin_async.cli.scenarios import list_scenarios
from binance_margin_async.cli.serve import serve

app: App = App(
    name="binance-margin",
    help="Binance margin from the command line. Without keys, try:  binance-margin monitor --sim",
    version=__version__,
    error_console=Console(stderr=True),
)
sim_app: App = App(name="sim", help="The simulated exchange: the margin testnet that Binance does not offer.")
app.command(monitor)
app.command(alerts_app)
app.command(rehearse)
app.command(doctor)
app.command(account)
app.command(history)
app.command(order_app)
app.command(orders_app)
app.command(borrow)
app.command(repay)
app.command(transfer)
app.command(assets)
app.command(pairs)
app.command(limits)
app.command(bench_app)
app.command(sim_app)
sim_app.command(serve)
sim_app.command(list_scenarios, name="scenarios")


def run_app(arguments: Sequence[str]) -> ExitCode:
    """Run one command line and return its exit code."""
    try:
        result = app(arguments, exit_on_error=False, print_error=True, result_action="return_value")
    except CycloptsError:
        return ExitCode.USAGE
    return result if isinstance(result, ExitCode) else ExitCode.DONE
