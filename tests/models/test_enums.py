"""Enumerations that the exchange may extend without notice."""

import inspect
import logging

import pytest

from binance_margin_async.models import enums
from binance_margin_async.models.enums import OpenEnum, OrderStatus, Side

LOGGER = "binance_margin_async.models"
OPEN = [
    kind
    for _, kind in inspect.getmembers(enums, inspect.isclass)
    if issubclass(kind, OpenEnum) and kind is not OpenEnum
]


@pytest.mark.parametrize("kind", OPEN, ids=lambda kind: kind.__name__)
def test_a_new_member_becomes_unknown(kind):
    """It must never stop a frame or a reply."""
    assert kind.UNKNOWN is kind("BRAND_NEW")
    assert "UNKNOWN" == kind.UNKNOWN


@pytest.mark.parametrize("kind", OPEN, ids=lambda kind: kind.__name__)
def test_each_known_member_is_written_as_the_exchange_writes_it(kind):
    """The value goes over the wire."""
    assert [member.name for member in kind] == [str(member) for member in kind]


@pytest.fixture
def news(caplog, monkeypatch):
    """What is logged from here on, with nothing seen before."""
    monkeypatch.setattr(enums, "_seen", set())
    caplog.set_level(logging.WARNING, LOGGER)
    return caplog


def test_a_new_member_is_logged_once_for_its_kind(news):
    """A stream of them must not fill the disk."""
    for _ in range(3):
        Side("SIDEWAYS")
    OrderStatus("SIDEWAYS")

    assert [
        "unknown Side 'SIDEWAYS': treated as UNKNOWN",
        "unknown OrderStatus 'SIDEWAYS': treated as UNKNOWN",
    ] == news.messages


def test_a_hostile_feed_of_new_members_stays_bounded(news):
    """Neither the memory nor the log grows with what a feed makes up."""
    for number in range(1_500):
        assert Side.UNKNOWN is Side(f"MADE_UP_{number}")

    assert 1_000 == len(news.messages)
    assert 1_000 == len(enums._seen)


def test_a_long_new_member_is_cut_in_the_log(news):
    """Eighty characters are enough to look it up."""
    Side("Y" * 10_000)
    assert f"unknown Side '{'Y' * 80}': treated as UNKNOWN" == news.messages[0]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("NEW", False),
        ("PENDING_NEW", False),
        ("PARTIALLY_FILLED", False),
        ("PENDING_CANCEL", False),
        ("UNKNOWN", False),
        ("FILLED", True),
        ("CANCELED", True),
        ("REJECTED", True),
        ("EXPIRED", True),
        ("EXPIRED_IN_MATCH", True),
    ],
)
def test_a_status_is_final_when_the_order_can_never_change_again(status, expected):
    """An unknown status proves nothing."""
    assert expected is OrderStatus(status).is_final


def test_every_status_was_looked_at():
    """A new member must be put on one side."""
    assert 10 == len(OrderStatus)
