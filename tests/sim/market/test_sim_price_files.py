"""A price file is played as written, or refused with line and field."""

from decimal import Decimal

import pytest

from binance_margin_async.sim import KlineCsv, PriceFileError

HEADER = "open_time,open,high,low,close,volume\n"
GOOD = HEADER + "2023-03-08 12:00:00+00:00,100,110,90,105,1\n2023-03-08 12:01:00+00:00,106,120,80,107,2\n"


def written(tmp_path, text):
    path = tmp_path / "prices.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_each_minute_plays_open_low_high_close(tmp_path):
    """The low comes before the high: a dip inside a minute is felt. A quarter of a minute lies between them."""
    path = KlineCsv(written(tmp_path, GOOD))

    expected = [(0, 100), (15000, 90), (30000, 110), (45000, 105), (60000, 106), (75000, 80), (90000, 120)]
    assert expected == [(at, int(price)) for at, price in path.steps()][:-1]
    assert 120_000 == path.duration_ms
    assert 1_678_276_800_000 == path.start_ms


def test_spacing_follows_the_distance_of_the_lines(tmp_path):
    """Hourly candles are played over an hour, without a setting."""
    text = HEADER + "1678276800000,1,1,1,1,0\n1678280400000,2,2,2,2,0\n"

    assert [0, 900_000, 1_800_000, 2_700_000] == [at for at, _ in KlineCsv(written(tmp_path, text)).steps()][:4]


@pytest.mark.parametrize("time", ["1678276800", "1678276800000", "1678276800000000", "2023-03-08T12:00:00Z"])
def test_time_may_have_any_unit(tmp_path, time):
    """Binance's files changed from milliseconds to microseconds in 2025."""
    path = KlineCsv(written(tmp_path, f"{HEADER}{time},1,1,1,1,0\n"))

    assert 1_678_276_800_000 == path.start_ms


def test_naive_time_is_utc(tmp_path):
    """The machine's own zone must not move the hours at which interest falls due."""
    assert 1_678_276_800_000 == KlineCsv(written(tmp_path, f"{HEADER}2023-03-08 12:00:00,1,1,1,1,0\n")).start_ms


def test_binance_kline_order_needs_no_header(tmp_path):
    """Public kline files come with twelve columns and no names."""
    line = "1678276800000,100.1,110,90,105,1,1678276859999,105,5,1,1,0\n"

    assert Decimal("100.1") == KlineCsv(written(tmp_path, line)).price_at(0)


def test_columns_are_found_by_name(tmp_path):
    """A file from a data frame may have its columns in any order."""
    text = "close,open,low,high,open_time\n105,100,90,110,2023-03-08 12:00:00+00:00\n"

    assert [100, 90, 110, 105] == [int(price) for _, price in KlineCsv(written(tmp_path, text)).steps()]


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ("2023-03-08 12:02:00+00:00,106,oops,80,107,2", "high", "'oops' is not a number"),
        ("2023-03-08 12:02:00+00:00,106,NaN,80,107,2", "high", "not a price above zero"),
        ("2023-03-08 12:02:00+00:00,0,120,80,107,2", "open", "not a price above zero"),
        ("2023-03-08 12:02:00+00:00,106,105,80,107,2", "high", "not the highest"),
        ("2023-03-08 12:02:00+00:00,106,120,107,107,2", "low", "not the lowest"),
        ("tomorrow,106,120,80,107,2", "open_time", "neither ISO time nor epoch"),
        ("2023-03-08 12:01:00+00:00,106,120,80,107,2", "open_time", "not later than the line before"),
        ("2023-03-08 12:02:00+00:00,106,120", "low", "missing: 3 of 6 columns"),
    ],
)
def test_malformed_line_is_named(tmp_path, line, field, words):
    """One clear sentence: file, line, field, and what is wrong."""
    path = written(tmp_path, f"{GOOD}{line}\n")

    with pytest.raises(PriceFileError, match=words) as caught:
        KlineCsv(path)

    assert (str(path), 4, field) == (caught.value.path, caught.value.line, caught.value.field)
    assert str(caught.value).startswith(f"{path}, line 4, field '{field}': ")


@pytest.mark.parametrize("text", ["", HEADER, "open_time,open,high,close\n1678276800000,1,1,1\n"])
def test_file_without_prices_is_refused(tmp_path, text):
    """An empty file or a lacking column is the file's fault, not a crash later."""
    with pytest.raises(PriceFileError):
        KlineCsv(written(tmp_path, text))


def test_missing_file_is_refused_in_one_sentence(tmp_path):
    """The command line prints this text as it is."""
    with pytest.raises(PriceFileError, match=r"nowhere\.csv: cannot be read"):
        KlineCsv(tmp_path / "nowhere.csv")


def test_file_that_is_no_text_is_refused(tmp_path):
    """A spreadsheet is no CSV."""
    path = tmp_path / "prices.csv"
    path.write_bytes(b"\xff\xfe\x00\x81")

    with pytest.raises(PriceFileError, match="no CSV text"):
        KlineCsv(path)
