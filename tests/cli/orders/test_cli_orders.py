"""``binance-margin order``: a whole life of an order, what is asked before, and what is shown without sending."""

import os
import subprocess
import sys
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest

from binance_margin_async.models.order_replies import CanceledOrder, Order, OrderFull

REFUSED, USAGE, ERROR, UNREACHABLE = 4, 2, 1, 7
PLACE = ("order", "place", "BTCUSDT", "BUY", "LIMIT", "--quantity", "0.001", "--price", "55000")
OTOCO = (
    *("order", "otoco", "BTCUSDT", "BUY", "--quantity", "0.01", "--working.price", "60000"),
    *("--pending-side", "SELL", "--pending-quantity", "0.01", "--above.type", "LIMIT_MAKER"),
    *("--above.price", "66000", "--below.type", "STOP_LOSS", "--below.stop-price", "58000"),
)
IN_ETH = ("--account", "ETHUSDT")
PLACE_ETH = ("order", "place", "ETHUSDT", "BUY", "LIMIT", "--quantity", "0.01", "--price", "2900", *IN_ETH)


def test_an_order_is_placed_shown_listed_and_cancelled(within, served):
    """Each answer is one JSON object, with the names of the library's fields."""
    placed = within(*PLACE_ETH, "--yes", "--json", env=served)
    assert (0, "") == (placed.code, placed.err)
    (new,) = placed.rows
    mine = ("--client-order-id", new["client_order_id"])
    assert set(OrderFull.__struct_fields__) == set(new)
    assert ("ETHUSDT", "NEW", "0.01", True) == (
        new["symbol"],
        new["status"],
        f"{Decimal(new['quantity']).normalize():f}",
        new["is_isolated"],
    )

    shown = within("order", "show", "ETHUSDT", *mine, *IN_ETH, "--json", env=served)
    listed = within("order", "list", *IN_ETH, "--json", env=served)
    assert shown.rows == listed.rows
    assert set(Order.__struct_fields__) == set(shown.rows[0])
    assert new["order_id"] == shown.rows[0]["order_id"]

    table = within("order", "list", "ETHUSDT", *IN_ETH, env={**served, "COLUMNS": "80"})
    assert (0, "") == (table.code, table.err)
    words = (str(new["order_id"]), mine[1], "BUY ETHUSDT", "LIMIT", "2900", "of 0.01", "NEW")
    assert all(word in table.out for word in words)
    assert "…" not in table.out
    assert max(map(len, table.out.splitlines())) <= 80
    alone = within("order", "show", "ETHUSDT", *mine, *IN_ETH, env={**served, "COLUMNS": "60"})
    assert all(word in alone.out for word in ("client order id", mine[1], "UTC", "executed quantity"))
    assert max(map(len, alone.out.splitlines())) <= 60

    ended = within("order", "cancel", "ETHUSDT", "--order-id", str(new["order_id"]), *IN_ETH, "--yes", env=served)
    assert (0, "") == (ended.code, ended.err)
    assert mine[1] in ended.out
    assert "BUY ETHUSDT LIMIT CANCELED, 0 of 0.01 filled" in ended.out
    assert "no open orders in account ETHUSDT\n" == within("order", "list", *IN_ETH, env=served).out


def test_the_answer_of_a_cancel_is_one_object(within, served):
    """As that of a new order."""
    (new,) = within(*PLACE_ETH, "--yes", "--json", env=served).rows
    mine = ("--client-order-id", new["client_order_id"])
    ended = within("order", "cancel", "ETHUSDT", *mine, *IN_ETH, "--yes", "--json", env=served)
    (told,) = ended.rows
    assert set(CanceledOrder.__struct_fields__) == set(told)
    again = within("order", "cancel", "ETHUSDT", *mine, *IN_ETH, "--yes", env=served)
    assert REFUSED == again.code
    assert "had ended before, as CANCELED with 0 filled" in again.complaint


def test_a_filled_order_is_told_with_its_price(within):
    """On a simulated exchange that lives for this one command."""
    arguments = ("order", "place", "BTCUSDT", "BUY", "MARKET", "--quantity", "0.01")
    ended = within(*arguments, "--side-effect", "MARGIN_BUY", "--sim", "--yes")
    assert (0, "") == (ended.code, ended.err)
    assert "BUY BTCUSDT MARKET FILLED, 0.01 of 0.01 filled for 600, 60000 on average\n" in ended.out
    assert ended.out.startswith("order 1")
    assert "(bma-" in ended.out


