"""An aiohttp application that can only be looked at, by those who may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from binance_margin_async.web.guard import Guard, Refusal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": "binance-margin",
}
_TOLD = {
    Refusal.METHOD: "This page can only be looked at: GET.",
    Refusal.HOST: "This page is not served under that name. Ask by address, or name it with --web-name.",
    Refusal.TOKEN: "A token is needed: as the password in a browser, or as a bearer token.",
}
_ASK = {"WWW-Authenticate": 'Basic realm="margin monitor", charset="UTF-8"'}


def guarded(guard: Guard) -> web.Application:
    """Return an application without pages, which asks *guard* first and sends nothing without its headers."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers
        refusal = guard.refusal(request.method, given.get("Host", ""), given.get("Authorization", ""))
        if refusal is None:
            return await handler(request)
        headers = _ASK if refusal is Refusal.TOKEN else {}
        return web.Response(status=refusal, text=_TOLD[refusal], headers={**headers, "Connection": "close"})

    async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(_HEADERS)

    app = web.Application(middlewares=[check], client_max_size=0)
    app.on_response_prepare.append(add_headers)
    return app
