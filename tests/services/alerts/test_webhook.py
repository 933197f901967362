"""Webhooks against a real aiohttp server in virtual time."""

import asyncio
import hashlib
import hmac
from contextlib import asynccontextmanager

import orjson
import pytest
from aiohttp import web

from binance_margin_async.errors import ConfigError, DeliveryError
from binance_margin_async.secret import Secret
from binance_margin_async.services.alerts import WebhookChannel
from binance_margin_async.testing import virtual

SECRET = Secret("shared-with-the-receiver")
PATH = "/hooks/T0KEN-IN-THE-PATH?x=%20y"


@asynccontextmanager
async def receiver(answer):
    """Serve on loopback; every request is kept, and *answer* decides."""
    got = []

    async def handle(request):
        got.append((request.method, request.raw_path, dict(request.headers), await request.read()))
        return await answer()

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", got
    finally:
        await runner.cleanup()


def status(number, **headers):
    async def answer():
        return web.Response(status=number, headers=headers)

    return answer


@virtual
async def test_a_message_is_posted_as_json_and_signed_over_time_and_body(post, ring):
    """So that the receiver can tell it from a forged and from an old one."""
    async with receiver(status(204)) as (base, got):
        hook = WebhookChannel("hook", Secret(base + PATH), secret=SECRET)
        async with post(hook) as office:
            office.delivery.put(ring("hook", number=7))
            await office.delivery.drain(5.0)

    ((method, path, headers, body),) = got
    signed = headers["X-Margin-Time"].encode() + b"." + body
    assert ("POST", PATH) == (method, path)
    assert (
        f"sha256={hmac.new(SECRET.reveal().encode(), signed, hashlib.sha256).hexdigest()}"
        == (headers["X-Margin-Signature"])
    )
    assert "application/json" == headers["Content-Type"]
    assert {
        "type": "ring",
        "number": 7,
        "key": "CROSS/level",
        "topic": "level",
        "kind": "raised",
        "urgency": "urgent",
        "account": "CROSS",
        "crossed": ["MARGIN_CALL"],
        "text": "CROSS is MARGIN_CALL",
        "time": 1_795_564_800_000,
    } == orjson.loads(body)


@virtual
async def test_a_retry_is_signed_anew_and_known_by_its_id(post, ring):
    """The receiver refuses old times, and drops what it has."""
    answers = [status(500), status(503), status(200)]

    async def answer():
        return await answers.pop(0)()

    async with receiver(answer) as (base, got):
        async with post(WebhookChannel("hook", Secret(base), secret=SECRET)) as office:
            office.delivery.put(ring("hook"))
            await asyncio.sleep(30.0)
        assert {"hook": None} == office.delivery.troubles()

    assert 3 == len({headers["X-Margin-Time"] for _, _, headers, _ in got})
    assert ["1-raised-1795564800000"] * 3 == [headers["X-Margin-Id"] for _, _, headers, _ in got]


@pytest.mark.parametrize(
    ("answer", "reason"), [(status(403), "answered 403"), (status(307, Location="/elsewhere"), "answered 307")]
)
@virtual
async def test_any_other_answer_is_a_refusal_and_no_redirect_is_followed(post, ring, answer, reason):
    """A redirect would carry the message to whoever it names."""
    async with receiver(answer) as (base, got), post(WebhookChannel("hook", Secret(base + PATH))) as office:
        office.delivery.put(ring("hook"))
        await asyncio.sleep(1.0)
        (told,) = [event.reason for _, event in office.events]

    assert f"{base}/*** {reason}" == told
    assert 1 == len(got)
    assert "X-Margin-Signature" not in got[0][2]


@virtual
async def test_a_receiver_that_hangs_or_is_not_there_is_told_without_the_path(post, ring):
    """The path of a webhook is a password."""
    gate = asyncio.Event()

    async def hang():
        await gate.wait()
        return web.Response()

    async with receiver(hang) as (base, _):
        hanging = WebhookChannel("hook", Secret(base + PATH))
        absent = WebhookChannel("gone", Secret("http://127.0.0.1:9" + PATH))
        async with post(hanging, absent) as office:
            office.delivery.put(ring("hook", "gone"))
            await asyncio.sleep(10.0)
            reasons = {event.channel: event.reason for _, event in office.events}
            assert "T0KEN" not in repr(office.delivery)
        gate.set()

    assert {"hook", "gone"} == set(reasons)
    assert not any("T0KEN" in reason for reason in reasons.values())
    assert "no answer from http://127.0.0.1:9/*** (NotSent)" == reasons["gone"]


async def test_a_channel_that_is_not_open_sends_nothing(ring):
    """It belongs to a delivery."""
    with pytest.raises(DeliveryError, match="not open"):
        await WebhookChannel("hook", Secret("https://example.org")).send(ring("hook"))


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("T0KEN", "must look like"),
        ("ftp://example.org/T0KEN", "must look like"),
        ("https://", "must look like"),
        ("https://user:T0KEN@example.org", "without user"),
        ("http://example.org/T0KEN", "must use https"),
        ("https://example.org/T0KEN x", "percent-encoded"),
        ("https://example.org/\r\nHost: T0KEN", "percent-encoded"),
        ("https://example.org:T0KEN/", "no address"),
        ("https://[T0KEN/", "no address"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_by_the_channels_name_alone(url, complaint):
    """What is wrong may be a secret."""
    with pytest.raises(ConfigError, match=complaint) as caught:
        WebhookChannel("hook", Secret(url))

    assert "'hook'" in str(caught.value)
    assert "T0KEN" not in str(caught.value)
