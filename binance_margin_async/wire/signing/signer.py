"""What signs a request."""

from __future__ import annotations

from typing import Protocol


class Signer(Protocol):
    """Signs a payload with an API key's secret."""

    def sign(self, payload: bytes) -> str:
        """Return the signature of *payload* as text, not yet percent-encoded."""
        ...
