"""From status, headers and bytes to the error they stand for, and what it says of the outcome."""

import contextlib

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.errors import (
    AccountStateError,
    AuthError,
    BannedError,
    Category,
    ClockError,
    DecodeError,
    EndpointRetiredError,
    ExchangeError,
    FirewallError,
    InsufficientCollateralError,
    InvalidRequestError,
    InventoryError,
    OrderNotFoundError,
    Outcome,
    RateLimitedError,
    ServerError,
    UnknownOutcomeError,
)
from binance_margin_async.wire import replies
from binance_margin_async.wire.endpoints import account, borrow, trade, user_stream

READ, WRITE = account.CROSS_ACCOUNT, trade.NEW_ORDER
NOW_MS = 1_795_312_000_000
HTML = b"<html><head><title>410 Gone</title></head><body>nginx</body></html>"
REFUSED, UNKNOWN = Outcome.REFUSED, Outcome.UNKNOWN


def told(row, status, body=b"", headers=None, *, exchange_ms=NOW_MS):
    """Return the error of a reply, the way the executor reads it."""
    body = orjson.dumps(body) if isinstance(body, dict) else body
    return replies.to_error(row, replies.refusal(status, headers or {}, body), exchange_ms=exchange_ms)


def says(code, msg="some text"):
    return {"code": code, "msg": msg}


# status, body, then class and category for a read, and class, category and outcome for a write.
SERVER, DOUBT = (ServerError, Category.SERVER), (UnknownOutcomeError, Category.UNKNOWN_OUTCOME, UNKNOWN)
TABLE = [
    # codes on a plain 400
    (400, says(-1021), (ClockError, Category.CLOCK), REFUSED),
    (400, says(-1131), (ClockError, Category.CLOCK), REFUSED),
    (400, says(-1022), (AuthError, Category.AUTH), REFUSED),
    (400, says(-2014), (AuthError, Category.AUTH), REFUSED),
    (400, says(-1013, "Filter failure: LOT_SIZE"), (InvalidRequestError, Category.INPUT), REFUSED),
    (400, says(-1121), (InvalidRequestError, Category.INPUT), REFUSED),
    (400, says(-2010, "Account has insufficient balance"), (InsufficientCollateralError, Category.COLLATERAL), REFUSED),
    (400, says(-2010, "Market is closed."), (AccountStateError, Category.ACCOUNT_STATE), REFUSED),
    (400, says(-1010, "Market is closed."), (AccountStateError, Category.ACCOUNT_STATE), REFUSED),
    (400, says(-2010, "Duplicate order sent."), (InvalidRequestError, Category.INPUT), REFUSED),
    (400, says(-2011, "Unknown order sent."), (OrderNotFoundError, Category.INPUT), REFUSED),
    (400, says(-2013, "Order does not exist."), (OrderNotFoundError, Category.INPUT), REFUSED),
    (400, says(-3006), (InsufficientCollateralError, Category.COLLATERAL), REFUSED),
    (400, says(-11008), (InsufficientCollateralError, Category.COLLATERAL), REFUSED),
    (400, says(-3045), (InventoryError, Category.INVENTORY), REFUSED),
    (400, says(51061), (InventoryError, Category.INVENTORY), REFUSED),
    (400, says(-3003), (AccountStateError, Category.ACCOUNT_STATE), REFUSED),
    (400, says(-3007), (RateLimitedError, Category.RATE_LIMIT), REFUSED),
    (400, says(-1015), (RateLimitedError, Category.RATE_LIMIT), REFUSED),
    (400, says(-1016), (ServerError, Category.SERVER), REFUSED),
    # codes that do not prove that nothing happened
    (400, says(-1008), (ServerError, Category.SERVER), UNKNOWN),
    (400, says(-3000), (ServerError, Category.SERVER), UNKNOWN),
    (400, says(-3044), (ServerError, Category.SERVER), UNKNOWN),
    (400, says(-1006), SERVER, DOUBT),
    (400, says(-1007), SERVER, DOUBT),
    (400, says(-1000), SERVER, DOUBT),
    (400, says(-3029), SERVER, DOUBT),
    # codes that are in no table
    (400, says(-1067), SERVER, DOUBT),
    (400, says(-1187), (InvalidRequestError, Category.INPUT), UNKNOWN),
    (400, says(-2077), (InvalidRequestError, Category.INPUT), UNKNOWN),
    (400, says(-3077), (AccountStateError, Category.ACCOUNT_STATE), UNKNOWN),
    (400, says(-9999), (ServerError, Category.SERVER), UNKNOWN),
    (400, says(-11999), (ServerError, Category.SERVER), UNKNOWN),
    # statuses
    (401, says(-2015), (AuthError, Category.AUTH), REFUSED),
    (401, b"", (AuthError, Category.AUTH), REFUSED),
    (403, HTML, (FirewallError, Category.AUTH), REFUSED),
    (404, HTML, (InvalidRequestError, Category.INPUT), REFUSED),
    (410, HTML, (EndpointRetiredError, Category.INPUT), REFUSED),
    (418, says(-1003), (BannedError, Category.RATE_LIMIT), REFUSED),
    (429, says(-1003), (RateLimitedError, Category.RATE_LIMIT), REFUSED),
    (429, says(-1015), (RateLimitedError, Category.RATE_LIMIT), REFUSED),
    (429, b"", (RateLimitedError, Category.RATE_LIMIT), REFUSED),
    (302, b"", (InvalidRequestError, Category.INPUT), UNKNOWN),
    (400, HTML, (InvalidRequestError, Category.INPUT), UNKNOWN),
    (500, says(-1000), SERVER, DOUBT),
    (502, HTML, SERVER, DOUBT),
    (503, b"Service Unavailable", SERVER, DOUBT),
    (504, says(-1007), SERVER, DOUBT),
    # a code and a 5xx together: the more cautious one wins
    (500, says(-3006), SERVER, DOUBT),
    (500, says(-2011), SERVER, DOUBT),
    (503, says(-1003), (RateLimitedError, Category.RATE_LIMIT), UNKNOWN),
]
each_row = pytest.mark.parametrize(
    ("status", "body", "as_read", "as_write"),
    TABLE,
    ids=[f"{status} {body.get('code') if isinstance(body, dict) else body[:8].decode()}" for status, body, *_ in TABLE],
)


