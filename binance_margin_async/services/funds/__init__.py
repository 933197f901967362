"""Moving money and paying debts with care: ``client.funds``."""

from __future__ import annotations

from collections.abc import Callable

from binance_margin_async.bus import Bus
from binance_margin_async.clock import Clock
from binance_margin_async.journal import Journal
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.borrow import BorrowCalls
from binance_margin_async.rest.executor import Call, Executor
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rest.transfer import TransferCalls
from binance_margin_async.rest.wallet import WalletCalls
from binance_margin_async.rules.orders.client_ids import ClientIds
from binance_margin_async.services.desk.outcomes import Outcomes
from binance_margin_async.services.funds.change import FundsChange
from binance_margin_async.services.funds.claims import Claims
from binance_margin_async.services.funds.debts import Debts
from binance_margin_async.services.funds.moves import Moves
from binance_margin_async.services.funds.proved import Proved

__all__ = ["Funds", "FundsChange"]


class Funds(Proved, Moves, Debts):
    """``client.funds``: loans, repayments and transfers, each sent once and followed to a proved outcome."""

    def __init__(
        self,
        *,
        executor: Executor,
        account: AccountCalls,
        borrow: BorrowCalls,
        spot: SpotCalls,
        transfer: TransferCalls,
        wallet: WalletCalls,
        outcomes: Outcomes,
        claims: Claims,
        journal: Journal,
        bus: Bus,
        clock: Clock,
        ids: ClientIds,
        on_reply: Callable[[Call, object], None],
    ) -> None:
        Proved.__init__(
            self,
            executor=executor,
            account=account,
            outcomes=outcomes,
            claims=claims,
            journal=journal,
            bus=bus,
            clock=clock,
            ids=ids,
            on_reply=on_reply,
        )
        Moves.__init__(
            self, account=account, spot=spot, transfer=transfer, wallet=wallet, clock=clock, send=self.send_transfer
        )
        Debts.__init__(self, account=account, borrow=borrow, clock=clock, repay=self.repay)
