"""Orders of the command line whose reply is lost: exit code 5, the journal, and what finds out later."""

import re
import sqlite3
from contextlib import closing

import pytest

from binance_margin_async.sim import Fault

ERROR, CONFIG, UNKNOWN = 1, 3, 5
IN_ETH = ("--account", "ETHUSDT")
PLACE = ("order", "place", "ETHUSDT", "BUY", "LIMIT", "--quantity", "0.01", "--price", "2900", *IN_ETH, "--yes")
OCO = ("order", "oco", "ETHUSDT", "SELL", "--quantity", "0.01", "--price", "3300", "--stop-price", "2800", *IN_ETH)


@pytest.mark.parametrize(("arguments", "orders"), [(PLACE, 1), ((*OCO, "--yes"), 2)], ids=["order", "list"])
def test_an_order_whose_fate_stays_unknown_ends_with_code_5_and_is_resolved_later(
    within, troubled, tmp_path, arguments, orders
):
    """Promises O2 and P3: the journal has it, so another command finds out; nothing is sent a second time."""
    journal = ("--journal", str(tmp_path / "orders.journal"))
    troubled.inject(
        Fault("drop", target="POST /sapi/v1/margin/order*", effect="done"),
        Fault("server_error", target="GET /sapi/v1/margin/order*", times="always"),
    )
    lost = within(*arguments, *journal, "--patience", "0.5", env=troubled.env)
    assert (UNKNOWN, "") == (lost.code, lost.out)
    (name,) = re.findall(r"orders resolve (\S+)", lost.complaint)

    assert UNKNOWN == within("orders", "resolve", name, "--patience", "0.5", *journal, env=troubled.env).code
    (left,) = within("orders", "unresolved", *journal, "--json").rows
    assert (name, "UNKNOWN", "ETHUSDT") == (left["id"], left["outcome"], left["symbol"])
    assert name in within("orders", "unresolved", *journal).out

    troubled.heal()
    found = within("orders", "resolve", name, *journal, env=troubled.env)
    assert (0, "") == (found.code, found.err)
    assert f"{name}: ACCEPTED" in found.out
    assert "everything is resolved\n" == within("orders", "unresolved", *journal).out
    again = within("orders", "resolve", name, *journal, "--json", env=troubled.env)
    assert (0, "ACCEPTED") == (again.code, again.rows[0]["outcome"])
    assert orders == len(troubled.orders)


def test_a_lost_reply_that_is_found_at_once_is_an_order_like_any_other(within, troubled):
    """Promise O2: it is asked for, by its own id, and shown as the exchange has it."""
    troubled.inject(Fault("unknown_outcome", target="POST /sapi/v1/margin/order", effect="done"))
    placed = within(*PLACE, env=troubled.env)
    assert (0, "") == (placed.code, placed.err)
    assert re.match(r"order 1\d+ \(bma-\S+\): BUY ETHUSDT LIMIT NEW, 0 of 0.01 filled\n", placed.out)
    assert 1 == len(troubled.orders)

    troubled.inject(Fault("reset", target="DELETE /sapi/v1/margin/order", effect="done"))
    ended = within(
        "order", "cancel", "ETHUSDT", "--client-order-id", troubled.orders[0], *IN_ETH, "--yes", env=troubled.env
    )
    assert (0, "") == (ended.code, ended.err)
    assert "BUY ETHUSDT LIMIT CANCELED" in ended.out


def test_without_a_journal_there_is_nothing_to_resolve(within, served, tmp_path):
    """An intent that nobody wrote down cannot be found; the sentence says how to name the journal."""
    unnamed = within("orders", "unresolved")
    assert (CONFIG, "") == (unnamed.code, unnamed.out)
    assert "journal_path" in unnamed.complaint
    missing = tmp_path / "missing"
    assert "there is no journal" in within("orders", "resolve", "x", "--journal", str(missing), env=served).complaint
    assert not missing.exists()


