"""Journals, and intents to keep in them."""

import pytest

from binance_margin_async.journal import MemoryJournal, SqliteJournal
from binance_margin_async.models.account import CROSS
from binance_margin_async.models.intents import Intent, IntentKind


@pytest.fixture
def make_intent():
    def make(intent_id="bma-1", **changes):
        given = {
            "id": intent_id,
            "kind": IntentKind.ORDER,
            "account": CROSS,
            "symbol": "BTCUSDT",
            "parameters": {"side": "BUY", "quantity": "0.00000001"},
            "recv_window_ms": 5_000,
            "written_ms": 1_767_571_200_000,
            "latest_ms": 1_767_571_265_000,
        }
        return Intent(**(given | changes))

    return make


@pytest.fixture(params=["memory", "sqlite"])
async def journal(request, tmp_path):
    made = MemoryJournal() if request.param == "memory" else SqliteJournal(tmp_path / "journal.db")
    await made.open()
    yield made
    await made.close()
