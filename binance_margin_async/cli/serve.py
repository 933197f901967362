"""``binance-margin sim serve``."""

from __future__ import annotations

import asyncio
import sys
import time

import orjson

from binance_margin_async.cli.exits import ExitCode
from binance_margin_async.cli.options import Json, Port, Prices, Speed
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.cli.target import Target

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def serve(
    *,
    scenario: str = "calm",
    prices: Prices = (),
    speed: Speed = 1.0,
    host: str = "127.0.0.1",
    rest_port: Port = 8710,
    ws_port: Port = 8711,
    seed: int = 0,
    json: Json = False,
) -> ExitCode:
    """
    Run the simulated exchange for any client, and print the settings that lead there.

    Parameters
    ----------
    scenario
        How it begins: calm (default), another of `sim scenarios`, or a TOML file.
    prices
        Price file: open_time,open,high,low,close,volume, or Binance's kline columns. FILE for the first pair, or
        SYMBOL=FILE; may be given several times.
    speed
        Market seconds in one second: moves prices and interest only.
    host
        Address to listen on; others than loopback let anybody in your network trade on it.
    rest_port
        Port of the REST API; 0 lets the system choose.
    ws_port
        Port of the streams; 0 lets the system choose.
    seed
        Repeats a session's keys and tokens.
    json
        Print the settings as one JSON object.
    """
    quiet_logging(verbose=False)
    return run_command(
        serve_exchange(
            Target(sim=True, scenario=scenario, prices=prices),
            speed=speed,
            host=host,
            ports=(rest_port, ws_port),
            seed=seed,
            as_json=json,
        )
    )


async def serve_exchange(
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
