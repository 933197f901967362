"""What a call costs: request weight, whom it is counted against, and order count."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Scope(StrEnum):
    """Whom the exchange counts a request weight against."""

    IP = "IP"
    UID = "UID"


class Lane(IntEnum):
    """
    How urgent a call is; the smaller number goes first.

    ``SAFETY`` is for what lowers risk or keeps a stream alive: cancel, repay, transfer in, keep-alive.
    A share of each bucket is kept for it alone.
    """

    SAFETY = 0
    ORDER = 1
    QUERY = 2
    HISTORY = 3


# How a flag is written on the wire.
_FLAGS = {True: "true", False: "false"}


@dataclass(frozen=True, slots=True)
class Dearer:
    """
    A weight that applies instead of the plain one, because of a parameter.

    Args:
        weight: Weight of the call when the rule matches.
        parameter: Name of the parameter that decides, as on the wire.
        values: Values that make the call dearer, as on the wire; ``None`` means "when the parameter is left out".
    """

    weight: int
    parameter: str
    values: tuple[str, ...] | None = None

    def applies(self, parameters: Mapping[str, object]) -> bool:
        value = parameters.get(self.parameter)
        if self.values is None:
            return value is None
        return (_FLAGS[value] if value is True or value is False else value) in self.values


@dataclass(frozen=True, slots=True)
class Cost:
    """
    The price list of one endpoint.

    Args:
        scope: Whom the weight is counted against.
        weight: Request weight of a plain call.
        dearer: Rules for the parameters that make a call dearer; the dearest match counts.
        orders: How many orders a call adds to the account's order counters.
    """

    scope: Scope
    weight: int
    dearer: tuple[Dearer, ...] = ()
    orders: int = 0

    def weigh(self, parameters: Mapping[str, object]) -> int:
        """
        Return the request weight of a call with *parameters*; a ``None`` value counts as left out.
        """
        weight = self.weight
        for rule in self.dearer:
            # What is left out makes nothing dearer, unless the rule says so: most orders end here.
            is_given = rule.parameter in parameters
            if rule.weight > weight and (is_given or rule.values is None) and rule.applies(parameters):
                weight = rule.weight
        return weight

    @property
    def dearest(self) -> int:
        """
        Return the weight of the dearest call this endpoint knows; its bucket must be able to hold it.
        """
        return max(self.weight, *(rule.weight for rule in self.dearer)) if self.dearer else self.weight


def ip(weight: int, *dearer: Dearer, orders: int = 0) -> Cost:
    """
    Return a cost counted against the IP address.
    """
    return Cost(Scope.IP, weight, dearer, orders)


def uid(weight: int, *dearer: Dearer, orders: int = 0) -> Cost:
    """
    Return a cost counted against the account (UID), whichever address it comes from.
    """
    return Cost(Scope.UID, weight, dearer, orders)
