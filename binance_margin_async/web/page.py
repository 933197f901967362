"""The page, its files, and the pictures as server-sent events."""

from __future__ import annotations

from importlib import resources

from aiohttp import web
from aiohttp_sse import sse_response

from binance_margin_async.web.gallery import Gallery
from binance_margin_async.web.guard import Guard
from binance_margin_async.web.guarded import Handler, guarded

MOST_VIEWERS = 16
# Seconds in which a viewer must take what is sent; and until a browser comes back by itself, in milliseconds.
SEND_LIMIT, COME_BACK_MS = 10.0, 1000
# Bytes that may wait for a viewer, besides what the system's own buffer holds.
SEND_BUFFER = 64 * 1024
_FILES = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/chart.js": ("chart.js", "text/javascript"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}


def page_app(gallery: Gallery, guard: Guard, *, send_limit: float = SEND_LIMIT) -> web.Application:
    """
    Return the page, its files, and the pictures as server-sent events.

    Args:
        gallery: Holds the newest picture.
        guard: Who may look.
        send_limit: Seconds in which a viewer must take what is sent.
    """
    app = guarded(guard)
    for path, (name, kind) in _FILES.items():
        app.router.add_get(path, _file(name, kind), allow_head=False)

    async def events(request: web.Request) -> web.StreamResponse:
        if gallery.viewers >= MOST_VIEWERS:
            return web.Response(status=503, text="Too many viewers.", headers={"Retry-After": "5"})
        gallery.viewers += 1
        try:
            return await _watch(request, gallery, send_limit)
        finally:
            gallery.viewers -= 1

    app.router.add_get("/events", events, allow_head=False)
    return app


def _file(name: str, kind: str) -> Handler:
    body = resources.files("binance_margin_async.web").joinpath("static", name).read_bytes()

    async def serve(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=kind, charset="utf-8")

    return serve


async def _watch(request: web.Request, gallery: Gallery, send_limit: float) -> web.StreamResponse:
    """Send the past once, then each new picture; a viewer that takes too long is let go."""
    async with sse_response(request, send_timeout=send_limit) as response:
        if request.transport is not None:
            request.transport.set_write_buffer_limits(high=SEND_BUFFER)
        seen = await gallery.next(0)
        await response.send(gallery.past(), event="past", retry=COME_BACK_MS)
        while response.is_connected():
            await response.send(gallery.now(), event="now")
            seen = await gallery.next(seen)
    return response
