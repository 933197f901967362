"""TLS on real sockets: an unknown authority or a wrong name means that nothing is sent."""

import asyncio
import datetime as dt
import ipaddress
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.asyncio.server import serve

from binance_margin_async.errors import NotSentError, Outcome, SocketLostError
from binance_margin_async.net.http import HttpTransport
from binance_margin_async.net.lane import LaneTransport
from binance_margin_async.net.sockets import open_socket
from binance_margin_async.wire.requests import WireRequest

REQUEST = WireRequest("POST", "/sapi/v1/margin/order?signature=canary", {"X-MBX-APIKEY": "canary"})


def certificate(folder, *names):
    """Write a self-signed certificate for *names* and return server and client contexts that use it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "margin test")])
    begin = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("right"), x509.IPAddress(ipaddress.ip_address("127.0.0.1")))


@pytest.fixture(scope="module")
def wrong_name(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("wrong"), x509.DNSName("api.elsewhere.test"))


@pytest.fixture(params=[HttpTransport, LaneTransport], ids=["aiohttp", "lane"])
def way(request):
    return request.param


async def ask(way, server_context, client_context):
    """Send one request over TLS and return what the server read, and the reply or error."""
    read = []

    async def answer(reader, writer):
        try:
            read.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        except asyncio.IncompleteReadError:
            pass
        writer.close()

    loop = asyncio.get_running_loop()
    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=server_context) as server:
        port = server.sockets[0].getsockname()[1]
        transport = way(f"https://127.0.0.1:{port}", time=loop.time, ssl_context=client_context)
        await transport.open()
        try:
            told = await transport.send(REQUEST, deadline=loop.time() + 5)
        except NotSentError as problem:
            told = problem
        finally:
            await transport.close()
    return read, told


async def test_a_certificate_nobody_vouches_for_means_that_nothing_was_sent(way, right):
    """Promise X2: the default context refuses it, and there is no switch to look away."""
    server_context, _ = right
    read, told = await ask(way, server_context, None)
    assert ([], NotSentError, Outcome.NOT_SENT) == (read, type(told), told.outcome)
    assert "canary" not in f"{told!r}"


async def test_a_certificate_for_another_name_means_that_nothing_was_sent(way, wrong_name):
    """Promise X2: even if its authority is trusted."""
    read, told = await ask(way, *wrong_name)
    assert ([], NotSentError) == (read, type(told))


async def test_a_context_of_ones_own_can_trust_a_private_authority(way, right):
    """That is what it is for."""
    read, told = await ask(way, *right)
    assert (1, 200) == (len(read), told.status)


@pytest.mark.parametrize("transport", ["direct", "queued"])
@pytest.mark.parametrize("trusted", [True, False])
async def test_a_stream_needs_a_trusted_certificate_too(right, trusted, transport):
    """Its address is a key."""
    server_context, client_context = right

    async def echo(connection):
        async for message in connection:
            await connection.send(message)

    async with serve(echo, "127.0.0.1", 0, ssl=server_context) as server:
        address = f"wss://127.0.0.1:{server.sockets[0].getsockname()[1]}/ws/canary"
        if not trusted:
            with pytest.raises(SocketLostError) as caught:
                await open_socket(address, transport=transport)
            assert "canary" not in f"{caught.value!r}"
            return
        async with await open_socket(address, ssl_context=client_context, transport=transport) as socket:
            heard = asyncio.get_running_loop().create_future()
            listening = asyncio.create_task(socket.listen(heard.set_result))
            await socket.send("x")
            assert b"x" == await heard
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
