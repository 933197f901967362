"""What a message says, as lines for people and as a row for programs."""

from __future__ import annotations

from datetime import UTC, datetime

from binance_margin_async.models.alerts import AlertTopic, Ring, RingKind
from binance_margin_async.printable import printable

_WORDS = {
    RingKind.RAISED: "",
    RingKind.REPEATED: "still: ",
    RingKind.ESCALATED: "not acknowledged: ",
    RingKind.EASED: "better: ",
    RingKind.CLEARED: "cleared: ",
}


def title(ring: Ring) -> str:
    """Return how urgent it is, and whose."""
    return printable(f"{ring.urgency.upper()} {ring.key}")


def body(ring: Ring) -> str:
    """Return the sentence, when it was, what was crossed on the way, and how to acknowledge it."""
    lines = [_sentence(ring), f"{_clock_text(ring.time_ms)} UTC"]
    if len(ring.crossed) > 1:
        lines.append(f"crossed at once: {printable(', '.join(ring.crossed))}")
    if ring.kind is not RingKind.CLEARED and ring.topic is not AlertTopic.TEST:
        lines.append(f"acknowledge:  binance-margin alerts ack {ring.number} --policy FILE")
    return "\n".join(lines)


def headline(ring: Ring) -> str:
    """Return one line that says it all."""
    return f"[{ring.number}] {title(ring)}: {_sentence(ring)}"


def row(ring: Ring) -> dict[str, object]:
    """Return the message as the JSON object that webhooks and commands are promised."""
    return {
        "type": "ring",
        "number": ring.number,
        "key": printable(ring.key),
        "topic": ring.topic,
        "kind": ring.kind,
        "urgency": ring.urgency,
        "account": str(ring.account),
        "crossed": [*map(printable, ring.crossed)],
        "text": printable(ring.text),
        "time": ring.time_ms,
    }


def _sentence(ring: Ring) -> str:
    return printable(f"{_WORDS[ring.kind]}{ring.text}")


def _clock_text(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
