"""Moving money and paying debts with care: ``client.funds``."""

from __future__ import annotations

from binance_margin_async.clock import Clock
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.borrow import BorrowCalls
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rest.transfer import TransferCalls
from binance_margin_async.rest.wallet import WalletCalls
from binance_margin_async.services.funds.debts import Debts
from binance_margin_async.services.funds.moves import Moves


class Funds(Moves, Debts):
    """``client.funds``: several plain calls for one purpose, each write sent once."""

    def __init__(
        self,
        *,
        account: AccountCalls,
        borrow: BorrowCalls,
        spot: SpotCalls,
        transfer: TransferCalls,
        wallet: WalletCalls,
        clock: Clock,
    ) -> None:
        Moves.__init__(self, account=account, spot=spot, transfer=transfer, wallet=wallet, clock=clock)
        Debts.__init__(self, account=account, borrow=borrow, clock=clock)
