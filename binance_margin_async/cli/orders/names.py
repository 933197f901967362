"""How an order is named on the command line: by the exchange's id, or by your own."""

from __future__ import annotations

from dataclasses import dataclass

from cyclopts import Parameter


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Named:
    """One order, or one order list."""

    order_id: int | None = None
    """The exchange's id of the order."""
    client_order_id: str | None = None
    """Your id of the order."""
    order_list_id: int | None = None
    """The exchange's id of an order list."""
    list_client_order_id: str | None = None
    """Your id of an order list."""

    @property
    def is_list(self) -> bool:
        """Whether a list is named."""
        return self.order_list_id is not None or self.list_client_order_id is not None

    @property
    def text(self) -> str:
        """The name for people."""
        kind = "order list" if self.is_list else "order"
        return f"{kind} {self.order_id or self.client_order_id or self.order_list_id or self.list_client_order_id}"

    def check(self, **others: bool) -> None:
        """
        Make sure that exactly one thing is named.

        Args:
            others: Further options that name something, and whether they were given.

        Raises:
            ValueError: Nothing, or more than one thing, is named.
        """
        choices = {
            "order_id": self.order_id is not None,
            "client_order_id": self.client_order_id is not None,
            "order_list_id": self.order_list_id is not None,
            "list_client_order_id": self.list_client_order_id is not None,
            **others,
        }
        typed = [f"--{name.replace('_', '-')}" for name in choices]
        if sum(choices.values()) != 1:
            raise ValueError(f"say which order, by exactly one of {', '.join(typed)}")


NAMED: Named = Named()
