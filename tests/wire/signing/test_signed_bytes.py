"""With every kind of key: the bytes that were signed are the bytes that are sent."""

import base64
import hashlib
import hmac
from urllib.parse import unquote

import orjson
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.secret import Secret
from binance_margin_async.wire import ws_signing
from binance_margin_async.wire.endpoints import trade
from binance_margin_async.wire.requests import build_signed
from binance_margin_async.wire.signing import HmacSigner, OutsideSigner, signer_from_pem

KEY, SECRET = "api-key", "api-secret"
KINDS = ["HMAC", "RSA", "Ed25519", "outside"]

# Every character that can be written in UTF-8, those with a meaning in a query more often.
legal = st.text(st.characters(codec="utf-8") | st.sampled_from(" +&=%?#/~,[]\"'é币１\0\n"))
values = legal | st.integers() | st.booleans() | st.decimals(allow_nan=False, allow_infinity=False, places=8)
parameters = st.dictionaries(st.from_regex(r"[a-z][A-Za-z]{0,11}", fullmatch=True), values | st.none(), max_size=6)


@pytest.fixture(scope="module")
def kinds(rsa_key, ed25519_key, pem_of):
    """Return by kind: a signer, and the exchange's check of a payload and a signature, which raises."""

    def hmac_check(payload, signature):
        if hmac.new(SECRET.encode(), payload, hashlib.sha256).hexdigest() != signature:
            raise InvalidSignature

    def rsa_check(payload, signature):
        rsa_key.public_key().verify(base64.b64decode(signature, validate=True), payload, PKCS1v15(), SHA256())

    def ed25519_check(payload, signature):
        ed25519_key.public_key().verify(base64.b64decode(signature, validate=True), payload)

    return {
        "HMAC": (HmacSigner(SECRET), hmac_check),
        "RSA": (signer_from_pem(pem_of(rsa_key)), rsa_check),
        "Ed25519": (signer_from_pem(pem_of(ed25519_key)), ed25519_check),
        "outside": (OutsideSigner(ed25519_key.sign), ed25519_check),
    }


def signed(given_parameters, signer):
    return build_signed(
        trade.NEW_ORDER,
        given_parameters,
        api_key=Secret(KEY),
        signer=signer,
        timestamp_ms=1767000000123,
        recv_window_ms=5000,
    )


@pytest.mark.parametrize("kind", KINDS)
@given(given_parameters=parameters)
def test_the_exchange_finds_the_signature_right_over_what_it_received(kind, kinds, given_parameters):
    """It takes the query as it came, cuts the signature off and checks the rest, byte for byte."""
    signer, check = kinds[kind]
    target = signed(given_parameters, signer).target
    query, separator, signature = target.partition("?")[2].rpartition("&signature=")

    check(query.encode("ascii"), unquote(signature))
    assert "&signature=" == separator
    assert set() == set(signature) & set("+/= &")


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_byte_is_noticed(kind, kinds):
    """Otherwise the check above would prove nothing."""
    signer, check = kinds[kind]
    query, _, signature = signed({"symbol": "BTCUSDT"}, signer).target.partition("?")[2].rpartition("&signature=")
    with pytest.raises(InvalidSignature):
        check(query.replace("BTC", "ETH").encode(), unquote(signature))


@pytest.mark.parametrize("kind", KINDS)
@given(given_parameters=parameters)
def test_the_websocket_api_signs_what_its_frame_says(kind, kinds, given_parameters):
    """The exchange reads the frame, sorts what it finds and joins it without any encoding."""
    signer, check = kinds[kind]
    frame = orjson.dumps(
        ws_signing.signed(given_parameters, api_key=Secret(KEY), signer=signer, timestamp_ms=1767000000123)
    )
    received = orjson.loads(frame)
    signature = received.pop("signature")

    check("&".join(f"{name}={received[name]}" for name in sorted(received)).encode(), signature)
