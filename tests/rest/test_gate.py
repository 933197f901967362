"""The waiting room: sleeping, waking, giving up, and never losing a grant."""

import asyncio
import itertools

import pytest

from binance_margin_async.errors import BannedError, Outcome, RateLimitedError
from binance_margin_async.rest.gate import Gate
from binance_margin_async.rules.limits import Caps, Demand, Lane, Limiter, Scope
from binance_margin_async.testing import virtual

ENDPOINT = "GET /sapi/v1/margin/account"
# 12,000 x 0.95 = 11,400; 570 at once, the rest over the minute; 57 kept for the safety lane.
REFILL = (11_400 - 570) / 60


def read(weight: int = 10, lane: Lane = Lane.QUERY) -> Demand:
    return Demand(Scope.IP, ENDPOINT, weight, lane)


def loan(account: str = "CROSS") -> Demand:
    return Demand(Scope.UID, "POST /sapi/v1/margin/borrow-repay", 1500, Lane.ORDER, serial=account)


# Timers this close are due in one turn of the virtual loop, in this order.
SAME_TURN = 1e-8


class Room:
    """A gate on the running loop, with the times at which calls went through."""

    def __init__(self, caps: Caps | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        self.limiter = Limiter(caps)
        self.limiter.on_clock(0.0)
        self.gate = Gate(self.limiter, self.loop.time)
        self.passed: list[tuple[float, str]] = []

    async def drain(self) -> None:
        while self.limiter.reserve(read(1, Lane.SAFETY), self.loop.time()) == 0.0:
            pass

    async def call(self, demand: Demand, *, name: str = "", deadline: float | None = None, lasts: float = 0.0) -> float:
        waited = await self.gate.acquire(demand, deadline=deadline)
        self.passed.append((self.loop.time(), name))
        try:
            if lasts:
                await asyncio.sleep(lasts)
        finally:
            self.gate.release(demand)
        return waited


@virtual
async def test_an_uncontended_call_does_not_wait_or_yield():
    """The usual case costs no turn of the loop."""
    room = Room()
    ran = []
    room.loop.call_soon(ran.append, "loop")

    assert await room.gate.acquire(read()) == 0.0
    assert ran == []


@virtual
async def test_a_call_waits_until_its_weight_has_come_in_and_says_how_long():
    """Empty bucket: 100 for the call and 57 for the reserve at 180.5 a second."""
    room = Room()
    await room.drain()

    waited = await room.call(read(100))

    assert waited == pytest.approx(157 / REFILL, abs=1e-3)
    assert waited == room.loop.time()


@virtual
async def test_a_hundred_waiters_are_spaced_and_finish_in_time():
    """They go one by one, in order, and together take what their weight takes: within two per cent."""
    room = Room()
    await room.drain()

    await asyncio.gather(*(room.call(read(), name=str(number)) for number in range(100)))

    times = [at for at, _ in room.passed]
    assert [name for _, name in room.passed] == [str(number) for number in range(100)]
    assert all(later - earlier > 0.99 * 10 / REFILL for earlier, later in itertools.pairwise(times))
    assert times[-1] == pytest.approx(1_057 / REFILL, rel=0.02)


@virtual
async def test_one_timer_serves_everybody():
    """A crowd of a hundred with deadlines costs the loop one timer, an idle gate none."""
    room = Room()
    await room.drain()
    calls = [asyncio.create_task(room.call(read(), deadline=60.0)) for _ in range(100)]
    await asyncio.sleep(0.1)
    await asyncio.sleep(0)

    timers = [handle for handle in room.loop._scheduled if not handle.cancelled()]
    await asyncio.gather(*calls)
    left = [handle for handle in room.loop._scheduled if not handle.cancelled()]

    assert (len(timers), len(left)) == (1, 0)


@virtual
async def test_a_cancel_at_full_load_waits_less_than_a_tenth_of_a_second():
    """L8: queries keep the bucket empty; what lowers risk goes before them."""
    room = Room()
    queries = [asyncio.create_task(room.call(read())) for _ in range(500)]
    await asyncio.sleep(5.0)

    waits = []
    for _ in range(20):
        waits.append(await room.call(read(10, Lane.SAFETY)))
        await asyncio.sleep(0.2)
    for query in queries:
        query.cancel()
    await asyncio.gather(*queries, return_exceptions=True)

    assert max(waits) <= 0.1


@virtual
async def test_a_wait_that_would_pass_the_deadline_is_refused_at_once():
    """The caller learns now that nothing was sent, and when to come back."""
    room = Room()
    await room.drain()

    with pytest.raises(RateLimitedError, match="Nothing was sent") as refusal:
        await room.gate.acquire(read(500), deadline=2.0)

    assert room.loop.time() == 0.0
    assert refusal.value.retry_after == pytest.approx(557 / REFILL, abs=1e-3)
    assert refusal.value.outcome is Outcome.NOT_SENT
    assert refusal.value.endpoint == ENDPOINT


@virtual
async def test_a_long_line_ahead_counts_against_the_deadline():
    """Sixty seconds of others' calls do not pass in five."""
    room = Room()
    await room.drain()
    others = [asyncio.create_task(room.call(read(100))) for _ in range(100)]
    await asyncio.sleep(0.01)

    with pytest.raises(RateLimitedError):
        await room.gate.acquire(read(), deadline=5.0)
    assert room.loop.time() == 0.01

    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@virtual
async def test_a_call_that_can_never_fit_is_refused_even_without_deadline():
    """Otherwise it would wait for ever."""
    room = Room()

    with pytest.raises(RateLimitedError, match="never fit"):
        await room.gate.acquire(read(20_000))


@virtual
async def test_the_deadline_ends_a_wait_that_could_not_be_foreseen():
    """How long the account's other loan takes is not known beforehand."""
    room = Room()
    await room.gate.acquire(loan())

    with pytest.raises(RateLimitedError):
        await room.gate.acquire(loan(), deadline=3.0)

    assert room.loop.time() == 3.0
    assert room.gate.statistics().waiting == 0


@virtual
async def test_of_many_deadlines_each_is_kept():
    """One timer serves them all, the soonest first."""
    room = Room()
    await room.gate.acquire(loan())
    ended = {}

    async def wait(deadline: float) -> None:
        with pytest.raises(RateLimitedError):
            await room.gate.acquire(loan(), deadline=deadline)
        ended[deadline] = room.loop.time()

    await asyncio.gather(*(wait(deadline) for deadline in (9.0, 3.0, 5.0)))

    assert ended == {9.0: 9.0, 3.0: 3.0, 5.0: 5.0}


@virtual
async def test_loans_of_one_account_run_one_after_the_other():
    """A gap of 120 ms lies between the end of one and the start of the next; the other account does not wait."""
    room = Room()

    await asyncio.gather(
        room.call(loan(), name="first", lasts=1.0),
        room.call(loan(), name="second", lasts=1.0),
        room.call(loan("BTCUSDT"), name="other", lasts=1.0),
    )

    assert [name for _, name in room.passed] == ["first", "other", "second"]
    assert [at for at, _ in room.passed] == pytest.approx([0.0, 0.0, 1.12], abs=1e-3)


@virtual
async def test_a_cancelled_waiter_leaves_the_line_at_once():
    """Those behind it move up instead of waiting for weight that nobody wants."""
    room = Room()
    await room.drain()
    dear = asyncio.create_task(room.call(read(450)))
    cheap = asyncio.create_task(room.call(read(1)))
    await asyncio.sleep(1.0)
    dear.cancel()
    await cheap

    assert room.loop.time() == 1.0
    assert dear.cancelled()


@virtual
async def test_a_cancellation_right_after_the_grant_gives_it_back():
    """The timer has granted it and the caller has not run yet: weight and turn must return."""
    room = Room()
    await room.gate.acquire(loan())
    second = asyncio.create_task(room.gate.acquire(loan()))
    third = asyncio.create_task(room.gate.acquire(loan()))
    await asyncio.sleep(0)
    room.gate.release(loan())
    # The gate's timer fires at 0.12; this one in the same turn of the loop, before the granted task runs.
    room.loop.call_later(0.12 + SAME_TURN, second.cancel)
    await third

    assert second.cancelled()
    assert room.gate.statistics().waiting == 0
    assert room.gate.statistics().buckets[0].in_flight == 1500
    assert room.loop.time() < 0.13


@virtual
async def test_a_grant_right_after_the_cancellation_is_given_back():
    """The caller is as good as gone but still in line when its turn comes."""
    room = Room()
    await room.gate.acquire(loan())
    second = asyncio.create_task(room.gate.acquire(loan()))
    third = asyncio.create_task(room.gate.acquire(loan()))
    await asyncio.sleep(0)
    second.cancel()
    room.gate.release(loan(), sent=False)
    await third

    assert second.cancelled()
    assert room.gate.statistics().waiting == 0
    assert room.gate.statistics().buckets[0].in_flight == 1500


@virtual
async def test_a_cancellation_that_meets_the_deadline_is_a_cancellation():
    """The caller has been taken out of the line already, and must not stumble over that."""
    room = Room()
    await room.gate.acquire(loan())
    second = asyncio.create_task(room.gate.acquire(loan(), deadline=3.0))
    await asyncio.sleep(0)
    room.loop.call_later(3.0 + SAME_TURN, second.cancel)

    with pytest.raises(asyncio.CancelledError):
        await second
    assert room.gate.statistics().waiting == 0


@virtual
async def test_cancelling_everybody_leaves_no_weight_behind():
    """At whatever moment a crowd is cancelled, nobody waits, nothing is in flight and no timer is set."""
    for moment in (0.0, 0.3, 0.31, 1.0, 2.5):
        room = Room()
        await room.drain()
        drained = room.gate.statistics().buckets[0].in_flight
        tasks = [asyncio.create_task(room.call(read(), deadline=room.loop.time() + 60, lasts=0.2)) for _ in range(50)]
        await asyncio.sleep(moment)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

        seen = room.gate.statistics()
        assert (seen.waiting, seen.buckets[0].in_flight) == (0, drained)
        assert room.limiter.wake_at(room.loop.time()) is None


@virtual
async def test_an_unsent_call_gives_its_weight_to_the_next_in_line():
    """No connection, no cost."""
    room = Room(Caps(reserve=0.0))
    await room.drain()
    await asyncio.sleep(1.0)
    await room.gate.acquire(read(180))
    waiter = asyncio.create_task(room.gate.acquire(read(150)))
    await asyncio.sleep(0)
    room.gate.release(read(180), sent=False)

    assert await waiter == 0.0


@virtual
async def test_a_refusal_sends_away_those_whose_deadline_is_sooner():
    """L2: they learn it when the refusal comes, not when their time is up; the patient go after the freeze."""
    room = Room()
    await room.drain()
    hasty = asyncio.create_task(room.call(read(), name="hasty", deadline=10.0))
    patient = asyncio.create_task(room.call(read(), name="patient", deadline=50.0))
    await room.gate.acquire(loan())
    await asyncio.sleep(0.1)
    room.limiter.on_refused(read(), 429, 30.0, room.loop.time())
    room.gate.release(loan())

    with pytest.raises(RateLimitedError) as refusal:
        await hasty
    assert room.loop.time() == pytest.approx(0.1)
    assert refusal.value.retry_after == pytest.approx(30.0, abs=0.1)
    await patient
    assert room.passed == [(pytest.approx(30.1), "patient")]


@virtual
async def test_a_ban_says_that_it_is_one():
    """L4: a bot must be able to tell a ban from a busy second."""
    room = Room()
    room.limiter.on_refused(read(), 418, 600.0, 0.0)

    with pytest.raises(BannedError, match="bans this address") as refusal:
        await room.gate.acquire(read(lane=Lane.SAFETY), deadline=60.0)

    assert refusal.value.retry_after == pytest.approx(600.0)


@virtual
async def test_nothing_goes_between_a_ban_and_its_end():
    """L4: not even a call that was granted in the very moment in which the ban arrived."""
    room = Room()
    await room.drain()
    waiters = [asyncio.create_task(room.call(read(), deadline=500.0)) for _ in range(20)]
    await asyncio.sleep(0.85)
    now = room.loop.time()
    grant = room.limiter.wake_at(now)
    before = len(room.passed)
    room.loop.call_later(grant - now + SAME_TURN, lambda: room.limiter.on_refused(read(), 418, 120.0, room.loop.time()))
    await asyncio.gather(*waiters)

    assert before > 0
    assert [at for at, _ in room.passed if grant <= at < grant + 120.0] == []
    assert len(room.passed) == 20


@virtual
async def test_the_gate_shows_what_waits():
    """For health pages and for whoever wonders why nothing happens."""
    room = Room()
    await room.drain()
    waiter = asyncio.create_task(room.call(read()))
    await asyncio.sleep(0)

    assert room.gate.statistics().waiting == 1
    assert "1 waiting" in repr(room.gate)
    await waiter
