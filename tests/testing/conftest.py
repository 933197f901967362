"""A protocol that writes down what happens to it, and a connection between two of them."""

import asyncio

import pytest


class Recorder(asyncio.Protocol):
    """Notes what happens to it, with the time."""

    def __init__(self):
        self.seen = []
        self.pieces = []
        self.times = []
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        self.seen.append("made")

    def data_received(self, data):
        self.pieces.append(bytes(data))
        self.times.append(asyncio.get_running_loop().time())
        self.seen.append("data")

    def eof_received(self):
        self.seen.append("eof")

    def connection_lost(self, exc):
        self.seen.append(type(exc).__name__ if exc else "lost")
        self.lost.set_result(exc)

    @property
    def received(self):
        return b"".join(self.pieces)


async def _connected(port=80):
    """Return the protocols of a new connection, the server's and the client's."""
    loop = asyncio.get_running_loop()
    accepted = []

    def accept():
        accepted.append(Recorder())
        return accepted[-1]

    server = await loop.create_server(accept, "api.test", port)
    _, client = await loop.create_connection(Recorder, "api.test", port)
    await asyncio.sleep(0)
    server.close()
    return accepted[0], client


@pytest.fixture(scope="session")
def connected():
    """Return the maker of connections."""
    return _connected
