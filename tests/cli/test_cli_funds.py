"""``binance-margin borrow``, ``repay`` and ``transfer``: there and back again, and what is refused."""

from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest

from binance_margin_async import Moved, Repayment

USAGE, REFUSED = 2, 4
IN_ETH = ("--account", "ETHUSDT", "--yes")


def owed(within, served):
    ((row),) = within("account", "--account", "ETHUSDT", "--json", env=served).rows
    return Decimal(row["assets"]["USDT"]["borrowed"])


def test_a_loan_is_taken_and_paid_back_in_two_payments(within, command, served):
    """A part of it by its amount, the rest with its interest, whatever that is by now."""
    # The exchange takes a second loan of an account only after a moment; a process of its own takes longer to start.
    borrowed = within("borrow", "USDT", "250", *IN_ETH, env=served)
    assert (0, "") == (borrowed.code, borrowed.err)
    assert borrowed.out.startswith("borrowed 250 USDT in ETHUSDT, transaction ")
    assert Decimal(250) == owed(within, served)

    part = command("repay", "USDT", "100.5", *IN_ETH, "--json", env=served)
    assert (0, "") == (part.code, part.err)
    assert {"transaction_id"} <= set(part.rows[0])

    rest = command("repay", "USDT", "--all", *IN_ETH, "--json", env=served)
    assert (0, "") == (rest.code, rest.err)
    (told,) = rest.rows
    assert set(Repayment.__struct_fields__) == set(told)
    assert "ETHUSDT" == told["account"]
    assert told["owed"] == told["repaid"]
    assert Decimal(0) == owed(within, served)
    assert "no USDT is owed in ETHUSDT\n" == within("repay", "USDT", "--all", *IN_ETH, env=served).out


def test_money_is_moved_in_one_step_or_two(within, served):
    """Between spot and an isolated account there is no direct way."""
    there = within("transfer", "USDT", "10", "--from", "ETHUSDT", "--to", "SPOT", "--yes", env=served)
    assert (0, "") == (there.code, there.err)
    assert there.out.startswith("moved 10 USDT: ETHUSDT to CROSS (transaction ")
    assert ", then CROSS to SPOT (transaction " in there.out
    back = within("transfer", "USDT", "10", "--from", "SPOT", "--to", "CROSS", "--yes", "--json", env=served)
    home = within("transfer", "USDT", "10", "--from", "CROSS", "--to", "ETHUSDT", "--yes", "--json", env=served)
    assert [set(Moved.__struct_fields__)] * 2 == [set(told) for told in back.rows + home.rows]
    assert [("SPOT", "CROSS"), ("CROSS", "ETHUSDT")] == [
        (step["from"], step["to"]) for told in back.rows + home.rows for step in told["transfers"]
    ]


@pytest.mark.parametrize(
    ("arguments", "route", "parameters", "note"),
    [
        (("borrow", "BTC", "1e-3"), "POST /sapi/v1/margin/borrow-repay", {"type": "BORROW", "amount": "0.001"}, ""),
        (("repay", "BTC", "2"), "POST /sapi/v1/margin/borrow-repay", {"type": "REPAY", "amount": "2"}, ""),
        (
            ("transfer", "USDT", "10", "--from", "ETHUSDT", "--to", "SPOT"),
            "POST /sapi/v1/asset/transfer",
            {"type": "ISOLATEDMARGIN_MARGIN", "fromSymbol": "ETHUSDT", "amount": "10"},
            "A second transfer would follow, from CROSS to SPOT.",
        ),
    ],
)
def test_a_dry_run_shows_the_first_request(within, served, arguments, route, *, parameters, note):
    """Whatever must be read for it is read."""
    ended = within(*arguments, "--dry-run", "--json", env=served)
    assert 0 == ended.code
    assert note in ended.err
    (told,) = ended.rows
    address = urlsplit(told["url"])
    assert route == f"{told['method']} {address.path}"
    assert parameters.items() <= dict(parse_qsl(address.query)).items()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("borrow", "USDT", "250"), USAGE, ["borrow 250 USDT; account CROSS", "--yes"]),
        (("repay", "USDT", "--yes"), USAGE, ["an amount, or --all"]),
        (("repay", "USDT", "3", "--all", "--yes"), USAGE, ["an amount, or --all"]),
        (("transfer", "USDT", "1", "--from", "SPOT", "--to", "spot", "--yes"), USAGE, ["'spot'", "upper case"]),
        (("transfer", "USDT", "1", "--from", "SPOT", "--to", "SPOT", "--yes"), USAGE, ["SPOT"]),
        (("transfer", "USDT", "9e9", "--from", "CROSS", "--to", "SPOT", "--yes"), REFUSED, ["at most", "not sent"]),
        (("borrow", "USDT", "9e6", "--yes"), REFUSED, ["-3006"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_done_is_told(within, served, arguments, code, words):
    """Before it is sent, where that is known."""
    ended = within(*arguments, env=served)
    assert (code, "") == (ended.code, ended.out)
    assert all(word in ended.complaint for word in words), ended.complaint