# -- without sending -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "route", "parameters"),
    [
        (PLACE, "POST /sapi/v1/margin/order", {"type": "LIMIT", "price": "55000", "isIsolated": "FALSE"}),
        (
            OTOCO,
            "POST /sapi/v1/margin/order/otoco",
            {"workingPrice": "60000", "pendingAboveType": "LIMIT_MAKER", "pendingBelowStopPrice": "58000"},
        ),
        (("order", "cancel", "BTCUSDT", "--all"), "DELETE /sapi/v1/margin/openOrders", {"symbol": "BTCUSDT"}),
    ],
    ids=["one order", "a list", "a cancel"],
)
def test_a_dry_run_shows_the_signed_request_without_its_secrets(within, served, arguments, route, parameters):
    """It asks nothing and sends nothing, and is made in the same way as what is sent."""
    ended = within(*arguments, "--dry-run", "--json", env=served)
    assert (0, "") == (ended.code, ended.err)
    (told,) = ended.rows
    assert {"dry_run", "method", "url", "headers"} == set(told)
    address = urlsplit(told["url"])
    sent = dict(parse_qsl(address.query))
    assert route == f"{told['method']} {address.path}"
    assert parameters.items() <= sent.items()
    assert ["recvWindow", "timestamp", "signature"] == list(sent)[-3:]
    assert ("***", {"X-MBX-APIKEY": "***"}) == (sent["signature"], told["headers"])
    assert served["BINANCE_API_KEY"] not in ended.out
    assert served["BINANCE_API_SECRET"] not in ended.out

    plain = within(*arguments, "--dry-run", env={**served, "COLUMNS": "40"})
    assert plain.out.startswith(f"{told['method']} {address.scheme}://{address.netloc}{address.path}?")
    assert "signature=***\nX-MBX-APIKEY: ***\n" in plain.out
    assert "Not sent: this was a dry run." in plain.err
    assert "no open orders" in within("order", "list", env=served).out


def test_without_a_terminal_nothing_is_sent_unless_yes_is_said(within, served):
    """A script that forgot it must not wait for an answer for ever."""
    ended = within(*PLACE, "--json", env=served)
    assert (USAGE, "") == (ended.code, ended.out)
    assert "BUY BTCUSDT LIMIT: quantity 0.001, price 55000; account CROSS, on http://127.0.0.1" in ended.complaint
    assert "--yes" in ended.complaint
    assert "--dry-run" in ended.complaint
    assert "no open orders" in within("order", "list", env=served).out


@pytest.mark.parametrize(("answer", "code"), [("n\n", ERROR), ("\n", ERROR), ("\x04", ERROR), ("yes\n", 0)])
def test_at_a_terminal_a_person_is_asked(within, served, answer, code):
    """Only a clear yes counts; what was asked is on stderr, the answer of the exchange on stdout."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals on this system")
    leader, follower = pty.openpty()
    with subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-P", "-m", "binance_margin_async.cli", *PLACE_ETH, "--json"],
        env={**os.environ, **served},
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        os.write(leader, answer.encode())
        out, err = process.communicate(timeout=30)
    os.close(leader)
    os.close(follower)
    assert code == process.returncode, err
    assert "BUY ETHUSDT LIMIT: quantity 0.01, price 2900; account ETHUSDT, on http://127.0.0.1" in err
    assert "Go ahead? [y/N] " in err
    assert ("Nothing was sent." in err) == bool(code)
    open_orders = [str(row["order_id"]) for row in within("order", "list", *IN_ETH, "--json", env=served).rows]
    assert ([] if code else [str(orjson.loads(out)["order_id"])]) == open_orders
    for order_id in open_orders:
        within("order", "cancel", "ETHUSDT", "--order-id", order_id, *IN_ETH, "--yes", env=served)


# -- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("place", "BTCUSDT", "BUY", "LIMIT"), ["needs --quantity; ", "needs --price"]),
        (("place", "btcusdt", "BUY", "MARKET", "--quantity", "1", "--yes"), ["btcusdt", "upper case"]),
        (
            ("place", "BTCUSDT", "BUY", "MARKET", "--quantity", "1", *IN_ETH),
            ["BTCUSDT", "ETHUSDT", "--account BTCUSDT"],
        ),
        (("cancel", "BTCUSDT", "--yes"), ["--order-id", "--list-client-order-id", "--all"]),
        (("cancel", "BTCUSDT", "--all", "--order-id", "3", "--yes"), ["exactly one of"]),
        (("show", "BTCUSDT"), ["exactly one of", "--client-order-id"]),
        (
            ("place", "BTCUSDT", "BUY", "LIMIT", "--quantity", "0.0000155", "--price", "60000.001", "--yes"),
            ["PRICE_FILTER", "60000.01", "LOT_SIZE", "0.00001", "NOTIONAL"],
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_mistake_is_told_before_anything_is_sent(within, arguments, words):
    """In one sentence, with all of it."""
    ended = within("order", *arguments, "--sim")
    assert (USAGE, "") == (ended.code, ended.out)
    assert all(word in ended.complaint for word in words), ended.complaint


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--quantity", "1e"), ["--quantity", "no number", "'1e'"]),
        (("--quantity", "0"), ["--quantity", "above zero"]),
        (("--quantity", "nan"), ["--quantity", "finite"]),
        (("--time-in-force", "gtc"), ["gtc", "GTC", "IOC", "FOK"]),
    ],
    ids=lambda value: value[-1] if isinstance(value, tuple) else None,
)
def test_a_word_that_cannot_be_read_is_told_with_its_option(command, arguments, words):
    """Not with a traceback; by the parser of the options."""
    ended = command("order", "place", "BTCUSDT", "BUY", "LIMIT", *arguments, "--sim")
    assert (USAGE, "") == (ended.code, ended.out)
    assert all(word in ended.complaint for word in words), ended.complaint


def test_an_unreachable_exchange_is_told(within, served):
    """Nothing was sent, and the code says so."""
    ended = within(*PLACE, "--yes", env={**served, "BINANCE_MARGIN_REST_URL": "http://127.0.0.1:1"})
    assert (UNREACHABLE, "") == (ended.code, ended.out)
    assert "Nothing was sent" in ended.complaint
