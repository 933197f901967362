"""``binance-margin bench``."""

from __future__ import annotations

from cyclopts import App

from binance_margin_async.cli.bench.doctor import examine_speed
from binance_margin_async.cli.bench.orders import bench_orders
from binance_margin_async.cli.bench.streams import bench_streams

bench_app: App = App(
    name="bench", help_format="markdown", help="How long orders and events take on this computer, and where."
)
bench_app.command(bench_orders, name="orders")
bench_app.command(bench_streams, name="streams")
bench_app.command(examine_speed, name="doctor")
