"""What was typed, as a question: times, accounts, pairs, and how two questions differ."""

from collections import namedtuple

import msgspec
import pytest

from binance_margin_async import CROSS, Isolated
from binance_margin_async.cli.history.question import (
    Format,
    Kind,
    Question,
    account_named,
    checked_pairs,
    moment_of,
)

PAIR = Isolated("BTCUSDT")
QUESTION = Question(
    kind=Kind.TRADES,
    account="CROSS",
    symbols=("BTCUSDT",),
    since_ms=1_767_571_200_000,
    until_ms=None,
    format=Format.CSV,
    whose="one",
)
Typed = namedtuple("Typed", "value")  # noqa: PYI024  # as the option parser's token has it


def moment(text):
    return moment_of(int, [Typed(text)])


@pytest.mark.parametrize(
    "text", ["2026-01-05", "2026-01-05T00:00Z", "2026-01-05T01:00+01:00", "2026-01-05 00:00:00.000Z", "1767571200000"]
)
def test_a_time_may_be_written_in_many_ways(text):
    """A day alone is a day in UTC."""
    assert 1_767_571_200_000 == moment(text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("2026-01-05T08:00", r"'2026-01-05T08:00' has no time zone: write 2026-01-05T08:00Z for UTC"),
        ("yesterday", "'yesterday' is no time: write 2026-01-31"),
        ("2026-13-01", "'2026-13-01' is no time"),
        ("1767571200", "are they seconds"),
    ],
)
def test_a_time_that_is_not_clear_is_refused(text, complaint):
    """Midnight is elsewhere for everybody."""
    with pytest.raises(ValueError, match=complaint):
        moment(text)


@pytest.mark.parametrize(("name", "account"), [("CROSS", CROSS), ("cross", CROSS), ("BTCUSDT", PAIR)])
def test_an_account_has_the_name_of_its_pair(name, account):
    """As everywhere on the command line."""
    assert account == account_named(name)


@pytest.mark.parametrize(
    ("kind", "account", "symbols", "pairs"),
    [
        ("trades", CROSS, ["BTCUSDT"], ("BTCUSDT",)),
        ("orders", PAIR, [], ("BTCUSDT",)),
        ("trades", PAIR, ["BTCUSDT"], ("BTCUSDT",)),
        ("loans", CROSS, [], ()),
        ("statement", CROSS, [], ()),
        ("statement", CROSS, ["ETHUSDT", "BTCUSDT", "ETHUSDT"], ("ETHUSDT", "BTCUSDT")),
        ("statement", PAIR, [], ()),
    ],
)
def test_pairs_are_those_that_were_named_or_that_the_account_has(kind, account, symbols, pairs):
    """An isolated account needs no second word."""
    assert pairs == checked_pairs(Kind(kind), account, symbols)


@pytest.mark.parametrize(
    ("kind", "account", "symbols", "complaint"),
    [
        ("trades", CROSS, [], "the exchange tells trades of one pair at a time: give one --symbol"),
        ("orders", CROSS, ["BTCUSDT", "ETHUSDT"], "orders of one pair at a time"),
        ("loans", CROSS, ["BTCUSDT"], "loans belong to an account, not to a pair: leave --symbol out"),
        ("trades", PAIR, ["ETHUSDT"], "has one pair only: leave --symbol out"),
    ],
)
def test_a_pair_too_many_or_too_few_is_refused(kind, account, symbols, complaint):
    """Silently leaving one out would be a wrong answer."""
    with pytest.raises(ValueError, match=complaint):
        checked_pairs(Kind(kind), account, symbols)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"since_ms": 1_767_571_200_001}, "since was 2026-01-05T00:00:00Z and is 2026-01-05T00:00:00.001Z"),
        ({"until_ms": 1_767_571_200_000}, "until was not given and is 2026-01-05T00:00:00Z"),
        ({"symbols": ()}, "symbols was BTCUSDT and is not given"),
        ({"format": Format.PARQUET, "whose": "two"}, "format was csv and is parquet, whose was one and is two"),
        ({}, ""),
    ],
)
def test_questions_say_in_words_how_they_differ(changed, words):
    """Who typed the second one should see the mistake."""
    assert words == QUESTION.differences(msgspec.structs.replace(QUESTION, **changed))
