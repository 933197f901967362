"""Calls that change an account become events; calls that only read, or failed, do not."""

from decimal import Decimal

import pytest

from binance_margin_async.clock import Clock
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import BnbBurnUpdate, IsolatedAccountUpdate, MaxLeverageUpdate, TransferUpdate
from binance_margin_async.models.replies import BnbBurn, IsolatedSwitchReply, MaxLeverageReply
from binance_margin_async.models.transfers import TransferReply
from binance_margin_async.models.wallets import TransferType
from binance_margin_async.rest.executor import Call
from binance_margin_async.services.intake import Intake
from binance_margin_async.wire.endpoints import account, wallet

BTC = Isolated("BTCUSDT")
INWARDS = {"type": TransferType.MAIN_MARGIN, "asset": "USDT", "amount": Decimal("0.00000001")}
BURN = BnbBurn(spot=False, interest=True)
MOVED = TransferReply(transaction_id=2**53 + 1)


def published(row, parameters, whose, reply):
    heard = []
    Intake(heard.append, Clock(lambda: 7.0)).on_reply(Call(row, parameters, whose, 0.0, 7.0), reply)
    return heard


CHANGES = [
    (
        wallet.UNIVERSAL_TRANSFER,
        INWARDS,
        CROSS,
        MOVED,
        TransferUpdate(
            kind=TransferType.MAIN_MARGIN, asset="USDT", amount=Decimal("0.00000001"), transaction_id=2**53 + 1
        ),
    ),
    (
        account.MAX_LEVERAGE,
        {"maxLeverage": 3},
        CROSS,
        MaxLeverageReply(success=True),
        MaxLeverageUpdate(max_leverage=3),
    ),
    (
        account.ENABLE_ISOLATED_ACCOUNT,
        {"symbol": "BTCUSDT"},
        BTC,
        IsolatedSwitchReply(success=True, symbol="BTCUSDT"),
        IsolatedAccountUpdate(symbol="BTCUSDT", enabled=True),
    ),
    (
        account.DISABLE_ISOLATED_ACCOUNT,
        {"symbol": "BTCUSDT"},
        BTC,
        IsolatedSwitchReply(success=True, symbol="BTCUSDT"),
        IsolatedAccountUpdate(symbol="BTCUSDT", enabled=False),
    ),
    (wallet.SET_BNB_BURN, {"spotBNBBurn": False}, None, BURN, BnbBurnUpdate(spot=False, interest=True)),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change[0].route)
def test_a_call_that_changed_an_account_is_told_once(change):
    """A bot's other parts need not ask whether it was done."""
    row, parameters, whose, reply, expected = change
    (event,) = published(row, parameters, whose, reply)
    assert expected == event
    assert (whose or CROSS, Origin.REST, 7.0) == (event.account, event.origin, event.received_at)


@pytest.mark.parametrize(
    ("kind", "symbols", "accounts"),
    [
        ("MAIN_MARGIN", {}, [CROSS]),
        ("MARGIN_FUNDING", {}, [CROSS]),
        ("ISOLATEDMARGIN_MARGIN", {"fromSymbol": "BTCUSDT"}, [BTC, CROSS]),
        ("MARGIN_ISOLATEDMARGIN", {"toSymbol": "BTCUSDT"}, [CROSS, BTC]),
        ("ISOLATEDMARGIN_ISOLATEDMARGIN", {"fromSymbol": "BTCUSDT", "toSymbol": "ETHUSDT"}, [BTC, Isolated("ETHUSDT")]),
        ("PORTFOLIO_MARGIN_MAIN", {}, []),
        ("MAIN_PORTFOLIO_MARGIN", {}, []),
    ],
)
def test_a_transfer_is_told_for_each_margin_account_it_changes(kind, symbols, accounts):
    """Whoever watches the account that receives hears of it too."""
    told = published(wallet.UNIVERSAL_TRANSFER, INWARDS | {"type": kind, **symbols}, None, MOVED)
    assert accounts == [event.account for event in told]
    ends = (symbols.get("fromSymbol"), symbols.get("toSymbol"))
    assert [(TransferUpdate, *ends)] * len(accounts) == [(type(e), e.from_symbol, e.to_symbol) for e in told]


@pytest.mark.parametrize(
    ("row", "parameters", "whose", "reply"),
    [
        (account.BNB_BURN, {}, None, BURN),
        (account.MAX_LEVERAGE, {"maxLeverage": 3}, CROSS, MaxLeverageReply(success=False)),
        (account.DISABLE_ISOLATED_ACCOUNT, {}, BTC, IsolatedSwitchReply(success=False, symbol="BTCUSDT")),
        (wallet.UNIVERSAL_TRANSFER, INWARDS | {"type": "MAIN_FUNDING"}, None, MOVED),
    ],
    ids=["read", "leverage kept", "still on", "no margin account"],
)
def test_what_changed_no_margin_account_is_no_event(row, parameters, whose, reply):
    """Reading is no change, and neither is a refusal."""
    assert [] == published(row, parameters, whose, reply)