def test_only_what_places_orders_takes_the_journal(within, served, tmp_path):
    """Promise P6. A bot has it all the time: looking and cancelling must work beside it."""
    kept = {**served, "BINANCE_MARGIN_JOURNAL": str(tmp_path / "orders.journal")}
    lock = tmp_path / "orders.journal.lock"
    lock.touch(0o600)
    with closing(sqlite3.connect(lock, isolation_level=None)) as bot:
        bot.execute("BEGIN EXCLUSIVE")
        refused = within(*PLACE, env=kept)
        assert (ERROR, "") == (refused.code, refused.out)
        assert "another process has the journal" in refused.complaint
        assert "no open orders" in within("order", "list", *IN_ETH, env=kept).out
        assert 0 == within("order", "cancel", "ETHUSDT", "--all", "--dry-run", *IN_ETH, env=kept).code


def test_everything_on_a_pair_is_cancelled_though_the_reply_is_lost(within, troubled):
    """What is told is what was read afterwards: nothing is open any more."""
    for _ in range(2):
        assert 0 == within(*PLACE, env=troubled.env).code
    troubled.inject(Fault("reset", target="DELETE /sapi/v1/margin/openOrders", effect="done"))
    every = ("order", "cancel", "ETHUSDT", "--all", *IN_ETH, "--yes")
    ended = within(*every, env=troubled.env)
    assert (0, "", "2 orders cancelled; nothing is open any more\n") == (ended.code, ended.err, ended.out)
    assert [{"canceled": 0}] == within(*every, "--json", env=troubled.env).rows


def test_a_list_is_cancelled_though_the_reply_is_lost(within, troubled):
    """As a single order: its end is read, and that it had ended before is told."""
    assert 0 == within(*OCO, "--yes", env=troubled.env).code
    (number,) = {order.list_id for order in troubled.exchange.core.venue.trading.orders.values()}
    cancel = ("order", "cancel", "ETHUSDT", "--order-list-id", str(number), *IN_ETH, "--yes")
    troubled.inject(Fault("reset", target="DELETE /sapi/v1/margin/orderList", effect="done"))
    ended = within(*cancel, env=troubled.env)
    assert (0, "") == (ended.code, ended.err)
    assert f"order list {number}" in ended.out
    assert "ALL_DONE" in ended.out
    again = within(*cancel, env=troubled.env)
    assert 4 == again.code
    assert "had ended before" in again.complaint


@pytest.mark.parametrize(
    ("arguments", "route", "records", "kind"),
    [
        (("borrow", "USDT", "250"), "POST /sapi/v1/margin/borrow-repay", "GET /sapi/v1/margin/borrow-repay", "loan"),
        (
            ("transfer", "USDT", "10", "--from", "CROSS", "--to", "SPOT"),
            "POST /sapi/v1/asset/transfer",
            "GET /sapi/v1/asset/transfer",
            "transfer",
        ),
    ],
    ids=["loan", "transfer"],
)
def test_a_loan_or_a_transfer_whose_fate_stays_unknown_ends_with_code_5_and_is_settled_later(
    within, troubled, tmp_path, arguments, route, *, records, kind
):
    """The journal lists it under the id that was told, and takes what a person found."""
    journal = ("--journal", str(tmp_path / "loans.journal"))
    troubled.inject(Fault("drop", target=route, effect="done"), Fault("server_error", target=records, times="always"))
    ended = within(*arguments, *journal, "--patience", "0.5", "--yes", env=troubled.env)
    assert UNKNOWN == ended.code
    (name,) = set(re.findall(r"bma-\S+?(?=:)", ended.complaint))
    assert "orders resolve" in ended.complaint
    listed = within("orders", "unresolved", *journal, env=troubled.env)
    assert all(word in listed.out for word in (name, kind, "USDT"))

    assert UNKNOWN == within("orders", "resolve", name, *journal, "--patience", "0.5", env=troubled.env).code
    both = ("--transaction", "7", "--never-happened")
    assert 2 == within("orders", "resolve", name, *journal, *both, env=troubled.env).code
    told = within("orders", "resolve", name, "--transaction", "7", *journal, "--json", env=troubled.env)
    assert (0, "ACCEPTED", 7) == (told.code, told.rows[0]["outcome"], told.rows[0]["exchange_id"])
    assert "everything is resolved\n" == within("orders", "unresolved", *journal, env=troubled.env).out
