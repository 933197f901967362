"""The command line: ``binance-margin``."""

from __future__ import annotations

import sys

from binance_margin_async.cli.exits import ExitCode
from binance_margin_async.errors import MissingExtraError


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from binance_margin_async.cli.app import run_app  # noqa: PLC0415  # its packages are an extra
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] not in {"cyclopts", "rich"}:
            raise
        print(MissingExtraError("cli", "The command line"), file=sys.stderr)
        sys.exit(ExitCode.ERROR)
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
    sys.exit(run_app(sys.argv[1:]))
