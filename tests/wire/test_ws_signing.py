"""Signing for the WebSocket API: the exchange's published examples, which are sorted and not percent-encoded."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.secret import Secret
from binance_margin_async.wire import ws_signing
from binance_margin_async.wire.signing import HmacSigner

# Sample values that the exchange itself publishes (web-socket-api.md, read 2026-11-22); no real key.
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
FULL_WIDTH = "１２３４５６"  # noqa: RUF001  # a symbol of the exchange's own example
ORDER = {"symbol": "BTCUSDT", "side": "SELL", "type": "LIMIT", "timeInForce": "GTC"}


def signed(parameters, timestamp_ms, recv_window_ms=None):
    return ws_signing.signed(
        parameters,
        api_key=Secret(KEY),
        signer=HmacSigner(SECRET),
        timestamp_ms=timestamp_ms,
        recv_window_ms=recv_window_ms,
    )


@pytest.mark.parametrize(
    ("parameters", "timestamp_ms", "recv_window_ms", "signature"),
    [
        (
            {**ORDER, "quantity": "0.01000000", "price": "52000.00"},
            1645423376532,
            100,
            "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24",
        ),
        (
            {**ORDER, "symbol": FULL_WIDTH, "side": "BUY", "quantity": Decimal("1.00000000"), "price": "0.10000000"},
            1645423376532,
            5000,
            "b33892ae8e687c939f4468c6268ddd4c40ac1af18ad19a064864c47bae0752cd",
        ),
        ({}, 1767000000123, None, "d523375bd19474745e5f4b7873e86970539483934920608582319e92ee650bc2"),
    ],
    ids=["published", "published, raw symbol", "own: key and time alone"],
)
def test_a_vector_is_signed_as_published(parameters, timestamp_ms, recv_window_ms, signature):
    """The symbol outside ASCII proves that nothing is percent-encoded."""
    assert signature == signed(parameters, timestamp_ms, recv_window_ms)["signature"]


def test_the_payload_is_sorted_by_name_and_raw():
    """Byte for byte, whatever the order in which it is given; what is not sent is not signed."""
    parameters = {"symbol": f"{FULL_WIDTH} &=%", "apiKey": "k", "timestamp": 5, "orderId": None, "Zeta": True}
    assert f"Zeta=true&apiKey=k&symbol={FULL_WIDTH} &=%&timestamp=5".encode() == ws_signing.payload(parameters)


def test_a_signature_is_no_part_of_what_is_signed():
    """Signing anew what was signed before gives the same."""
    once = signed(ORDER, 1767000000123)
    assert once == signed(once, 1767000000123)
    assert ws_signing.payload({"a": 1}) == ws_signing.payload({"a": 1, "signature": "x"})


def test_what_is_sent_is_the_text_that_was_signed():
    """A number in the frame could be written in another way than in the payload."""
    sent = signed({"quantity": Decimal("1E-8"), "orderId": 7, "flag": False}, 1767000000123, 5000)
    del sent["signature"]
    assert {
        "apiKey": KEY,
        "flag": "false",
        "orderId": "7",
        "quantity": "0.00000001",
        "recvWindow": "5000",
        "timestamp": "1767000000123",
    } == sent


def test_time_and_key_are_those_of_the_call():
    """Left-overs among the parameters do not win."""
    sent = signed({"timestamp": 1, "apiKey": "other"}, 1767000000123)
    assert ("1767000000123", KEY) == (sent["timestamp"], sent["apiKey"])


@given(st.dictionaries(st.from_regex(r"[a-zA-Z]{1,5}", fullmatch=True), st.text(), max_size=6))
def test_the_order_of_the_parameters_does_not_matter(parameters):
    """A dictionary's order is an accident."""
    backwards = dict(reversed(parameters.items()))
    assert ws_signing.payload(parameters) == ws_signing.payload(backwards)


def test_a_float_is_refused():
    """As everywhere."""
    with pytest.raises(TypeError, match=r"price must be .* float"):
        ws_signing.payload({"price": 0.1})
