"""Delivery in virtual time: what hangs or refuses holds up nobody else, and somebody hears of it within ten seconds."""

import asyncio
import logging

import pytest

from binance_margin_async.errors import ConfigError
from binance_margin_async.models.health import HealthState
from binance_margin_async.rules.alerts.patience import ATTEMPT_LIMIT, LATE_AFTER, MOST_WAITING, PAUSES
from binance_margin_async.services.alerts.delivery import check_channels
from binance_margin_async.testing import virtual

VISIBLE_WITHIN = 10.0


@virtual
async def test_a_message_goes_to_the_channels_that_it_names(scripted, post, ring):
    """And to no other."""
    one, two, three = scripted("one"), scripted("two"), scripted("three")
    async with post(one, two, three) as office:
        office.delivery.put(ring("one", "two"))
        await office.delivery.drain(1.0)

    assert [1, 1, 0] == [len(each.sent) for each in (one, two, three)]
    assert [] == office.events
    assert [(1, 1)] * 3 == [(each.opened, each.closed) for each in (one, two, three)]


@pytest.mark.parametrize("script", ["hang", "refused"])
@virtual
async def test_what_is_not_delivered_is_told_in_time_and_sent_another_way(scripted, post, ring, script, caplog):
    """By event, by the log, by health and by the fall-back channel."""
    phone, mail = scripted("phone", *[script] * 6, fallback="mail"), scripted("mail")
    async with post(phone, mail) as office:
        office.delivery.put(ring("phone"))
        await asyncio.sleep(VISIBLE_WITHIN)
        ((at, event),) = office.events
        (problem,) = office.delivery.problems()

    assert at <= VISIBLE_WITHIN
    assert ("phone", "mail", False) == (event.channel, event.fallback, event.final)
    assert [at] == [when - office.begun for when, _ in mail.sent]
    assert ("alert channel phone", HealthState.UNHEALTHY) == (problem.part, problem.state)
    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert "phone" in record.getMessage()
    assert "mail is told instead" in record.getMessage()


@virtual
async def test_a_channel_that_hangs_holds_up_no_other(scripted, post, ring):
    """Each has its own queue and task."""
    phone, mail = scripted("phone", *["hang"] * 6), scripted("mail")
    async with post(phone, mail) as office:
        office.delivery.put(ring("phone", "mail"))
        await asyncio.sleep(0.01)

        assert 1 == len(mail.sent)


@virtual
async def test_a_message_is_tried_six_times_within_five_minutes_and_then_given_up(scripted, post, ring):
    """Then nobody must believe that it will still arrive."""
    phone = scripted("phone", *["refused"] * 6)
    async with post(phone) as office:
        office.delivery.put(ring("phone"))
        await asyncio.sleep(400.0)

    expected = [sum(PAUSES[:number]) for number in range(6)]
    assert expected == pytest.approx([at - office.begun for at, _ in phone.sent])
    assert 300.0 == expected[-1]
    assert [(False, None), (True, None)] == [(final, fallback) for _, _, fallback, final in office.told()]
    assert "given up after 6 attempts: refused" == office.events[-1][1].reason
    assert () == office.delivery.waiting


@virtual
async def test_a_message_that_arrives_at_last_is_not_told_as_given_up(scripted, post, ring):
    """And the channel is well again."""
    phone = scripted("phone", "refused", "refused")
    async with post(phone) as office:
        office.delivery.put(ring("phone"))
        await asyncio.sleep(60.0)

        assert 3 == len(phone.sent)
        assert 1 == len(office.events)
        assert {"phone": None} == office.delivery.troubles()
        assert [] == list(office.delivery.problems())


