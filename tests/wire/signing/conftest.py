"""Keys to sign with, made once: an RSA key takes a while."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

# Private seed of RFC 8032, section 7.1, test 1: a published value.
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")


@pytest.fixture(scope="session")
def rsa_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def ed25519_key():
    return ed25519.Ed25519PrivateKey.from_private_bytes(SEED)


@pytest.fixture(scope="session")
def pem_of():
    """Return a writer of PEM texts: PKCS#8 unless told otherwise, encrypted if there is a passphrase."""

    def write(key, passphrase=None, form=PrivateFormat.PKCS8):
        encryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
        return key.private_bytes(Encoding.PEM, form, encryption).decode()

    return write
