"""Keys of three kinds, each with rights of its own."""

import builtins
import random
from base64 import b64decode, b64encode
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from binance_margin_async.errors import MissingExtraError
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.messages import HttpRequest
from binance_margin_async.sim.wire.authentication import check_signature
from binance_margin_async.sim.wire.keys import ApiKey, KeyRights, KeyStore
from binance_margin_async.sim.wire.signatures import fits, kind_of

# RFC 8032, section 7.1, test 1.
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PAYLOAD = "asset=USDT&isIsolated=FALSE&amount=25.5&type=BORROW&recvWindow=5000&timestamp=1767000000123"
SIGNATURE = "tnDrEOw+ZiUbV9AXQxJNmqRma/k3i2ntWuDKMHou9pICHVl7wfsXtbo1Y8zaBNr8cVgGFRfYyrYB7xwPl93qBw=="


def pem(private_key):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private_key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(SEED)
RSA = rsa.generate_private_key(65537, 2048)


def rsa_signature(payload):
    return b64encode(RSA.sign(payload, padding.PKCS1v15(), hashes.SHA256())).decode()


def refusal(check, *arguments, **named):
    with pytest.raises(RefusedError) as caught:
        check(*arguments, **named)
    return caught.value.code


def test_known_ed25519_signature_passes():
    """A vector computed elsewhere; a signature must be percent-encoded, or its plus becomes a blank."""
    key = ApiKey("k", pem(ED25519), "Ed25519")

    check_signature(f"{PAYLOAD}&signature={quote(SIGNATURE, safe='')}", "", key)

    assert -1022 == refusal(check_signature, f"{PAYLOAD}&signature={SIGNATURE}", "", key)
    assert -1022 == refusal(check_signature, f"{PAYLOAD}0&signature={quote(SIGNATURE, safe='')}", "", key)


def test_rsa_signature_passes():
    """PKCS 1 v1.5 over SHA-256."""
    signature = rsa_signature(PAYLOAD.encode())

    assert fits("RSA", pem(RSA), PAYLOAD.encode(), signature)
    assert not fits("RSA", pem(RSA), b"other", signature)


def test_case_counts_in_base64_only():
    """Hex may be written either way; base64 may not."""
    assert not fits("Ed25519", pem(ED25519), PAYLOAD.encode(), SIGNATURE.lower())
    assert not fits("Ed25519", pem(ED25519), PAYLOAD.encode(), "no base64!")
    assert 64 == len(b64decode(SIGNATURE))


def test_kind_is_read_from_the_public_key():
    """Other curves and short keys are not taken."""
    assert ("Ed25519", "RSA") == (kind_of(pem(ED25519)), kind_of(pem(RSA)))
    for text in (
        pem(ec.generate_private_key(ec.SECP256R1())),
        pem(rsa.generate_private_key(65537, 1024)),  # noqa: S505  # must be refused
        "words",
    ):
        with pytest.raises(ValueError, match=r"."):
            kind_of(text)


def test_missing_extra_is_named(monkeypatch):
    """One line says what to install."""
    kind_of.__globals__["_load"].cache_clear()
    real = builtins.__import__

    def without(name, *arguments, **named):
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"\[crypto\]"):
        kind_of(pem(ED25519))


def signed(desk, key, method, path, sign, **params):
    params["timestamp"] = desk.now
    query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in params.items())
    target = f"{path}?{query}&signature={quote(sign(query.encode()), safe='')}"
    return desk.core.handle(HttpRequest(method, target, {"X-MBX-APIKEY": key.api_key}), desk.now)


@pytest.mark.parametrize("kind", ["RSA", "Ed25519"])
def test_key_of_another_kind_serves_the_same_account(desk, kind):
    """Several keys, one user: what one does, the other sees."""
    calm = desk()
    private = RSA if kind == "RSA" else ED25519
    sign = rsa_signature if kind == "RSA" else lambda payload: b64encode(ED25519.sign(payload)).decode()
    key = calm.core.venue.keys.make(pem(private))

    reply = signed(calm, key, "GET", "/sapi/v1/margin/account", sign)

    assert (kind, 200) == (key.kind, reply.status)