@each_row
def test_a_refused_read_has_its_class_and_nothing_happened(status, body, as_read, as_write):
    """A read cannot have changed anything."""
    del as_write
    error = told(READ, status, body)
    assert (*as_read, REFUSED) == (type(error), error.category, error.outcome)


@each_row
def test_a_refused_write_is_unknown_unless_status_or_code_prove_otherwise(status, body, as_read, as_write):
    """Only proof makes it safe to send again."""
    expected = as_write if isinstance(as_write, tuple) else (*as_read, as_write)
    for row in (WRITE, trade.CANCEL_ORDER, borrow.BORROW_REPAY, user_stream.KEEP_ALIVE_LISTEN_KEY):
        error = told(row, status, body)
        assert expected == (type(error), error.category, error.outcome)


def test_a_cancel_refused_for_another_reason_does_not_say_that_the_order_is_gone():
    """The text tells more than the code."""
    error = told(trade.CANCEL_ORDER, 400, says(-2011, "This action is disabled on this account."))
    assert (AccountStateError, Category.ACCOUNT_STATE) == (type(error), error.category)


def test_the_facts_are_fields_and_the_message_says_what_to_do():
    """Code, name, the exchange's words, advice."""
    error = told(WRITE, 400, says(-3006, "Your borrow amount has exceed maximum borrow amount."))

    assert (-3006, 400, "POST /sapi/v1/margin/order") == (error.code, error.status, error.endpoint)
    assert "Your borrow amount has exceed maximum borrow amount." == error.text
    assert str(error).startswith("POST /sapi/v1/margin/order: -3006 EXCEED_MAX_BORROWABLE: Your borrow amount")
    assert str(error).endswith("Ask client.borrow.max_borrowable, lower the amount or add collateral.")


def test_an_unknown_outcome_is_said_instead_of_the_codes_own_advice():
    """The next step is not to send again."""
    assert str(told(WRITE, 503)).endswith("The exchange may have acted: find out before sending again.")
    assert "may have acted" not in str(told(READ, 503))


@pytest.mark.parametrize("status", [403, 404, 410, 500, 502, 503, 504])
@pytest.mark.parametrize(
    "body", [HTML, b"", b"\xff\xfe\x00", b"[1,2", b"null", b'"text"', b'{"msg":"\xff"}', b"[" * 100_000]
)
def test_a_body_that_is_no_envelope_never_fails_the_reader(status, body):
    """Firewalls, retired calls and edges answer in HTML, or in nothing at all."""
    error = told(READ, status, body)
    assert (None, status) == (error.code, error.status)
    assert body[:10].decode("utf-8", "replace")[:10] in error.text
    assert len(error.text) <= 200


def test_a_long_text_is_cut():
    """A message is a sentence, not a page."""
    assert 200 == len(told(READ, 400, says(-1102, "x" * 5_000)).text)
    assert 200 == len(told(READ, 502, b"y" * 5_000).text)


# -- when to ask again ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Retry-After", "retry-after"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [("17", 17.0), ("0", 0.0), ("1.5", 1.5), ("soon", None), ("", None), ("-3", None), ("nan", None), ("1e99", None)],
)
def test_retry_after_is_read_in_seconds_when_it_makes_sense(name, value, expected):
    """A negative, endless or unreadable wait is none."""
    assert expected == told(READ, 429, says(-1003), {name: value}).retry_after


def test_a_429_without_retry_after_names_no_time():
    """The limiter then waits for the next minute."""
    assert told(READ, 429, says(-1003, f"until {NOW_MS + 5_000}")).retry_after is None


