"""The parameters of a request: read from query and form body, checked one by one."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Self
from urllib.parse import unquote_plus

from binance_margin_async.sim.amounts import ZERO
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.wire.keys import ApiKey

_DECIMAL = re.compile(r"\d{1,20}(\.\d{1,20})?", re.ASCII)
_INTEGER = re.compile(r"\d{1,20}", re.ASCII)
LARGEST = 2**63 - 1
_EMPTY_IDS = {
    "newClientOrderId": (-1118, "New client order ID was empty."),
    "origClientOrderId": (-1119, "Original client order ID was empty."),
}
CLIENT_ID = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}", re.ASCII)


class Parameters:
    """
    Named texts, decoded.

    Attributes:
        caller: The key that the request came with; ``None`` where none is asked for.

    Raises:
        RefusedError: -1101 when a name comes twice; only between query and body may it, and the query wins.
    """

    def __init__(self, query: str, body: str = "") -> None:
        self._values = {**self._parse(body), **self._parse(query)}
        self.caller: ApiKey | None = None

    @staticmethod
    def _parse(encoded: str) -> dict[str, str]:
        values: dict[str, str] = {}
        for piece in filter(None, encoded.split("&")):
            name, _, value = piece.partition("=")
            name = unquote_plus(name)
            if name in values:
                raise RefusedError(-1101, f"Duplicate values for parameter '{name}'.")
            values[name] = unquote_plus(value)
        return values

    def key(self) -> ApiKey:
        """
        Return the key that the request came with.

        Raises:
            RefusedError: -2014 without one.
        """
        if self.caller is None:
            raise RefusedError(-2014, "API-key format invalid.", status=401)
        return self.caller

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """Return parameters that were never encoded."""
        parameters = cls("")
        parameters._values.update(values)
        return parameters

    @property
    def names(self) -> list[str]:
        """What was sent, in order."""
        return list(self._values)

    def has(self, name: str) -> bool:
        """Tell whether *name* was sent."""
        return name in self._values

    def text(self, name: str) -> str | None:
        """
        Return a text, ``None`` when it was not sent.

        Raises:
            RefusedError: -1105 when it is empty, for client order ids -1118 and -1119.
        """
        value = self._values.get(name)
        if value == "":
            raise RefusedError(*_EMPTY_IDS.get(name, (-1105, f"Parameter '{name}' was empty.")))
        return value

    def required(self, name: str) -> str:
        """
        Return a text that must be there.

        Raises:
            RefusedError: -1102 when it is not.
        """
        value = self._values.get(name)
        if not value:
            raise RefusedError(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")
        return value

    def integer(self, name: str) -> int | None:
        """
        Return a whole number, ``None`` when it was not sent.

        Raises:
            RefusedError: -1100 when it is none, -1108 when it is too large for 64 bits.
        """
        value = self.text(name)
        if value is None:
            return None
        if not _INTEGER.fullmatch(value):
            raise RefusedError(
                -1100, f"Illegal characters found in parameter '{name}'; legal range is '^[0-9]{{1,20}}$'."
            )
        return _fits(name, int(value))

    def decimal(self, name: str) -> Decimal | None:
        """
        Return an amount above zero with at most eight decimals, ``None`` when it was not sent.

        Raises:
            RefusedError: -1100 for other text (also an exponent), -1111 for more decimals, -1102 for zero, -1108
                for more than fits into 64 bits, counted in units of the eighth decimal.
        """
        value = self.text(name)
        if value is None:
            return None
        if not _DECIMAL.fullmatch(value):
            raise RefusedError(
                -1100,
                f"Illegal characters found in parameter '{name}'; "
                "legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.",
            )
        if len(value.partition(".")[2].rstrip("0")) > 8:
            raise RefusedError(-1111, f"Parameter '{name}' has too much precision.")
        amount = Decimal(value)
        _fits(name, int(amount.scaleb(8)))
        if amount == 0:
            raise RefusedError(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")
        return amount

    def required_decimal(self, name: str) -> Decimal:
        """Return an amount that must be there; refusals as in :meth:`decimal`."""
        self.required(name)
        return self.decimal(name) or ZERO

    def flag(self, name: str, *, default: bool = False) -> bool:
        """
        Return a truth value; both spellings in use, ``TRUE`` and ``true``, are read.

        Raises:
            RefusedError: -1130 for anything else.
        """
        value = self.text(name)
        if value is None:
            return default
        if value.upper() not in {"TRUE", "FALSE"}:
            raise RefusedError(-1130, f"Data sent for parameter '{name}' is not valid.")
        return value.upper() == "TRUE"

    def client_id(self, name: str) -> str | None:
        """
        Return a client order id, ``None`` when it was not sent.

        Raises:
            RefusedError: -1100 outside the range that the exchange names.
        """
        value = self.text(name)
        if value is not None and not CLIENT_ID.fullmatch(value):
            raise RefusedError(
                -1100,
                f"Illegal characters found in parameter '{name}'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{{1,36}}$'.",
            )
        return value


def _fits(name: str, number: int) -> int:
    if number > LARGEST:
        raise RefusedError(-1108, f"Parameter '{name}' overflowed.")
    return number
