"""Calls about accounts and the market: arguments that are refused before anything is sent."""

import pytest

from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.market import MarketCalls

REFUSED = [
    (MarketCalls, "available_inventory", ("CROSS",), {}, "pool must be one of MARGIN, ISOLATED"),
    (MarketCalls, "all_pairs", ("btcusdt",), {}, "upper case"),
    (MarketCalls, "isolated_all_pairs", ("",), {}, "upper case"),
    (AccountCalls, "capital_flow", (), {"kind": "UNKNOWN"}, "kind must be one of"),
    (AccountCalls, "capital_flow", (), {"kind": "LOAN"}, "kind must be one of"),
    (AccountCalls, "isolated_margin_data", ("btcusdt",), {}, "upper case"),
    (AccountCalls, "enable_isolated", ("btcusdt",), {}, "upper case"),
    (AccountCalls, "disable_isolated", ("",), {}, "upper case"),
]


@pytest.mark.parametrize("wrong", REFUSED, ids=[f"{method} {text[:10]}" for _, method, _, _, text in REFUSED])
async def test_an_argument_without_sense_is_not_sent(bench, wrong):
    """A word or a pair that the exchange cannot know costs no request weight."""
    group, method, arguments, options, text = wrong
    ready = bench()
    with pytest.raises(ValueError, match=text):
        await getattr(group(ready.executor), method)(*arguments, **options)
    assert [] == ready.network.sent


@pytest.mark.parametrize("method", ["enable_isolated", "disable_isolated"])
async def test_a_switched_pair_is_told_as_its_own_account(bench, method):
    """Who watches this account's events hears of it."""
    ready = bench()
    ready.network.reply({"success": True, "symbol": "BTCUSDT"})
    await getattr(AccountCalls(ready.executor), method)("BTCUSDT")

    ((heard, _),) = ready.replies
    assert "BTCUSDT" == str(heard.account)
