"""
The commands, by name; each group has a file of its own.

A command is imported when it is run or its own help is asked for. So the list of commands comes at once, and its words
stand here; a test compares them with what the commands say of themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

from cyclopts import App, CycloptsError
from rich.console import Console

from binance_margin_async import __version__
from binance_margin_async.cli.exit_code import ExitCode

_HERE = "binance_margin_async.cli"
_COMMANDS = {
    "monitor": ("monitor:monitor", "Watch margin accounts and ring before, at and after a margin call."),
    "rehearse": (
        "rehearsal.command:rehearse",
        """
        Play a scenario with your own policy, and print what would have happened, when, and what it would have saved.

        It is played twice in virtual time, once without the policy's protective rules; nobody is told, nothing is sent.
        """,
    ),
    "doctor": (
        "doctor:doctor",
        "Check connection, clock, key rights, accounts and streams, and say what to do about each problem.",
    ),
    "account": ("account:account", "Show balances, debts and margin levels."),
    "risk": (
        "risk:risk",
        "Show how far accounts are from a margin call and from liquidation, and what would bring them back.",
    ),
    "history": (
        "history.command:history",
        """
        Read the past of an account: any period, each record once, oldest first.

        With --out, a run that was interrupted goes on where it was when the same command is given again.
        """,
    ),
    "borrow": (
        "funds:borrow",
        """
        Take a loan.

        For example:  borrow USDT 250 --account BTCUSDT
        """,
    ),
    "repay": (
        "funds:repay",
        """
        Pay a loan back, interest first.

        For example:  repay USDT --all --account BTCUSDT
        """,
    ),
    "transfer": (
        "funds:transfer",
        """
        Move money between wallets and margin accounts, in two steps where there is no direct way.

        A place is SPOT, FUNDING, UM_FUTURES, CM_FUTURES, OPTIONS, PORTFOLIO_MARGIN, CROSS, or a pair for its isolated
        account. For example:  transfer USDT 100 --from SPOT --to BTCUSDT
        """,
    ),
    "assets": (
        "market:assets",
        "List the assets of margin: what can be borrowed, what counts as collateral, the smallest loans.",
    ),
    "pairs": ("market:pairs", "List the pairs of cross margin, or of isolated margin."),
    "limits": ("limits:limits", "Show used and allowed request weights and order counts."),
}
_GROUPS = {
    "bench": ("bench:bench_app", "How long orders and events take on this computer, and where."),
    "alerts": ("alerts:alerts_app", "Try the channels of a policy, see what rings, and acknowledge it."),
    "order": ("orders:order_app", "Place, cancel, show and list orders."),
    "orders": (
        "orders.journal:orders_app",
        "Find out what became of orders, loans and transfers whose reply was lost.",
    ),
}
_SIM_COMMANDS = {
    "serve": ("serve:serve", "Run the simulated exchange for any client, and print the settings that lead there."),
    "scenarios": ("scenarios:list_scenarios", "List the scenarios that come with the package."),
}

# Reading Markdown takes a third of the time until the list is there, which has none in it; what commands say of
# themselves has some.
app: App = App(
    name="binance-margin",
    help="Binance margin from the command line. Without keys, try:  binance-margin monitor --sim",
    help_format="plaintext",
    version=__version__,
    error_console=Console(stderr=True),
)
sim_app: App = App(name="sim", help="The simulated exchange: the margin testnet that Binance does not offer.")
app.command(sim_app)


def _register() -> None:
    for name, (place, words) in _COMMANDS.items():
        app.command(f"{_HERE}.{place}", name=name, help=words, help_format="markdown")
    for name, (place, words) in _GROUPS.items():
        app.command(f"{_HERE}.{place}", name=name, help=words)
    for name, (place, words) in _SIM_COMMANDS.items():
        sim_app.command(f"{_HERE}.{place}", name=name, help=words, help_format="markdown")


_register()


def run_app(arguments: Sequence[str]) -> ExitCode:
    """Run one command line and return its exit code."""
    try:
        result = app(arguments, exit_on_error=False, print_error=True, result_action="return_value")
    except CycloptsError:
        return ExitCode.USAGE
    return result if isinstance(result, ExitCode) else ExitCode.DONE
