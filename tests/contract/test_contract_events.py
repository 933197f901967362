"""Every write of the table, carried out with its stored reply: what the bus tells of it, under whose account."""

import json

import pytest
from test_contract import STORED, Recorder, groups_of, revive

from binance_margin_async import Event, MarginClient, SimulatedExchange
from binance_margin_async.wire.endpoints import ALL

ORDERS, LISTS = {"OrderUpdate"}, {"OrderListUpdate", "OrderUpdate"}
# By route: the kinds of events. A list that is answered with the names of its orders alone tells of itself alone.
TOLD = {
    "POST /sapi/v1/margin/order": ORDERS,
    "DELETE /sapi/v1/margin/order": ORDERS,
    "POST /sapi/v1/margin/order/oco": LISTS,
    "POST /sapi/v1/margin/order/oto": LISTS,
    "POST /sapi/v1/margin/order/otoco": LISTS,
    "DELETE /sapi/v1/margin/orderList": LISTS,
    "DELETE /sapi/v1/margin/openOrders": LISTS,
    "POST /sapi/v1/margin/borrow-repay": {"LoanUpdate"},
    "POST /sapi/v1/asset/transfer": {"TransferUpdate"},
    "POST /sapi/v1/margin/max-leverage": {"MaxLeverageUpdate"},
    "POST /sapi/v1/margin/isolated/account": {"IsolatedAccountUpdate"},
    "DELETE /sapi/v1/margin/isolated/account": {"IsolatedAccountUpdate"},
    "POST /sapi/v1/margin/manual-liquidation": {"LiquidationUpdate"},
    "POST /sapi/v1/margin/exchange-small-liability": {"LiabilityExchangeUpdate"},
    "POST /sapi/v1/margin/liquidation-loan/repay": {"LiquidationLoanUpdate"},
    "POST /sapi/v1/bnbBurn": {"BnbBurnUpdate"},
}
# These change no margin account: keys, tokens, and orders of the spot wallet.
SILENT = {
    *(f"{verb} /sapi/v{number}/margin/listen-key" for verb in ("POST", "PUT", "DELETE") for number in (1, 2)),
    "POST /sapi/v1/userListenToken",
    "POST /sapi/v1/margin/apiKey",
    "DELETE /sapi/v1/margin/apiKey",
    "PUT /sapi/v1/margin/apiKey/ip",
    "POST /sapi/v1/margin/exit-special-key-mode",
    "POST /api/v3/order",
    "POST /api/v3/order/test",
    "DELETE /api/v3/order",
    "DELETE /api/v3/openOrders",
}
WRITES = [file for file in STORED if json.loads(file.read_text(encoding="utf-8"))["request"]["verb"] != "GET"]


def test_every_write_of_the_table_is_one_or_the_other():
    """A new call that changes an account has to say by which event."""
    assert TOLD.keys() | SILENT == {row.route for row in ALL if not row.is_read}
    assert not TOLD.keys() & SILENT


@pytest.mark.parametrize("file", WRITES, ids=lambda file: f"{file.parent.name}.{file.stem}")
async def test_a_write_is_told_as_what_it_changed(file, monkeypatch):
    """Whoever keeps a copy of the account hears of it from the bus, whoever made the call."""
    stored = json.loads(file.read_text(encoding="utf-8"))
    route = f"{stored['request']['verb']} {stored['request']['path']}"
    arguments = {name: revive(name, value) for name, value in stored["arguments"].items()}
    heard = []
    async with MarginClient(sim=SimulatedExchange("calm")) as client, client.bus.on(Event, handler=heard.append):
        group = groups_of(client)[file.parent.name]
        # A switch that did not move is no change.
        reply = stored["reply"] | {"success": True} if "success" in stored["reply"] else stored["reply"]
        monkeypatch.setattr(group._executor, "_transport", Recorder(reply))
        await getattr(group, file.stem.partition(".")[0])(**arguments)

    told = {type(event).__name__ for event in heard}
    assert told <= TOLD.get(route, set())
    assert bool(told) is (route in TOLD)
    query = dict(stored["request"]["query"])
    pairs = {query.get(name) for name in ("symbol", "fromSymbol", "toSymbol")} - {None}
    assert {str(event.account) for event in heard} <= pairs | {"CROSS"}