def test_a_ban_names_its_end_in_epoch_milliseconds_in_its_text():
    """It becomes seconds from the exchange's now; the header, when there is one, beats it."""
    body = says(-1003, f"Way too much request weight used; IP banned until {NOW_MS + 90_500}. Please use websockets.")

    assert 90.5 == told(READ, 418, body).retry_after
    assert 30.0 == told(READ, 418, body, {"Retry-After": "30"}).retry_after


def test_a_ban_that_is_over_by_our_clock_alone_is_waited_for_a_second():
    """Clocks differ by milliseconds; no wait at all would count as a ban without an end, of minutes."""
    body = says(-1003, f"IP banned until {NOW_MS}.")

    assert 1.0 == told(READ, 418, body, exchange_ms=NOW_MS + 3).retry_after
    assert 1.0 == told(READ, 418, body, exchange_ms=NOW_MS - 3).retry_after


@pytest.mark.parametrize(
    "altered", [(b'"code"', b'"cote"'), (b"Way", b"W\xb6y"), (b"}", b"")], ids=["name", "text", "end"]
)
def test_a_bans_end_is_not_believed_in_a_body_that_came_altered(altered):
    """
    Promise L3: a ban that names no readable end is 120 s and more; where one byte is wrong another may be.

    Found by a bad day: digits in what was no envelope any more were taken for the end.
    """
    body = orjson.dumps(says(-1003, f"Way too much request weight used; IP banned until {NOW_MS + 15_000}."))
    assert 15.0 == told(READ, 418, body).retry_after
    assert told(READ, 418, body.replace(*altered)).retry_after is None


def test_a_bans_end_means_nothing_without_the_exchanges_time():
    """Before the first measurement the difference would be fifty years."""
    assert told(READ, 418, says(-1003, f"banned until {NOW_MS}"), exchange_ms=0).retry_after is None
    assert told(READ, 418, says(-1003, "banned")).retry_after is None


# -- errors that come with success ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "body", "kind", "outcome"),
    [
        (borrow.BORROW_REPAY, b'{"code":-3006,"msg":"too much"}', InsufficientCollateralError, REFUSED),
        (borrow.BORROW_REPAY, b' {"msg":"busy","code":"-3044"}', ServerError, UNKNOWN),
        (trade.OPEN_ORDERS, b'{"code":-3003,"msg":"not open"}', AccountStateError, REFUSED),
        (user_stream.KEEP_ALIVE_LISTEN_KEY, b'{"code":-1125,"msg":"gone"}', AuthError, REFUSED),
        (user_stream.KEEP_ALIVE_LISTEN_KEY, b'{"msg":"gone","code":-1125}', AuthError, REFUSED),
        (trade.NEW_ORDER, b'{"code":-9999,"msg":"news"}', ServerError, UNKNOWN),
    ],
)
def test_success_with_a_negative_code_is_an_error(row, body, kind, outcome):
    """Some calls answer 200 and say no; an answer without fields must not swallow that."""
    with pytest.raises(ExchangeError) as caught:
        replies.decode(row, body)
    assert (kind, outcome, 200) == (type(caught.value), caught.value.outcome, caught.value.status)


@pytest.mark.parametrize("body", [b'{"code":200,"msg":"success"}', b'{"code":"000000","message":null}', b"{}"])
def test_success_with_another_code_is_success(body):
    """Only a negative code says no."""
    assert replies.decode(user_stream.KEEP_ALIVE_LISTEN_KEY, body) is not None


# -- bodies that cannot be read ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"OK",
        HTML,
        b'{"tranId":',
        b'{"tranId":"\xff"}',
        b'{"tranId":NaN}',
        b'{"tranId":1.5}',
        b"[" * 100_000,
        b'{"tranId":1,"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=["empty", "null", "text", "html", "cut", "not utf-8", "NaN", "fraction", "deep", "deep extra"],
)
def test_a_success_that_cannot_be_read_is_a_decode_error_and_a_write_unknown(body):
    """Promise O9: the exchange said yes to something; the error keeps the body's beginning for whoever looks at it."""
    with pytest.raises(DecodeError) as caught:
        replies.decode(borrow.BORROW_REPAY, body)
    assert (UNKNOWN, body[:65_536]) == (caught.value.outcome, caught.value.body)
    assert caught.value.__cause__ is None

    with pytest.raises(DecodeError) as caught:
        replies.decode(READ, body)
    assert REFUSED is caught.value.outcome


@given(body=st.binary(max_size=200), status=st.integers(100, 599))
def test_no_body_and_no_status_breaks_the_reader(body, status):
    """Promise O9: only errors of this package come out."""
    assert isinstance(told(WRITE, status, body), ExchangeError)
    with contextlib.suppress(DecodeError, ExchangeError):
        replies.decode(WRITE, body)


@given(code=st.integers(-100_000, 100_000), status=st.sampled_from([200, 400, 401, 403, 409, 418, 429, 500, 503]))
def test_every_code_has_a_class_a_category_and_an_outcome(code, status):
    """Listed or not."""
    error = told(WRITE, status, says(code))
    assert isinstance(error, ExchangeError)
    assert error.outcome in {REFUSED, UNKNOWN}
    assert isinstance(error.category, Category)
    assert f"{code} " in str(error)
