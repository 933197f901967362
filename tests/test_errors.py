"""The errors: one base, telling fields, and an outcome on each."""

import inspect
from decimal import Decimal

import pytest

from binance_margin_async import errors
from binance_margin_async.errors import (
    AmbiguousOutcomeError,
    BannedError,
    Category,
    DecodeError,
    DryRunError,
    ExchangeError,
    HaltedError,
    MarginError,
    MissingExtraError,
    NotCarriedOutError,
    OrderEndedError,
    OrderRefusedError,
    Outcome,
    OutOfReachError,
    RateLimitedError,
    ReplyLostError,
    SocketLostError,
    SocketRefusedError,
    SubscriptionOverflowError,
    UnknownOutcomeError,
)

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]
EXTRA = {
    AmbiguousOutcomeError: {"message": "no", "intent_id": "bma-1", "candidates": ()},
    DryRunError: {"verb": "POST", "url": "https://x/y", "headers": {}},
    HaltedError: {"message": "no", "reason": "why"},
    MissingExtraError: {"extra": "cli", "purpose": "it"},
    NotCarriedOutError: {"message": "no", "intent_id": "bma-1"},
    OrderEndedError: {
        "message": "no",
        "client_order_id": "bma-1",
        "status": "CANCELED",
        "filled_quantity": Decimal(0),
    },
    OrderRefusedError: {"message": "no", "client_order_id": "bma-1"},
    OutOfReachError: {"message": "no", "since_ms": 0, "until_ms": 1},
    SocketRefusedError: {"message": "no", "status": 403},
    SubscriptionOverflowError: {"message": "no", "dropped": 1},
}
OUTCOMES = {
    OrderEndedError: Outcome.ACCEPTED,
    OrderRefusedError: Outcome.REFUSED,
    NotCarriedOutError: Outcome.REFUSED,
    AmbiguousOutcomeError: Outcome.UNKNOWN,
    ReplyLostError: Outcome.UNKNOWN,
    DecodeError: Outcome.UNKNOWN,
    UnknownOutcomeError: Outcome.UNKNOWN,
    RateLimitedError: Outcome.NOT_SENT,
    BannedError: Outcome.NOT_SENT,
}


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_can_be_caught_as_a_margin_error_and_says_whether_the_exchange_acted(kind):
    """One except clause, and the trader's first question answered."""
    error = kind(**EXTRA.get(kind, {"message": "no"}))
    usual = Outcome.REFUSED if issubclass(kind, ExchangeError) else Outcome.NOT_SENT

    assert isinstance(error, MarginError)
    assert OUTCOMES.get(kind, usual) is error.outcome


@pytest.mark.parametrize("kind", [kind for kind in CLASSES if issubclass(kind, ExchangeError)])
def test_an_explicit_outcome_beats_the_classs_own(kind):
    """The error table knows more about a reply than the class does."""
    assert Outcome.UNKNOWN is kind("no", outcome=Outcome.UNKNOWN).outcome


def test_an_exchange_error_keeps_its_facts_as_fields():
    """A program must not have to read the message."""
    error = ExchangeError(
        "GET /x: -3006 …",
        code=-3006,
        text="too much",
        status=400,
        endpoint="GET /x",
        category=Category.COLLATERAL,
        retry_after=2.5,
        client_order_id="mine",
    )

    facts = (error.code, error.text, error.status, error.endpoint, error.category, error.retry_after)
    assert (-3006, "too much", 400, "GET /x", Category.COLLATERAL, 2.5) == facts
    assert "mine" == error.client_order_id


def test_a_missing_extra_names_the_command_that_installs_it():
    """One line to copy."""
    error = MissingExtraError("cli", "the command line")
    assert "the command line" in str(error)
    assert "pip install 'binance-margin-async[cli]'" in str(error)


def test_the_ends_of_a_socket_keep_their_numbers():
    """The runner decides by them."""
    assert 1008 == SocketLostError("gone", code=1008).code
    assert SocketLostError("gone").code is None
    assert 403 == SocketRefusedError("no", status=403).status
