"""A scenario file says everything about a session, and what is wrong in it is told with line and field."""

from decimal import Decimal

import pytest

from binance_margin_async.sim import Holding, IsolatedOpening, PriceFileError, ScenarioError, ScenarioFileError
from binance_margin_async.sim.margin.terms import LoanTerms
from binance_margin_async.sim.scenarios import read_scenario, scenario_named

WHOLE = """\
description = "own"   # line 1
duration_s = 90
hourly_rate = 0.00001
[prices.BTCUSDT]
kind = "scripted"
between = "linear"
points = [
  [0, 60000],
  [10, "50000.5"],
]
[prices.ETHUSDT]
kind = "walk"
start = 3000
[cross]
bars = { normal = 1.25, call = 1.16, liquidation = 1.1 }
holdings.BTC = { free = 0.1 }
holdings.USDT = { borrowed = 3000 }
[isolated.ETHUSDT]
leverage = 3
[isolated.ETHUSDT.holdings]
ETH = { free = 1, borrowed = 0.5 }
"""


@pytest.fixture
def written(tmp_path):
    """Write a scenario file and return its path."""

    def write(text):
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_file_is_read_whole_and_exactly(written):
    """0.1 means a tenth: money never passes through a float."""
    scenario = read_scenario(written(WHOLE))

    assert ("own", "own", 90) == (scenario.name, scenario.description, scenario.duration_s)
    assert Decimal("0.00001") == scenario.hourly_rate
    assert ("BTCUSDT", "ETHUSDT") == scenario.pairs
    assert Decimal("55000.25") == scenario.prices["BTCUSDT"].price_at(5_000)
    assert {"BTC": Holding(Decimal("0.1")), "USDT": Holding(borrowed=Decimal(3000))} == scenario.cross
    assert (Decimal("1.25"), Decimal("1.16")) == (scenario.bars.normal, scenario.bars.call)
    opening = IsolatedOpening({"ETH": Holding(Decimal(1), Decimal("0.5"))}, leverage=3)
    assert {"ETHUSDT": opening} == scenario.isolated


def test_wallets_and_loan_terms_are_read(written):
    """What a file leaves out is as usual."""
    text = WHOLE + "[wallets.SPOT]\nUSDT = 0.1\n[loans.BTC]\ninventory = 0.3\nis_collateral = false\n"
    scenario = read_scenario(written(text))

    assert {"SPOT": {"USDT": Decimal("0.1")}} == scenario.wallets
    assert {"BTC": LoanTerms(inventory=Decimal("0.3"), is_collateral=False)} == scenario.loan_terms


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("[wallets.PURSE]\nUSDT = 1\n", 22, "wallets.PURSE"),
        ("[wallets.SPOT]\nUSDT = -1\n", 23, "wallets.SPOT.USDT"),
        ("[loans.BTC]\nhourly_rate = -0.1\n", 23, "loans.BTC.hourly_rate"),
        ("[loans.BTC]\ncost = 1\n", 23, "loans.BTC.cost"),
    ],
)
def test_bad_money_is_told_with_line_and_field(written, text, line, field):
    """Also a word that nobody knows."""
    with pytest.raises(ScenarioFileError) as caught:
        read_scenario(written(WHOLE + text))

    assert (line, field) == (caught.value.line, caught.value.field)


def test_a_path_names_a_scenario_too(written):
    """`--scenario` takes both."""
    assert "own" == scenario_named(str(written(WHOLE))).description


def test_without_a_duration_it_lasts_as_long_as_its_price_file(written, tmp_path):
    """The file is found from where the scenario lies."""
    lines = ["open_time,open,high,low,close,volume", "2023-03-10 20:00,1,1,1,1,1", "2023-03-10 20:05,1,1,1,1,1"]
    (tmp_path / "eth.csv").write_text("\n".join(lines), encoding="utf-8")
    scenario = read_scenario(written('description = ""\n[prices.ETHUSDT]\nkind = "klines"\nfile = "eth.csv"\n'))

    assert 600.0 == scenario.duration_s
    assert read_scenario(written('description = ""\n')).duration_s is None


MARKET = """\
description = "own"
[prices.BTCUSDT]
kind = "constant"
price = 1
[[delistings]]
after_s = 60
assets = ["BTC"]
"""


def test_coins_may_leave(written, desk):
    """Told from the beginning."""
    scenario = read_scenario(written(MARKET))
    own = desk(scenario)
    (plan,) = own.core.venue.restrictions.delistings
    assert (own.start + 60_000, ("BTC",), ()) == (plan.time, plan.assets, plan.symbols)


