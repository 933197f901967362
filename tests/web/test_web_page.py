"""The page over real sockets: who gets in, what comes back, and what slow or many viewers can do."""

import asyncio
import re
import socket
from importlib import resources

import aiohttp
import orjson
import pytest
from pictures import account, picture

from binance_margin_async.secret import Secret
from binance_margin_async.web.page import MOST_VIEWERS

TOKEN = "a-token-of-twenty-five-ch"
PATHS = ["/", "/page.css", "/page.js", "/chart.js", "/icon.svg"]


@pytest.fixture
async def session():
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as opened:
        yield opened


class Viewer:
    """Reads server-sent events as a browser does."""

    def __init__(self, response):
        self._response = response

    async def event(self):
        """The next event: its name, and what its JSON says."""
        lines = []
        while line := (await self._response.content.readline()).rstrip(b"\r\n"):
            lines.append(line.partition(b": "))
        fields = {key: value for key, _, value in lines}
        return fields.get(b"event", b"").decode(), orjson.loads(fields.get(b"data", b"null"))

    async def until(self, number):
        """The picture of that number."""
        while True:
            name, told = await self.event()
            if name == "now" and told["number"] >= number:
                return told


# -- who gets in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
async def test_every_file_is_served_with_its_kind_and_nothing_may_be_loaded_from_elsewhere(serve, session, path):
    """The policy names no other source, and no inline script: injected markup could neither run nor send."""
    with serve() as shown:
        async with session.get(shown.page + path) as reply:
            assert 200 == reply.status
            kinds = {"": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
            assert kinds[re.search(r"(\.\w+)?$", path)[0]] == reply.content_type
            policy = reply.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; ")
            assert "unsafe" not in policy
            assert "http" not in policy
            assert "frame-ancestors 'none'" in policy
            assert "nosniff" == reply.headers["X-Content-Type-Options"]
            assert "no-store" == reply.headers["Cache-Control"]


@pytest.mark.parametrize("path", [*PATHS, "/events", "/nothing", "/metrics"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
async def test_nothing_can_be_done_here(serve, session, method, path):
    """Other methods are refused wherever they go, also by paths that do not exist."""
    with serve() as shown:
        async with session.request(method, shown.page + path) as reply:
            assert 405 == reply.status
        async with session.request(method, shown.metrics + path) as reply:
            assert 405 == reply.status


@pytest.mark.parametrize("path", ["/", "/events", "/page.js"])
async def test_a_strange_host_is_refused(serve, session, path):
    """A page that rebinds its name to this computer is not answered; nor on the metrics' port."""
    with serve() as shown:
        shown.gallery.hang(picture())
        for url in (shown.page + path, shown.metrics + "/metrics"):
            async with session.get(url, headers={"Host": "evil.example:8787"}) as reply:
                assert 421 == reply.status
                assert "CROSS" not in await reply.text()


@pytest.mark.parametrize("path", [*PATHS, "/events", "/metrics"])
async def test_without_the_token_nothing_is_shown(serve, session, path, caplog):
    """Not even the script; and no log tells the token, right or wrong."""
    caplog.set_level(0)
    with serve(token=Secret(TOKEN)) as shown:
        shown.gallery.hang(picture())
        url = (shown.metrics if path == "/metrics" else shown.page) + path
        for headers in ({}, {"Authorization": "Bearer wrong-token-of-a-guess"}):
            async with session.get(url, headers=headers) as reply:
                assert 401 == reply.status
                assert reply.headers["WWW-Authenticate"].startswith("Basic ")
        async with session.get(url, headers={"Authorization": f"Bearer {TOKEN}"}) as reply:
            assert 200 == reply.status
        async with session.get(url, headers={"Authorization": aiohttp.encode_basic_auth("anyone", TOKEN)}) as reply:
            assert 200 == reply.status
    assert TOKEN not in caplog.text
    assert "wrong-token" not in caplog.text


# -- what is sent ----------------------------------------------------------------------------------------------------


async def test_a_viewer_gets_the_past_once_and_then_each_picture(serve, session):
    """The past is large, so it is not sent twice a second."""
    with serve() as shown:
        shown.gallery.hang(picture(1))
        async with session.get(shown.page + "/events") as reply:
            assert "text/event-stream" == reply.content_type
            viewer = Viewer(reply)
            name, past = await viewer.event()
            assert "past" == name
            assert 60 == len(past["CROSS"])
            assert [1_767_614_340_000, "1.35"] == past["CROSS"][0]
            name, told = await viewer.event()
            assert ("now", 1, "1.2731") == (name, told["number"], told["accounts"][0]["level"])
            assert {} == told["past"]
            shown.gallery.hang(picture(2, accounts=(account(level="1.1"),)))
            assert "1.1" == (await viewer.until(2))["accounts"][0]["level"]


def test_no_page_file_makes_markup_of_text_or_names_another_place():
    """Text goes in as text, whoever wrote it; the policy would stop inline scripts, this finds them first."""
    for file in (resources.files("binance_margin_async.web") / "static").iterdir():
        text = file.read_text(encoding="utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", " style=", "onclick"):
            assert word not in text, file
        assert [] == re.findall(r"(?<!xmlns=\")(?:https?:)?//[a-z0-9.]+\.[a-z]+", text.replace("www.w3.org", "")), file


# -- how many and how slow -------------------------------------------------------------------------------------------


async def test_viewers_are_bounded_and_make_room_when_they_leave(serve, session):
    """Each costs memory and time; the page itself comes back by itself."""
    with serve() as shown:
        shown.gallery.hang(picture(1))
        replies = [await session.get(shown.page + "/events") for _ in range(MOST_VIEWERS)]
        assert {200} == {reply.status for reply in replies}
        async with session.get(shown.page + "/events") as reply:
            assert 503 == reply.status
            assert "Retry-After" in reply.headers
        replies.pop().close()
        while True:
            async with session.get(shown.page + "/events") as reply:
                if reply.status == 200:
                    break
        for reply in replies:
            reply.close()


def big(number):
    """A picture of about 100 kB."""
    return picture(number, heading="x" * 100_000)


def silent_viewer(shown):
    """A viewer that asks and never reads."""
    host, port = shown.page.removeprefix("http://").split(":")
    silent = socket.socket()
    silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    silent.connect((host, int(port)))
    silent.sendall(f"GET /events HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return silent


async def test_a_slow_viewer_misses_pictures_instead_of_piling_them_up(serve, session):
    """40 MB are shown to it; what waits for it is what the system's own buffers hold, and others notice nothing."""
    last = 400
    with serve() as shown:
        shown.gallery.hang(big(1))
        silent = silent_viewer(shown)
        async with session.get(shown.page + "/events") as reply:
            viewer = Viewer(reply)
            for number in range(2, last + 1):
                shown.gallery.hang(big(number))
                await viewer.until(number)
            silent.settimeout(10)
            received = await asyncio.to_thread(read_until, silent, f'"number":{last},'.encode())
    assert len(received) < 12_000_000
    assert received.count(b"event: now") < last / 2


def read_until(connection, mark):
    received = bytearray()
    with connection:
        while mark not in received[-250_000:]:
            more = connection.recv(1 << 16)
            assert more, "closed before the newest picture"
            received += more
    return received


async def test_a_viewer_that_takes_nothing_for_too_long_is_let_go(serve, session):
    """Somebody who closed the laptop must not keep a place."""
    with serve(send_limit=0.2) as shown:
        shown.gallery.hang(big(1))
        silent = silent_viewer(shown)
        async with session.get(shown.page + "/events") as reply:
            viewer, number, seen = Viewer(reply), 1, set()
            while shown.gallery.viewers != 1 or 2 not in seen:
                number += 1
                shown.gallery.hang(big(number))
                await viewer.until(number)
                seen.add(shown.gallery.viewers)
        silent.close()
    assert {1, 2} >= seen


# -- the server ------------------------------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_told(serve):
    """Before anything else starts."""
    with (
        serve() as shown,
        pytest.raises(OSError, match="address already in use"),
        serve(int(shown.page.rpartition(":")[2])),
    ):
        pass


def test_a_picture_that_comes_too_late_is_no_error(serve):
    """The monitor may outlive its page by a moment."""
    with serve() as shown:
        pass
    shown.gallery.hang(picture(1))
