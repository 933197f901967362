"""Signatures: the exchange's published vectors, and own ones that were computed independently."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.wire.signing import HmacSigner

# Sample values that the exchange itself publishes (rest-api.md, web-socket-api.md, read 2026-11-22); no real key.
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
FULL_WIDTH = "１２３４５６"  # noqa: RUF001  # a symbol of the exchange's own example
LIMIT = "side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"
RAW_SYMBOL = "ca2cdfbf21d2e2958de492c7f2dd1f059dd2ed4d4459d26a5ec7928db50c8d4f"
VECTORS = {
    "REST, query only": (
        f"symbol=LTCBTC&{LIMIT}",
        "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
    ),
    "REST, encoded symbol": (
        f"symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&{LIMIT}",
        "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3",
    ),
    "REST, query and body glued together": (
        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTCquantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559",
        "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77",
    ),
    "WebSocket API": (
        (
            f"apiKey={KEY}&price=52000.00&quantity=0.01000000&recvWindow=100&side=SELL&symbol=BTCUSDT"
            "&timeInForce=GTC&timestamp=1645423376532&type=LIMIT"
        ),
        "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24",
    ),
    "WebSocket API, raw symbol": (
        (
            f"apiKey={KEY}&price=0.10000000&quantity=1.00000000&recvWindow=5000&side=BUY&symbol={FULL_WIDTH}"
            "&timeInForce=GTC&timestamp=1645423376532&type=LIMIT"
        ),
        "b33892ae8e687c939f4468c6268ddd4c40ac1af18ad19a064864c47bae0752cd",
    ),
    "own: borrow": (
        "asset=USDT&isIsolated=FALSE&amount=25.5&type=BORROW&recvWindow=5000&timestamp=1767000000123",
        "5b6b6dcdfac49da8bfbaa8fb1db76b47fa01b6bf8d7f7c015bd48ab630b285a9",
    ),
    "own: symbol outside ASCII": (
        (
            "symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&isIsolated=TRUE&side=BUY&type=LIMIT&timeInForce=GTC"
            "&quantity=1&price=0.1&recvWindow=5000&timestamp=1767000000123"
        ),
        "fb41be472f49732a44df6a529d44d04dffe331d86449a7e53bdcd31c17d11454",
    ),
    "own: list": (
        "symbols=%5B%22BTCUSDT%22%2C%22ETHUSDT%22%5D&recvWindow=5000&timestamp=1767000000123",
        "e004ff2d47b8c650968257a9dcb242a7e16fbef084f36b03269e0c5a83608650",
    ),
    "own: reserved characters": (
        "note=a%20b%2Bc%26d%3De~f&timestamp=1767000000123",
        "0f1fce907a615c2d11d25658856a880974a45193afd14f139a664037d28fd84c",
    ),
    "own: WebSocket API": (
        f"apiKey={KEY}&timestamp=1767000000123",
        "d523375bd19474745e5f4b7873e86970539483934920608582319e92ee650bc2",
    ),
}


@pytest.mark.parametrize(("payload", "expected"), VECTORS.values(), ids=VECTORS)
def test_a_vector_is_signed_as_published(payload, expected):
    """HMAC-SHA256 in lower-case hexadecimal over the very bytes."""
    assert expected == HmacSigner(SECRET).sign(payload.encode())


def test_the_raw_symbol_has_the_signature_that_the_exchange_refuses():
    """Known by sight, so that the request builder can be shown never to make it."""
    assert RAW_SYMBOL == HmacSigner(SECRET).sign(f"symbol={FULL_WIDTH}&{LIMIT}".encode())


@given(secret=st.text(), payload=st.binary(max_size=300))
def test_it_is_hmac_for_every_secret_and_payload(secret, payload):
    """The prepared states must equal the standard library's way, also for secrets longer than a block."""
    expected = hmac.new(secret.encode(), payload, hashlib.sha256).hexdigest()
    assert expected == HmacSigner(secret).sign(payload)


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 200])
def test_secrets_around_the_block_size_are_padded_or_hashed(length):
    """The border of RFC 2104."""
    secret = "x" * length
    assert hmac.new(secret.encode(), b"payload", hashlib.sha256).hexdigest() == HmacSigner(secret).sign(b"payload")


def test_a_signer_signs_again_and_again():
    """Its prepared states are copied, not used up."""
    signer = HmacSigner(SECRET)
    assert signer.sign(b"a") == signer.sign(b"a")
    assert signer.sign(b"a") != signer.sign(b"b")


def test_a_signer_does_not_print_its_secret():
    """Nor keep it."""
    signer = HmacSigner(SECRET)
    assert "<HmacSigner ***>" == repr(signer) == str(signer)
    assert SECRET not in [getattr(signer, name) for name in signer.__slots__]
