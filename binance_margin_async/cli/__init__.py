"""The command line: ``binance-margin``."""

from __future__ import annotations

import sys

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.errors import MissingExtraError


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from binance_margin_async.cli.app import run_app  # noqa: PLC0415  # its packages are an extra

        code = run_app(sys.argv[1:])
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] not in {"cyclopts", "rich"}:
            raise
        print(MissingExtraError("cli", "The command line"), file=sys.stderr)
        code = ExitCode.ERROR
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED  # while its command was imported: one that runs answers it itself
    sys.exit(code)
