"""Margin levels and calls; at the bar a liquidation begins."""

from decimal import Decimal
from typing import NamedTuple

from binance_margin_async.sim.amounts import level_text
from binance_margin_async.sim.ledger.accounts import CROSS
from binance_margin_async.sim.ledger.book import Book
from binance_margin_async.sim.margin.bars import FORCE_LIQUIDATION, NO_DEBT_LEVEL
from binance_margin_async.sim.margin.liquidation import Liquidation
from binance_margin_async.sim.margin.valuation import Appraiser
from binance_margin_async.sim.streams.risk_streams import RiskStreams

# A month of 15-second price steps with five accounts is 864,000 records; beyond a million the oldest tenth is dropped.
LEVELS_KEPT = 1_000_000


class LevelRecord(NamedTuple):
    """
    The margin level of one account at one moment, as the exchange computed it.

    Attributes:
        time: Epoch milliseconds of the server.
        account: ``"CROSS"`` or the pair's symbol.
        level: Not rounded; ``None`` without debt.
        status: Name of the band, from ``EXCESSIVE`` to ``FORCE_LIQUIDATION``.
    """

    time: int
    account: str
    level: Decimal | None
    status: str


class Risk:
    """
    Watch every account after each change.

    Attributes:
        levels: One record for each account and change, oldest first.
        statuses: Status of each account now.
    """

    def __init__(self, book: Book, appraiser: Appraiser, liquidation: Liquidation, streams: RiskStreams) -> None:
        self._book = book
        self._appraiser = appraiser
        self._liquidation = liquidation
        self._streams = streams
        self.levels: list[LevelRecord] = []
        self.statuses: dict[str, str] = {}

    def assess(self, now: int) -> None:
        """Compute every level; push the cross status when it changed; begin liquidations."""
        for account in self._book.accounts.values():
            level = self._appraiser.level(account)
            status = self._appraiser.status_at(account, level)
            if account.frozen_until is not None:
                status = FORCE_LIQUIDATION
            elif status == FORCE_LIQUIDATION:
                self._liquidation.begin(account, now)
            self.levels.append(LevelRecord(now, account.name, level, status))
            self._note(account.name, level, status, now)
        if len(self.levels) > LEVELS_KEPT:
            del self.levels[: LEVELS_KEPT // 10]

    def _note(self, name: str, level: Decimal | None, status: str, now: int) -> None:
        before = self.statuses.get(name)
        self.statuses[name] = status
        if name == CROSS and before not in {None, status}:
            shown = NO_DEBT_LEVEL if level is None else level
            event = {"e": "MARGIN_LEVEL_STATUS_CHANGE", "E": now, "l": level_text(shown), "s": status}
            self._streams.publish(event)
