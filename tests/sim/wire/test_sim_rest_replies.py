"""Shapes of replies that are no ordinary JSON, and of those that ask for something special."""

import orjson
import pytest


@pytest.mark.parametrize(
    ("method", "target", "status", "title"),
    [
        ("POST", "/sapi/v1/userDataStream", 410, "410 Gone"),
        ("DELETE", "/api/v3/userDataStream", 410, "410 Gone"),
        ("GET", "/sapi/v1/margin/leverageBracket", 410, "410 Gone"),
        ("POST", "/sapi/v1/margin/loan", 410, "410 Gone"),
        ("GET", "/sapi/v1/margin/nothing", 404, "404 Not Found"),
        ("GET", "/api/v3/time", 403, "403 Forbidden"),
    ],
)
def test_what_stands_before_the_exchange_answers_with_a_page(desk, method, target, status, title):
    """Retired, unknown, and stopped by the firewall: HTML, whatever a JSON parser thinks of it."""
    params = {"note": "1 UNION SELECT 2"} if status == 403 else {}
    reply = desk().send(method, target, signed=False, **params)

    assert (status, "text/html") == (reply.status, reply.headers["Content-Type"])
    assert f"<title>{title}</title>" in reply.body.decode()


def test_times_come_in_microseconds_when_a_header_says_so(desk):
    """Under /api only."""
    calm = desk()
    headers = {"X-MBX-TIME-UNIT": "microsecond", "X-MBX-APIKEY": calm.credentials.api_key}

    reply = calm.send("GET", "/api/v3/time", signed=False, headers=headers)
    index = calm.send("GET", "/sapi/v1/margin/priceIndex", signed=False, headers=headers, symbol="BTCUSDT")
    refused = calm.send("GET", "/api/v3/time", signed=False, headers={"X-MBX-TIME-UNIT": "day"})

    assert calm.now * 1000 == orjson.loads(reply.body)["serverTime"]
    assert calm.now == orjson.loads(index.body)["calcTime"]
    assert (400, -1194) == (refused.status, orjson.loads(refused.body)["code"])
