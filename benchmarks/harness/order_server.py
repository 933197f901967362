"""The least that answers orders: a process of its own that reads every request and returns the same FULL reply."""

import asyncio
import itertools
import json
import ssl
from multiprocessing.connection import Connection

from harness.processes import pin

# Every order is another one: a client that knows an order already would have less to do.
_NUMBERS = itertools.count(10**9)
FULL = json.dumps(
    {
        "symbol": "BTCUSDT",
        "orderId": 1234567890,
        "clientOrderId": "bench-1",
        "isIsolated": False,
        "transactTime": 1795312345678,
        "price": "61000.00",
        "origQty": "0.01000000",
        "executedQty": "0.01000000",
        "cummulativeQuoteQty": "610.00000000",
        "status": "FILLED",
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": "BUY",
        "selfTradePreventionMode": "NONE",
        "fills": [
            {
                "price": "61000.00",
                "qty": "0.01",
                "commission": "0.00001",
                "commissionAsset": "BTC",
                "tradeId": 1234567890,
            }
        ],
    }
).encode()
TIME = b'{"serverTime":1795312345678}'


def _reply(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-SAPI-USED-UID-WEIGHT-1M: 6\r\n"
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


ORDER_REPLY, TIME_REPLY = _reply(FULL), _reply(TIME)


def order_reply() -> bytes:
    """Return the reply to one more order."""
    return ORDER_REPLY.replace(b"1234567890", b"%d" % next(_NUMBERS))


class Answers(asyncio.Protocol):
    """Answers each request without reading it closely."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            body = _length(head)
            if len(self._buffer) < end + 4 + body:
                return
            self._buffer = self._buffer[end + 4 + body :]
            self._transport.write(TIME_REPLY if b"/api/v3/time" in head else order_reply())


def _length(head: bytes) -> int:
    """Peers put the parameters of a POST into its body."""
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else 0


def serve(pipe: Connection, certificate: str | None) -> None:
    """Serve on a free port of the loopback interface, tell it, and go on until terminated."""
    pin("server")

    async def main() -> None:
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
        server = await asyncio.get_running_loop().create_server(Answers, "127.0.0.1", 0, ssl=context)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())
