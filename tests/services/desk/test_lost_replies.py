"""Replies lost in every way: what the desk says of each order, and what the exchange's own books say."""

import asyncio
import re
import statistics
from collections import Counter
from dataclasses import replace

import pytest
from lost_replies import OF_QUESTIONS, OF_STREAMS, TREATMENTS, play

from binance_margin_async import LimitOrder, MarginClient, Oco, Outcome
from binance_margin_async.errors import DecodeError, MarginError, NotSentError, OrderRefusedError
from binance_margin_async.journal import MemoryJournal
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import virtual

PLACE, ASK = "POST /sapi/v1/margin/order", "GET /sapi/v1/margin/order"
# Below the market of 60,000: it rests.
RESTING = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="50000")
EXITS = Oco(
    "BTCUSDT",
    "BUY",
    quantity="0.01",
    price="50000",
    stop_price="70000",
    stop_limit_price="70100",
    stop_limit_time_in_force="GTC",
)
# In windows, so that they spread over the cores.
WINDOW = 100


@pytest.mark.parametrize("first", range(0, 1000, WINDOW))
def test_whatever_is_lost_no_order_is_doubled_and_no_verdict_is_wrong(first):
    """
    Promises O1, O2, O3 and S8: one delivery and at most one order an intent, and every verdict true and in time.

    In time is within 5 s of the order's last moment, or of the end of the storm in which questions fail.
    """
    assert {} == {game.seed: game.problems for game in map(play, range(first, first + WINDOW)) if game.problems}


@pytest.mark.parametrize("first", range(5000, 5200, WINDOW))
def test_the_order_lane_keeps_the_same_promises(first):
    """It is another way to the exchange, not another promise."""
    games = [play(seed, transport="lane") for seed in range(first, first + WINDOW)]
    assert {} == {game.seed: game.problems for game in games if game.problems}


def test_with_the_stream_up_half_of_the_lost_are_found_within_a_second():
    """Promise O2; measured from the loss of the reply, or from the deed when the engine was late."""
    delays = [delay for seed in range(WINDOW) for delay in play(seed).delays]
    assert len(delays) > WINDOW
    assert statistics.median(delays) < 1.0


@pytest.mark.parametrize(
    ("policy", "sin"), [("send again", "duplicated"), ("believe one miss", "refused_but_live")], ids=["again", "miss"]
)
def test_the_oracle_catches_both_common_policies(policy, sin):
    """Planted bugs: a judge who finds nothing in these could not be believed about the desk either."""
    games = [play(seed, policy) for seed in range(20)]
    assert sum(getattr(game, sin) for game in games) > 0
    assert any(game.problems for game in games)


def test_everything_that_can_go_wrong_does():
    """A kind of fault that never strikes proves nothing."""
    fired = sum((play(seed).fired for seed in range(60)), Counter())
    assert set() == {
        each if isinstance(each, str) else f"{prefix}{each.kind}"
        for prefix, table in (("POST ", TREATMENTS), ("GET ", OF_QUESTIONS), ("", OF_STREAMS))
        for each in table
        if each is not None
    } - set(fired)


@virtual
@pytest.mark.parametrize("effect", ["none", "done"])
@pytest.mark.parametrize(
    "fault",
    [
        ("server_error", {"status": 500}),
        ("server_error", {"status": 502}),
        ("server_error", {"status": 504}),
        ("unknown_outcome", {"code": -1006}),
        ("unknown_outcome", {"code": -1007}),
    ],
    ids=lambda value: "_".join(map(str, value[1].values())),
)
async def test_an_answer_that_says_nothing_is_no_refusal(counter, fault, effect):
    """Promise O3: it may have been done or not, and only asking tells."""
    kind, told = fault
    async with counter() as at:
        at.core.inject(Fault(kind, target=PLACE, effect=effect, **told), at.core.now)
        if effect == "none":
            with pytest.raises(OrderRefusedError):
                await at.desk.place(RESTING)
            assert at.on_exchange == []
        else:
            order = await at.desk.place(RESTING)
            assert [order.client_order_id] == at.on_exchange


@virtual
@pytest.mark.parametrize("slowly", [False, True], ids=["refused", "too slow"])
async def test_a_connection_that_cannot_be_opened_sends_nothing(counter, slowly):
    """Promise O4, phase connect: nothing left, so the order may be placed again at once."""
    async with counter() as at:
        network = asyncio.get_running_loop().network
        for connection in network.connections(at.port):
            connection.close()
        await asyncio.sleep(0.1)
        network.slow(at.port, 30.0) if slowly else network.refuse(at.port)
        with pytest.raises(NotSentError) as caught:
            await at.desk.place(RESTING)
        assert Outcome.NOT_SENT is caught.value.outcome
        network.accept(at.port)
        assert Outcome.ACCEPTED is (await at.desk.place(RESTING)).outcome
        assert at.told == []


