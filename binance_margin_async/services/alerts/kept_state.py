"""What a restart must find again, as a note in the journal, and how it is asked to acknowledge an alert."""

from __future__ import annotations

import msgspec

from binance_margin_async.journal import Journal
from binance_margin_async.models.alerts import Ring
from binance_margin_async.models.intents import Note
from binance_margin_async.rules.alerts.kept import KeptBook

# Name of the note; the first monitor of a client has this one.
SLOT = "alerts"
# Numbers of crossings that somebody acknowledged from outside; a monitor has long read the older ones.
MOST_ACKNOWLEDGED = 100


class WaitingRing(msgspec.Struct, frozen=True):
    """A message that has not arrived yet, and the channel it should arrive by."""

    channel: str
    ring: Ring


class KeptState(msgspec.Struct, frozen=True, kw_only=True):
    """
    Everything about alerts that outlives the process.

    Args:
        book: The alerts that are not over.
        waiting: Messages on their way; they are sent by the next process, perhaps for a second time.
    """

    book: KeptBook = KeptBook()
    waiting: tuple[WaitingRing, ...] = ()


_decode_state = msgspec.json.Decoder(KeptState).decode
_decode_numbers = msgspec.json.Decoder(tuple[int, ...]).decode


async def read_state(journal: Journal, slot: str) -> KeptState:
    """Return what an earlier process has kept; nothing when it kept nothing."""
    return state_of(await journal.note(slot))


def state_of(text: str | None) -> KeptState:
    """Return what a note keeps."""
    return KeptState() if text is None else _decode_state(text)


def state_note(state: KeptState, slot: str) -> Note:
    """Return the note that keeps *state*."""
    return Note(slot, msgspec.json.encode(state).decode())


async def read_acknowledged(journal: Journal, slot: str) -> tuple[int, ...]:
    """Return the numbers that were acknowledged from outside, oldest first."""
    return acknowledged_of(await journal.note(acknowledged_name(slot)))


def acknowledged_of(text: str | None) -> tuple[int, ...]:
    """Return the numbers that a note holds."""
    return () if text is None else _decode_numbers(text)


def acknowledged_note(numbers: tuple[int, ...], slot: str) -> Note:
    """Return the note that asks to acknowledge *numbers*."""
    return Note(acknowledged_name(slot), msgspec.json.encode(numbers[-MOST_ACKNOWLEDGED:]).decode())


def acknowledged_name(slot: str) -> str:
    """Return the name of the note in which others ask to acknowledge."""
    return f"{slot}.acknowledged"
