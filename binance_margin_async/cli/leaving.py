"""Leaving on Ctrl-C or SIGTERM while the outcome of something is open."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from binance_margin_async.client import MarginClient
from binance_margin_async.errors import MarginError
from binance_margin_async.models.intents import Intent

# Seconds in which open outcomes may still be proved; with what closing takes, a command ends within five.
DRAIN = 4.0


@asynccontextmanager
async def open_with_care(client: MarginClient) -> AsyncGenerator[MarginClient]:
    """
    Open *client*; when what is done with it is cancelled, find out about what is open first, for ``DRAIN`` seconds.

    What becomes of each intent, or that it stays open, is told on stderr.
    """
    async with client:
        try:
            yield client
        except asyncio.CancelledError:
            await _drain(client)
            raise


async def _drain(client: MarginClient) -> None:
    left = client.orders.unresolved
    if not left:
        return
    names = ", ".join(intent.id for intent in left)
    print(
        f"Finding out what became of {names}: {DRAIN:g} s at most. Once more leaves now.", file=sys.stderr, flush=True
    )
    proofs = {intent.id: asyncio.ensure_future(client.orders.resolved(intent.id)) for intent in left}
    await asyncio.wait(proofs.values(), timeout=DRAIN)
    for proof in proofs.values():
        proof.cancel()
    await asyncio.gather(*proofs.values(), return_exceptions=True)
    for intent in left:
        print(_told(intent, proofs[intent.id]), file=sys.stderr)


def _told(intent: Intent, proof: asyncio.Future[Intent]) -> str:
    if proof.cancelled() or isinstance(proof.exception(), MarginError):
        return (
            f"{intent.id} is open: {intent.kind.replace('_', ' ')}, {intent.symbol}, account {intent.account}. Do not "
            f"send it again. Find out:  binance-margin orders resolve {intent.id}  with the same journal"
        )
    return f"{intent.id}: {proof.result().outcome}, {proof.result().reason}"
