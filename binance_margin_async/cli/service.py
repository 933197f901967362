"""The monitor as a service: its manager is told that it runs, that it is well, and that it ends."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from binance_margin_async.client import MarginClient
from binance_margin_async.net.notify_socket import NotifySocket
from binance_margin_async.services.monitor import Monitor

_log = logging.getLogger("binance_margin_async.service")
# A report comes this often within the time in which one is expected, so that one may be late.
_REPORTS = 3


@asynccontextmanager
async def reported(client: MarginClient, monitor: Monitor) -> AsyncGenerator[None, None]:
    """
    Report to the service manager, if there is one, while entered: ``READY=1``, ``WATCHDOG=1`` and ``STOPPING=1``.

    Args:
        client: Its tasks must not have been given up; an exchange that is away is nothing a restart would mend.
        monitor: Tells the states of its accounts.
    """
    link = NotifySocket.of(os.environ)
    if link is None:
        yield
        return
    _send(link, "READY=1", _status(monitor))
    watcher = asyncio.create_task(watch(link, lambda: ailment(client), lambda: _status(monitor)), name="watchdog")
    try:
        yield
    finally:
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)
        _send(link, "STOPPING=1", "STATUS=ending")


async def watch(link: NotifySocket, ails: Callable[[], str], status: Callable[[], str]) -> None:
    """
    Report for ever, and only while nothing ails; without reports the manager starts the service anew.

    Args:
        link: To the manager.
        ails: Says what a restart would mend; empty when nothing.
        status: One line for people.
    """
    period = 10.0 if link.watchdog is None else link.watchdog / _REPORTS
    while True:
        trouble = ails()
        if trouble:
            _log.error("no report to the service manager, which will start this anew: %s", trouble)
            _send(link, f"STATUS={trouble}")
        elif link.watchdog is None:
            _send(link, status())
        else:
            _send(link, "WATCHDOG=1", status())
        await asyncio.sleep(period)


def ailment(client: MarginClient) -> str:
    """Return which task of *client* has ended for good; empty when none has."""
    given_up = [task.name for task in client.health().tasks if task.given_up]
    return f"given up: {', '.join(given_up)}" if given_up else ""


def _status(monitor: Monitor) -> str:
    states = ", ".join(f"{account} {state}" for account, state in monitor.states.items())
    return f"STATUS={states}"


def _send(link: NotifySocket, *lines: str) -> None:
    try:
        link.send(*lines)
    except OSError as problem:
        _log.warning("the service manager does not hear: %s", problem)
