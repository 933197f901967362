"""Rows and formats: every field of every record, exact to the last digit in each of them."""

import csv
import io
from decimal import Decimal

import msgspec
import orjson
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance_margin_async.cli.history import parquet
from binance_margin_async.cli.history.formats import rows_in
from binance_margin_async.cli.history.question import Format, Kind
from binance_margin_async.cli.history.rows import RECORDS, columns_of, row_of
from binance_margin_async.models.enums import InterestType
from binance_margin_async.models.loans import InterestCharge
from binance_margin_async.services.history import StatementEntry

COLUMNS = columns_of(Kind.INTEREST)
# Forty digits, far more than the exchange has, on either side of the point.
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=20, min_value=-(10**20), max_value=10**20)
CHARGES = st.builds(
    InterestCharge,
    transaction_id=st.integers(0, 2**63 - 1),
    accrued_time_ms=st.integers(0, 2**53),
    asset=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    raw_asset=st.none() | st.just("BNB"),
    principal=AMOUNTS,
    interest=AMOUNTS | st.just(Decimal("1E-8")) | st.just(Decimal("1E+10")),
    interest_rate=AMOUNTS,
    type=st.sampled_from(InterestType),
    isolated_symbol=st.none() | st.just("比特币USDT"),
)


def written(kind, rows, columns):
    out = io.BytesIO()
    with rows_in(kind, out, columns) as writer:
        for row in rows:
            writer.write(row)
    return out.getvalue()


@settings(max_examples=100)
@given(st.lists(CHARGES, max_size=5))
def test_every_format_gives_back_every_amount_exactly(charges):
    """As it was, without an exponent; ids above 2**53 too, and names in any script."""
    rows = [row_of(charge) for charge in charges]
    for row, charge in zip(rows, charges, strict=True):
        assert "E" not in row["interest"]
        assert (charge.interest, charge.principal) == (Decimal(row["interest"]), Decimal(row["principal"]))

    assert rows == [orjson.loads(line) for line in written(Format.JSONL, rows, COLUMNS).splitlines()]
    assert rows == pyarrow.parquet.read_table(io.BytesIO(written(Format.PARQUET, rows, COLUMNS))).to_pylist()
    text = io.StringIO(written(Format.CSV, rows, COLUMNS).decode(), newline="")
    cells = [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    assert cells == list(csv.DictReader(text))


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_of_each_kind_has_the_columns_of_its_kind(kind):
    """Types and names come from the reply itself, so a new field is a new column."""
    names = [field.name.removesuffix("_") for field in msgspec.structs.fields(RECORDS[kind])]
    assert names == list(columns_of(kind))
    assert {str, int, bool} >= set(columns_of(kind).values())


def test_a_name_means_one_type_in_a_statement():
    """Columns of different kinds share it."""
    for record in RECORDS:
        for name, kind in columns_of(record).items():
            assert columns_of(Kind.STATEMENT)[name] is kind, name


def test_an_entry_of_a_statement_has_its_kind_and_time_in_front():
    """And of the columns, those of its kind."""
    charge = InterestCharge(
        transaction_id=1,
        accrued_time_ms=2,
        asset="BTC",
        principal=Decimal(1),
        interest=Decimal("1E-8"),
        interest_rate=Decimal(0),
        type=InterestType.PERIODIC,
    )
    row = row_of(StatementEntry("interest", 2, charge))
    assert ["kind", "time_ms", *COLUMNS] == list(row)
    assert ("interest", 2, "0.00000001") == (row["kind"], row["time_ms"], row["interest"])


def test_a_csv_writes_flags_as_json_does():
    """``True`` is Python's word."""
    columns = {"is_isolated": bool, "note": str}
    assert b"is_isolated,note\ntrue,\nfalse,x\n" == written(
        Format.CSV, [{"is_isolated": True}, {"is_isolated": False, "note": "x"}], columns
    )


def test_a_parquet_file_is_written_in_groups(monkeypatch):
    """A year of rows need not fit into memory."""
    monkeypatch.setattr(parquet, "GROUP", 2)
    content = written(Format.PARQUET, [{"id": number} for number in range(5)], {"id": int})
    file = pyarrow.parquet.ParquetFile(io.BytesIO(content))
    assert 3 == file.num_row_groups
    assert list(range(5)) == file.read().column("id").to_pylist()


def test_a_parquet_column_has_the_type_of_its_field():
    """Text for amounts: a decimal type has one scale for the whole column, and the exchange fixes none."""
    content = written(Format.PARQUET, [], columns_of(Kind.STATEMENT))
    types = {str: "string", int: "int64", bool: "bool"}
    assert {name: types[kind] for name, kind in columns_of(Kind.STATEMENT).items()} == {
        field.name: str(field.type) for field in pyarrow.parquet.read_schema(io.BytesIO(content))
    }
