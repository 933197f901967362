"""The metrics, for whoever scrapes them."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from binance_margin_async.models.picture import Picture
from binance_margin_async.web.gallery import Gallery
from binance_margin_async.web.guard import Guard
from binance_margin_async.web.guarded import guarded


def metrics_app(gallery: Gallery, guard: Guard, text: Callable[[Picture | None, float], bytes]) -> web.Application:
    """
    Return the metrics.

    Args:
        gallery: Holds the newest picture.
        guard: Who may look.
        text: Writes a picture of so many seconds ago as metrics.
    """
    app = guarded(guard)

    async def metrics(_: web.Request) -> web.StreamResponse:
        kind = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return web.Response(body=text(gallery.picture, gallery.age), headers=kind)

    app.router.add_get("/metrics", metrics, allow_head=False)
    return app
