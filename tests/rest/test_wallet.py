"""Transfers between wallets: which pairs each kind needs, whose turn it is, and what is refused before it is sent."""

import asyncio

import pytest

from binance_margin_async.errors import InvalidRequestError, Outcome
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.wallets import TransferType
from binance_margin_async.rest.wallet import WalletCalls
from binance_margin_async.rules.limits import Demand, Lane, Scope
from binance_margin_async.testing import virtual

KINDS = [kind for kind in TransferType if kind is not TransferType.UNKNOWN]
# The exchange's table of transfers (read 2026-11-22); all other kinds need no pair.
NEEDS_FROM = {"ISOLATEDMARGIN_MARGIN", "ISOLATEDMARGIN_ISOLATEDMARGIN"}
NEEDS_TO = {"MARGIN_ISOLATEDMARGIN", "ISOLATEDMARGIN_ISOLATEDMARGIN"}
TRANSFER = "POST /sapi/v1/asset/transfer"
GIVEN = {"from_symbol": "BTCUSDT", "to_symbol": "币安人生USDT"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("given", [(), ("from_symbol",), ("to_symbol",), ("from_symbol", "to_symbol")])
async def test_a_transfer_is_sent_only_with_the_pairs_that_its_kind_needs(bench, kind, given):
    """A pair too few is refused anyway; one too many says that something else was meant. All faults are named."""
    ready = bench()
    calls = WalletCalls(ready.executor)
    ready.network.reply({"tranId": 1})
    ready.network.reply({"rows": [], "total": 0})
    pairs = {name: GIVEN[name] for name in given}
    needed = {name for name, kinds in (("from_symbol", NEEDS_FROM), ("to_symbol", NEEDS_TO)) if kind in kinds}
    wrong = needed ^ set(given)
    for call in (calls.universal_transfer(kind, "USDT", 1, **pairs), calls.universal_transfer_history(kind, **pairs)):
        if not wrong:
            await call
            continue
        with pytest.raises(InvalidRequestError) as refused:
            await call
        assert Outcome.NOT_SENT is refused.value.outcome
        assert wrong == {name for name in GIVEN if name in str(refused.value)}
    assert (0 if wrong else 2) == len(ready.network.sent)


@pytest.mark.parametrize(
    ("kind", "pairs", "expected"),
    [
        ("MAIN_MARGIN", {}, CROSS),
        ("MARGIN_MAIN", {}, CROSS),
        ("MARGIN_ISOLATEDMARGIN", {"to_symbol": "BTCUSDT"}, CROSS),
        ("ISOLATEDMARGIN_MARGIN", {"from_symbol": "BTCUSDT"}, Isolated("BTCUSDT")),
        ("ISOLATEDMARGIN_ISOLATEDMARGIN", GIVEN, Isolated("BTCUSDT")),
        ("MAIN_FUNDING", {}, None),
        ("PORTFOLIO_MARGIN_MAIN", {}, None),
        ("MAIN_PORTFOLIO_MARGIN", {}, None),
    ],
)
async def test_a_transfer_belongs_to_the_margin_account_that_it_leaves_or_else_enters(bench, kind, pairs, expected):
    """There it waits for its turn, and there it is told; other wallets have no such line."""
    ready = bench()
    ready.network.reply({"tranId": 1})
    await WalletCalls(ready.executor).universal_transfer(kind, "USDT", 1, **pairs)

    ((heard, _),) = ready.replies
    assert expected == heard.account


@virtual
async def test_money_for_a_margin_account_overtakes_what_leaves_it(bench):
    """When weight is short, what answers a margin call goes first."""
    ready = bench()
    calls = WalletCalls(ready.executor)
    for _ in range(3):
        ready.network.reply({"tranId": 1})
    while ready.limiter.reserve(Demand(Scope.UID, TRANSFER, 100, Lane.SAFETY), ready.loop.time()) == 0.0:
        pass  # others have used the weight up
    async with asyncio.TaskGroup() as group:
        for kind in ("MAIN_FUNDING", "FUNDING_MAIN"):
            group.create_task(calls.universal_transfer(kind, "USDT", 1))
        await asyncio.sleep(0.001)
        group.create_task(calls.universal_transfer("MAIN_MARGIN", "USDT", 1))

    assert ["MAIN_MARGIN", "MAIN_FUNDING", "FUNDING_MAIN"] == [heard.parameters["type"] for heard, _ in ready.replies]


@virtual
async def test_transfers_of_one_account_do_not_overlap(bench):
    """The exchange works them off one after the other."""
    ready = bench()
    ready.network.take(1.0)
    calls = WalletCalls(ready.executor)
    for _ in range(3):
        ready.network.reply({"tranId": 1})
    async with asyncio.TaskGroup() as group:
        group.create_task(calls.universal_transfer("MAIN_MARGIN", "USDT", 1))
        group.create_task(calls.universal_transfer("MARGIN_MAIN", "USDT", 1))
        group.create_task(calls.universal_transfer("MAIN_FUNDING", "USDT", 1))

    started = sorted(each.at for each in ready.network.sent)
    assert started[0] == started[1]
    assert started[2] >= started[0] + 1.0


@pytest.mark.parametrize(
    ("arguments", "kind", "text"),
    [
        (("SPOT_MARGIN", "USDT", 1), ValueError, "kind must be one of"),
        (("UNKNOWN", "USDT", 1), ValueError, "kind must be one of"),
        (("MAIN_MARGIN", "USDT", 0.1), TypeError, "quantity must be .*float"),
        (("MAIN_MARGIN", "USDT", 0), ValueError, "above zero"),
        (("MAIN_MARGIN", "USDT", "-1"), ValueError, "above zero"),
    ],
)
async def test_a_transfer_without_sense_is_not_sent(bench, arguments, kind, text):
    """Nothing is signed for it."""
    ready = bench()
    with pytest.raises(kind, match=text):
        await WalletCalls(ready.executor).universal_transfer(*arguments)
    assert [] == ready.network.sent


async def test_a_pair_written_wrongly_is_not_sent(bench):
    """The exchange would answer with an error that names no pair."""
    ready = bench()
    with pytest.raises(ValueError, match="upper case"):
        await WalletCalls(ready.executor).universal_transfer_history("MARGIN_ISOLATEDMARGIN", to_symbol="btcusdt")
    with pytest.raises(ValueError, match="upper case"):
        await WalletCalls(ready.executor).universal_transfer("MARGIN_ISOLATEDMARGIN", "USDT", 1, to_symbol="btcusdt")
    assert [] == ready.network.sent


async def test_a_choice_of_nothing_is_not_sent(bench):
    """The exchange wants at least one of the two flags."""
    ready = bench()
    with pytest.raises(InvalidRequestError, match="spot or interest") as refused:
        await WalletCalls(ready.executor).set_bnb_burn()
    assert Outcome.NOT_SENT is refused.value.outcome
    assert [] == ready.network.sent


@pytest.mark.parametrize(
    ("flags", "query"),
    [({"spot": False}, "spotBNBBurn=false&"), ({"interest": True}, "interestBNBBurn=true&")],
)
async def test_a_choice_that_is_not_given_stays_as_it_is(bench, flags, query):
    """``None`` is not ``False``: it is not sent."""
    ready = bench()
    ready.network.reply({"spotBNBBurn": False, "interestBNBBurn": True})
    await WalletCalls(ready.executor).set_bnb_burn(**flags)

    ((request, *_),) = ready.network.sent
    assert request.target.partition("?")[2].startswith(f"{query}recvWindow=")
