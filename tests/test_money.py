"""Money in and out: exact, finite, and never with an exponent."""

from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.money import MAX_DIGITS, amount, plain


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        (Decimal("0.10"), "0.10"),
        ("0.1", "0.1"),
        ("1e-8", "1E-8"),
        ("-3", "-3"),
        (7, "7"),
        (2**80, "1208925819614629174706176"),
        ("0." + "0" * 39 + "1", "1E-40"),
    ],
)
def test_a_decimal_a_text_and_an_int_become_the_very_same_number(given_value, expected):
    """These three have an exact value."""
    assert expected == str(amount(given_value))


@pytest.mark.parametrize("value", [0.1, 1.0, float("nan"), True, False, None, b"1", [1], object()])
def test_everything_else_is_a_type_error_that_names_the_argument(value):
    """A float has lost the number already; a bool is a slip."""
    with pytest.raises(TypeError, match=rf"price must be a Decimal.*not {type(value).__name__}"):
        amount(value, "price")


@pytest.mark.parametrize("value", ["", " ", "abc", "1,5", "0x10", "1.2.3", "NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_text_that_is_no_finite_number_is_a_value_error(value):
    """No such text may reach a signature."""
    with pytest.raises(ValueError, match="quantity"):
        amount(value, "quantity")


@pytest.mark.parametrize(
    "value", ["1" * (MAX_DIGITS + 1), "1E+999999", "1E-999999", "0E+99999", 10 ** (MAX_DIGITS + 1), Decimal("1E-41")]
)
def test_an_absurdly_long_number_is_refused(value):
    """Written out it could fill a megabyte."""
    with pytest.raises(ValueError, match="more than 40 digits"):
        amount(value)


def test_the_callers_decimal_context_changes_nothing():
    """A bot may have set a small precision, or switched the traps off."""
    with localcontext(Context(prec=3, traps=[])):
        assert "123456.789" == str(amount("123456.789"))
        assert "123456.789" == plain(amount("123456.789"))
        with pytest.raises(ValueError, match="finite"):
            amount("abc")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1E-8", "0.00000001"),
        ("1E+3", "1000"),
        ("1.10", "1.10"),
        ("0E-8", "0.00000000"),
        ("-2.5E-7", "-0.00000025"),
        ("123456789012345678901234567890.12345678", "123456789012345678901234567890.12345678"),
    ],
)
def test_plain_writes_the_number_out_and_keeps_its_zeros(number, expected):
    """The exchange reads no exponent; trailing zeros are the caller's."""
    assert expected == plain(Decimal(number))


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_plain_refuses_what_is_no_amount(number):
    """The last gate before the wire."""
    with pytest.raises(ValueError, match="cannot write"):
        plain(Decimal(number))


amounts = st.builds(
    lambda sign, digits, exponent: Decimal((sign, digits, exponent)),
    st.integers(0, 1),
    st.lists(st.integers(0, 9), min_size=1, max_size=38).map(tuple),
    st.integers(-40, 2),
)


@given(number=amounts)
def test_plain_text_has_no_exponent_and_reads_back_as_the_same_number(number):
    """For every amount there is."""
    text = plain(number)
    assert "e" not in text.lower()
    assert number == Decimal(text)