@pytest.mark.parametrize(
    "case",
    [
        ("after_s = 60", "after_s = -1", 6, "delistings[0].after_s", "at least 0"),
        ('assets = ["BTC"]', "", 5, "delistings[0]", "neither assets nor symbols"),
    ],
    ids=lambda case: case[1],
)
def test_what_is_wrong_with_a_delisting_is_told_with_line_and_field(written, case):
    """As everything else."""
    right, wrong, line, field, words = case
    with pytest.raises(ScenarioFileError) as caught:
        read_scenario(written(MARKET.replace(right, wrong)))
    assert (line, field) == (caught.value.line, caught.value.field), str(caught.value)
    assert words in str(caught.value)


WRONG = [
    ("duration_s = 90", "duration = 90", 2, "duration", "unknown field"),
    ("duration_s = 90", "duration_s = '90'", 2, "duration_s", "Expected `float"),
    ("duration_s = 90", "duration_s = -1", 2, "duration_s", "above 0"),
    ("hourly_rate = 0.00001", "hourly_rate = -1", 3, "hourly_rate", "not a rate"),
    ('kind = "scripted"', 'kind = "script"', 5, "prices.BTCUSDT.kind", "one of constant, scripted, walk, klines"),
    ('kind = "scripted"\n', "", 4, "prices.BTCUSDT.kind", "not None"),
    ('between = "linear"', "steps = 3", 6, "prices.BTCUSDT.steps", "unknown field"),
    ('[10, "50000.5"]', '[10, "many"]', 7, "prices.BTCUSDT.points[1][1]", "Invalid decimal"),
    ("[0, 60000]", "[1, 60000]", 4, "prices.BTCUSDT", "first point at second 0"),
    ("[0, 60000]", "[0, 0]", 4, "prices.BTCUSDT", "above zero"),
    ("start = 3000\n", "", 11, "prices.ETHUSDT.start", "missing required field"),
    ("start = 3000", "start = 1\ncorrelation = 2", 11, "prices.ETHUSDT", "from -1 to 1"),
    ("[prices.ETHUSDT]", "[prices.NONSENSE]", 11, "prices.NONSENSE", "known quote asset"),
    ("call = 1.16", "call = 1.3", 15, "cross.bars", "must rise"),
    ("call = 1.16, ", "", 15, "cross.bars.call", "missing required field"),
    ("{ free = 0.1 }", "{ free = -0.1 }", 16, "cross.holdings.BTC.free", "at least 0"),
    ("{ free = 0.1 }", "{ free = 'nan' }", 16, "cross.holdings.BTC.free", "at least 0"),
    ("{ borrowed = 3000 }", "{ owed = 3000 }", 17, "cross.holdings.USDT.owed", "unknown field"),
    ("[isolated.ETHUSDT]", "[isolated.BNBUSDT]", 18, "isolated.BNBUSDT", "no prices"),
    ("leverage = 3", "leverage = 7", 19, "isolated.ETHUSDT.leverage", "7 is none of 10, 5, 3"),
    ("ETH = { free = 1", "BTC = { free = 1", 21, "isolated.ETHUSDT.holdings.BTC", "ETH and USDT only"),
    ("ETH = { free = 1, borrowed = 0.5 }", "ETH = 1", 20, "isolated.ETHUSDT.holdings", "Expected `object`"),
]


@pytest.mark.parametrize("case", WRONG, ids=[case[1] for case in WRONG])
def test_what_is_wrong_is_told_with_line_and_field(written, case):
    """One sentence; nobody should have to search a file."""
    right, wrong, line, field, words = case
    assert right in WHOLE
    path = written(WHOLE.replace(right, wrong))

    with pytest.raises(ScenarioFileError) as caught:
        read_scenario(path)

    error = caught.value
    assert (str(path), line, field) == (error.path, error.line, error.field), str(error)
    assert words in str(error)
    assert isinstance(error, ScenarioError)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("description = \n", 1, "is not TOML"),
        ("description = 'x'\n\n[cross\n", 3, "is not TOML"),
        ("description = ", None, "is not TOML (Invalid value at its end)"),
        ("duration_s = 3\n", None, "field 'description'"),
        ("description = 'x'\nneeds_prices = ['BTCUSDT', 'NOPE']\n", 2, "field 'needs_prices[1]'"),
    ],
)
def test_a_file_that_is_no_scenario_at_all_is_told(written, text, line, words):
    """With the line, where there is one."""
    with pytest.raises(ScenarioFileError) as caught:
        read_scenario(written(text))

    assert line == caught.value.line
    assert words in str(caught.value)


def test_a_missing_price_file_is_told_by_its_own_name(written):
    """The scenario is right; the file beside it is not."""
    path = written('description = ""\n[prices.ETHUSDT]\nkind = "klines"\nfile = "eth.csv"\n')

    with pytest.raises(PriceFileError, match=r"eth\.csv: cannot be read"):
        read_scenario(path)


def test_bytes_that_are_no_text_are_told(tmp_path):
    """A picture by mistake."""
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(ScenarioFileError, match="no UTF-8 text"):
        read_scenario(path)
