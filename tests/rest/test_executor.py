"""One call from its weight to its reply: the order of things, what is repeated, and what is told to whom."""

import asyncio
import hashlib
import hmac
import re
import traceback

import pytest

from binance_margin_async.clock import PAST_BIAS_MS
from binance_margin_async.errors import (
    BannedError,
    ClockError,
    CredentialsError,
    DecodeError,
    FirewallError,
    InsufficientCollateralError,
    MarginError,
    NotSentError,
    OrderNotFoundError,
    Outcome,
    RateLimitedError,
    ReplyLostError,
    ServerError,
    UnknownOutcomeError,
)
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.replies import Empty, ServerTime, TradeCoefficients
from binance_margin_async.models.stages import Stages
from binance_margin_async.rest.executor import REPLY_LIMIT, WAIT_LIMIT
from binance_margin_async.testing import virtual
from binance_margin_async.wire.endpoints import account, borrow, market, special_keys, spot, trade, user_stream, wallet

EPOCH_MS = 1_795_312_000_000
BARS = {"normalBar": "1.5", "marginCallBar": "1.3", "forceLiquidationBar": "1.1"}
READ = account.TRADE_COEFF
LOAN = {"asset": "USDT", "isIsolated": "FALSE", "amount": 1, "type": "BORROW"}
WRITES = [
    (trade.NEW_ORDER, {"symbol": "BTCUSDT", "newClientOrderId": "bma-1"}),
    (trade.CANCEL_ORDER, {"symbol": "BTCUSDT", "origClientOrderId": "bma-1"}),
    (borrow.BORROW_REPAY, LOAN),
    (user_stream.KEEP_ALIVE_LISTEN_KEY, {"listenKey": "k"}),
    (user_stream.LISTEN_TOKEN, {}),
]
each_write = pytest.mark.parametrize(("row", "parameters"), WRITES, ids=[row.route for row, _ in WRITES])
BUSY = {"code": -1000, "msg": "busy"}


def stamps(network):
    return [int(re.search(r"timestamp=(\d+)", sent.request.target)[1]) for sent in network.sent]


async def refused(ready, row, parameters=None, *, account=None, **options):
    """Make the call and return the error it ends with."""
    with pytest.raises(MarginError) as caught:
        await ready.executor.call(row, parameters or {}, account=account, **options)
    return caught.value


# -- the order of things -------------------------------------------------------------------------------------------


@virtual
async def test_a_request_is_stamped_and_signed_after_it_has_waited_for_its_weight(bench):
    """A stamp from before the wait would have run out in line."""
    ready = bench()
    ready.network.reply(BUSY, 429, {"Retry-After": "20"})
    await refused(ready, READ)
    ready.network.reply(BARS)
    await ready.executor.call(READ, {})
    late = ready.network.sent[1]
    payload, _, signature = late.request.target.partition("?")[2].partition("&signature=")

    assert 20.0 == pytest.approx(late.at, abs=0.01)
    assert EPOCH_MS + late.at * 1000 - PAST_BIAS_MS == pytest.approx(stamps(ready.network)[1], abs=1)
    secret = b"NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
    assert hmac.new(secret, payload.encode(), hashlib.sha256).hexdigest() == signature
    assert late.at == ready.replies[0][0].asked_at


@virtual
async def test_a_reply_has_ten_seconds_from_the_moment_of_sending(bench):
    """The wait for weight is not taken off them."""
    ready = bench()
    ready.network.reply(BUSY, 429, {"Retry-After": "20"})
    await refused(ready, READ)
    ready.network.reply(BARS)
    await ready.executor.call(READ, {})

    assert [REPLY_LIMIT, REPLY_LIMIT] == [sent.deadline - sent.at for sent in ready.network.sent]


@virtual
async def test_a_call_that_would_wait_longer_than_a_minute_window_is_given_up_at_once(bench):
    """With how long it would have been; nothing was sent."""
    ready = bench()
    ready.network.reply(BUSY, 429, {"Retry-After": str(WAIT_LIMIT + 5)})
    await refused(ready, READ)
    problem = await refused(ready, READ)

    assert (RateLimitedError, Outcome.NOT_SENT) == (type(problem), problem.outcome)
    assert WAIT_LIMIT + 5 == problem.retry_after
    assert 0.0 == ready.loop.time()
    assert 1 == len(ready.network.sent)


