"""Reading the limit headers of a reply."""

import pytest

from binance_margin_async.rules.limits.limit_headers import NOTHING, Report, read_report


def test_all_five_headers_are_read():
    """Two kinds of SAPI weight, the shared pool's, and two order counts."""
    headers = {
        "Content-Type": "application/json",
        "X-SAPI-USED-IP-WEIGHT-1M": "10",
        "X-SAPI-USED-UID-WEIGHT-1M": "1506",
        "X-MBX-USED-WEIGHT-1M": "44",
        "X-MBX-ORDER-COUNT-10S": "3",
        "X-MBX-ORDER-COUNT-1D": "77",
    }

    assert read_report(headers) == Report(10, 1506, 44, 3, 77)


@pytest.mark.parametrize("name", ["x-sapi-used-ip-weight-1m", "X-Sapi-Used-Ip-Weight-1M", "X-SAPI-USED-IP-WEIGHT"])
def test_letter_case_and_a_missing_interval_do_not_matter(name):
    """Neither is promised by the exchange."""
    assert read_report({name: " 12 "}) == Report(ip=12)


def test_a_shorter_interval_is_a_lower_bound_and_a_longer_one_says_nothing():
    """A day's use held against a minute's cap would stop us for no reason."""
    assert read_report({"X-SAPI-USED-UID-WEIGHT-10S": "500"}).uid == 500
    assert read_report({"X-SAPI-USED-UID-WEIGHT-1D": "500"}).uid is None


def test_of_two_figures_the_larger_counts():
    """With and without interval, the safer one is believed."""
    assert read_report({"X-MBX-USED-WEIGHT-1M": "7", "X-MBX-USED-WEIGHT": "9"}).shared == 9


@pytest.mark.parametrize("value", ["", "-5", "1e9", "nan", "12,000", "٣", "x" * 1000])
def test_garbled_figures_are_left_out(value):
    """A header must never break the call that carried it."""
    assert read_report({"X-SAPI-USED-IP-WEIGHT-1M": value, "X-MBX-ORDER-COUNT-10S": value}) == NOTHING


def test_unknown_limit_headers_are_left_out():
    """New ones will come."""
    assert read_report({"X-SAPI-USED-COMET-WEIGHT-1M": "1", "X-MBX-ORDER-COUNT-7M": "1", "x-mbx-uuid": "1"}) == NOTHING
