"""What a call that changed an account, and the exchange's answer to it, mean as an event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from binance_margin_async.models.account import CROSS, Account, Isolated
from binance_margin_async.models.debts import Liability, LiquidationLoanRepayment
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import (
    BnbBurnUpdate,
    IsolatedAccountUpdate,
    LiabilityExchangeUpdate,
    LiquidationLoanUpdate,
    LiquidationUpdate,
    MaxLeverageUpdate,
    TransferUpdate,
)
from binance_margin_async.models.replies import BnbBurn, Empty, IsolatedSwitchReply, MaxLeverageReply
from binance_margin_async.models.transfers import TransferReply
from binance_margin_async.models.wallets import TransferType
from binance_margin_async.money import amount
from binance_margin_async.rest.executor import Call
from binance_margin_async.wire.endpoints.debts import EXCHANGE_SMALL_LIABILITY, MANUAL_LIQUIDATION


def account_changes(call: Call, reply: object) -> Iterator[tuple[Account, Event]]:
    """
    Yield what *call* changed, not stamped yet, and in which margin account; nothing if it changed none.

    A transfer from one margin account to another changes both.
    """
    if isinstance(reply, TransferReply):
        for account in _ends(call):
            yield account, _transfer(call, reply)
    elif (change := _change(call, reply)) is not None:
        yield call.account or CROSS, change


def _ends(call: Call) -> Iterator[Account]:
    leaves, _, enters = str(call.parameters["type"]).partition("_")
    for wallet, name in ((leaves, "fromSymbol"), (enters, "toSymbol")):
        symbol = call.parameters.get(name)
        if symbol is not None:
            yield Isolated(str(symbol))
        elif wallet == "MARGIN":
            yield CROSS


def _change(call: Call, reply: object) -> Event | None:
    match reply:
        case MaxLeverageReply(success=True):
            return MaxLeverageUpdate(max_leverage=int(str(call.parameters["maxLeverage"])))
        case IsolatedSwitchReply(success=True):
            return IsolatedAccountUpdate(symbol=reply.symbol, enabled=call.row.verb == "POST")
        case BnbBurn() if not call.row.is_read:
            return BnbBurnUpdate(spot=reply.spot, interest=reply.interest)
        case _:
            return _settlement(call, reply)


def _settlement(call: Call, reply: object) -> Event | None:
    match reply:
        case LiquidationLoanRepayment() if not call.row.is_read:
            return LiquidationLoanUpdate(
                asset=reply.asset, amount=reply.quantity, status=reply.status, repay_id=reply.repay_id
            )
        case tuple() if call.row.route == MANUAL_LIQUIDATION.route:
            return LiquidationUpdate(debts=cast("tuple[Liability, ...]", reply))
        case Empty() if call.row.route == EXCHANGE_SMALL_LIABILITY.route:
            return LiabilityExchangeUpdate(assets=tuple(str(call.parameters["assetNames"]).split(",")))
        case _:
            return None


def _transfer(call: Call, reply: TransferReply) -> TransferUpdate:
    from_symbol, to_symbol = call.parameters.get("fromSymbol"), call.parameters.get("toSymbol")
    return TransferUpdate(
        kind=TransferType(str(call.parameters["type"])),
        asset=str(call.parameters["asset"]),
        amount=amount(str(call.parameters["amount"])),
        from_symbol=None if from_symbol is None else str(from_symbol),
        to_symbol=None if to_symbol is None else str(to_symbol),
        transaction_id=reply.transaction_id,
    )
