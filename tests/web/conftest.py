"""A server on loopback that shows pictures."""

from contextlib import contextmanager

import msgspec
import pytest

from binance_margin_async.metrics import metrics_text
from binance_margin_async.web.address import Address
from binance_margin_async.web.gallery import Gallery
from binance_margin_async.web.guard import Guard
from binance_margin_async.web.page import page_app
from binance_margin_async.web.scrape import metrics_app
from binance_margin_async.web.server import WebServer


class Shown(msgspec.Struct):
    gallery: Gallery
    page: str
    metrics: str


@pytest.fixture
def serve():
    """Serve a page and metrics while entered: ``with serve() as shown: …``."""

    @contextmanager
    def serving(port=0, *, token=None, send_limit=10.0, names=()):
        gallery, guard = Gallery(), Guard(names, token)
        sites = [
            (Address("127.0.0.1", port), lambda: page_app(gallery, guard, send_limit=send_limit)),
            (Address("127.0.0.1", 0), lambda: metrics_app(gallery, guard, metrics_text)),
        ]
        with WebServer(gallery, sites) as server:
            yield Shown(gallery, *(address.url for address in server.addresses))

    return serving