@virtual
async def test_two_loans_of_one_account_do_not_overlap(bench):
    """The exchange would refuse the second one with -3007."""
    ready = bench()
    ready.network.take(2.0)
    for _ in range(3):
        ready.network.reply({"tranId": 1})
    await asyncio.gather(
        ready.executor.call(borrow.BORROW_REPAY, LOAN, account=CROSS),
        ready.executor.call(borrow.BORROW_REPAY, LOAN, account=CROSS),
        ready.executor.call(borrow.BORROW_REPAY, LOAN, account=Isolated("BTCUSDT")),
    )
    first, other, second = (sent.at for sent in ready.network.sent)

    assert (0.0, 0.0) == (first, other)
    assert 2.0 < second < 2.5


# -- who carries what ----------------------------------------------------------------------------------------------


@virtual
async def test_a_public_call_needs_no_keys(bench):
    """A client without any may ask for the time and the symbols."""
    ready = bench(api_key="", api_secret="")
    ready.network.reply({"serverTime": 1})

    assert ServerTime(server_time_ms=1) == await ready.executor.call(spot.TIME, {})
    assert {} == ready.network.sent[0].request.headers


@pytest.mark.parametrize("row", [READ, market.PRICE_INDEX, user_stream.START_LISTEN_KEY], ids=lambda row: row.route)
@virtual
async def test_a_call_with_a_key_says_what_to_do_when_there_is_none(bench, row):
    """Nothing is sent, and the weight is not lost."""
    ready = bench(api_key="", api_secret="")
    problem = await refused(ready, row)

    assert isinstance(problem, CredentialsError)
    assert [] == ready.network.sent
    assert 0 == ready.bucket(row.route).in_flight


@pytest.mark.parametrize("sign", [False, True])
@virtual
async def test_the_listen_token_is_signed_only_when_asked_for(bench, sign):
    """Sources disagree whether it must be."""
    ready = bench(sign_listen_token=sign)
    for row, body in (
        (user_stream.LISTEN_TOKEN, {"token": "t", "expirationTime": 1}),
        (user_stream.START_LISTEN_KEY, {"listenKey": "k"}),
    ):
        ready.network.reply(body)
        await ready.executor.call(row, {})

    assert [sign, False] == ["signature=" in sent.request.target for sent in ready.network.sent]


@virtual
async def test_a_parameter_that_cannot_be_sent_costs_no_weight(bench):
    """It is refused while the request is built."""
    ready = bench()
    with pytest.raises(TypeError, match="float"):
        await ready.executor.call(READ, {"quantity": 0.1})

    assert [] == ready.network.sent
    bucket = ready.bucket(READ.route)
    assert (0, 0) == (bucket.in_flight, bucket.granted)


# -- what is asked again -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "problem", [NotSentError("no connection"), ReplyLostError("cut"), 500, 503], ids=["not sent", "lost", "500", "503"]
)
@virtual
async def test_a_read_is_asked_again_with_a_fresh_stamp(bench, problem):
    """A signature is never reused; the wait is a quarter of a second times the dice."""
    ready = bench(roll=0.8)
    if isinstance(problem, int):
        ready.network.reply(b"<html>", problem)
    else:
        ready.network.fail(problem)
    ready.network.reply(BARS)
    reply = await ready.executor.call(READ, {})

    assert isinstance(reply, TradeCoefficients)
    assert [0.0, 0.2] == pytest.approx([sent.at for sent in ready.network.sent])
    assert 200 == pytest.approx(stamps(ready.network)[1] - stamps(ready.network)[0], abs=1)
    assert 1 == len(ready.replies)


@virtual
async def test_a_read_is_tried_three_times_and_ends_with_the_last_error(bench):
    """The caller hears of the newest trouble."""
    ready = bench(roll=0.0)
    ready.network.reply(b"", 500)
    ready.network.fail(NotSentError("first"))
    ready.network.fail(NotSentError("last"))
    problem = await refused(ready, READ)

    assert "last" == str(problem)
    assert 3 == len(ready.network.sent)


