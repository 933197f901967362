"""
What does it cost to turn what the exchange sends into something a program can use?

Run ``python benchmarks/decode.py``. Two texts: the FULL reply to an order, and the execution report of a fill as the
trade stream pushes it. Ours become structs with ``Decimal`` amounts, enums and checked fields. ``json`` makes dicts
with text amounts, which is all that python-binance does with a reply, and orjson what it does with a frame where
orjson is installed; ccxt makes its unified order, with floats. The rows run in turns in one process, each text another
one. Left out: everything around it. On the last line: the same as one JSON object.
"""

import argparse
import json
import time
from collections.abc import Callable

import orjson
from harness.order_server import FULL
from harness.pushed_report import REPORT
from harness.report import conclude
from harness.rounds import is_installed
from harness.rows import Measure, interleave, ratio, show

from binance_margin_async.models.enums import OrderResponse
from binance_margin_async.wire import ws_api
from binance_margin_async.wire.endpoints.trade import ORDER_ROWS
from binance_margin_async.wire.replies import decode

ROW = ORDER_ROWS[OrderResponse.FULL]


def steps(read: Callable[[bytes], object], text: bytes) -> Measure:
    """Measure *read* with texts that differ: a text that was seen before could be cheaper."""

    def measure(count: int) -> float:
        texts = [text.replace(b"1234567890", b"%d" % number) for number in range(10**9, 10**9 + count)]
        started = time.process_time_ns()
        for each in texts:
            read(each)
        return (time.process_time_ns() - started) / count

    return measure


def ccxt_rows() -> dict[str, Measure]:
    """Return what ccxt does with the same two texts, its market given."""
    import ccxt.pro  # noqa: PLC0415  # a peer that may be absent

    exchange = ccxt.pro.binance()
    precision = {"amount": 1e-5, "price": 1e-2}
    names = {"id": "BTCUSDT", "symbol": "BTC/USDT", "base": "BTC", "quote": "USDT", "baseId": "BTC", "quoteId": "USDT"}
    market = exchange.safe_market_structure({**names, "type": "spot", "spot": True, "precision": precision})
    exchange.set_markets([market])
    return {
        "order reply: ccxt's order": steps(lambda text: exchange.parse_order(json.loads(text), market), FULL),
        "execution report: ccxt's order": steps(
            lambda text: exchange.parse_ws_order(json.loads(text)["event"], market), REPORT
        ),
    }


ROWS: dict[str, Measure] = {
    "order reply: ours": steps(lambda text: decode(ROW, text), FULL),
    "order reply: json, dict": steps(json.loads, FULL),
    "execution report: ours": steps(ws_api.read, REPORT),
    "execution report: json, dict": steps(json.loads, REPORT),
    "execution report: orjson, dict": steps(orjson.loads, REPORT),
}
RATIOS = (
    ("order reply: ours / json", "order reply: ours", "order reply: json, dict"),
    ("order reply: ours / ccxt", "order reply: ours", "order reply: ccxt's order"),
    ("execution report: ours / json", "execution report: ours", "execution report: json, dict"),
    ("execution report: ours / orjson", "execution report: ours", "execution report: orjson, dict"),
    ("execution report: ours / ccxt", "execution report: ours", "execution report: ccxt's order"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Cost of decoding an order's reply and an execution report.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--texts", type=int, default=5_000)
    arguments = parser.parse_args()
    rows, missing = dict(ROWS), {}
    if is_installed("ccxt"):
        rows |= ccxt_rows()
    else:
        missing["ccxt"] = "ccxt is not installed"
    taken = interleave(rows, rounds=arguments.rounds, steps=arguments.texts)
    figures = show(taken, "ns CPU a text")
    ratios = [ratio(name, taken, over, under) for name, over, under in RATIOS if under in taken]
    return conclude("decode", ratios, rounds=arguments.rounds, figures={"ns_per_text": figures}, missing=missing)


if __name__ == "__main__":
    raise SystemExit(main())
