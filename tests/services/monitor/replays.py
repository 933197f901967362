"""
Prices of a kline file, judged by the exchange's ledger.

``python tests/services/monitor/replays.py FILE`` replays it three times: as it is, without pushed levels, and without
pushed levels and prices.
"""

import asyncio
import logging
import sys
from decimal import Decimal

from crossings import Watched

from binance_margin_async.sim import KlineCsv
from binance_margin_async.testing import run_virtual

MUTED = ("none", "no levels", "only readings")


class Replayed(Watched):
    """
    One replay; trouble lasts from the first second to the last.

    The cross account is called when the price has fallen by 7 %, the isolated one at 7 % and 10 % is liquidated.
    """

    soon = 15.0  # the next price step: a quarter of a candle

    def __init__(self, file, kind):
        super().__init__(0, kind)
        self.path = KlineCsv(file)
        first = next(iter(self.path.steps())).price
        called = first * Decimal("0.93")
        self.owed = round(called / Decimal("1.3"), 2), round(called / 5 / Decimal("1.19"), 2)
        self.length = self.path.duration_ms / 1000 + 40

    def prices(self):
        """Return the prices of the file."""
        return self.path

    async def wait_out(self, exchange, network):
        """Begin, and never end."""
        await asyncio.sleep(2.0)
        self.trouble(exchange, network)
        return 0.0, float("inf")


def replay(file, kind):
    """Replay a file; return how many bars were crossed, and what is wrong."""
    replayed = Replayed(file, kind)
    run_virtual(replayed.play())
    return replayed.crossings, replayed.problems


def main():
    """Replay the file named; return 1 if anything is wrong."""
    logging.disable()
    failed = 0
    for kind in MUTED:
        crossings, problems = replay(sys.argv[1], kind)
        failed += len(problems)
        print(f"{kind}: {crossings} crossings, {len(problems)} problems", *problems, sep="\n", flush=True)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