@virtual
async def test_an_outage_is_not_answered_with_three_times_the_calls(bench):
    """After the first few, a tenth of the calls are asked again."""
    ready = bench(roll=0.0)
    for _ in range(250):
        ready.network.fail(NotSentError("down"))
    for _ in range(100):
        await refused(ready, READ)

    assert 110 <= len(ready.network.sent) <= 113


@each_write
@pytest.mark.parametrize("problem", [NotSentError("x"), ReplyLostError("x"), 500, 503, 429, 400], ids=repr)
@virtual
async def test_a_write_is_never_repeated(bench, row, parameters, problem):
    """Whatever it failed with, and even if nothing left: that is for its caller to decide."""
    ready = bench()
    if isinstance(problem, int):
        ready.network.reply(BUSY, problem)
    else:
        ready.network.fail(problem)
    await refused(ready, row, parameters, account=CROSS)
    await asyncio.sleep(60)

    assert 1 == len(ready.network.sent)


@pytest.mark.parametrize("status", [400, 401, 403, 410, 418, 429])
@virtual
async def test_a_refused_read_is_not_asked_again(bench, status):
    """The answer would be the same, or worse."""
    ready = bench()
    ready.network.reply({"code": -1102, "msg": "no"}, status)
    await refused(ready, READ)
    assert 1 == len(ready.network.sent)


# -- weight --------------------------------------------------------------------------------------------------------


@virtual
async def test_weight_comes_back_only_when_nothing_was_sent(bench):
    """A lost reply was counted by the exchange all the same."""
    ready = bench()
    bucket = borrow.BORROW_REPAY.route
    ready.network.reply({"tranId": 1})
    await ready.executor.call(borrow.BORROW_REPAY, LOAN)
    level = ready.bucket(bucket).level
    ready.network.fail(NotSentError("no connection"))
    await refused(ready, borrow.BORROW_REPAY, LOAN)
    after_not_sent = ready.bucket(bucket).level
    ready.network.fail(ReplyLostError("cut"))
    await refused(ready, borrow.BORROW_REPAY, LOAN)

    assert level == after_not_sent
    assert level - 1500 == ready.bucket(bucket).level
    assert 0 == ready.bucket(bucket).in_flight


@virtual
async def test_a_call_that_is_cancelled_under_way_ends_in_the_limiter_too(bench):
    """It was sent, so its weight is gone, but it is no longer in flight."""
    ready = bench()
    ready.network.take(60.0)
    call = asyncio.create_task(ready.executor.call(borrow.BORROW_REPAY, LOAN, account=CROSS))
    await asyncio.sleep(1.0)
    assert 1500 == ready.bucket(borrow.BORROW_REPAY.route).in_flight
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    assert 0 == ready.bucket(borrow.BORROW_REPAY.route).in_flight
    assert [] == ready.replies


@virtual
async def test_the_exchanges_own_count_is_adopted(bench):
    """Others may use the same address."""
    ready = bench()
    ready.network.reply(BARS, headers={"X-SAPI-USED-IP-WEIGHT-1M": "11000"})
    await ready.executor.call(READ, {})
    assert ready.bucket(READ.route).level < 0


# -- refusals ------------------------------------------------------------------------------------------------------


@virtual
async def test_a_429_freezes_its_endpoint_for_as_long_as_it_says(bench):
    """Others go on."""
    ready = bench()
    ready.network.reply({"code": -1003, "msg": "slow down"}, 429, {"Retry-After": "30"})
    problem = await refused(ready, READ)
    assert (RateLimitedError, Outcome.REFUSED, 30.0) == (type(problem), problem.outcome, problem.retry_after)

    ready.network.reply({"status": 0})
    await ready.executor.call(wallet.SYSTEM_STATUS, {})
    assert 0.0 == ready.loop.time()
    ready.network.reply(BARS)
    await ready.executor.call(READ, {})
    assert 30.0 <= ready.loop.time() < 31.0


@virtual
async def test_a_429_without_a_time_freezes_until_the_next_minute_of_the_exchange(bench):
    """That is when its counters begin anew."""
    ready = bench()
    ready.network.reply({"code": -1003, "msg": "slow down"}, 429)
    await refused(ready, READ)
    ready.network.reply(BARS)
    await ready.executor.call(READ, {})

    assert 0.0 <= (EPOCH_MS / 1000 + ready.loop.time()) % 60 < 1.0


