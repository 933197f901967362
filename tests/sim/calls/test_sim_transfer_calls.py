"""Money between wallets and margin accounts, and the two histories that tell of it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from binance_margin_async.models.wallets import TransferType
from binance_margin_async.sim import ConstantPrice
from binance_margin_async.sim.ledger.wallets import WAYS
from binance_margin_async.sim.scenarios import scenario_named

CALM = scenario_named("calm")
DAY_MS = 86_400_000
HISTORY = "/sapi/v1/margin/transfer"
FRESH = "fresh"


def test_every_type_of_the_documentation_is_known():
    """The client's table was written apart from the simulator's."""
    assert sorted(set(TransferType) - {TransferType.UNKNOWN}) == sorted(WAYS)


def test_transfer_moves_money_between_two_wallets(desk):
    """What leaves the one arrives in the other."""
    calm = desk()
    calm.move("MAIN_MARGIN", "USDT", "100.5")

    assert Decimal("100100.5") == calm.balance("USDT").free
    assert Decimal("49899.5") == calm.core.venue.book.wallets["SPOT"].balance("USDT").free


@pytest.mark.parametrize(
    ("kind", "symbols", "missing"),
    [
        ("ISOLATEDMARGIN_MARGIN", {}, "fromSymbol"),
        ("MARGIN_ISOLATEDMARGIN", {}, "toSymbol"),
        ("ISOLATEDMARGIN_ISOLATEDMARGIN", {"fromSymbol": "BTCUSDT"}, "toSymbol"),
        ("ISOLATEDMARGIN_ISOLATEDMARGIN", {"toSymbol": "BTCUSDT"}, "fromSymbol"),
    ],
)
def test_isolated_accounts_must_be_named(desk, kind, symbols, missing):
    """The type alone does not say which pair is meant."""
    reply = desk().send("POST", "move", type=kind, asset="USDT", amount="1", **symbols)

    assert b'"code":-1102' in reply.body
    assert missing.encode() in reply.body


def test_money_goes_from_one_isolated_account_to_another(desk):
    """Both are named."""
    calm = desk()
    calm.move("ISOLATEDMARGIN_ISOLATEDMARGIN", "USDT", "5", fromSymbol="BTCUSDT", toSymbol="ETHUSDT")

    assert (Decimal(19995), Decimal(20005)) == (
        calm.balance("USDT", "BTCUSDT").free,
        calm.balance("USDT", "ETHUSDT").free,
    )


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"type": "MAIN_MARGIN", "amount": "50000.01"}, -5002),
        ({"type": "MAIN_MARGIN", "asset": "PEPE"}, -5003),
        ({"type": "MARGIN_MAIN", "amount": "100000.01"}, -3041),
        ({"type": "MARGIN_ISOLATEDMARGIN", "asset": "BTC", "toSymbol": "ETHUSDT"}, -3027),
        ({"type": "MARGIN_ISOLATEDMARGIN", "toSymbol": "XYUSDT"}, -1121),
        ({"type": "ISOLATEDMARGIN_MARGIN", "fromSymbol": "BNBUSDT"}, -3003),
        ({"type": "ISOLATEDMARGIN_ISOLATEDMARGIN", "fromSymbol": "BTCUSDT", "toSymbol": "BTCUSDT"}, -3029),
        ({"type": "MAIN_ISOLATED_MARGIN"}, -1130),
        ({"type": "MAIN_MARGIN", "amount": "0"}, -1102),
        ({"type": None}, -1102),
    ],
)
def test_refused_transfers(desk, sent, code):
    """Nothing moves, and the code says why."""
    calm = desk()

    assert code == calm.refusal("POST", "move", **{"asset": "USDT", "amount": "1", **sent})
    assert [] == calm.core.venue.book.histories.transfers


def test_transfer_out_must_leave_a_level_of_two(desk):
    """160,000 of collateral and 60,000 of debt with what it bought: 100,000 net may shrink to 60,000."""
    calm = desk(replace(CALM, hourly_rate=Decimal(0)))
    calm.loan("BORROW", "USDT", "60000")

    assert "100000.00000000" == calm.call("GET", "/sapi/v1/margin/maxTransferable", asset="USDT")["amount"]
    assert -3020 == calm.refusal("POST", "move", type="MARGIN_MAIN", asset="USDT", amount="100000.00000001")
    calm.move("MARGIN_MAIN", "USDT", "100000")
    assert -3020 == calm.refusal("POST", "move", type="MARGIN_MAIN", asset="USDT", amount="0.00000001")


def test_first_transfer_opens_the_cross_account(desk):
    """Before it, everything about the account is refused."""
    fresh = desk(FRESH)

    assert -3003 == fresh.refusal("GET", "account")
    fresh.move("MAIN_MARGIN", "USDT", "100")
    assert "100.00000000" == fresh.call("GET", "account")["userAssets"][0]["free"]


def test_first_transfer_opens_an_isolated_account(desk):
    """Both of its assets are there at once, one of them empty."""
    fresh = desk(FRESH)
    fresh.move("MAIN_MARGIN", "USDT", "100")

    assert -3003 == fresh.refusal("GET", "isolated", symbols="BTCUSDT")
    fresh.move("MARGIN_ISOLATEDMARGIN", "USDT", "40", toSymbol="BTCUSDT")
    (entry,) = fresh.call("GET", "isolated", symbols="BTCUSDT")["assets"]
    assert ("40.00000000", "0.00000000") == (entry["quoteAsset"]["free"], entry["baseAsset"]["free"])


def test_refused_first_transfer_opens_nothing(desk):
    """Otherwise a typing error would activate an account."""
    fresh = desk(FRESH)
    fresh.refusal("POST", "move", type="MAIN_MARGIN", asset="USDT", amount="1000000")

    assert -3003 == fresh.refusal("GET", "account")


def test_pair_without_prices_in_dollars_has_no_isolated_account(desk):
    """Its account could not be valued."""
    prices = {**CALM.prices, "XYZBTC": ConstantPrice("XYZBTC", "0.001")}
    own = desk(replace(CALM, pairs=(*CALM.pairs, "XYZBTC"), prices=prices))

    assert -3028 == own.refusal("POST", "move", type="MARGIN_ISOLATEDMARGIN", asset="BTC", amount=1, toSymbol="XYZBTC")


def test_transfer_is_told_on_the_streams_of_both_accounts(desk):
    """The change with its sign, then the new balance."""
    calm = desk()
    calm.watch()
    calm.watch("BTCUSDT")
    calm.move("MARGIN_ISOLATEDMARGIN", "USDT", "40", toSymbol="BTCUSDT")

    events = calm.events()

    assert [("balanceUpdate", "-40.00000000"), ("balanceUpdate", "40.00000000")] == [
        (event["e"], event["d"]) for event in events[::2]
    ]
    assert [["99960.00000000"], ["20040.00000000"]] == [[row["f"] for row in event["B"]] for event in events[1::2]]


def test_history_of_margin_tells_direction_and_places(desk):
    """Newest first; an isolated account is named, the cross account is not."""
    calm = desk()
    came = calm.move("MAIN_MARGIN", "USDT", "100")["tranId"]
    calm.wait(1)
    went = calm.move("MARGIN_ISOLATEDMARGIN", "USDT", "40", toSymbol="BTCUSDT")["tranId"]

    both = calm.call("GET", HISTORY)
    isolated = calm.call("GET", HISTORY, isolatedSymbol="BTCUSDT")

    assert 2 == both["total"]
    assert [
        {
            "amount": "40.00000000",
            "asset": "USDT",
            "status": "CONFIRMED",
            "timestamp": calm.start + 1000,
            "txId": went,
            "type": "ROLL_OUT",
            "transFrom": "CROSS_MARGIN",
            "transTo": "ISOLATED_MARGIN",
            "toSymbol": "BTCUSDT",
        },
        {
            "amount": "100.00000000",
            "asset": "USDT",
            "status": "CONFIRMED",
            "timestamp": calm.start,
            "txId": came,
            "type": "ROLL_IN",
            "transFrom": "SPOT",
            "transTo": "CROSS_MARGIN",
        },
    ] == both["rows"]
    assert ["ROLL_IN"] == [row["type"] for row in isolated["rows"]]
    assert [went] == [row["txId"] for row in calm.call("GET", HISTORY, type="ROLL_OUT")["rows"]]


def test_universal_history_reads_one_type_at_a_time(desk):
    """And, where the type has an isolated account, one pair."""
    calm = desk()
    calm.move("MAIN_MARGIN", "USDT", "100")
    calm.move("MARGIN_ISOLATEDMARGIN", "USDT", "40", toSymbol="BTCUSDT")
    calm.move("MARGIN_ISOLATEDMARGIN", "USDT", "30", toSymbol="ETHUSDT")

    page = calm.call("GET", "move", type="MARGIN_ISOLATEDMARGIN", toSymbol="ETHUSDT")

    assert (1, ["30.00000000"]) == (page["total"], [row["amount"] for row in page["rows"]])


def test_history_window_holds_both_of_its_ends(desk):
    """A reader that goes on one millisecond after the last window misses nothing and repeats nothing."""
    calm = desk()
    calm.move("MAIN_MARGIN", "USDT", "1")

    assert 1 == calm.call("GET", HISTORY, startTime=calm.start, endTime=calm.start)["total"]
    assert 0 == calm.call("GET", HISTORY, startTime=calm.start + 1, endTime=calm.start + 2)["total"]
    assert 0 == calm.call("GET", HISTORY, startTime=calm.start - 2, endTime=calm.start - 1)["total"]


def test_usual_window_is_a_week(desk):
    """Older transfers have to be asked for."""
    calm = desk(replace(CALM, duration_s=None))
    calm.move("MAIN_MARGIN", "USDT", "1")
    calm.wait(7 * 86_400)
    assert 1 == calm.call("GET", HISTORY)["total"]
    calm.wait(0.001)

    assert 0 == calm.call("GET", HISTORY)["total"]
    assert 1 == calm.call("GET", HISTORY, startTime=calm.start)["total"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"startTime": 2, "endTime": 1}, -3011),
        ({"startTime": 1, "endTime": 30 * DAY_MS + 2}, -1127),
        ({"size": 101}, -1130),
        ({"size": 0}, -1130),
        ({"current": 0}, -1130),
        ({"type": "IN"}, -1130),
        ({"isolatedSymbol": "XYUSDT"}, -1121),
    ],
)
def test_refused_readings_of_the_history(desk, sent, code):
    """A silent correction would hide records from its reader."""
    assert code == desk().refusal("GET", HISTORY, **sent)


def test_pages_divide_the_history(desk):
    """Each record is on exactly one page, and the total counts them all."""
    calm = desk()
    for amount in range(1, 8):
        calm.move("MAIN_MARGIN", "USDT", amount)

    pages = [calm.call("GET", HISTORY, current=number, size=3) for number in (1, 2, 3, 4)]

    assert [7, 7, 7, 7] == [page["total"] for page in pages]
    assert [["7", "6", "5"], ["4", "3", "2"], ["1"], []] == [
        [row["amount"].partition(".")[0] for row in page["rows"]] for page in pages
    ]
