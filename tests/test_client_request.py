"""``client.request``: any endpoint, through the same limits, signature and errors as the rest."""

import pytest

from binance_margin_async import (
    AuthError,
    ClosedError,
    EndpointRetiredError,
    InvalidRequestError,
    MarginClient,
    Security,
    ip,
)
from binance_margin_async.testing import virtual


@virtual
async def test_a_call_is_answered_as_plain_json():
    """Signed by default; text stays text, however much it looks like a number."""
    async with MarginClient.simulated() as client:
        account = await client.request("GET", "/sapi/v1/margin/account", cost=ip(10))
        typed = await client.account.cross()
        index = await client.request(
            "GET", "/sapi/v1/margin/priceIndex", {"symbol": "BTCUSDT"}, cost=ip(10), security=Security.MARKET_DATA
        )
        clock = await client.request("GET", "/api/v3/time", security=Security.NONE)

    assert str(typed.margin_level) == account["marginLevel"]
    assert str is type(index["price"])
    assert int is type(clock["serverTime"])


@virtual
async def test_it_spends_the_same_weight_as_the_method():
    """Otherwise both together would send more than is allowed."""
    async with MarginClient.simulated() as client:
        await client.request("GET", "/sapi/v1/margin/account", cost=ip(10))
        await client.account.cross()
        told = {each.endpoint: each.granted for each in client.statistics()["limits"].buckets}
    assert 20 == told["GET /sapi/v1/margin/account"]


@virtual
async def test_a_retired_call_says_what_to_use_instead():
    """The simulated exchange answers it as the real one does, with a page for people."""
    async with MarginClient.simulated() as client:
        with pytest.raises(EndpointRetiredError, match=r"2026-02-20.*POST /sapi/v1/userListenToken") as gone:
            await client.request("POST", "/sapi/v1/userDataStream", security=Security.USER_STREAM)
        with pytest.raises(EndpointRetiredError, match=r"2024-03-31.*POST /sapi/v1/asset/transfer"):
            await client.request("POST", "/sapi/v1/margin/transfer", {"asset": "USDT", "amount": 1, "type": 1})
    assert "POST /sapi/v1/userListenToken" == gone.value.successor


@virtual
async def test_errors_are_those_of_every_call():
    """Class, code and advice."""
    async with MarginClient.simulated() as client:
        with pytest.raises(InvalidRequestError, match="-1121"):
            await client.request(
                "GET", "/sapi/v1/margin/priceIndex", {"symbol": "NOSUCH"}, security=Security.MARKET_DATA
            )
        with pytest.raises(AuthError):
            await client.request("GET", "/sapi/v1/margin/account", security=Security.NONE)
        with pytest.raises(TypeError, match="float"):
            await client.request("POST", "/sapi/v1/margin/borrow-repay", {"amount": 0.1})
        with pytest.raises(ValueError, match="path must look like"):
            await client.request("GET", "https://example.org/")


async def test_a_closed_client_says_so():
    """As every other call does."""
    with pytest.raises(ClosedError, match="not open"):
        await MarginClient().request("GET", "/api/v3/time")
