"""``binance-margin bench``, on exchanges in other processes."""

import pytest

from binance_margin_async.cli.exits import ExitCode

LEGS = ["start", "check", "journal", "limiter", "sign", "connection", "exchange", "decode"]
# In the served market BTC stands at 60,000.
LIVE = ("bench", "orders", "BTCUSDT", "--live", "--quantity", "0.001")


def test_orders_are_measured_on_every_way_there_is_and_their_legs_add_up(within):
    """Without an option it is a simulated exchange, so nobody trades by trying."""
    ended = within("bench", "orders", "--count", "8", "--rate", "200", "--json")

    (told,) = ended.rows
    assert ExitCode.DONE == ended.code
    assert ["aiohttp", "lane", "special", "websocket"] == [way["way"] for way in told["ways"]]
    assert LEGS == list(told["ways"][0]["legs"])
    for way in told["ways"]:
        legs = sum(leg["mean"] for leg in way["legs"].values()) + way["hand_back"]
        assert legs == pytest.approx(way["total"]["mean"], rel=0.02)
        assert 8 == len(way["totals"]) == way["total"]["count"]


def test_the_text_names_each_leg_and_what_could_be_saved(within):
    """It has to be read without a manual."""
    ended = within("bench", "orders", "--count", "4", "--rate", "100", "--way", "aiohttp")

    assert ExitCode.DONE == ended.code
    for word in (*LEGS, "hand back", "total", "stream echo", "cancel", "ping", "p99.9", "the first order of all took"):
        assert word in ended.out
    assert "client.orders, over aiohttp: 4 orders" in ended.out
    assert "order lane:" not in ended.out


def test_the_distribution_is_written_as_hdrhistogram_does(within, tmp_path):
    """One file for each way, which its own tools plot."""
    pytest.importorskip("hdrh", reason="the extra bench is not installed")
    file = tmp_path / "orders.hgrm"
    ways = ("--way", "aiohttp", "--way", "lane")
    ended = within("bench", "orders", "--count", "4", "--rate", "100", *ways, "--json", "--hdr", str(file))

    (told,) = ended.rows
    assert [str(tmp_path / f"orders-{way}.hgrm") for way in ("aiohttp", "lane")] == told["files"]
    for each in told["files"]:
        with open(each, encoding="ascii") as lines:  # noqa: PTH123
            assert ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"] == lines.readline().split()


def test_with_live_orders_go_to_the_exchange_of_the_settings_and_none_stays(within, served):
    """Here the real one is played by a served exchange."""
    few = ("--count", "3", "--rate", "5", "--way", "aiohttp")
    ended = within(*LIVE, "--price", "50000", *few, "--yes", "--json", env=served)

    (told,) = ended.rows
    assert (served["BINANCE_MARGIN_REST_URL"], 3) == (told["exchange"], told["ways"][0]["total"]["count"])
    assert [] == within("order", "list", "--json", env=served).rows


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("bench", "orders", "--live"), "--live needs the pair, --quantity and --price, all written out"),
        ((*LIVE, "--price", "50000", "--count", "101"), "--live places at most 100 orders of each way, not 101"),
        ((*LIVE, "--price", "50000", "--rate", "6"), "--live places at most 5 orders a second, not 6"),
        ((*LIVE, "--price", "50000", "--sim"), "give --sim or --live, not both"),
        ((*LIVE, "--price", "59000", "--yes"), "--price 59000 is too near the market, which is at 60"),
        ((*LIVE, "--price", "50000"), "there is no terminal to ask at"),
        (("bench", "orders", "--config", "x.toml"), "--config belongs to the real exchange"),
        (("bench", "orders", "ETHUSDT", "--account", "BTCUSDT"), "ETHUSDT is not traded in the isolated account"),
        (("bench", "streams", "--sim", "--live"), "give --sim or --live, not both"),
        (("bench", "streams", "ETHUSDT"), "the simulated orders are of BTCUSDT"),
    ],
)
def test_what_could_cost_money_by_mistake_is_refused(within, served, monkeypatch, arguments, complaint):
    """A word too few must not place orders."""
    monkeypatch.setattr("sys.stdin", None)
    ended = within(*arguments, env=served)

    assert ExitCode.USAGE == ended.code
    assert complaint in ended.err


def test_half_a_special_key_is_no_key(within, served):
    """A forgotten secret would leave out what was to be measured."""
    ended = within(*LIVE, "--price", "50000", "--yes", env=served | {"BINANCE_SPECIAL_API_KEY": "only"})

    assert ExitCode.CONFIG == ended.code
    assert "BINANCE_SPECIAL_API_SECRET" in ended.err


def test_events_are_measured_for_a_handler_and_a_reader(within):
    """Two for each order: placed and canceled."""
    ended = within("bench", "streams", "--seconds", "0.5", "--json")

    (told,) = ended.rows
    assert ("ExecutionReport", 18, 18) == tuple(
        told["times"][key] if key == "kind" else told["times"][key]["count"]
        for key in ("kind", "to_handler", "to_reader")
    )


def test_with_live_streams_only_listens(within, served):
    """Nobody trades on the served exchange, so there is nothing to hear."""
    ended = within("bench", "streams", "--live", "--seconds", "0.2", env=served)

    assert (ExitCode.DONE, "no AggregateTrade of BTCUSDT arrived in 0.2 s\n") == (ended.code, ended.out)


def test_the_doctor_measures_both_ways_and_names_what_could_be_saved(within):
    """On every loop that is installed."""
    ended = within("bench", "doctor", "--count", "4", "--json")

    (told,) = ended.rows
    assert ExitCode.DONE == ended.code
    assert {"aiohttp", "lane"} == set(told["medians"]["asyncio"])
    assert all(0 < cause["share"] and cause["advice"] for cause in told["avoidable"])
    assert "an order over lane on asyncio takes" in within("bench", "doctor", "--count", "4").out
