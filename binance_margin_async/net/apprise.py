"""
Apprise, which knows some 170 services for messages to people; an extra.

It blocks while it sends, some services for a long time. So each address has a thread of its own: what hangs there holds
up nobody else, and there is never more than one.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import re
import threading
from contextlib import suppress
from importlib import import_module
from typing import Any, NamedTuple

from binance_margin_async.errors import DeliveryError, MissingExtraError
from binance_margin_async.net.redaction import RedactingFilter
from binance_margin_async.secret import Secret

_log = logging.getLogger("apprise")
_SEPARATORS = re.compile(r"[:/@?&=]+")


class _Job(NamedTuple):
    title: str
    body: str
    kind: str
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[bool]


class AppriseService:
    """
    One service, by its address.

    Attributes:
        shown: What may be told of the address: its scheme.

    Args:
        url: As Apprise reads it, such as ``tgram://token/chat``; it holds secrets.

    Raises:
        MissingExtraError: Apprise is not installed.
        ValueError: Apprise cannot use the address; it is not repeated.
    """

    def __init__(self, url: Secret) -> None:
        text = url.reveal()
        self.shown: str = f"{text.partition('://')[0]}://***" if "://" in text else "***"
        self._redaction = RedactingFilter()
        for part in (text, *_SEPARATORS.split(text)):
            self._redaction.hide(part, for_good=True)
        self._service = _apprise().Apprise()
        _log.addFilter(self._redaction)
        try:
            # It answers False for an address that it does not understand; only its log would say why.
            if not self._service.add(text):
                raise ValueError(f"{self.shown} is no address that Apprise can use")
        finally:
            _log.removeFilter(self._redaction)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_busy = False

    def open(self) -> None:
        """Keep the address out of Apprise's log; its thread starts with the first message."""
        _log.addFilter(self._redaction)

    async def send(self, title: str, body: str, kind: str) -> None:
        """
        Send one message.

        Args:
            title: One line.
            body: Some lines.
            kind: ``info``, ``success``, ``warning`` or ``failure``: colours and icons.

        Raises:
            DeliveryError: The service refused it or could not be reached, or still hangs on the last one.
        """
        if self._is_busy:
            raise DeliveryError(f"{self.shown} still hangs on an earlier message")
        if self._thread is None:
            # A daemon: a service that hangs must not keep the process from ending.
            self._jobs = queue.SimpleQueue()
            name = f"alerts to {self.shown}"
            self._thread = threading.Thread(target=self._work, args=(self._jobs,), name=name, daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[bool] = loop.create_future()
        self._is_busy = True
        self._jobs.put(_Job(title, body, kind, loop, done))
        if not await done:
            raise DeliveryError(f"{self.shown} refused it or could not be reached")

    def close(self) -> None:
        """Let the thread end, once it is back."""
        self._jobs.put(None)
        self._thread = None
        _log.removeFilter(self._redaction)

    def _work(self, jobs: queue.SimpleQueue[_Job | None]) -> None:
        while (job := jobs.get()) is not None:
            try:
                # The result is falsy when it failed.
                taken = bool(
                    # As text: what goes out as a page or e-mail has its markup escaped.
                    self._service.notify(body=job.body, title=job.title, notify_type=job.kind, body_format="text")
                )
            except Exception:  # noqa: BLE001  # plug-ins of many hands: whatever they raise, it was not delivered
                taken = False
            self._is_busy = False
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                job.loop.call_soon_threadsafe(_settle, job.done, taken)


def _settle(done: asyncio.Future[bool], taken: bool) -> None:
    if not done.done():  # who waited may have been cancelled
        done.set_result(taken)


def _apprise() -> Any:
    try:
        return import_module("apprise")
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] != "apprise":
            raise
        raise MissingExtraError("alerts", "a channel of the kind apprise") from None
