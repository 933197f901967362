"""Calls without a row: the same limits, signature and errors as every other; only the answer is plain JSON."""

from decimal import Decimal

import pytest

from binance_margin_async.errors import DecodeError, EndpointRetiredError, InvalidRequestError
from binance_margin_async.rest.any_call import any_row
from binance_margin_async.rules.limits import ip, uid
from binance_margin_async.wire.endpoint import Security

PATH = "/sapi/v1/margin/newcomer"


def row(verb="GET", path=PATH, *, cost=ip(1), security=Security.USER_DATA):  # noqa: B008  # a frozen value
    return any_row(verb, path, cost=cost, security=security)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            b'{"a":0.1,"b":[1e-8,null,true,"x"],"c":{}}',
            {"a": Decimal("0.1"), "b": [Decimal("1e-8"), None, True, "x"], "c": {}},
        ),
        (b"9007199254740993", 9007199254740993),
        (b"12345678901234567890.12345678901234567890", Decimal("12345678901234567890.12345678901234567890")),
        (b'"0.00000001"', "0.00000001"),
        ('["币安人生"]'.encode(), ["币安人生"]),
        (b"[]", []),
        (b"null", None),
        (b"", None),
        (b" \n", None),
    ],
)
async def test_the_answer_is_plain_json_without_a_float(bench, body, expected):
    """A float would lose money that text or Decimal keeps."""
    ready = bench()
    ready.network.reply(body)
    answer = await ready.executor.call(row(), {})

    assert expected == answer
    assert "float" not in repr([type(part) for part in (answer.values() if isinstance(answer, dict) else [answer])])


async def test_an_answer_that_is_no_json_is_a_decode_error(bench):
    """A page for people, with status 200."""
    ready = bench()
    ready.network.reply(b"<html></html>")
    with pytest.raises(DecodeError, match=PATH):
        await ready.executor.call(row(), {})


async def test_it_is_charged_what_its_caller_says(bench):
    """Against the address or the account, in a bucket of its own."""
    ready = bench()
    for _ in range(2):
        ready.network.reply({})
    await ready.executor.call(row(cost=ip(10)), {})
    await ready.executor.call(row("POST", cost=uid(1500)), {})

    told = [(each.endpoint, each.scope, each.granted) for each in ready.gate.statistics().buckets]
    assert [(f"GET {PATH}", "IP", 10), (f"POST {PATH}", "UID", 1500)] == told


@pytest.mark.parametrize(
    ("security", "has_key", "is_signed"),
    [
        (Security.NONE, False, False),
        (Security.MARKET_DATA, True, False),
        (Security.USER_STREAM, True, False),
        (Security.USER_DATA, True, True),
        (Security.TRADE, True, True),
        (Security.MARGIN, True, True),
    ],
)
async def test_its_security_decides_over_key_and_signature(bench, security, has_key, is_signed):
    """As for the calls of the table; parameters are encoded before they are signed."""
    ready = bench()
    ready.network.reply({})
    await ready.executor.call(
        row("PUT", security=security), {"symbol": "币安人生USDT", "amount": Decimal("1E-8"), "no": None}
    )

    ((request, *_),) = ready.network.sent
    assert "PUT" == request.method
    assert request.target.startswith(f"{PATH}?symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&amount=0.00000001")
    assert has_key is ("X-MBX-APIKEY" in request.headers)
    assert is_signed is ("&signature=" in request.target)


async def test_a_float_never_reaches_the_wire(bench):
    """And its weight is given back."""
    ready = bench()
    with pytest.raises(TypeError, match=r"amount must be .* float"):
        await ready.executor.call(row("POST"), {"amount": 0.1})
    assert [] == ready.network.sent


@pytest.mark.parametrize("verb", ["get", "PATCH", "", "GET "])
def test_the_verb_is_one_of_the_four(verb):
    """A lower-case one would open a bucket of its own."""
    with pytest.raises(ValueError, match="verb must be one of"):
        row(verb)


@pytest.mark.parametrize(
    "path", ["", "sapi/v1/x", "/sapi/v1/x?a=1", "/sapi/v1/x#a", "/a b", "//host/x", "/ä", "/a/", "https://x/y"]
)
def test_the_path_is_a_path_alone(path):
    """Parameters in it would be sent unsigned, a host would receive the key."""
    with pytest.raises(ValueError, match="path must look like"):
        row(path=path)


@pytest.mark.parametrize(
    ("path", "expected"), [("/sapi/v1/margin/loan", EndpointRetiredError), (PATH, InvalidRequestError)]
)
async def test_a_retired_call_is_explained_here_too(bench, path, expected):
    """It is the one way left to make it."""
    ready = bench()
    ready.network.reply(b"<html>404</html>", status=404)
    with pytest.raises(expected) as refused:
        await ready.executor.call(row("POST", path), {})
    assert ("2024-03-31" in str(refused.value)) is (expected is EndpointRetiredError)