def test_each_key_has_its_own_rights(desk):
    """What is taken from one is not taken from the other."""
    calm = desk()
    weak = calm.core.venue.keys.make(rights=KeyRights(enable_margin=False))
    calm.use(weak)

    assert -2015 == calm.refusal("POST", "loan", type="BORROW", asset="USDT", amount="5", isIsolated="FALSE")
    assert calm.call("GET", "/sapi/v1/account/apiRestrictions")["enableMargin"] is False
    calm.credentials = calm.core.credentials
    assert calm.call("GET", "/sapi/v1/account/apiRestrictions")["enableMargin"] is True


def test_address_outside_the_list_is_refused(desk):
    """With the code of an unknown key, as everything about keys."""
    calm = desk()
    calm.core.rights.allowed_ips = ("10.0.0.7",)

    assert -2015 == calm.refusal("GET", "account")

    calm.core.rights.ip_restrict = False
    assert 200 == calm.send("GET", "account").status


def test_right_to_trade_may_end(desk):
    """A key without an address list loses it after a while; the reply about the key tells it."""
    calm = desk()
    calm.core.rights.trading_expires_at = calm.now + 1000
    calm.order("BUY", "MARKET", quantity="0.01")
    calm.wait(1)

    assert -2015 == calm.refusal("POST", "order", symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.01")
    assert calm.call("GET", "/sapi/v1/account/apiRestrictions")["enableSpotAndMarginTrading"] is False


def test_malformed_key_is_told_from_an_unknown_one(desk):
    """No key, a short one, and one that nobody made."""
    calm = desk()

    codes = [calm.refusal("GET", "account", key=key) for key in ("", "x", "A" * 64)]

    assert [-2014, -2014, -2015] == codes


def test_special_key_is_for_api_alone():
    """Orders and queries; neither loans nor /sapi."""
    store = KeyStore(random.Random(1))
    key = store.make_special("BTCUSDT", name="fast", addresses=["10.0.0.7"])

    assert ("BTCUSDT", True, False) == (key.account, key.rights.may_trade(0), key.rights.enable_margin)
    assert (True, False) == (key.rights.may_come_from("10.0.0.7"), key.rights.may_come_from("127.0.0.1"))
    assert [key] == store.special("BTCUSDT")


def test_special_key_cannot_be_used_on_sapi(desk):
    """What the real one meets there is not documented; -2015 is expected."""
    calm = desk()
    key = calm.core.venue.keys.make_special("CROSS", name="fast")
    calm.use(key)

    assert -2015 == calm.refusal("GET", "account")
    assert -2015 == calm.refusal("POST", "token", signed=False)


def test_special_keys_have_limits():
    """30 keys of an account, 30 addresses of a key, and READ with Ed25519 only."""
    store = KeyStore(random.Random(1))
    for number in range(30):
        store.make_special("CROSS", name=str(number))

    assert -3026 == refusal(store.make_special, "CROSS", name="one more")
    assert -1130 == refusal(store.make_special, "ETHUSDT", name="a", addresses=["10.0.0.1"] * 31)
    assert -1130 == refusal(store.make_special, "ETHUSDT", name="a", permission_mode="READ")
    assert -1130 == refusal(store.make_special, "ETHUSDT", name="a", public_key="words")
    assert [] == store.special("ETHUSDT")
    assert not store.make_special(
        "ETHUSDT", name="a", permission_mode="READ", public_key=pem(ED25519)
    ).rights.may_trade(0)


def test_removed_key_is_unknown_at_once():
    """And whoever holds sessions is told."""
    store = KeyStore(random.Random(1))
    key, gone = store.make(), []
    store.on_removed = lambda *told: gone.append(told)

    store.remove(key, 5)
    store.remove(key, 6)

    assert ([(key, 5)], {}) == (gone, store.keys)