@virtual
async def test_a_ban_stops_everything_until_its_end(bench):
    """Its text names the end in the exchange's milliseconds."""
    ready = bench()
    ready.network.reply({"code": -1003, "msg": f"banned until {EPOCH_MS + 600_000}"}, 418)
    problem = await refused(ready, READ)
    assert (BannedError, 600.0) == (type(problem), problem.retry_after)

    later = await refused(ready, wallet.SYSTEM_STATUS)
    assert (BannedError, Outcome.NOT_SENT) == (type(later), later.outcome)
    assert 1 == len(ready.network.sent)


@virtual
async def test_a_firewall_refusal_pauses_everything(bench):
    """Going on would turn it into a ban."""
    ready = bench()
    ready.network.reply(b"<html>blocked</html>", 403)
    assert isinstance(await refused(ready, READ), FirewallError)

    ready.network.reply({"status": 0})
    await ready.executor.call(wallet.SYSTEM_STATUS, {})
    assert 60.0 <= ready.loop.time() < 61.0


@virtual
async def test_too_many_orders_stop_orders_and_not_cancels(bench):
    """Only the placing of orders is counted."""
    ready = bench()
    row, parameters = WRITES[0]
    ready.network.reply({"code": -1015, "msg": "too many orders"}, 429, {"Retry-After": "7"})
    await refused(ready, row, parameters, account=CROSS)
    ready.network.reply({"code": -2011, "msg": "Unknown order sent."}, 400)
    await refused(ready, *WRITES[1], account=CROSS)
    assert 0.0 == ready.loop.time()

    ready.network.reply(BUSY, 400)
    await refused(ready, row, parameters, account=CROSS)
    assert 7.0 <= ready.loop.time() < 8.0


@pytest.mark.parametrize("status", [400, 200])
@virtual
async def test_a_refused_timestamp_brings_the_clock_into_doubt(bench, status):
    """It is measured again; other refusals are none of its business."""
    ready = bench()
    ready.network.reply({"code": -1022, "msg": "signature"}, 400)
    await refused(ready, READ)
    assert not ready.doubt.exists

    ready.network.reply({"code": -1021, "msg": "ahead of the server's time"}, status)
    assert isinstance(await refused(ready, *WRITES[0]), ClockError)
    assert ready.doubt.exists


@virtual
async def test_a_read_with_a_refused_timestamp_is_made_again_on_the_new_time(bench):
    """Its caller does not notice."""
    ready = bench()
    ready.network.reply({"code": -1021, "msg": "ahead of the server's time"}, 400)
    ready.network.reply(BARS)
    ready.loop.call_later(3.0, ready.clock.adjust, EPOCH_MS / 1000 - 7.0, 0.001)
    ready.loop.call_later(3.0, ready.doubt.settle)
    await ready.executor.call(READ, {})

    first, second = stamps(ready.network)
    assert (2, 3.0) == (len(ready.network.sent), ready.network.sent[1].at)
    assert -4_000 == second - first  # three seconds later, by a clock that is seven behind


@virtual
async def test_signed_calls_wait_while_the_clock_is_in_doubt_and_others_do_not(bench):
    """One refused timestamp is enough."""
    ready = bench()
    ready.doubt.arise()
    ready.loop.call_later(2.0, ready.doubt.settle)
    for _ in range(2):
        ready.network.reply(BARS)
    await asyncio.gather(ready.executor.call(READ, {}), ready.executor.call(READ, {}))
    assert [2.0, 2.0] == [sent.at for sent in ready.network.sent]

    ready.doubt.arise()
    ready.network.reply({"serverTime": 1})
    await ready.executor.call(spot.TIME, {})
    assert 2.0 == ready.network.sent[-1].at


@virtual
async def test_a_doubt_that_is_not_settled_keeps_a_call_no_longer_than_it_may_wait(bench):
    """A stamp that may be refused is better than no call."""
    ready = bench()
    ready.doubt.arise()
    ready.network.reply(BARS)
    await ready.executor.call(READ, {}, wait_limit=9.0)
    assert 9.0 == ready.network.sent[-1].at


