"""Calls of the WebSocket API on one connection: asked, and answered by frames between the events."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from itertools import count
from typing import NamedTuple

from binance_margin_async.errors import SocketLostError, StreamError
from binance_margin_async.net.sockets import Socket
from binance_margin_async.secret import Secret
from binance_margin_async.wire import ws_api

ANSWER_LIMIT = 10.0  # seconds; the exchange's own backend gives up after as many (documents)

Adopt = Callable[[ws_api.Answer], None]


class _Question(NamedTuple):
    """A call under way; ``adopt`` takes a good answer at once, before any frame behind it is read."""

    answer: asyncio.Future[ws_api.Answer]
    adopt: Adopt


class Questions:
    """The calls under way on one connection."""

    def __init__(self) -> None:
        self._pending: dict[str, _Question] = {}
        self._ids = count(1)

    async def ask(
        self,
        socket: Socket,
        method: str,
        params: Mapping[str, str | int | Secret] | None,
        adopt: Adopt = lambda _: None,
    ) -> ws_api.Answer:
        """
        Send a call and wait for its answer.

        Args:
            socket: The connection.
            method: Name of the call.
            params: Its parameters.
            adopt: Given an answer without an error, before anything that came behind it is read.

        Raises:
            SocketLostError: The connection ended.
            StreamError: No answer in time.
        """
        request_id = f"bma-{next(self._ids)}"
        answer: asyncio.Future[ws_api.Answer] = asyncio.get_running_loop().create_future()
        self._pending[request_id] = _Question(answer, adopt)
        try:
            await socket.send(ws_api.request(request_id, method, params))
            async with asyncio.timeout(ANSWER_LIMIT):
                return await answer
        except TimeoutError:
            raise StreamError(f"{method}: no answer within {ANSWER_LIMIT:.0f} s") from None
        finally:
            self._pending.pop(request_id, None)

    def on_answer(self, answer: ws_api.Answer) -> None:
        """
        Take an answer to whoever asked; one that comes too late is dropped.

        Raises:
            SocketLostError: It is an error that nobody asked for: the exchange ended the session.
        """
        question = self._pending.get(str(answer.request_id))
        if question is None:
            if answer.error is not None:
                raise SocketLostError(f"the exchange ended the session: {answer.error.code} {answer.error.msg[:200]}")
            return
        if answer.error is None:
            question.adopt(answer)
        if not question.answer.done():
            question.answer.set_result(answer)
