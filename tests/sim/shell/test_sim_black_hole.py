"""A hole in a connection: what it holds arrives late, and in its order."""

import asyncio

from binance_margin_async.sim.shell.black_hole import HeldTransport
from binance_margin_async.testing import virtual


@virtual
async def test_what_was_held_arrives_before_the_end_that_followed_it():
    """TCP never lets an end overtake bytes; the exchange would fail on them when the hole is closed."""
    loop = asyncio.get_running_loop()
    read = []

    async def listen(reader, writer):
        read.append(await reader.read())
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 8000):
        transport, _ = await loop.create_connection(asyncio.Protocol, "127.0.0.1", 8000)
        held = HeldTransport(transport)
        held.write(b"early, ")
        held.hold_writing(held=True)
        held.write(b"late")
        held.write_eof()
        await asyncio.sleep(5)
        assert [] == read

        held.hold_writing(held=False)
        await asyncio.sleep(5)
        assert [b"early, late"] == read
        transport.close()
