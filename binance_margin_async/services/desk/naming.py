"""Orders and lists with the desk's own ids in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from binance_margin_async.models.order_legs import Leg
from binance_margin_async.models.order_lists import Oco, Oto, Otoco
from binance_margin_async.models.orders import SingleOrder

OrderList = Oco | Oto | Otoco
L = TypeVar("L", bound=Leg)
Next = Callable[[], str]


def named_order(order: SingleOrder, new_id: Next) -> tuple[SingleOrder, str]:
    """
    Return *order* under an id of the desk's, and the id.

    Raises:
        ValueError: It has one already. Only an id that was never used before can prove what became of an order.
    """
    _refuse_own(order.client_order_id)
    name = new_id()
    return order.replace(client_order_id=name), name


def named_list(order: OrderList, new_id: Next) -> tuple[OrderList, str, dict[str, str]]:
    """
    Return *order* with ids of the desk's for the list and each of its legs.

    Returns:
        The order list, the list's id, and the legs' ids by role: ``limit`` and ``stop``, or ``working``, ``pending``,
        ``above`` and ``below``.

    Raises:
        ValueError: It, or a leg, has an id already.
    """
    _refuse_own(order.list_client_order_id)
    list_id = new_id()
    if isinstance(order, Oco):
        _refuse_own(order.limit_client_order_id)
        _refuse_own(order.stop_client_order_id)
        ids = {"limit": new_id(), "stop": new_id()}
        named = {f"{role}_client_order_id": name for role, name in ids.items()}
        return order.replace(list_client_order_id=list_id, **named), list_id, ids
    legs = {"working": order.working, **_followers(order)}
    ids = {role: new_id() for role in legs}
    changed = {role: _named_leg(leg, ids[role]) for role, leg in legs.items()}
    return order.replace(list_client_order_id=list_id, **changed), list_id, ids


def _followers(order: Oto | Otoco) -> dict[str, Leg]:
    if isinstance(order, Oto):
        return {"pending": order.pending}
    below: dict[str, Leg] = {} if order.below is None else {"below": order.below}
    return {"above": order.above, **below}


def _named_leg(leg: Leg, name: str) -> Leg:
    _refuse_own(leg.client_order_id)
    return leg.replace(client_order_id=name)


def _refuse_own(client_order_id: str | None) -> None:
    if client_order_id is not None:
        raise ValueError(
            f"leave the client order id out ({client_order_id!r}): the desk gives each order one that was never used "
            "before, because only such an id can prove what became of it"
        )
