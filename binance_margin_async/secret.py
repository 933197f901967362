"""A text that does not show itself: keys, secrets, passphrases."""

from __future__ import annotations

from typing import Never


class Secret:
    """A text that does not print, pickle or copy itself; ``reveal`` is the only way to it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text  # its own kind

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> Never:
        raise TypeError("a Secret is not pickled or copied: pass on the object itself")
