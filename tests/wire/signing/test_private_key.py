"""Private keys: read from PEM, told apart, and signing as the exchange expects; a wrong one is one clear sentence."""

import base64
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, PublicFormat

from binance_margin_async.errors import ConfigError, MissingExtraError
from binance_margin_async.wire.parameters import encode
from binance_margin_async.wire.signing import signer_from_pem

# Own vectors over the published seed of RFC 8032; the API key is the exchange's published sample.
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
VECTORS = {
    "borrow": (
        "asset=USDT&isIsolated=FALSE&amount=25.5&type=BORROW&recvWindow=5000&timestamp=1767000000123",
        "tnDrEOw+ZiUbV9AXQxJNmqRma/k3i2ntWuDKMHou9pICHVl7wfsXtbo1Y8zaBNr8cVgGFRfYyrYB7xwPl93qBw==",
    ),
    "symbol outside ASCII": (
        (
            "symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&isIsolated=TRUE&side=BUY&type=LIMIT&timeInForce=GTC"
            "&quantity=1&price=0.1&recvWindow=5000&timestamp=1767000000123"
        ),
        "k07uedyQWB3NyXQFh912NdXxCAA/ardPFNCFn3BKIMvSc0zYubkgVlhiGYK4ONZkNi4N8ZbXOScDeHn02Ui4DQ==",
    ),
    "list": (
        "symbols=%5B%22BTCUSDT%22%2C%22ETHUSDT%22%5D&recvWindow=5000&timestamp=1767000000123",
        "+9mOI1lX6x0xBm1tS5pQY8qxvEhFeBLs/WrCbRw4029pldMJQ37CibW6Qr7k1LP/ZwL4A0e8AjiFYe8G4SjvAQ==",
    ),
    "reserved characters": (
        "note=a%20b%2Bc%26d%3De~f&timestamp=1767000000123",
        "4zctdrlIWoYxE24MOcs35nOhcqJtpgR0oA4CtHjpidX5HaxJw7R62qBv3xS6fYFeLQjZtMN7B80X22rfLhADDw==",
    ),
    "WebSocket API": (
        f"apiKey={KEY}&timestamp=1767000000123",
        "zIJQYoQ95tW17vsNXgc8I/TGxFFCEv2otpbU5a+/mvkLdYGCAMGO1hJVaIPBQqB3boNIxO2ArYxyemC1bNc2Aw==",
    ),
}
PASSPHRASE = "correct horse-canary"


@pytest.mark.parametrize(("payload", "expected"), VECTORS.values(), ids=VECTORS)
def test_an_ed25519_vector_is_signed_as_computed_elsewhere(payload, expected, ed25519_key, pem_of):
    """Ed25519 is deterministic, so the text is known."""
    assert expected == signer_from_pem(pem_of(ed25519_key)).sign(payload.encode())


def test_the_vectors_signature_is_percent_encoded_on_the_wire(ed25519_key, pem_of):
    """Its ``+``, ``/`` and ``=`` mean something else in a query."""
    signature = signer_from_pem(pem_of(ed25519_key)).sign(VECTORS["borrow"][0].encode())
    assert "tnDrEOw%2BZiUbV9AXQxJNmqRma%2Fk3i2ntWuDKMHou9pICHVl7wfsXtbo1Y8zaBNr8cVgGFRfYyrYB7xwPl93qBw%3D%3D" == encode(
        signature
    )


def test_an_rsa_signature_is_pkcs1_v15_over_sha256(rsa_key, pem_of):
    """The public half proves it; this padding makes the same signature each time."""
    signer = signer_from_pem(pem_of(rsa_key))
    signature = signer.sign(b"payload")

    rsa_key.public_key().verify(base64.b64decode(signature, validate=True), b"payload", PKCS1v15(), SHA256())
    assert signature == signer.sign(b"payload")


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_the_kind_is_found_from_the_key(passphrase, rsa_key, ed25519_key, pem_of):
    """Nobody has to name it, encrypted or not, with blanks around it or not."""
    kinds = [signer_from_pem(f"\n {pem_of(key, passphrase)}\n", passphrase).kind for key in (rsa_key, ed25519_key)]
    assert ["RSA", "Ed25519"] == kinds


