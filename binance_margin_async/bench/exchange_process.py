"""A simulated exchange in a process of its own: what it computes must not count to the client."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import orjson

from binance_margin_async.config import Config
from binance_margin_async.errors import ConfigError

# The client's words for the addresses that ``sim serve --json`` prints.
_SETTINGS = {
    "rest_url": "rest_url",
    "ws_api_url": "ws_api_url",
    "risk_stream_url": "risk_url",
    "stream_url": "market_url",
    "api_key": "api_key",
    "api_secret": "api_secret",
}


@asynccontextmanager
async def exchange_process() -> AsyncGenerator[Config, None]:
    """
    Run a calm exchange, whose market stands still, in another process while entered.

    Yields:
        The settings that lead there.

    Raises:
        ConfigError: It did not start; it has told why on stderr.
    """
    served = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "binance_margin_async.cli"),
        *("sim", "serve", "--json", "--port", "0", "--speed", "0"),
        stdin=DEVNULL,
        stdout=PIPE,
    )
    assert served.stdout is not None  # noqa: S101  # it is a pipe
    try:
        line = await served.stdout.readline()
        if not line:
            raise ConfigError("the simulated exchange did not start: try  binance-margin sim serve")
        told = orjson.loads(line)
        yield Config.load(environ={}, **{_SETTINGS[name]: told[name] for name in _SETTINGS})
    finally:
        with suppress(ProcessLookupError):
            served.terminate()
        await served.wait()