@virtual
async def test_an_order_that_stood_in_line_for_a_connection_is_stamped_when_it_leaves(counter):
    """Promises O4, phase pool, and T4: no more than 5 ms lie between the stamp and the first byte."""
    async with counter() as at:
        at.core.inject(Fault("delay", target="GET /sapi/v1/margin/account", seconds=4, times="always"), at.core.now)
        busy = [asyncio.create_task(at.client.account.cross()) for _ in range(20)]
        await asyncio.sleep(0.5)
        order = await at.desk.place(RESTING)
        await asyncio.gather(*busy)

        stages = order.stages
        assert Outcome.ACCEPTED is order.outcome
        assert stages.written - stages.granted > 3.0
        assert 0.0 <= stages.written - stages.signed <= 0.005
        assert stages.stamped_ms == pytest.approx((stages.written + at.client.clock.offset) * 1000, abs=7)


@virtual
@pytest.mark.parametrize("phase", ["write", "read"])
async def test_a_request_that_was_begun_is_unknown_until_it_is_proved(counter, phase):
    """Promise O4, phases write and read: half a request may be all that the exchange needs."""
    async with counter() as at:
        if phase == "write":
            at.lose_requests()
        else:
            at.core.inject(Fault("lost_reply", target=PLACE, effect="done"), at.core.now)
        order = await at.desk.place(RESTING, patience=0.01)
        assert Outcome.UNKNOWN is order.outcome
        expected = Outcome.REFUSED if phase == "write" else Outcome.ACCEPTED
        assert expected is await order.verdict()


@virtual
async def test_an_event_ends_a_question_that_hangs(counter):
    """A known failure of another client: it went on asking although the stream had told already."""
    async with counter(streams=True) as at:
        at.core.inject(Fault("event_delay", target="trade", event="executionReport", seconds=2), at.core.now)
        at.core.inject(Fault("lost_reply", target=ASK, times="always"), at.core.now)
        at.lose_replies()
        started = at.now
        await at.desk.place(RESTING)

        assert 2.0 < at.now - started < 2.1


@virtual
@pytest.mark.parametrize("kind", ["order", "list"])
async def test_an_event_ends_the_wait_for_a_reply_that_hangs(counter, deliveries, kind):
    """Promise O2: what the stream has proved needs no reply; the call goes on by itself, and is not made again."""
    async with counter(streams=True) as at:
        at.core.inject(Fault("lost_reply", target=f"{PLACE}*", effect="done"), at.core.now)
        started, seen = at.now, deliveries(at.core)
        placed = await (at.desk.place(RESTING) if kind == "order" else at.desk.place_list(EXITS))

        assert Outcome.ACCEPTED is placed.outcome
        assert at.now - started < 0.5
        assert placed.answer is None
        assert at.told == []  # it was never unknown
        await asyncio.sleep(60)
        assert 1 == seen["POST"]
        assert Outcome.ACCEPTED is placed.outcome


@virtual
async def test_a_reply_that_comes_after_the_event_is_taken_all_the_same(counter):
    """What only the reply tells, such as the loan that was drawn, is not given up."""
    async with counter(streams=True) as at:
        at.core.inject(Fault("delay", target=PLACE, seconds=3), at.core.now)
        order = await at.desk.place(RESTING)
        assert (Outcome.ACCEPTED, None) == (order.outcome, order.answer)
        await asyncio.sleep(5)
        assert order.client_order_id == order.answer.client_order_id


@virtual
async def test_a_reply_just_behind_its_event_is_waited_for(counter):
    """Both travel side by side, and the reply tells more."""
    async with counter(streams=True) as at:
        at.core.inject(Fault("delay", target=PLACE, seconds=0.1), at.core.now)
        assert (await at.desk.place(RESTING)).answer is not None


@virtual
async def test_a_client_that_closes_does_not_wait_for_a_reply_that_the_stream_made_needless(counter):
    """Nothing of it is left running, and the outcome is in the journal."""
    journal = MemoryJournal()
    async with counter(streams=True, journal=journal) as at:
        at.core.inject(Fault("lost_reply", target=PLACE, effect="done"), at.core.now)
        await at.desk.place(RESTING)
        started = at.now
    assert asyncio.get_running_loop().time() - started < 5.0
    assert {Outcome.ACCEPTED} == {intent.outcome for intent in journal._intents.values()}


@virtual
async def test_a_question_that_hangs_does_not_keep_the_next_one_waiting(counter):
    """Promise O2: an answer that never comes costs one pause, not the whole patience for a reply."""
    async with counter() as at:
        at.core.inject(Fault("lost_reply", target=ASK, times=2), at.core.now)
        at.lose_replies()
        started = at.now
        await at.desk.place(RESTING)

        assert at.now - started < 7.0


