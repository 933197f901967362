"""The page and the metrics of ``monitor``: who may look, and how the pictures get there."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cyclopts import Parameter

from binance_margin_async.client import MarginClient
from binance_margin_async.config import secret_named
from binance_margin_async.errors import ConfigError, MissingExtraError
from binance_margin_async.secret import Secret
from binance_margin_async.services.monitor import Monitor
from binance_margin_async.services.picture import Painter, Sources
from binance_margin_async.web.address import Address, address_of

if TYPE_CHECKING:
    from binance_margin_async.web.gallery import Gallery
    from binance_margin_async.web.server import AppFactory

_log = logging.getLogger("binance_margin_async.web")
TOKEN = "BINANCE_MARGIN_WEB_TOKEN"  # noqa: S105  # the name of the variable
SHORTEST_TOKEN = 16
# Seconds between two pictures.
PERIOD = 0.5


class Shown:
    """
    What shows a monitor to others, while it is entered.

    Attributes:
        told: A line for each address that is served.
    """

    def __init__(self, gallery: Gallery | None = None) -> None:
        self._gallery = gallery
        self.told: list[str] = []

    @asynccontextmanager
    async def showing(
        self, client: MarginClient, monitor: Monitor, heading: str, *, speed: float
    ) -> AsyncGenerator[None, None]:
        """
        Paint *monitor* while entered; nothing happens without anybody who could look.

        Args:
            client: Open.
            monitor: To be entered afterwards, so that nothing is missed.
            heading: What is watched, and where.
            speed: Loop seconds in one second.
        """
        if self._gallery is None:
            yield
            return
        sources = Sources(
            heading=heading,
            bus=client.bus,
            clock=client.clock,
            health=client.health,
            latency=client.latency,
            states=lambda: monitor.states,
            alerts=lambda: monitor.alerts,
            mirror=client.mirror,
        )
        async with Painter(sources) as painter:
            painting = asyncio.create_task(painter.run(self._gallery.hang, PERIOD * speed), name="pictures")
            painting.add_done_callback(_tell_failure)
            try:
                yield
            finally:
                painting.cancel()
                await asyncio.gather(painting, return_exceptions=True)


@Parameter(name="*", group="Viewing")
@dataclass(frozen=True, kw_only=True)
class Viewing:
    """Who else may look."""

    web: str | None = None
    """Serve a page at HOST:PORT, such as 127.0.0.1:8787. Off loopback it needs BINANCE_MARGIN_WEB_TOKEN."""
    web_name: tuple[str, ...] = field(default=())
    """A further name under which a browser may ask for the page; may be given several times."""
    metrics: str | None = None
    """Serve Prometheus metrics at PORT or HOST:PORT, under /metrics; off loopback with the same token."""

    @contextmanager
    def server(self, environ: Mapping[str, str] = os.environ) -> Generator[Shown, None, None]:
        """
        Serve what is asked for while entered.

        Args:
            environ: Holds the token.

        Raises:
            ConfigError: An address that others can reach has no token, or a short one.
            MissingExtraError: What it needs is not installed.
            OSError: An address cannot be served.
            ValueError: An address is none.
        """
        web = None if self.web is None else address_of(self.web)
        metrics = None if self.metrics is None else address_of(self.metrics)
        if web is None and metrics is None:
            yield Shown()
            return
        token = _token(environ, [each for each in (web, metrics) if each is not None])
        gallery, sites = _sites(web, metrics, self.web_name, token)
        from binance_margin_async.web.server import WebServer  # noqa: PLC0415  # an extra

        with WebServer(gallery, sites) as server:
            shown = Shown(gallery)
            paths = [("Page", "/")] * (web is not None) + [("Metrics", "/metrics")] * (metrics is not None)
            shown.told = [f"{what}: {at.url}{path}" for (what, path), at in zip(paths, server.addresses, strict=True)]
            yield shown


NO_VIEWERS: Viewing = Viewing()


def _tell_failure(painting: asyncio.Task[None]) -> None:
    """Log why there are no more pictures; the page and the metrics show that there are none."""
    if not painting.cancelled() and (problem := painting.exception()) is not None:
        _log.error("the page and the metrics are not kept up to date any more", exc_info=problem)


def _token(environ: Mapping[str, str], addresses: list[Address]) -> Secret | None:
    token = secret_named(TOKEN, environ)
    if token is not None:
        if len(token.reveal()) < SHORTEST_TOKEN:
            raise ConfigError(f"{TOKEN} is too short: take at least {SHORTEST_TOKEN} random characters")
        return token
    reached = next((each for each in addresses if not each.is_loopback), None)
    if reached is not None:
        raise ConfigError(
            f"{reached.host} can be reached from elsewhere, so a token is needed: set {TOKEN}, or {TOKEN}_FILE to a "
            "file with it, or serve on 127.0.0.1"
        )
    return None


def _sites(
    web: Address | None, metrics: Address | None, names: tuple[str, ...], token: Secret | None
) -> tuple[Gallery, list[tuple[Address, AppFactory]]]:
    """Return what is shown, and each address with what makes its application; only what is asked for is loaded."""
    sites: list[tuple[Address, AppFactory]] = []
    extra = "web"
    try:
        from binance_margin_async.web.gallery import Gallery  # noqa: PLC0415
        from binance_margin_async.web.guard import Guard  # noqa: PLC0415

        gallery = Gallery()
        guard = Guard((*names, *(each.host for each in (web, metrics) if each is not None)), token)
        if web is not None:
            from binance_margin_async.web.page import page_app  # noqa: PLC0415

            sites.append((web, lambda: page_app(gallery, guard)))
        if metrics is not None:
            extra = "metrics"
            from binance_margin_async.metrics import metrics_text  # noqa: PLC0415
            from binance_margin_async.web.scrape import metrics_app  # noqa: PLC0415

            sites.append((metrics, lambda: metrics_app(gallery, guard, metrics_text)))
    except ModuleNotFoundError as missing:
        if missing.name not in {"aiohttp_sse", "prometheus_client"}:
            raise
        raise MissingExtraError(extra, "--web" if extra == "web" else "--metrics") from None
    return gallery, sites
