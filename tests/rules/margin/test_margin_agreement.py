"""Two witnesses of one margin level."""

from decimal import Decimal

import pytest

from binance_margin_async.rules.margin.agreement import Agreement

FAR, NEAR = ("1.60", "1.58"), ("1.60", "1.585")


def fed(*levels):
    agreement = Agreement()
    for told, own in levels:
        agreement.on_levels(told and Decimal(told), own and Decimal(own))
    return agreement


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([], False),
        ([FAR, FAR], False),  # prices moved while the reading was on its way
        ([FAR, FAR, FAR], True),
        ([FAR] * 9, True),
        ([FAR, FAR, NEAR, FAR, FAR], False),
        ([FAR, FAR, FAR, NEAR], False),
        ([("1.60", "1.62")] * 3, True),  # too high is as wrong as too low
        ([("1.60", "1.616")] * 3, False),  # exactly one per cent
        ([NEAR] * 9, False),
        ([FAR, FAR, ("1.60", None), FAR], False),  # a price is missing
        ([FAR, FAR, FAR, (None, None)], False),  # nothing is owed anymore
    ],
)
def test_they_differ_when_three_readings_in_a_row_do(levels, expected):
    """By more than one per cent: one or two are chance."""
    assert expected is fed(*levels).differs
