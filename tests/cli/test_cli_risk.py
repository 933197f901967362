"""``binance-margin risk``: the answers of the monitor, for whoever asks once."""

from decimal import Decimal

import orjson
import pytest

from binance_margin_async import CROSS, Isolated, MarginClient
from binance_margin_async.cli.risk import show
from binance_margin_async.sim import ConstantPrice, Fault, Holding, IsolatedOpening, Scenario, SimulatedExchange
from binance_margin_async.testing import run_virtual

USAGE = 2
CALLED = {"BTC": Holding(free=Decimal(1)), "USDT": Holding(borrowed=Decimal(48_000))}
FREE = {"BTC": Holding(free=Decimal(1))}


class Given:
    """Stands where the options are: the client is made already."""

    def __init__(self, client):
        self._client = client

    def client(self):
        return self._client, None


@pytest.fixture
def asked(capsys):
    """Ask about accounts of an exchange that stands still, for JSON rows or for lines."""

    def ask(cross, *, rate="0.0001", level=None, at=(), json=True, faults=(), pair=None):
        accounts = (CROSS,) if pair is None else (CROSS, Isolated("BTCUSDT"))

        async def main():
            scenario = Scenario(
                "still",
                pairs=("BTCUSDT",),
                prices={"BTCUSDT": ConstantPrice("BTCUSDT", "60000")},
                cross=cross,
                isolated={} if pair is None else {"BTCUSDT": IsolatedOpening(pair, leverage=5)},
                hourly_rate=Decimal(rate),
                duration_s=None,
            )
            exchange = SimulatedExchange(scenario)
            client = MarginClient(sim=exchange, accounts=accounts)
            for fault in faults:
                exchange.inject(fault)
            return await show(Given(client), level=level, at=at, json=json)

        assert 0 == run_virtual(main())
        out = capsys.readouterr().out
        return [orjson.loads(line) for line in out.splitlines()] if json else out

    return ask


def test_an_account_in_its_margin_call_is_told_what_it_costs_and_what_helps(asked):
    """At 60,000 against 48,000 owed the level is 1.25: the call is past, and liquidation 12 % away."""
    (row,) = asked(CALLED, at=("BTC=50000",))
    assert ("CROSS", "MARGIN_CALL", "1.25") == (row["account"], row["state"], row["level"][:4])
    assert ("1.3", "1.1") == tuple(row[bar].rstrip("0") for bar in ("call_bar", "liquidation_bar"))
    assert Decimal(row["to_call"]["fall"]) < 0 < Decimal(row["to_liquidation"]["fall"])
    assert Decimal(52_800) == Decimal(row["to_liquidation"]["prices"]["BTC"])
    assert Decimal("-0.12") == Decimal(row["to_liquidation"]["moves"]["BTC"]) == Decimal(row["to_liquidation"]["shock"])
    assert (False, False) == (row["may_borrow"], row["may_transfer_out"])
    assert (Decimal("4.8"), Decimal("115.2")) == tuple(
        Decimal(row[name]) for name in ("interest_per_hour", "interest_per_day")
    )
    # 60,000 / 1.1 - 48,000 = 6,545.45 of interest, at 4.80 an hour: after 1,364 charges, on a full hour.
    assert 0 == row["liquidation_by_interest_ms"] % 3_600_000
    assert {"target": "1.50000000", "add": "12000.00000000", "repay": "24000.00000000"} == row["restore"]
    assert {"prices": {"BTC": "50000"}, "level": "1.04166667"} == row["at"]


def test_a_target_says_what_another_level_takes(asked):
    """So much to add, or so much to repay."""
    (row,) = asked(CALLED, level=Decimal(2))
    assert {"target": "2.00000000", "add": "36000.00000000", "repay": "36000.00000000"} == row["restore"]


def test_the_same_is_told_in_sentences(asked):
    """For people, account after account."""
    told = asked(CALLED, json=False, at=("btc=50000",), pair={"BTC": Holding(free=Decimal(1))})
    for words in (
        "CROSS: MARGIN_CALL, margin level 1.2500, by ",
        "BTC 52,800.00 (-12.0%)",
        "12.0% away",
        "4.0% past",
        "At BTC=50000: margin level 1.0417.",
        "by the collateral margin level of 1.2500: to transfer out (bar 2) and to borrow (bar 1.5).",
        "Interest: 4.80 USDT an hour, 115.20 a day; alone it leads to liquidation at 2026-",
        "Back to 1.5: add 12,000.00 USDT in value, or repay 24,000.00 USDT in value of what is held.",
        "BTCUSDT: NO_DEBT, nothing is owed, by rest",
        "Forbidden now: nothing.",
    ):
        assert words in told


def test_where_nothing_is_owed_there_is_nothing_to_wait_for(asked):
    """No distance and no interest: no price can hurt it."""
    (row,) = asked(FREE)
    assert ("NO_DEBT", None) == (row["state"], row["level"])


def test_what_cannot_be_read_is_said_to_be_unknown(asked):
    """An empty field might be taken for a zero."""
    faults = [
        Fault("server_error", target=route, status=503, times="always")
        for route in ("GET /sapi/v1/margin/next-hourly-interest-rate", "GET /sapi/v1/margin/priceIndex")
    ]
    faults.append(Fault("event_drop", target="market", times="always"))
    told = asked(CALLED, json=False, faults=faults)
    assert all(words in told for words in ("not known", "Interest: not known.", "To restore it: not known."))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--at", "BTC"), "--at is written ASSET=PRICE"),
        (("--at", "=5"), "--at is written ASSET=PRICE"),
        (("--at", "BTC=0"), "the price of BTC"),
        (("--at", "BTC=x"), "the price of BTC"),
        (("--at", "BCT=40000"), "BCT: these accounts neither hold nor owe it"),
        (("--target", "1"), "--target must be above 1"),
    ],
)
def test_a_question_that_makes_no_sense_is_named(within, arguments, words):
    """A level at the price of a misspelt asset would be the level of now."""
    ended = within("risk", "--sim", *arguments)
    assert (USAGE, "") == (ended.code, ended.out)
    assert words in ended.complaint


def test_a_served_exchange_answers_as_well(within, served):
    """By its sockets; of an account without debt."""
    ended = within("risk", "--json", env=served)
    assert (0, "") == (ended.code, ended.err)
    assert ["CROSS"] == [row["account"] for row in ended.rows]
