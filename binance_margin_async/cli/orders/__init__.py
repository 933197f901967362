"""``binance-margin order``: place, cancel, show and list orders."""

from __future__ import annotations

from cyclopts import App

from binance_margin_async.cli.orders.look import listed, show
from binance_margin_async.cli.orders.place import oco, oto, otoco, place
from binance_margin_async.cli.orders.stop import cancel

order_app: App = App(name="order", help_format="markdown", help="Place, cancel, show and list orders.")
order_app.command(place)
order_app.command(oco)
order_app.command(oto)
order_app.command(otoco)
order_app.command(cancel)
order_app.command(show)
order_app.command(listed, name="list")
