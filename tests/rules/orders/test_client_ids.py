"""Ids of the desk's own."""

import re

from binance_margin_async.rules.orders.client_ids import ClientIds

NOW = 1_767_571_200_000


def test_ids_have_the_prefix_and_only_what_the_exchange_takes():
    name = ClientIds("a_longprefix", lambda: 0.999_999_999).next(9_999_999_999_999)

    assert re.fullmatch(r"a_longprefix-[0-9a-z]+-[0-9a-z]{6}-1", name)
    assert len(name) <= 36


def test_no_two_ids_of_one_process_are_the_same():
    ids = ClientIds("bma", lambda: 0.5)

    assert len({ids.next(NOW) for _ in range(1_000)}) == 1_000


def test_two_processes_that_start_in_the_same_millisecond_differ():
    first, second = ClientIds("bma", lambda: 0.25), ClientIds("bma", lambda: 0.75)

    assert first.next(NOW) != second.next(NOW)
