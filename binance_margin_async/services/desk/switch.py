"""What stops new orders: a hand on the switch, or what a crash left open."""

from __future__ import annotations

from binance_margin_async.errors import HaltedError

_NOTE = "halt"


class Switch:
    """
    Says whether new orders may go out.

    A halt outlives a restart when it is kept under ``note_name``.
    """

    note_name = _NOTE

    def __init__(self) -> None:
        self.reason: str = ""
        """Why new orders are stopped by hand; empty when they are not."""

    @property
    def is_halted(self) -> bool:
        """Whether new orders are stopped by hand."""
        return bool(self.reason)

    def check(self) -> None:
        """
        Let a new order pass.

        Raises:
            HaltedError: Orders are stopped; nothing was sent.
        """
        if self.reason:
            raise HaltedError(
                f"new orders are stopped: {self.reason}. Cancels and repayments go on; end it with release().",
                reason=self.reason,
            )
