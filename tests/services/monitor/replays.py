"""
Prices of a kline file, judged by the exchange's ledger.

``python tests/services/monitor/replays.py FILE`` replays it four times: as it is, without pushed levels, without
quotes, and without both. The file has the columns open_time, open, high, low, close and volume, named in its first
line or in the order of Binance's public kline files; ``--only`` plays one of the four.
"""

import argparse
import asyncio
import logging
import sys
from decimal import Decimal

from crossings import Watched

from binance_margin_async.sim import KlineCsv
from binance_margin_async.testing import run_virtual

MUTED = ("none", "no levels", "no quotes", "only readings")


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

    @property
    def rings(self):
        """How many crossings a channel was told of."""
        return sum(
            each.row["kind"] == "raised" and bool(each.row["crossed"]) for each in self.receiver.messages["phone"]
        )

    def prices(self):
        """Return the prices of the file."""
        return self.path

    async def wait_out(self, exchange, network):
        """Begin, and never end."""
        await asyncio.sleep(2.0)
        self.trouble(exchange, network)
        return 0.0, float("inf")


def replay(file, kind):
    """Replay a file; return the replay when it is over."""
    replayed = Replayed(file, kind)
    run_virtual(replayed.play())
    return replayed


def main():
    """Replay the file named; return 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--only", choices=MUTED, action="append")
    given = parser.parse_args()
    logging.disable()
    failed = 0
    for kind in given.only or MUTED:
        over = replay(given.file, kind)
        failed += len(over.problems)
        print(
            f"{kind}: {over.crossings} crossings, {over.rings} rings in each channel, the latest after "
            f"{over.latest:.2f} s, {over.messages} messages, {len(over.problems)} problems",
            *over.problems,
            sep="\n",
            flush=True,
        )
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
