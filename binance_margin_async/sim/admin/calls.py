"""The admin calls: bytes in, bytes out, time as an argument."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

import msgspec
import orjson

from binance_margin_async.sim.admin.views import accounts_of, faults_of, ledger_of, prices_of, status_of
from binance_margin_async.sim.exchange import Exchange
from binance_margin_async.sim.faults.fault import Fault
from binance_margin_async.sim.messages import HttpReply, HttpRequest

T = TypeVar("T")

_JSON = {"Content-Type": "application/json"}


class _Price(msgspec.Struct, forbid_unknown_fields=True):
    symbol: str
    price: Decimal


class _Step(msgspec.Struct, forbid_unknown_fields=True):
    seconds: float


class _Faults(msgspec.Struct, forbid_unknown_fields=True):
    faults: list[Fault]


class _NotThereError(Exception):
    """Nothing is served under this path, or there is no such fault."""


class Admin:
    """
    Answer admin calls.

    Args:
        exchange: What they look at and change.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._calls: Mapping[str, Callable[[bytes, int], object]] = {
            "GET /": self._help,
            "GET /status": lambda _body, _now: status_of(exchange),
            "GET /prices": lambda _body, _now: prices_of(exchange),
            "GET /accounts": lambda _body, _now: accounts_of(exchange),
            "GET /snapshot": lambda _body, _now: exchange.snapshot(),
            "GET /ledger": lambda _body, _now: ledger_of(exchange),
            "GET /faults": lambda _body, _now: faults_of(exchange),
            "POST /prices": self._set_price,
            "POST /step": self._step,
            "POST /faults": self._add_faults,
            "DELETE /faults": self._clear_faults,
        }

    def handle(self, request: HttpRequest, now: int) -> HttpReply:
        """Answer one call; what is wrong with it is told in a sentence under ``error``."""
        self._exchange.advance(now)
        try:
            answer = self._answer(f"{request.method} {request.target.partition('?')[0]}", request.body, now)
        except _NotThereError as problem:
            return _reply(404, {"error": str(problem)})
        except (msgspec.DecodeError, ValueError) as problem:
            return _reply(400, {"error": str(problem)})
        return _reply(200, answer)

    def _answer(self, call: str, body: bytes, now: int) -> object:
        if call in self._calls:
            return self._calls[call](body, now)
        method, _, rest = call.partition(" /faults/")
        number, _, verb = rest.partition("/")
        if number.isdigit() and (method, verb) == ("DELETE", ""):
            return self._remove_fault(int(number))
        if number.isdigit() and (method, verb) == ("POST", "fire"):
            return self._fire(int(number), now)
        raise _NotThereError(f"there is no call {call}; GET / lists them")

    def _help(self, _body: bytes, _now: int) -> object:
        return {"calls": [*self._calls, "DELETE /faults/NUMBER", "POST /faults/NUMBER/fire"]}

    def _set_price(self, body: bytes, now: int) -> object:
        wanted = msgspec.json.decode(body, type=_Price)
        self._exchange.set_price(wanted.symbol, wanted.price, now)
        return prices_of(self._exchange)

    def _step(self, body: bytes, now: int) -> object:
        self._exchange.step(msgspec.json.decode(body, type=_Step).seconds, now)
        return status_of(self._exchange)

    def _add_faults(self, body: bytes, now: int) -> object:
        # A whole plan, or one fault.
        whole = "faults" in msgspec.json.decode(body, type=dict[str, object])
        faults = msgspec.json.decode(body, type=_Faults).faults if whole else [msgspec.json.decode(body, type=Fault)]
        return {"numbers": [self._exchange.inject(fault, now) for fault in faults]}

    def _clear_faults(self, _body: bytes, _now: int) -> object:
        self._exchange.faults.clear()
        return faults_of(self._exchange)

    def _remove_fault(self, number: int) -> object:
        if not self._exchange.faults.remove(number):
            raise _NotThereError(f"there is no fault {number}; GET /faults lists those that are armed")
        return faults_of(self._exchange)

    def _fire(self, number: int, now: int) -> object:
        if not self._exchange.faults.hasten(number, now):
            raise _NotThereError(f"there is no fault {number}; GET /faults lists those that are armed")
        self._exchange.advance(now)
        return faults_of(self._exchange)


def _reply(status: int, answer: object) -> HttpReply:
    return HttpReply(status, _JSON, orjson.dumps(answer))
