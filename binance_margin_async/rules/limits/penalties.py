"""What follows a refusal by the exchange: pauses, bans, and fewer calls of our own."""

import math

from binance_margin_async.rules.limits.caps import CLOCK_GUARD, MINUTE

# The ban ladder runs from two minutes to three days (margin general info, read 2026-11-22).
SHORTEST_BAN = 120.0
LONGEST_BAN = 3 * 86_400.0
# A firewall refusal pauses all calls for a minute.
FIREWALL_PAUSE = 60.0
# More refusals than this within this time, and we halve our caps.
TOLERATED_REFUSALS = 3
REFUSAL_MEMORY = 300.0
SMALLEST_SCALE = 1 / 16
# After an hour without a refusal the caps double again, and a later ban counts as a first one.
RELIEF = 3_600.0


class Penalties:
    """
    The freeze of everything, and the share of the caps that refusals have left us.
    """

    __slots__ = ("_refusals", "_strikes", "banned_until", "frozen_until", "relief_at", "scale")

    def __init__(self) -> None:
        self.frozen_until: float = -math.inf
        self.scale: float = 1.0
        self.banned_until: float = -math.inf
        self._refusals: list[float] = []
        self.relief_at: float = math.inf
        self._strikes = 0

    def __repr__(self) -> str:
        return f"<Penalties frozen until {self.frozen_until}, scale {self.scale}>"

    def pause(self, until: float) -> None:
        """
        Stop everything until *until*; an earlier end than the present one changes nothing.
        """
        self.frozen_until = max(self.frozen_until, until)

    def ban(self, until: float) -> None:
        """
        Stop everything for a ban whose end is known.
        """
        self.banned_until = max(self.banned_until, until)
        self.pause(until)

    def on_ban(self, retry_after: float | None, now: float) -> None:
        """
        Stop everything for a ban; without a known length 120 s, doubling with each further ban.
        """
        if now >= self.banned_until:
            # Replies to calls that were under way when the ban began do not make it a second ban.
            self._strikes = 0 if now - self.banned_until > RELIEF else self._strikes + 1
        length = min(SHORTEST_BAN * 2.0**self._strikes, LONGEST_BAN)
        self.ban(now + (length if retry_after is None else retry_after))

    def on_refusal(self, now: float) -> bool:
        """
        Note a 429; return whether our own caps shrink because there were too many.
        """
        self.relief_at = now + RELIEF
        self._refusals = [*(at for at in self._refusals if now - at < REFUSAL_MEMORY), now]
        if len(self._refusals) <= TOLERATED_REFUSALS or self.scale <= SMALLEST_SCALE:
            return False
        self._refusals.clear()
        self.scale /= 2
        return True

    def relieve(self, now: float) -> bool:
        """
        Return whether our own caps grow again because it has long been quiet.
        """
        if now < self.relief_at:
            return False
        grown = self.scale < 1.0
        self.scale = min(self.scale * 2, 1.0)
        self.relief_at = now + RELIEF if self.scale < 1.0 else math.inf
        return grown


def usable_delay(retry_after: float | None) -> float | None:
    """
    Return a ``Retry-After`` that makes sense, in seconds; ``None`` for absent, zero, absurd or not a number.
    """
    if retry_after is None or not 0 < retry_after < math.inf:
        return None
    return min(retry_after, LONGEST_BAN)


def next_minute(now: float, offset: float | None) -> float:
    """
    Return when the exchange's next minute has surely begun; a whole minute from *now* while its clock is unknown.
    """
    if offset is None:
        return now + MINUTE + CLOCK_GUARD
    # Just before an edge the exchange may already be past it: then the minute after is meant.
    return now + MINUTE - (now + offset + CLOCK_GUARD) % MINUTE + 2 * CLOCK_GUARD
