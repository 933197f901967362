"""Times in milliseconds, or in microseconds for those who ask for them."""

from typing import cast

from binance_margin_async.sim.errors import RefusedError

_UNITS = {"MILLISECOND": False, "MICROSECOND": True}

# Fields that hold a time, in replies and in events.
_TIMES = frozenset(
    (
        *("serverTime", "time", "updateTime", "workingTime", "transactTime", "trailingTime", "transactionTime"),
        *("connectedSince", "authorizedSince", "retryAfter"),
        *("E", "T", "W", "O", "D", "u"),
    )
)

# Some of the short names hold other numbers elsewhere; a time of this century has 13 digits.
_FIRST_TIME = 10**12
_LAST_TIME = 10**13


def wants_microseconds(unit: str | None) -> bool:
    """
    Read a unit of time; ``None`` stands for milliseconds.

    Raises:
        RefusedError: -1194 for any other word.
    """
    if unit is None:
        return False
    if unit.upper() not in _UNITS:
        raise RefusedError(-1194, "Invalid value for time unit; expected either MICROSECOND or MILLISECOND.")
    return _UNITS[unit.upper()]


def in_microseconds(value: object) -> object:
    """Return *value*, ready for JSON, with every time in microseconds."""
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return {name: _scaled(item) if name in _TIMES else in_microseconds(item) for name, item in fields.items()}
    if isinstance(value, list):
        return [in_microseconds(item) for item in cast("list[object]", value)]
    return value


def _scaled(item: object) -> object:
    return item * 1000 if isinstance(item, int) and _FIRST_TIME <= item < _LAST_TIME else in_microseconds(item)