@virtual
@pytest.mark.parametrize("settled_after", [3.0, 1_000.0], ids=["settled", "not settled"])
@pytest.mark.parametrize("status", [403, 418])
async def test_a_call_that_waits_for_the_clock_is_stopped_by_a_refusal_in_between(bench, status, settled_after):
    """
    Promises O8, L4: the wait of a minute ended within the firewall's pause, and the call went.

    Found by a bad day: the call was let through before the refusal, then the clock came into doubt and could not be
    measured in the pause.
    """
    ready = bench()
    ready.doubt.arise()
    ready.loop.call_later(settled_after, ready.doubt.settle)
    waiting = asyncio.create_task(ready.executor.call(READ, {}, wait_limit=9.0))
    await asyncio.sleep(1.0)
    ready.network.reply({"code": -1003, "msg": "stop"}, status)
    await refused(ready, wallet.SYSTEM_STATUS)

    with pytest.raises(RateLimitedError) as caught:
        await waiting
    assert (Outcome.NOT_SENT, 1) == (caught.value.outcome, len(ready.network.sent))


@virtual
async def test_a_stamp_later_than_was_promised_is_not_sent(bench):
    """What is written down about a write holds, even if the clock is set meanwhile."""
    ready = bench()
    latest_ms = ready.clock.exchange_ms() + 60_000
    ready.network.reply({"tranId": 1})
    await ready.executor.call(borrow.BORROW_REPAY, LOAN, stages=Stages(latest_ms=latest_ms))
    ready.clock.adjust(EPOCH_MS / 1000 + 3600.0, 0.001)
    problem = await refused(ready, borrow.BORROW_REPAY, LOAN, stages=Stages(latest_ms=latest_ms))

    assert (ClockError, Outcome.NOT_SENT) == (type(problem), problem.outcome)
    assert 1 == len(ready.network.sent)


@virtual
async def test_what_waited_for_a_connection_is_stamped_anew(bench):
    """The stamp is as old as the signature, and both are made just before the first byte."""
    ready = bench()
    ready.network.reply({"tranId": 1})
    ready.network.connect(0.8)
    stages = Stages()
    await ready.executor.call(borrow.BORROW_REPAY, LOAN, stages=stages)

    assert EPOCH_MS + 800 - PAST_BIAS_MS == stages.stamped_ms
    assert [stages.stamped_ms] == stamps(ready.network)
    assert 0.8 == stages.signed


# -- what is told --------------------------------------------------------------------------------------------------


@virtual
async def test_a_reply_is_told_once_and_before_the_caller_goes_on(bench):
    """With the call it answers."""
    ready = bench()
    ready.network.reply({})
    parameters = {"listenKey": "k"}
    reply = await ready.executor.call(user_stream.KEEP_ALIVE_LISTEN_KEY, parameters, account=CROSS)
    ((call, told),) = ready.replies

    assert (Empty(), True) == (reply, told is reply)
    assert (user_stream.KEEP_ALIVE_LISTEN_KEY, parameters, CROSS) == (call.row, call.parameters, call.account)


@pytest.mark.parametrize(
    ("body", "status"), [(BUSY, 400), (b"nonsense", 200), ({"code": -3006, "msg": "no"}, 200)], ids=str
)
@virtual
async def test_a_call_that_fails_is_told_to_nobody_but_its_caller(bench, body, status):
    """What watches replies sees replies."""
    ready = bench()
    ready.network.reply(body, status)
    await refused(ready, borrow.BORROW_REPAY, LOAN)
    assert [] == ready.replies


