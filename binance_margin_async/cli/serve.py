"""``binance-margin sim serve``."""

from __future__ import annotations

import asyncio
import sys
import time

import orjson

from binance_margin_async.cli.exits import ExitCode
from binance_margin_async.cli.target import Target

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


async def serve(
    target: Target, *, speed: float, host: str, ports: tuple[int, int], seed: int, as_json: bool
) -> ExitCode:
    """
    Serve the simulated exchange until interrupted.

    Args:
        target: Scenario and prices.
        speed: Market seconds in one second.
        host: Address to listen on.
        ports: For REST and for the streams.
        seed: Repeats a session's keys and tokens.
        as_json: Print the settings as JSON.

    Raises:
        OSError: A port is in use.
    """
    # Clients that do not measure the exchange's clock sign with their own, so it must be this one.
    now_ms = time.time_ns() // 1_000_000
    exchange = target.exchange(speed=speed, host=host, ports=ports, seed=seed, start_ms=now_ms)
    async with exchange:
        settings = {
            "BINANCE_MARGIN_REST_URL": exchange.rest_url,
            "BINANCE_MARGIN_WS_API_URL": exchange.ws_api_url,
            "BINANCE_MARGIN_RISK_URL": exchange.risk_url,
            "BINANCE_API_KEY": exchange.api_key,
            "BINANCE_API_SECRET": exchange.api_secret,
        }
        if as_json:
            print(orjson.dumps(settings).decode(), flush=True)
        else:
            _print_settings(settings)
        if host not in _LOOPBACK:
            print(f"listening on {host}: anybody who reaches this address can trade here", file=sys.stderr)
        await asyncio.Event().wait()
    return ExitCode.DONE


def _print_settings(settings: dict[str, str]) -> None:
    word = "set" if sys.platform == "win32" else "export"
    for name, value in settings.items():
        print(f"{word} {name}={value}")
    print("# the simulated exchange runs; Ctrl-C ends it", flush=True)
