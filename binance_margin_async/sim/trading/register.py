"""Every order, order list, trade and prevented match, by all the names it is asked for."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.trading.orders import Fill, Order, Ticket

# All accounts of one user are one group for self-trade prevention; its number is invented.
TRADE_GROUP = 1


@dataclass(slots=True, eq=False)
class OrderList:
    """
    Orders bound to each other.

    Attributes:
        contingency: ``OCO`` or ``OTO``; an OTOCO is an OTO as well.
        working: The order that the others wait for; ``None`` in an OCO.
        exits: The others; where there are two, one ends the other.
        updated_at: Of its last change of status.
    """

    list_id: int
    client_id: str
    account: str
    is_isolated: bool
    symbol: str
    contingency: str
    updated_at: int
    working: Order | None = None
    exits: list[Order] = field(default_factory=list)
    is_done: bool = False

    @property
    def orders(self) -> list[Order]:
        """Every order of the list."""
        return self.exits if self.working is None else [self.working, *self.exits]


@dataclass(frozen=True, slots=True)
class PreventedMatch:
    """A trade with oneself that did not happen."""

    match_id: int
    taker: Order
    maker: Order
    mode: str
    price: Decimal
    taker_quantity: Decimal
    maker_quantity: Decimal
    time: int


class Register:
    """
    The files of the order desk.

    Attributes:
        orders: Every order since the start, by id.
        open: Those that may still trade, oldest first.
        lists: Every order list, by id.
        prevented: Every prevented match, by id.
    """

    def __init__(self) -> None:
        self.orders: dict[int, Order] = {}
        self.open: dict[int, Order] = {}
        self.lists: dict[int, OrderList] = {}
        self.open_lists: dict[int, OrderList] = {}
        self.prevented: dict[int, PreventedMatch] = {}
        self._by_client_id: dict[tuple[str, str, str], int] = {}
        self._open_client_ids: dict[tuple[str, str], int] = {}
        self._open_of: defaultdict[tuple[str, str], dict[int, Order]] = defaultdict(dict)
        self._filed: defaultdict[tuple[str, str], list[Order]] = defaultdict(list)
        self._trades: defaultdict[tuple[str, str], list[tuple[Order, Fill]]] = defaultdict(list)
        self._order_id = 1_000_000
        self._trade_id = 5_000_000
        self._list_id = 2_000
        self._match_id = 0

    # -- filing ---------------------------------------------------------------------------------------------------

    def new_order(self, account: Account, ticket: Ticket, quantity: Decimal, now: int, *, list_id: int = -1) -> Order:
        """File an order that was accepted."""
        self._order_id += 1
        number = self._order_id
        client_id = ticket.client_id or f"sim{number:019d}"
        order = Order(ticket, account.name, account.is_isolated, number, client_id, quantity, now, now, list_id=list_id)
        key = (account.name, order.symbol)
        self._by_client_id[*key, client_id] = self._open_client_ids[account.name, client_id] = number
        self.orders[number] = self.open[number] = self._open_of[key][number] = order
        self._filed[key].append(order)
        return order

    def close(self, order: Order) -> None:
        """Take note that *order* will not trade any more."""
        self.open.pop(order.order_id, None)
        self._open_of[order.account, order.symbol].pop(order.order_id, None)
        key = (order.account, order.client_id)
        if self._open_client_ids.get(key) == order.order_id:
            del self._open_client_ids[key]

    def new_trade_id(self) -> int:
        """Return the number of the next trade."""
        self._trade_id += 1
        return self._trade_id

    def file_trade(self, order: Order, fill: Fill) -> None:
        """File a trade."""
        order.fills.append(fill)
        self._trades[order.account, order.symbol].append((order, fill))

    def new_list_id(self) -> int:
        """Return the number of the next order list."""
        self._list_id += 1
        return self._list_id

    def file_list(self, order_list: OrderList) -> None:
        """File a new order list."""
        self.lists[order_list.list_id] = self.open_lists[order_list.list_id] = order_list

    def close_list(self, order_list: OrderList) -> None:
        """Take note that *order_list* binds nothing any more."""
        self.open_lists.pop(order_list.list_id, None)

    def file_match(self, taker: Order, maker: Order, amounts: tuple[Decimal, Decimal], now: int) -> PreventedMatch:
        """File a prevented match; *amounts* is what it takes from taker and maker."""
        self._match_id += 1
        price = maker.ticket.price or Decimal(0)
        match = PreventedMatch(self._match_id, taker, maker, taker.ticket.stp_mode, price, *amounts, now)
        self.prevented[match.match_id] = match
        return match

    # -- finding --------------------------------------------------------------------------------------------------

    def open_of(self, account: str, symbol: str | None = None) -> list[Order]:
        """Return the open orders of an account, oldest first, of one pair or of all."""
        if symbol is not None:
            return list(self._open_of[account, symbol].values())
        return [order for order in self.open.values() if order.account == account]

    def orders_of(self, account: str, symbol: str) -> Sequence[Order]:
        """Return every order of an account on a pair, oldest first."""
        return self._filed.get((account, symbol), ())

    def trades_of(self, account: str, symbol: str) -> Sequence[tuple[Order, Fill]]:
        """Return every trade of an account on a pair with its order, oldest first."""
        return self._trades.get((account, symbol), ())

    def is_open_id(self, account: str, client_id: str) -> bool:
        """Tell whether an open order of the account has that client id."""
        return (account, client_id) in self._open_client_ids

    def find(self, account: str, symbol: str, order_id: int | None, client_id: str | None) -> Order | None:
        """Return an order by either id; of several with one client id the newest."""
        if order_id is None:
            order_id = self._by_client_id.get((account, symbol, client_id or ""))
        order = self.orders.get(order_id or 0)
        if order is None or (order.account, order.symbol) != (account, symbol):
            return None
        return order if client_id in {None, order.client_id} else None

    def lists_of(self, account: str | None, symbol: str | None = None) -> Iterator[OrderList]:
        """Yield the order lists of an account and a pair, or of all, oldest first."""
        for each in self.lists.values():
            if account in {None, each.account} and symbol in {None, each.symbol}:
                yield each

    def find_list(self, account: str, list_id: int | None, client_id: str | None) -> OrderList | None:
        """Return an order list by either id; of several with one client id the newest."""
        found = None
        for each in self.lists_of(account):
            if list_id in {None, each.list_id} and client_id in {None, each.client_id}:
                found = each
        return found