@pytest.mark.parametrize(
    ("answer", "kind", "outcome"),
    [
        (ReplyLostError("cut"), ReplyLostError, Outcome.UNKNOWN),
        (({"code": -1007, "msg": "timeout"}, 408), UnknownOutcomeError, Outcome.UNKNOWN),
        (({"code": -2010, "msg": "insufficient balance"}, 400), InsufficientCollateralError, Outcome.REFUSED),
        (({"code": -2011, "msg": "Unknown order sent."}, 400), OrderNotFoundError, Outcome.REFUSED),
        ((BUSY, 503), UnknownOutcomeError, Outcome.UNKNOWN),
        (({"code": -3006, "msg": "hidden"}, 200), InsufficientCollateralError, Outcome.REFUSED),
    ],
    ids=["lost", "timeout", "balance", "unknown order", "503", "hidden"],
)
@pytest.mark.parametrize("write", WRITES[:2], ids=["new", "cancel"])
@virtual
async def test_an_error_about_an_order_names_our_id_of_it(bench, write, answer, kind, outcome):
    """It is what the order is looked up by."""
    ready = bench()
    if isinstance(answer, tuple):
        ready.network.reply(*answer)
    else:
        ready.network.fail(answer)
    problem = await refused(ready, *write, account=CROSS)

    assert (kind, outcome, "bma-1") == (type(problem), problem.outcome, problem.client_order_id)


@virtual
async def test_an_error_about_no_order_names_none(bench):
    """A loan has no id of ours."""
    ready = bench()
    ready.network.fail(ReplyLostError("cut"))
    assert (await refused(ready, borrow.BORROW_REPAY, LOAN)).client_order_id is None
    ready.network.reply(BUSY, 503)
    assert (await refused(ready, borrow.BORROW_REPAY, LOAN)).client_order_id is None


@virtual
async def test_a_broken_success_of_a_write_is_unknown(bench):
    """The exchange acted on something."""
    ready = bench()
    ready.network.reply({"orderId": "?"})
    problem = await refused(ready, *WRITES[0], account=CROSS)
    assert (DecodeError, Outcome.UNKNOWN) == (type(problem), problem.outcome)


@virtual
async def test_no_error_tells_a_secret(bench):
    """Key, secret and signature are in none of them, nor in what they were chained from."""
    ready = bench()
    ready.network.reply({"code": -1022, "msg": "Signature for this request is not valid."}, 400)
    ready.network.reply(b"", 502)
    ready.network.reply(b"garbage")
    for row in (trade.CANCEL_ORDER, borrow.BORROW_REPAY, trade.NEW_ORDER):
        problem = await refused(ready, row, {"symbol": "BTCUSDT"}, account=CROSS)
        signature = ready.network.sent[-1].request.target.partition("signature=")[2]
        told = f"{problem!s} {problem!r} {vars(problem)} {problem.__cause__!r}"

        assert 64 == len(signature)
        assert not [secret for secret in (signature, "vmPUZE6mv9", "NhqPtmdSJ") if secret in told]


@pytest.mark.parametrize(
    ("row", "reply"),
    [
        (user_stream.LISTEN_TOKEN, {"token": "Planted1Token"}),
        (special_keys.CREATE_SPECIAL_KEY, {"secretKey": "Planted1Secret"}),
    ],
    ids=["listen token", "special key"],
)
@virtual
async def test_a_reply_with_a_secret_is_not_kept_where_it_cannot_be_read(bench, row, reply):
    """Promise X1: neither as a field of the error, nor in what a tool shows that prints a traceback with its locals."""
    ready = bench()
    ready.network.reply(reply | {"more": 1})
    problem = await refused(ready, row)
    whole = traceback.TracebackException.from_exception(problem, capture_locals=True)
    ours = [frame for frame in whole.stack if "/binance_margin_async/" in frame.filename]

    assert (DecodeError, b"") == (type(problem), problem.body)
    assert "decode" == ours[-1].name
    assert not [frame for frame in ours if "Planted1" in str(frame.locals)]


@virtual
async def test_a_server_error_of_a_read_is_known_to_have_changed_nothing(bench):
    """So nobody needs to look anything up."""
    ready = bench()
    for _ in range(3):
        ready.network.reply(b"", 503)
    problem = await refused(ready, READ)
    assert (ServerError, Outcome.REFUSED) == (type(problem), problem.outcome)


@virtual
async def test_a_symbol_that_the_exchange_does_not_know_is_named(bench):
    """Its answer only says that it is invalid."""
    ready = bench()
    ready.network.reply({"code": -1121, "msg": "Invalid symbol."}, 400)

    problem = await refused(ready, market.PRICE_INDEX, {"symbol": "NOPEUSDT"})

    assert "NOPEUSDT" in str(problem)
