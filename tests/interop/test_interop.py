"""Clients written by others trade margin on the simulated exchange; nothing of it knows who is calling."""

import importlib.util
import json
import os
import subprocess
import sys
import urllib.request
from decimal import Decimal
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SESSIONS = {"python_binance_session": "binance", "ccxt_session": "ccxt"}
# A session takes about ten seconds on an idle machine, most of it start-up and waiting for the exchange's loan desk.
PATIENCE = 120


@pytest.fixture
def served():
    """A served exchange in a process of its own; yields the object that its first line tells."""
    command = [sys.executable, "-m", "binance_margin_async.cli", "sim", "serve", "--port", "0", "--json"]
    scenario = ["--scenario", str(HERE / "fresh.toml")]
    process = subprocess.Popen([*command, *scenario], stdout=subprocess.PIPE)  # noqa: S603  # our own command
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def session(name, served):
    """Run a session of another client and return what it saw."""
    if importlib.util.find_spec(SESSIONS[name]) is None:
        pytest.skip(f"{SESSIONS[name]} is not installed: pip install '.[interop]'")
    addresses = {"REST_URL": served["rest_url"], "WS_API_URL": served["ws_api_url"]}
    keys = {"API_KEY": served["api_key"], "API_SECRET": served["api_secret"]}
    done = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, str(HERE / "sessions" / f"{name}.py")],
        env=os.environ | addresses | keys,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-3_000:]
    return json.loads(done.stdout, parse_float=Decimal)


def ledger(served):
    """The exchange's books, by its admin call."""
    with urllib.request.urlopen(f"{served['admin_url']}/ledger") as answer:  # noqa: S310  # our own loopback address
        return json.load(answer)


@pytest.mark.timeout(2 * PATIENCE)
@pytest.mark.parametrize("name", SESSIONS)
def test_another_client_trades_from_its_first_transfer_to_its_last_repayment(name, served):
    """Only its addresses are changed, and the start-up calls that have nothing to do with margin left out."""
    told = session(name, served)
    books = ledger(served)

    assert Decimal(told["funded"]["free"]) == 5_000
    # Each fill came over its own stream: the limit order, the one that borrowed, and for one client the sale too.
    filled = {str(event["i"]) for event in told["events"] if event.get("X") == "FILLED"}
    placed = [str(order["orderId"]) for order in told["orders_placed"]]
    assert set(placed[:2]) <= filled
    assert Decimal(told["orders_placed"][1]["marginBuyBorrowAmount"]) == 600
    # Both legs of the OCO were open, and cancelling ended the list.
    assert (len(told["open_before"]), told["open_after"]) == (2, [])
    # Nothing is owed in the end.
    for balance in told["after"].values():
        assert Decimal(balance["borrowed"]) == Decimal(balance["interest"]) == 0
    check_histories(told, books)


def check_histories(told, books):
    """What the client read back equals what stands in the exchange's books."""
    fills = [(str(each["id"]), Decimal(each["price"]), Decimal(each["qty"])) for each in told["trades"]]
    assert fills == [(str(each["id"]), Decimal(each["price"]), Decimal(each["quantity"])) for each in books["fills"]]
    orders = [(str(each["orderId"]), each["status"], Decimal(each["executedQty"])) for each in told["orders"]]
    assert orders == [(str(each["id"]), each["status"], Decimal(each["executed"])) for each in books["orders"]]
    for kind, name in (("BORROW", "loans"), ("REPAY", "repayments")):
        read = sorted((str(each["txId"]), Decimal(each["principal"]), Decimal(each["interest"])) for each in told[name])
        kept = [each for each in books["loans"] if each["kind"] == kind]
        assert read == sorted((str(e["transaction"]), Decimal(e["principal"]), Decimal(e["interest"])) for e in kept)
    charged = sorted(Decimal(each["interest"]) for each in told["interest"])
    assert charged == sorted(Decimal(each["interest"]) for each in books["interest"])