@virtual
async def test_our_own_id_being_taken_proves_that_the_order_is_there(counter):
    """Promise O6: our ids are used once, so whoever has it is the order itself."""
    async with counter() as at:
        body = '{"code":-2010,"msg":"Duplicate order sent."}'
        at.core.inject(Fault("reply", target=PLACE, status=400, body=body, effect="done"), at.core.now)
        order = await at.desk.place(RESTING)

        assert Outcome.ACCEPTED is order.outcome
        assert [order.client_order_id] == at.on_exchange


@pytest.mark.parametrize("lost", ["", "drop"], ids=["answered", "lost"])
@virtual
async def test_an_answer_of_an_unknown_shape_proves_what_it_names(counter, lost):
    """Promise O10: a field that changed its type must not make a live order unknown for as long as it stays so."""
    async with counter() as at:
        handle = at.core.handle

        def changed(request, now):
            reply = handle(request, now)
            return replace(
                reply, body=reply.body.replace(b'"origQty":"', b'"origQty":["').replace(b'","exec', b'"],"exec')
            )

        at.core.handle = changed
        if lost:
            at.core.inject(Fault(lost, target=PLACE, effect="done"), at.core.now)
        started = at.now
        order = await at.desk.place(RESTING)

        assert Outcome.ACCEPTED is order.outcome
        assert [order.client_order_id] == at.on_exchange
        assert at.now - started < 1.0
        with pytest.raises(DecodeError):
            await at.client.trade.order("BTCUSDT", client_order_id=order.client_order_id)


@virtual
async def test_what_an_unreadable_answer_did_not_tell_is_asked_for(counter):
    """Without a stream nobody else would tell of the order's state, and who waits for its fill would wait for ever."""
    async with counter() as at:
        at.core.inject(Fault("truncated_body", target=PLACE), at.core.now)
        order = await at.desk.place(RESTING.replace(price="61000"))

        assert (Outcome.ACCEPTED, "FILLED") == (order.outcome, order.status)


# -- one delivery ------------------------------------------------------------------------------------------------------


@pytest.fixture
def deliveries():
    """Count what arrives whole at an exchange, by verb."""

    def watch(core):
        seen, handle = Counter(), core.handle

        def counted(request, now):
            seen[request.method] += 1
            return handle(request, now)

        core.handle = counted
        return seen

    return watch


@virtual
@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("loss", ["drop", "reset", "a reset right after the send"])
async def test_whatever_changes_something_arrives_exactly_once(counter, deliveries, verb, loss):
    """Promise O5: the HTTP library's own second attempt is off; an intent is one request."""
    async with counter() as at:
        order = await at.desk.place(RESTING)
        key = await at.client.user_stream.start_listen_key()
        calls = {
            "POST": lambda: at.client.trade.new_order(RESTING),
            "PUT": lambda: at.client.user_stream.keep_alive_listen_key(key.listen_key),
            "DELETE": lambda: at.client.trade.cancel_order("BTCUSDT", client_order_id=order.client_order_id),
        }
        seen = deliveries(at.core)
        if loss in {"drop", "reset"}:
            at.core.inject(Fault(loss, effect="done"), at.core.now)
        else:
            at.lose_replies()
        with pytest.raises(MarginError) as caught:
            await calls[verb]()
        await asyncio.sleep(60)

        assert Outcome.UNKNOWN is caught.value.outcome
        assert 1 == seen[verb]


@pytest.mark.parametrize("effect", ["none", "done"])
@pytest.mark.parametrize("loss", ["drop", "reset"])
async def test_on_real_sockets_too_an_intent_is_one_delivery(loss, effect):
    """Promise O5: counted where it arrives, by verb and id; each is lost on a connection that was used before."""
    async with SimulatedExchange("calm") as exchange, MarginClient(config=exchange.config) as client:
        await client.rules.of("BTCUSDT")
        order = await client.orders.place(RESTING)
        key = await client.user_stream.start_listen_key()
        seen, handle = Counter(), exchange.core.handle

        def counted(request, now):
            name = re.search(r"(?:newClientOrderId|origClientOrderId|listenKey)=([^&]+)", request.target)
            seen[request.method, name and name[1]] += 1
            return handle(request, now)

        exchange.core.handle = counted
        for verb in ("POST", "PUT", "DELETE"):
            exchange.inject(Fault(loss, target=f"{verb} *", effect=effect))
        # An order that never arrived is proved only after 20 s: long enough to see a second delivery.
        placed = await client.orders.place(RESTING, patience=1.0)
        with pytest.raises(MarginError):
            await client.user_stream.keep_alive_listen_key(key.listen_key)
        with pytest.raises(MarginError):
            await client.trade.cancel_order("BTCUSDT", client_order_id=order.client_order_id)

    names = {"POST": placed.client_order_id, "PUT": key.listen_key.reveal(), "DELETE": order.client_order_id}
    assert {1} == {seen[verb, name] for verb, name in names.items()}