@virtual
async def test_messages_behind_one_that_hangs_are_told_in_time_too(scripted, post, ring):
    """A critical message must not wait unseen behind a mild one."""
    phone, mail = scripted("phone", *["hang"] * 6, fallback="mail"), scripted("mail")
    async with post(phone, mail) as office:
        office.delivery.put(ring("phone", number=1))
        await asyncio.sleep(5.0)
        office.delivery.put(ring("phone", number=2))
        await asyncio.sleep(60.0)
        office.delivery.put(ring("phone", number=3))
        await asyncio.sleep(0.01)

    assert [1, 2, 3] == [number for _, number in mail.sent]
    assert [ATTEMPT_LIMIT, 5.0 + LATE_AFTER, 65.0] == pytest.approx([at - office.begun for at, _ in mail.sent])


@virtual
async def test_a_fallback_that_hears_of_it_anyway_is_not_told_twice(scripted, post, ring):
    """At most one ring for each crossing and channel."""
    phone, mail = scripted("phone", *["refused"] * 6, fallback="mail"), scripted("mail")
    async with post(phone, mail) as office:
        office.delivery.put(ring("phone", "mail"))
        await asyncio.sleep(400.0)

    assert 1 == len(mail.sent)


@virtual
async def test_fallbacks_follow_each_other(scripted, post, ring):
    """The second may be down as well."""
    first = scripted("first", *["refused"] * 6, fallback="second")
    second = scripted("second", *["refused"] * 6, fallback="third")
    third = scripted("third")
    async with post(first, second, third) as office:
        office.delivery.put(ring("first"))
        await asyncio.sleep(VISIBLE_WITHIN)

    assert 1 == len(third.sent)
    assert [("first", "second"), ("second", "third")] == [(name, instead) for _, name, instead, _ in office.told()]


@virtual
async def test_a_full_queue_gives_up_its_oldest_and_says_so(scripted, post, ring):
    """Memory has a bound; the newest is what matters."""
    phone = scripted("phone", "hang")
    async with post(phone) as office:
        for number in range(MOST_WAITING + 2):
            office.delivery.put(ring("phone", number=number))
            await asyncio.sleep(0)

        assert MOST_WAITING == len(office.delivery.waiting)
        assert [1, 2] == [event.ring.number for _, event in office.events if event.final]


@virtual
async def test_a_fault_of_a_channel_is_not_the_end_of_it(scripted, post, ring, caplog):
    """It is one more way not to deliver; what it says is not told, as it may hold secrets."""
    phone = scripted("phone", *["bug"] * 5)
    async with post(phone) as office:
        office.delivery.put(ring("phone"))
        await asyncio.sleep(400.0)

    assert 6 == len(phone.sent)
    assert ["the channel has a fault: RuntimeError"] == [event.reason for _, event in office.events]
    assert "of our own" not in caplog.text
    assert () == office.delivery.waiting


@virtual
async def test_what_has_not_arrived_when_it_is_left_is_known(scripted, post, ring):
    """The next process sends it."""
    phone = scripted("phone", *["refused"] * 6)
    async with post(phone) as office:
        office.delivery.put(ring("phone"))
        await office.delivery.drain(2.0)

    assert [("phone", 1)] == [(each.channel, each.ring.number) for each in office.delivery.waiting]


@virtual
async def test_a_channel_that_no_longer_exists_is_logged(scripted, post, ring, caplog):
    """A restart with another policy may bring messages for it."""
    async with post(scripted("mail")) as office:
        office.delivery.put_in("phone", ring("phone"))

    assert "there is no alert channel phone" in caplog.text


@pytest.mark.parametrize(
    ("channels", "complaint"),
    [
        ([("a", None), ("a", None)], "two alert channels"),
        ([("a", "b")], "none of a"),
        ([("a", "a")], "circle: a -> a"),
        ([("a", "b"), ("b", "c"), ("c", "a")], "circle: a -> b -> c -> a"),
    ],
)
def test_fallbacks_that_lead_nowhere_are_refused(scripted, channels, complaint):
    """At the start, not when the first one is down."""
    with pytest.raises(ConfigError, match=complaint):
        check_channels([scripted(name, fallback=fallback) for name, fallback in channels])
