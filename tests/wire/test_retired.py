"""Calls that are no more: whoever makes one is told since when, and what took its place."""

import orjson
import pytest

from binance_margin_async.errors import Category, EndpointRetiredError, InvalidRequestError, Outcome
from binance_margin_async.rules.limits import ip
from binance_margin_async.wire import replies
from binance_margin_async.wire.endpoint import Endpoint, Security
from binance_margin_async.wire.endpoints import ALL
from binance_margin_async.wire.retired import RETIRED

TOKEN, LOAN = "POST /sapi/v1/userListenToken", "POST /sapi/v1/margin/borrow-repay"
RECORDS, TRANSFER = "GET /sapi/v1/margin/borrow-repay", "POST /sapi/v1/asset/transfer"
SUBSCRIBE = "userDataStream.subscribe or userDataStream.subscribe.signature on the spot WebSocket API"
# Typed from the change logs once more (read 2026-11-22): route, end, what to use instead.
FACTS = {
    ("GET /sapi/v1/margin/leverageBracket", "2026-04-13", None),
    *((f"{verb} /sapi/v1/userDataStream", "2026-02-20", TOKEN) for verb in ("POST", "PUT", "DELETE")),
    *((f"{verb} /sapi/v1/userDataStream/isolated", "2026-02-20", TOKEN) for verb in ("POST", "PUT", "DELETE")),
    *((f"{verb} /api/v3/userDataStream", "2026-02-20", SUBSCRIBE) for verb in ("POST", "PUT", "DELETE")),
    ("POST /sapi/v1/margin/transfer", "2024-03-31", TRANSFER),
    ("POST /sapi/v1/margin/isolated/transfer", "2024-03-31", TRANSFER),
    ("GET /sapi/v1/margin/isolated/transfer", "2024-03-31", "GET /sapi/v1/margin/transfer"),
    ("POST /sapi/v1/margin/loan", "2024-03-31", LOAN),
    ("POST /sapi/v1/margin/repay", "2024-03-31", LOAN),
    ("GET /sapi/v1/margin/loan", "2024-03-31", RECORDS),
    ("GET /sapi/v1/margin/repay", "2024-03-31", RECORDS),
    ("GET /sapi/v1/margin/asset", "2024-03-31", "GET /sapi/v1/margin/allAssets"),
    ("GET /sapi/v1/margin/pair", "2024-03-31", "GET /sapi/v1/margin/allPairs"),
    ("GET /sapi/v1/margin/isolated/pair", "2024-03-31", "GET /sapi/v1/margin/isolated/allPairs"),
    ("GET /sapi/v1/margin/dribblet", "2024-03-31", "GET /sapi/v1/asset/dribblet with accountType=MARGIN"),
    ("GET /sapi/v1/margin/dust", "2024-03-31", "POST /sapi/v1/asset/dust-btc with accountType=MARGIN"),
    ("POST /sapi/v1/margin/dust", "2024-03-31", "POST /sapi/v1/asset/dust with accountType=MARGIN"),
    ("POST /sapi/v1/margin/isolated/create", "2021-05-15", "a first transfer into the isolated account"),
}
HTML = b"<html><head><title>410 Gone</title></head><body>nginx</body></html>"
ENVELOPE = orjson.dumps({"code": -1020, "msg": "This operation is not supported."})


def told(route, status, body=b""):
    row = Endpoint(route=route, security=Security.USER_DATA, cost=ip(1), returns=object, source="a test")
    return replies.to_error(row, replies.refusal(status, {}, body))


def test_the_table_holds_each_retired_call():
    """Twenty-four of them; a forgotten one would answer with a riddle."""
    assert FACTS == {(route, *ends) for route, ends in RETIRED.items()}


def test_no_retired_call_is_offered():
    """A method for it could only fail."""
    assert set() == RETIRED.keys() & {row.route for row in ALL}


@pytest.mark.parametrize(("status", "body"), [(410, HTML), (404, HTML), (404, b""), (400, ENVELOPE), (200, ENVELOPE)])
@pytest.mark.parametrize(("route", "retired_on", "successor"), sorted(FACTS, key=str))
def test_a_retired_call_names_its_end_and_its_successor(route, retired_on, successor, status, body):
    """However the exchange says it: nothing was done, and the caller knows what to do."""
    problem = told(route, status, body)

    assert EndpointRetiredError is type(problem)
    assert (retired_on, successor) == (problem.retired_on, problem.successor)
    assert (Outcome.REFUSED, Category.INPUT) == (problem.outcome, problem.category)
    assert route in str(problem)
    assert retired_on in str(problem)
    assert (successor or "nothing takes its place") in str(problem)


@pytest.mark.parametrize(("status", "body"), [(400, b'{"code":-1102,"msg":"x"}'), (429, b""), (418, b""), (500, HTML)])
def test_another_refusal_of_a_retired_call_stays_what_it_is(status, body):
    """The call may have come back, or a proxy may have answered."""
    assert EndpointRetiredError is not type(told("POST /sapi/v1/userDataStream", status, body))


def test_an_unknown_call_that_is_not_found_is_not_called_retired():
    """It may be misspelt."""
    assert InvalidRequestError is type(told("GET /sapi/v1/margin/acount", 404, HTML))
    assert InvalidRequestError is type(told("GET /sapi/v1/margin/acount", 400, ENVELOPE))


def test_a_call_that_is_gone_but_not_in_the_table_is_retired_without_a_date():
    """HTTP 410 says so by itself."""
    problem = told("GET /sapi/v1/margin/newcomer", 410, HTML)

    assert EndpointRetiredError is type(problem)
    assert (None, None) == (problem.retired_on, problem.successor)
