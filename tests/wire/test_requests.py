"""Requests: what is signed is, byte for byte, what is sent."""

from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.secret import Secret
from binance_margin_async.wire.endpoints import account, borrow, market, spot, trade, user_stream
from binance_margin_async.wire.requests import KEY_HEADER, build, build_signed
from binance_margin_async.wire.signing import HmacSigner

# Sample values that the exchange itself publishes (rest-api.md, read 2026-11-22); no real key.
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
FULL_WIDTH = "１２３４５６"  # noqa: RUF001  # a symbol of the exchange's own example


class Recorder:
    """A signer that remembers what it was given."""

    def __init__(self, signature="sig"):
        self.signature = signature
        self.payloads = []

    def sign(self, payload):
        self.payloads.append(payload)
        return self.signature


def signed(row, parameters, signer=None, *, timestamp_ms=1767000000123, recv_window_ms=5000):
    return build_signed(
        row,
        parameters,
        api_key=Secret(KEY),
        signer=signer or HmacSigner(SECRET),
        timestamp_ms=timestamp_ms,
        recv_window_ms=recv_window_ms,
    )


LIMIT = {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": 1, "price": Decimal("0.1")}


@pytest.mark.parametrize(
    ("row", "parameters", "timestamp_ms", "target"),
    [
        (
            trade.NEW_ORDER,
            {"symbol": "LTCBTC", **LIMIT},
            1499827319559,
            (
                "/sapi/v1/margin/order?symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1"
                "&recvWindow=5000&timestamp=1499827319559"
                "&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
            ),
        ),
        (
            trade.NEW_ORDER,
            {"symbol": FULL_WIDTH, **LIMIT},
            1499827319559,
            (
                "/sapi/v1/margin/order?symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96"
                "&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"
                "&signature=e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3"
            ),
        ),
        (
            borrow.BORROW_REPAY,
            {"asset": "USDT", "isIsolated": "FALSE", "symbol": None, "amount": Decimal("25.5"), "type": "BORROW"},
            1767000000123,
            (
                "/sapi/v1/margin/borrow-repay?asset=USDT&isIsolated=FALSE&amount=25.5&type=BORROW&recvWindow=5000"
                "&timestamp=1767000000123&signature=5b6b6dcdfac49da8bfbaa8fb1db76b47fa01b6bf8d7f7c015bd48ab630b285a9"
            ),
        ),
        (
            trade.NEW_ORDER,
            {"symbol": "币安人生USDT", "isIsolated": "TRUE", **LIMIT},
            1767000000123,
            (
                "/sapi/v1/margin/order?symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&isIsolated=TRUE&side=BUY&type=LIMIT"
                "&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1767000000123"
                "&signature=fb41be472f49732a44df6a529d44d04dffe331d86449a7e53bdcd31c17d11454"
            ),
        ),
        (
            account.ISOLATED_ACCOUNT,
            {"symbols": '["BTCUSDT","ETHUSDT"]'},
            1767000000123,
            (
                "/sapi/v1/margin/isolated/account?symbols=%5B%22BTCUSDT%22%2C%22ETHUSDT%22%5D&recvWindow=5000"
                "&timestamp=1767000000123&signature=e004ff2d47b8c650968257a9dcb242a7e16fbef084f36b03269e0c5a83608650"
            ),
        ),
    ],
    ids=["published", "published, encoded symbol", "borrow", "symbol outside ASCII", "list"],
)
def test_a_signed_request_has_the_vectors_target(row, parameters, timestamp_ms, target):
    """Everything in the query, in the given order, the signature last."""
    request = signed(row, parameters, timestamp_ms=timestamp_ms)
    assert (row.verb, target, {KEY_HEADER: KEY}, None) == (
        request.method,
        request.target,
        request.headers,
        request.body,
    )


def test_the_signature_over_the_raw_symbol_is_never_made():
    """It was right until the exchange began to enforce encoding before signing (2026-01-15)."""
    request = signed(trade.NEW_ORDER, {"symbol": FULL_WIDTH, **LIMIT}, timestamp_ms=1499827319559)
    assert "ca2cdfbf21d2e2958de492c7f2dd1f059dd2ed4d4459d26a5ec7928db50c8d4f" not in request.target
    assert request.target.isascii()


values = st.text() | st.integers() | st.booleans() | st.decimals(allow_nan=False, allow_infinity=False, places=8)
parameters = st.dictionaries(st.from_regex(r"[a-z][A-Za-z]{0,11}", fullmatch=True), values | st.none(), max_size=6)


@given(given_parameters=parameters, timestamp_ms=st.integers(0, 2**53), recv_window_ms=st.integers(1, 60_000))
def test_the_signed_bytes_are_the_sent_bytes_before_the_signature(given_parameters, timestamp_ms, recv_window_ms):
    """For all text there is: the exchange checks what it received."""
    signer = Recorder()
    request = signed(
        trade.NEW_ORDER, given_parameters, signer, timestamp_ms=timestamp_ms, recv_window_ms=recv_window_ms
    )
    query, _, signature = request.target.removeprefix("/sapi/v1/margin/order?").partition("&signature=")

    assert [query.encode()] == signer.payloads
    assert "sig" == signature
    assert query.endswith(f"recvWindow={recv_window_ms}&timestamp={timestamp_ms}")
    sent = [(name, value) for name, value in given_parameters.items() if value is not None]
    received = parse_qsl(query, keep_blank_values=True, strict_parsing=True, encoding="utf-8", errors="strict")[:-2]
    assert [name for name, _ in sent] == [name for name, _ in received]
    assert [value for _, value in sent if isinstance(value, str)] == [
        got for (_, got), (_, value) in zip(received, sent, strict=True) if isinstance(value, str)
    ]


def test_a_signature_with_reserved_characters_is_encoded():
    """Ed25519 and RSA signatures are base64."""
    request = signed(account.CROSS_ACCOUNT, {}, Recorder("tnDr/k3+93qBw=="))
    assert request.target.endswith("&signature=tnDr%2Fk3%2B93qBw%3D%3D")


def test_a_call_without_parameters_is_signed_over_window_and_time_alone():
    """No stray ampersand in front."""
    request = signed(account.CROSS_ACCOUNT, {}, Recorder())
    assert "/sapi/v1/margin/account?recvWindow=5000&timestamp=1767000000123&signature=sig" == request.target


def test_an_unsigned_call_has_no_timestamp():
    """A stream call carries the key, market data too, public calls nothing."""
    token = build(user_stream.LISTEN_TOKEN, {"isIsolated": True, "symbol": "BTCUSDT"}, api_key=Secret(KEY))
    index = build(market.PRICE_INDEX, {"symbol": "BTCUSDT"}, api_key=Secret(KEY))
    time = build(spot.TIME, {})

    assert "/sapi/v1/userListenToken?isIsolated=true&symbol=BTCUSDT" == token.target
    assert {KEY_HEADER: KEY} == token.headers == index.headers
    assert ("GET", "/api/v3/time", {}, None) == (time.method, time.target, time.headers, time.body)


def test_a_public_call_never_carries_the_key():
    """Even when the builder is handed one."""
    assert {} == build(spot.TIME, {}, api_key=Secret(KEY)).headers


def test_a_float_is_refused_before_anything_is_signed():
    """The signer never sees it."""
    signer = Recorder()
    with pytest.raises(TypeError, match="float"):
        signed(trade.NEW_ORDER, {"symbol": "BTCUSDT", "quantity": 0.1}, signer)
    assert [] == signer.payloads


def test_a_request_does_not_print_its_query_or_key():
    """It ends up in tracebacks with captured locals."""
    request = signed(trade.NEW_ORDER, {"symbol": "BTCUSDT"})
    assert "WireRequest(POST /sapi/v1/margin/order)" == repr(request) == str(request)
