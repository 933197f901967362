"""``binance-margin sim serve``."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import orjson

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.options import FirstPort, Json, MarketSpeed, Prices
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.cli.target import Target
from binance_margin_async.sim import SimulatedExchange, read_faults
from binance_margin_async.sim.server import LOOPBACK

# REST listens on the port itself, the streams and the admin calls on the next two.
DEFAULT_PORT = 8710


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to listen."""

    host: str
    port: int

    @property
    def ports(self) -> tuple[int, int, int]:
        """Of REST, the streams and the admin calls; 0 lets the system choose each."""
        return (self.port, self.port + 1, self.port + 2) if self.port else (0, 0, 0)


def serve(
    *,
    scenario: str = "calm",
    prices: Prices = (),
    speed: MarketSpeed = 1.0,
    faults: Path | None = None,
    seed: int = 0,
    host: str = "127.0.0.1",
    port: FirstPort = DEFAULT_PORT,
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
        Market seconds in one second: moves prices and interest only. At 0 they stand still until an admin call.
    faults
        TOML or JSON file of what goes wrong, besides the scenario's own faults.
    seed
        Repeats a session's keys, tokens and harmed bytes.
    host
        Address to listen on; others than loopback let anybody in your network trade on it.
    port
        Port of the REST API; the streams take the next one, the admin calls the one after. 0 lets the system choose.
    json
        Print addresses and keys as one JSON object.
    """
    quiet_logging(verbose=False)
    target = Target(sim=True, scenario=scenario, prices=prices)
    return run_command(
        serve_exchange(target, Place(host=host, port=port), speed=speed, faults=faults, seed=seed, as_json=json)
    )


async def serve_exchange(
    target: Target, place: Place, *, speed: float, faults: Path | None, seed: int, as_json: bool
) -> ExitCode:
    """
    Serve the simulated exchange until interrupted.

    Args:
        target: Scenario and prices.
        place: Where to listen.
        speed: Market seconds in one second.
        faults: File of what goes wrong.
        seed: Repeats a session's keys, tokens and harmed bytes.
        as_json: Print addresses and keys as JSON.

    Raises:
        OSError: A port is in use.
        InputFileError: A file cannot be used.
    """
    rest_port, ws_port, admin_port = place.ports
    scenario, prices = target.played()
    exchange = SimulatedExchange(
        scenario,
        prices=prices,
        price_speed=speed,
        host=place.host,
        rest_port=rest_port,
        ws_port=ws_port,
        admin_port=admin_port,
        seed=seed,
        # Clients that do not measure the exchange's clock sign with their own, so it must be this one.
        start_ms=time.time_ns() // 1_000_000,
        faults=() if faults is None else read_faults(faults),
    )
    async with exchange:
        if as_json:
            print(orjson.dumps(_addresses(exchange)).decode(), flush=True)
        else:
            _print_settings(exchange)
        if place.host not in LOOPBACK:
            told = f"listening on {place.host}: anybody who reaches this address can trade here"
            print(f"{told}; the admin calls stay on this machine", file=sys.stderr, flush=True)
        await asyncio.Event().wait()
    return ExitCode.DONE


def _addresses(exchange: SimulatedExchange) -> dict[str, str | None]:
    return {
        "rest_url": exchange.rest_url,
        "ws_api_url": exchange.ws_api_url,
        "stream_url": exchange.stream_url,
        "risk_stream_url": exchange.risk_url,
        "admin_url": exchange.admin_url,
        "api_key": exchange.api_key,
        "api_secret": exchange.api_secret,
    }


def _print_settings(exchange: SimulatedExchange) -> None:
    word = "set" if sys.platform == "win32" else "export"
    settings = {
        "BINANCE_MARGIN_REST_URL": exchange.rest_url,
        "BINANCE_MARGIN_WS_API_URL": exchange.ws_api_url,
        "BINANCE_MARGIN_RISK_URL": exchange.risk_url,
        "BINANCE_MARGIN_MARKET_URL": exchange.stream_url,
        "BINANCE_API_KEY": exchange.api_key,
        "BINANCE_API_SECRET": exchange.api_secret,
    }
    for name, value in settings.items():
        print(f"{word} {name}={value}")
    print(f"# admin calls: {exchange.admin_url}")
    print("# the simulated exchange runs; Ctrl-C ends it", flush=True)
