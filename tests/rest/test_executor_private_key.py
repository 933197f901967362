"""Calls signed with a private key: the same way out as with a secret."""

import base64
from urllib.parse import unquote

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from binance_margin_async.errors import ConfigError, Outcome
from binance_margin_async.testing import virtual
from binance_margin_async.wire.endpoints import account, user_stream

BARS = {"normalBar": "1.5", "marginCallBar": "1.3", "forceLiquidationBar": "1.1"}


def signed_part(sent):
    query, _, signature = sent.request.target.partition("?")[2].rpartition("&signature=")
    return query.encode(), base64.b64decode(unquote(signature), validate=True)


@virtual
async def test_a_call_is_signed_with_the_private_key(bench):
    """The exchange has only the public half."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    ready = bench(api_secret=None, private_key=pem)
    ready.network.reply(BARS)
    await ready.executor.call(account.TRADE_COEFF, {})

    payload, signature = signed_part(ready.network.sent[0])
    key.public_key().verify(signature, payload)


@virtual
async def test_a_call_is_signed_by_a_callable(bench):
    """For keys that never enter this process."""
    ready = bench(api_secret=None, private_key=lambda payload: payload[::-1])
    ready.network.reply(BARS)
    await ready.executor.call(account.TRADE_COEFF, {})

    payload, signature = signed_part(ready.network.sent[0])
    assert payload[::-1] == signature


@virtual
async def test_a_call_that_carries_the_key_alone_needs_no_secret(bench):
    """The streams' calls are not signed."""
    ready = bench(api_secret=None, private_key=lambda payload: payload)
    ready.network.reply({})
    await ready.executor.call(user_stream.KEEP_ALIVE_LISTEN_KEY, {"listenKey": "k"})

    assert "signature" not in ready.network.sent[0].request.target


@virtual
async def test_a_private_key_that_cannot_be_used_ends_the_call_before_it_is_sent(bench):
    """Nothing left, and the weight comes back."""
    ready = bench(api_secret=None, private_key="no key")
    with pytest.raises(ConfigError, match="no PEM text") as caught:
        await ready.executor.call(account.TRADE_COEFF, {})

    assert Outcome.NOT_SENT == caught.value.outcome
    assert [] == ready.network.sent
    assert 0 == ready.bucket(account.TRADE_COEFF.route).in_flight