def test_an_rsa_key_in_its_older_form_is_read(rsa_key, pem_of):
    """Old tools write ``BEGIN RSA PRIVATE KEY``."""
    assert "RSA" == signer_from_pem(pem_of(rsa_key, form=PrivateFormat.TraditionalOpenSSL)).kind


def refusal(pem, passphrase=None):
    """Return the sentence, after making sure that it and what hangs on it tell nothing of the key."""
    with pytest.raises(ConfigError) as caught:
        signer_from_pem(pem, passphrase)
    problem = caught.value
    secrets = [line for line in pem.splitlines() if line and "---" not in line]
    assert [] == [line for line in (*secrets, "canary") if line in str(problem)]
    assert problem.__cause__ is None
    assert problem.__context__ is None or problem.__suppress_context__
    assert "\n" not in str(problem)
    return str(problem)


def test_a_missing_passphrase_is_asked_for_by_name(ed25519_key, pem_of):
    """With every way to give it."""
    told = refusal(pem_of(ed25519_key, PASSPHRASE))
    assert "is encrypted: give its passphrase in BINANCE_PRIVATE_KEY_PASSPHRASE" in told
    assert told == refusal(pem_of(ed25519_key, PASSPHRASE), "")


def test_a_wrong_passphrase_is_said_and_not_repeated(ed25519_key, pem_of):
    """It may be right for something else."""
    assert "the passphrase is wrong" in refusal(pem_of(ed25519_key, PASSPHRASE), "another-canary")


def test_a_passphrase_for_a_key_without_one_is_said(ed25519_key, pem_of):
    """Its owner believes the file to be safe."""
    assert "is not encrypted" in refusal(pem_of(ed25519_key), PASSPHRASE)


def test_keys_of_other_kinds_are_named(pem_of):
    """The exchange takes neither."""
    assert "kind DSA: the exchange takes Ed25519 and RSA" in refusal(pem_of(dsa.generate_private_key(2048)))
    assert "kind EC: the exchange takes Ed25519 and RSA" in refusal(pem_of(ec.generate_private_key(ec.SECP256R1())))


def test_an_rsa_key_that_is_too_small_is_refused(pem_of):
    """The exchange would answer -1022 to every call."""
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  # on purpose
    assert "1024 bits: the exchange takes 2048 or 4096" in refusal(pem_of(small))


def test_a_public_key_is_called_one(ed25519_key):
    """The two files lie side by side."""
    public = ed25519_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert "another thing (public key)" in refusal(public)


def test_a_key_in_the_form_of_openssh_is_called_one(ed25519_key, pem_of):
    """``ssh-keygen`` writes it, and it is no PKCS#8."""
    assert "OpenSSH" in refusal(pem_of(ed25519_key, form=PrivateFormat.OpenSSH))


@pytest.mark.parametrize("text", ["", "/home/me/canary.pem", "NhqPtmdSJYdKjVHjA7PZj4Mge3R5"])
def test_what_is_no_pem_text_is_refused_with_the_way_to_name_a_file(text):
    """A path or an HMAC secret in the wrong place; a secret is not repeated."""
    told = refusal(text)
    assert "no PEM text" in told
    assert "private_key_path" in told


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_damaged_key_is_called_damaged(passphrase, ed25519_key, pem_of):
    """Cut off in copying, or not even text."""
    pem = pem_of(ed25519_key, passphrase)
    lines = pem.splitlines()
    assert "damaged" in refusal("\n".join([lines[0], lines[1][:20], lines[-1]]), passphrase)
    assert "damaged" in refusal(pem.replace(lines[1][:4], "\ud800ab "), passphrase)


def test_a_signer_does_not_print_its_key(ed25519_key, pem_of):
    """Only of which kind it is."""
    signer = signer_from_pem(pem_of(ed25519_key))
    assert "<PrivateKeySigner Ed25519 ***>" == repr(signer) == str(signer)


@pytest.mark.parametrize("module", ["ed25519", "rsa"])
def test_without_the_extra_the_command_that_installs_it_is_told(module, ed25519_key, pem_of, monkeypatch):
    """Who signs with HMAC never needs it."""
    pem = pem_of(ed25519_key)
    monkeypatch.setitem(sys.modules, f"cryptography.hazmat.primitives.asymmetric.{module}", None)
    with pytest.raises(MissingExtraError, match=r"private key needs .* pip install 'binance-margin-async\[crypto\]'"):
        signer_from_pem(pem)
