"""Wallets behind a scripted network: a ledger that answers the calls about moving money, and refuses on demand."""

import asyncio
from decimal import Decimal
from urllib.parse import parse_qsl

import orjson
import pytest

from binance_margin_async.bus import Bus
from binance_margin_async.journal import MemoryJournal
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.borrow import BorrowCalls
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rest.transfer import TransferCalls
from binance_margin_async.rest.wallet import WalletCalls
from binance_margin_async.rules.orders.client_ids import ClientIds
from binance_margin_async.services.desk.outcomes import Outcomes
from binance_margin_async.services.funds import Funds
from binance_margin_async.services.funds.claims import Claims
from binance_margin_async.services.supervisor import Supervisor
from binance_margin_async.wire.replies import Marks, WireReply

TRANSFER, LOAN = "POST /sapi/v1/asset/transfer", "POST /sapi/v1/margin/borrow-repay"
# The exchange's words in a type's name, and the wallet they stand for; an isolated one is called by its pair.
WORDS = {"MAIN": "SPOT", "MARGIN": "CROSS", "FUNDING": "FUNDING"}


class Treasury:
    """
    One asset, USDT, in several wallets.

    ``faults`` holds, by route, what the next calls meet: ``None`` for a good end, an exception, or (status, code).
    """

    def __init__(self, **balances):
        self.balances = {name: Decimal(each) for name, each in balances.items()}
        self.level = "999"
        self.debt = Decimal(0)
        self.keeps = {}
        self.faults = {}
        self.pages = []
        self.calls = []
        self._ids = iter(range(1, 1000))

    @property
    def writes(self):
        return [call for call in self.calls if call[0].startswith("POST")]

    async def send(self, request, *, deadline, freshen=None):  # noqa: ARG002  # the port's shape
        path, _, query = request.target.partition("?")
        route, told = f"{request.method} {path}", dict(parse_qsl(query))
        self.calls.append((route, told, asyncio.get_running_loop().time()))
        await asyncio.sleep(0.05)
        faults = self.faults.get(route, [])
        fault = faults.pop(0) if faults else None
        if isinstance(fault, BaseException):
            raise fault
        if fault is not None:
            status, code = fault
            return WireReply(status, {}, orjson.dumps({"code": code, "msg": "planted"}), Marks())
        return WireReply(200, {}, orjson.dumps(self._answer(route, told), default=str), Marks())

    def _answer(self, route, told):
        name = told.get("isolatedSymbol", "CROSS")
        answers = {
            "POST /sapi/v1/asset/transfer": lambda: self._move(told),
            "POST /sapi/v1/margin/borrow-repay": lambda: self._pay(told),
            "GET /sapi/v1/margin/maxTransferable": lambda: {
                "amount": max(self.balances[name] - self.keeps.get(name, 0), 0)
            },
            "GET /api/v3/account": lambda: spot_account(self.balances.get("SPOT", 0)),
            "GET /sapi/v1/margin/account": self._cross,
            "GET /sapi/v1/margin/isolated/account": lambda: {"assets": [self._isolated(told["symbols"])]},
            "GET /sapi/v1/asset/transfer": lambda: self.pages.pop(0),
            "GET /sapi/v1/margin/borrow-repay": lambda: self.pages.pop(0),
        }
        return answers[route]()

    def _pay(self, told):
        self.debt -= Decimal(told["amount"])
        self.balances[told.get("symbol", "CROSS")] -= Decimal(told["amount"])
        return {"tranId": next(self._ids)}

    def _move(self, told):
        leaves, _, enters = told["type"].partition("_")
        self.balances[WORDS.get(leaves, told.get("fromSymbol"))] -= Decimal(told["amount"])
        self.balances.setdefault(WORDS.get(enters, told.get("toSymbol")), Decimal(0))
        self.balances[WORDS.get(enters, told.get("toSymbol"))] += Decimal(told["amount"])
        return {"tranId": next(self._ids)}

    def _cross(self):
        flags = ("created", "borrowEnabled", "tradeEnabled", "transferInEnabled")
        totals = ("totalAssetOfBtc", "totalLiabilityOfBtc", "totalNetAssetOfBtc")
        return {
            **dict.fromkeys(flags, True),
            **dict.fromkeys(totals, "1"),
            "transferOutEnabled": self.level != "0",
            "marginLevel": self.level,
            "collateralMarginLevel": self.level,
            "userAssets": [self._asset("CROSS")],
        }

    def _isolated(self, symbol):
        quote = {
            **self._asset(symbol),
            "netAssetOfBtc": 0,
            "totalAsset": 0,
            "borrowEnabled": True,
            "repayEnabled": True,
        }
        return {
            "symbol": symbol,
            "baseAsset": {**quote, "asset": "BTC", "borrowed": 0, "interest": 0},
            "quoteAsset": quote,
            **dict.fromkeys(("isolatedCreated", "enabled", "tradeEnabled"), True),
            **dict.fromkeys(("marginLevel", "marginRatio", "indexPrice", "liquidatePrice", "liquidateRate"), "1"),
            "marginLevelStatus": "NORMAL",
        }

    def _asset(self, name):
        interest = min(self.debt, Decimal("0.00000001"))
        debt = {"borrowed": self.debt - interest, "interest": interest}
        return {"asset": "USDT", "free": self.balances.get(name, 0), "locked": 0, **debt, "netAsset": 0}


def spot_account(free):
    rates = dict.fromkeys(("maker", "taker", "buyer", "seller"), "0")
    return {
        **dict.fromkeys(("makerCommission", "takerCommission", "buyerCommission", "sellerCommission", "uid"), 1),
        **dict.fromkeys(("canTrade", "canWithdraw", "canDeposit", "brokered"), False),
        **dict.fromkeys(("requireSelfTradePrevention", "preventSor"), False),
        "commissionRates": rates,
        "updateTime": 1,
        "accountType": "SPOT",
        "balances": [{"asset": "USDT", "free": free, "locked": "0"}] if free else [],
        "permissions": ["SPOT"],
    }


@pytest.fixture
def funds_of(bench):
    """Return the maker of ``client.funds`` on a treasury."""

    def make(treasury, **settings):
        ready = bench(network=treasury, **settings)
        calls = {
            "account": AccountCalls(ready.executor),
            "borrow": BorrowCalls(ready.executor),
            "spot": SpotCalls(ready.executor),
            "transfer": TransferCalls(ready.executor),
            "wallet": WalletCalls(ready.executor),
        }
        journal = MemoryJournal()
        journal._is_open = True
        bus = Bus(ready.clock.now)
        supervisor = Supervisor(clock=ready.clock, on_event=bus.publish)
        supervisor._closed = True  # nobody goes on asking: what the records prove is tested on the simulated exchange
        return Funds(
            **calls,
            executor=ready.executor,
            outcomes=Outcomes(
                journal,
                {},
                clock=ready.clock,
                doubt=ready.doubt,
                supervisor=supervisor,
                publish=bus.publish,
                recv_window_ms=5_000,
            ),
            claims=Claims(journal),
            journal=journal,
            bus=bus,
            clock=ready.clock,
            ids=ClientIds("bma", lambda: 0.5),
            on_reply=lambda _call, _reply: None,
        )

    return make


@pytest.fixture(scope="session")
def treasury():
    """Return the maker of treasuries: ``treasury(SPOT="100")``."""
    return Treasury
