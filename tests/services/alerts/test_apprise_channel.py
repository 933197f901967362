"""Apprise against real HTTP and SMTP servers on loopback."""

import asyncio
import logging
import sys
from contextlib import asynccontextmanager, contextmanager

import orjson
import pytest
from aiohttp import web

from binance_margin_async.errors import ConfigError, DeliveryError, MissingExtraError
from binance_margin_async.models.alerts import RingKind
from binance_margin_async.secret import Secret
from binance_margin_async.services.alerts import AppriseChannel

pytest.importorskip("apprise", reason="the extra alerts is not installed")
smtp = pytest.importorskip("aiosmtpd.smtp", reason="aiosmtpd is not installed")

# Its plug-ins import what Python will drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

TOKEN = "s3cr3t-t0k3n-of-a-chat"


class Receiver:
    """An HTTP server that answers as it is told, and keeps what it got."""

    def __init__(self):
        self.got = []
        self.status = 200
        self.gate, self.arrived = asyncio.Event(), asyncio.Event()
        self.gate.set()

    async def __aenter__(self):
        async def handle(request):
            self.got.append(await request.read())
            self.arrived.set()
            await self.gate.wait()
            return web.Response(status=self.status)

        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return self

    async def __aexit__(self, *_):
        self.gate.set()
        await self._runner.cleanup()

    def url(self, options=""):
        return Secret(f"json://127.0.0.1:{self._runner.addresses[0][1]}/{TOKEN}{options}")


@contextmanager
def opened(channel):
    channel._service.open()
    try:
        yield channel
    finally:
        channel._service.close()


class Box:
    """What an SMTP server has taken."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802  # aiosmtpd calls it so
        self.letters.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 taken"


@asynccontextmanager
async def mail_server():
    """An SMTP server on loopback."""
    box = Box()
    server = await asyncio.get_running_loop().create_server(lambda: smtp.SMTP(box), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], box.letters


async def test_a_message_reaches_an_http_service(ring):
    """Title, text, and how to acknowledge it."""
    async with Receiver() as there:
        with opened(AppriseChannel("chat", there.url())) as chat:
            await chat.send(ring("chat", number=4))

    (got,) = map(orjson.loads, there.got)
    assert ("URGENT CROSS/level", "failure") == (got["title"], got["type"])
    assert "CROSS is MARGIN_CALL" in got["message"]
    assert "binance-margin alerts ack 4" in got["message"]


async def test_good_news_looks_like_good_news(ring):
    """Services show it in green."""
    async with Receiver() as there:
        with opened(AppriseChannel("chat", there.url())) as chat:
            await chat.send(ring("chat", kind=RingKind.CLEARED))

    assert "success" == orjson.loads(there.got[0])["type"]


async def test_a_letter_reaches_a_mail_server(ring):
    """The oldest way to somebody's phone."""
    async with mail_server() as (port, letters):
        url = Secret(f"mailto://127.0.0.1:{port}?from=bot@example.org&to=me@example.org&mode=insecure")
        with opened(AppriseChannel("mail", url)) as mail:
            await mail.send(ring("mail"))

    ((to, letter),) = letters
    assert ["me@example.org"] == to
    assert "URGENT CROSS/level" in letter


async def test_a_refusal_is_not_delivered_and_no_token_is_told(ring, caplog):
    """Neither in the error nor in Apprise's own log."""
    caplog.set_level(logging.DEBUG)
    async with Receiver() as there:
        there.status = 500
        with opened(AppriseChannel("chat", there.url())) as chat:
            with pytest.raises(DeliveryError, match=r"json://\*\*\* refused") as caught:
                await chat.send(ring("chat"))
            assert "<AppriseChannel chat json://***>" == repr(chat)

    ours = [record.getMessage() for record in caplog.records if record.name == "apprise"]
    assert ours
    assert TOKEN not in f"{caught.value} {' '.join(ours)}"


async def test_a_service_that_is_not_there_is_not_delivered(ring):
    """Nobody listens on port 9."""
    nobody = AppriseChannel("chat", Secret(f"json://127.0.0.1:9/{TOKEN}"))
    with opened(nobody), pytest.raises(DeliveryError, match="refused it or could not be reached"):
        await nobody.send(ring("chat"))


async def test_a_service_that_hangs_holds_up_neither_the_loop_nor_others_and_keeps_one_thread_at_most(ring):
    """A second message does not start a second thread; it goes to the fall-back channel at once."""
    async with Receiver() as there, Receiver() as other:
        there.gate.clear()
        hanging = AppriseChannel("chat", there.url("?cto=30&rto=30"))
        with opened(hanging), opened(AppriseChannel("mail", other.url())) as mail:
            sending = asyncio.create_task(hanging.send(ring("chat")))
            await there.arrived.wait()
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

            await mail.send(ring("mail"))
            with pytest.raises(DeliveryError, match="still hangs"):
                await hanging.send(ring("chat"))

            there.gate.set()
            while hanging._service._is_busy:  # noqa: ASYNC110  # another thread ends it
                await asyncio.sleep(0.01)
            await hanging.send(ring("chat"))
    assert (2, 1) == (len(there.got), len(other.got))


@pytest.mark.parametrize("url", [f"nosuch://{TOKEN}", f"{TOKEN}", f"tgram://{TOKEN}", f"slack://{TOKEN}"])
def test_an_address_that_apprise_cannot_use_is_refused_by_name_with_its_secrets_masked(url, caplog):
    """It says nothing by itself, but for its log."""
    caplog.set_level(logging.DEBUG)

    with pytest.raises(ConfigError, match="channel 'chat'") as caught:
        AppriseChannel("chat", Secret(url))

    assert TOKEN not in f"{caught.value} {caplog.text}"


def test_a_missing_extra_is_one_line_with_the_command_that_installs_it(monkeypatch):
    """No traceback of an import."""
    monkeypatch.setitem(sys.modules, "apprise", None)

    with pytest.raises(MissingExtraError, match=r"pip install 'binance-margin-async\[alerts\]'"):
        AppriseChannel("chat", Secret("json://127.0.0.1"))
