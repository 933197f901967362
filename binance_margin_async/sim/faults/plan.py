"""Many faults, as data: written down, read, or rolled from a seed."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from binance_margin_async.sim.faults.fault import SPECS, Fault, FaultKind, Layer

# A rolled fault of calls or frames lets go after this many seconds, whether it met anybody or not.
PATIENCE_S = 60.0

_Roll = Callable[[random.Random], object]

# Arguments of rolled faults; those that are not here keep their usual values.
_ROLLS: Mapping[str, _Roll] = {
    "seconds": lambda chance: round(chance.uniform(0.1, 20.0), 3),
    "effect": lambda chance: chance.choice(["none", "done"]),
    "header": lambda chance: chance.random() < 0.7,
    "direction": lambda chance: chance.choice(["up", "down", "both"]),
    "shift_s": lambda chance: round(chance.choice([-1, 1]) * chance.uniform(1.0, 30.0), 3),
    "validity_s": lambda chance: round(chance.uniform(10.0, 600.0), 3),
    "size": lambda chance: chance.randrange(1_000, 3_000_000),
}
_ROLLS_OF: Mapping[tuple[FaultKind, str], _Roll] = {
    (FaultKind.SERVER_ERROR, "status"): lambda chance: chance.choice([500, 502, 503, 504]),
    (FaultKind.UNKNOWN_OUTCOME, "code"): lambda chance: chance.choice([-1006, -1007]),
    (FaultKind.REDIRECT, "status"): lambda chance: chance.choice([301, 302, 307, 308]),
    (FaultKind.SOCKET_CLOSE, "code"): lambda chance: chance.choice([1000, 1001, 1008, 1011, 1012, 1013]),
}

# "reply" says nothing that another kind does not say better.
ROLLED: Sequence[FaultKind] = tuple(kind for kind in FaultKind if kind is not FaultKind.REPLY)


class FaultPlan:
    """
    What will go wrong in a session.

    Attributes:
        faults: In the order in which they are looked at when several meet the same call or frame.
    """

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)

    @classmethod
    def random(
        cls,
        seed: int,
        *,
        duration_s: float = 600.0,
        count: int = 30,
        kinds: Sequence[FaultKind | str] = ROLLED,
        quiet_s: float = 120.0,
    ) -> "FaultPlan":
        """
        Roll a plan; the same arguments give the same plan.

        Args:
            seed: Decides everything.
            duration_s: Length of the session.
            count: How many faults.
            kinds: From which they are taken, each as likely as any other.
            quiet_s: Nothing begins in the last seconds, and what lasts is over by then, so that a test can see
                whether everything recovers.

        Raises:
            ValueError: The session is not longer than its quiet end.
        """
        if duration_s <= quiet_s:
            raise ValueError(f"duration_s must be above quiet_s, not {duration_s} and {quiet_s}")
        chance = random.Random(f"faults/{seed}")
        chosen = [FaultKind(kind) for kind in kinds]
        return cls(_rolled(chance, chance.choice(chosen), duration_s - quiet_s) for _ in range(count))

    def to_json(self) -> bytes:
        """Return the plan as the text of a ``.json`` fault file."""
        return msgspec.json.format(msgspec.json.encode({"faults": self.faults}), indent=2)

    def __iter__(self) -> Iterator[Fault]:
        """Yield the faults."""
        return iter(self.faults)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.faults)

    def __eq__(self, other: object) -> bool:
        """Compare the faults."""
        return isinstance(other, FaultPlan) and self.faults == other.faults

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self.to_json())

    def __repr__(self) -> str:
        """Tell the faults."""
        return f"FaultPlan({list(self.faults)!r})"


def _rolled(chance: random.Random, kind: FaultKind, end_s: float) -> Fault:
    after_s = round(chance.uniform(0.0, end_s), 3)
    spec = SPECS[kind]
    arguments: dict[str, Any] = {}
    for name in spec.takes:
        roll = _ROLLS_OF.get((kind, name), _ROLLS.get(name))
        if roll is not None:
            arguments[name] = roll(chance)
    if spec.layer in {Layer.REQUEST, Layer.FRAME}:
        arguments["until_s"] = min(after_s + PATIENCE_S, max(end_s, after_s + 0.001))
        arguments["times"] = chance.randint(1, 3)
        arguments["skip"] = chance.randint(0, 2)
    if spec.layer is Layer.CONDITION:
        arguments["seconds"] = max(0.001, min(arguments["seconds"], end_s - after_s))
    return Fault(kind, after_s=after_s, **arguments)
