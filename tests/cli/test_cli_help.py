"""The list of commands: at once, and true."""

import importlib
import inspect
import subprocess
import sys

import pytest
from cyclopts import App

from binance_margin_async.cli import app as commands

LISTED = {**commands._COMMANDS, **commands._GROUPS, **commands._SIM_COMMANDS}
# What takes long to import, and is of no use to somebody who only reads.
HEAVY = {"aiohttp", "websockets", "msgspec", "rich.markdown", "binance_margin_async.client", "binance_margin_async.sim"}


@pytest.mark.parametrize("name", LISTED)
def test_the_list_says_of_each_command_what_it_says_of_itself(name):
    """The words stand apart so that the list needs no import; two that differ would be one lie."""
    place, words = LISTED[name]
    module, _, attribute = place.partition(":")
    command = getattr(importlib.import_module(f"{commands._HERE}.{module}"), attribute)
    told = command.help if isinstance(command, App) else inspect.getdoc(command).partition("\n\nParameters\n")[0]
    assert told.split() == words.split()


def test_the_list_is_shown_without_importing_what_commands_need():
    """Somebody who looks for a command should not wait for the exchange's client, its simulation and its streams."""
    program = f"""
import sys
from binance_margin_async.cli import main
try:
    main()
finally:
    print(*sorted({HEAVY} & set(sys.modules)), file=sys.stderr)
"""
    ended = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", program, "--help"], capture_output=True, text=True, check=True, timeout=30
    )
    assert "Watch margin accounts" in ended.stdout
    assert ended.stderr.strip() == ""
