"""
Text of others, made harmless: whatever could steer a terminal, forge a line or turn text around is shown, not obeyed.

Escape codes, line breaks, bidirectional marks and invisible characters come out as Python writes them in a literal.
"""

from __future__ import annotations

_OUR_OWN = "\n\t"


def printable(text: str) -> str:
    """Return *text* on one line, with every character that does not print written as an escape."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else _escape(each) for each in text)


def printable_lines(text: str) -> str:
    """Return *text* likewise, but with its line breaks and tabs."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in _OUR_OWN else _escape(each) for each in text)


def printable_json(text: str) -> str:
    """Return JSON that says the same, with every character that does not print written as JSON's escape."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else _json_escape(each) for each in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
