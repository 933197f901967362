"""What the admin calls show."""

from dataclasses import asdict
from decimal import Decimal
from operator import itemgetter

import msgspec

from binance_margin_async.sim.amounts import text
from binance_margin_async.sim.exchange import Exchange
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.ledger.records import InterestRecord, LoanRecord, TransferRecord
from binance_margin_async.sim.trading.orders import Fill, Order


def status_of(exchange: Exchange) -> dict[str, object]:
    """Return what is played, how far it is, and what goes on."""
    return {
        "scenario": exchange.scenario.name,
        "description": exchange.scenario.description,
        "serverTime": exchange.now,
        "marketTime": exchange.market_time,
        "isFinished": exchange.is_finished,
        "prices": prices_of(exchange),
        "connections": exchange.connections,
        "openOrders": len(exchange.venue.trading.open),
        "faultsArmed": len(exchange.faults.armed),
        "faultsFired": len(exchange.faults.fired),
    }


def prices_of(exchange: Exchange) -> dict[str, str]:
    """Return the index price of each symbol."""
    return {symbol: text(price) for symbol, price in exchange.prices.items()}


def accounts_of(exchange: Exchange) -> dict[str, object]:
    """Return balances, debts and level of each margin account, by name."""
    return {account.name: _account(exchange, account) for account in exchange.venue.book.accounts.values()}


def worth_of(exchange: Exchange) -> dict[str, Decimal]:
    """
    Return what each margin account and each other wallet is worth in USDT, debts taken off, by name.

    By index prices; an asset without one counts for nothing.
    """
    book, appraiser = exchange.venue.book, exchange.venue.appraiser
    return {
        account.name: sum(
            (
                appraiser.usdt_value(account, asset, balance.total - balance.liability)
                for asset, balance in account.balances.items()
                if appraiser.can_hold(account, asset)
            ),
            Decimal(0),
        )
        for account in (*book.accounts.values(), *book.wallets.values())
    }


def ledger_of(exchange: Exchange) -> dict[str, object]:
    """Return what stands in the exchange's books: orders, fills, loans, interest, transfers, oldest first."""
    orders, past = exchange.venue.trading.orders.values(), exchange.venue.book.histories
    return {
        "orders": [
            {"id": order.order_id, "account": order.account, "status": order.status, "executed": text(order.executed)}
            for order in orders
        ],
        "fills": sorted((_fill(order, fill) for order in orders for fill in order.fills), key=itemgetter("id")),
        "loans": [_plain(record) for record in past.loans],
        "interest": [_plain(record) for record in past.interest],
        "transfers": [_plain(record) for record in past.transfers],
    }


def faults_of(exchange: Exchange) -> dict[str, object]:
    """Return the faults that are armed, in their order, and those that struck, oldest first."""
    return {
        "armed": [
            {"number": armed.number, "due": armed.due, "left": armed.left, **msgspec.to_builtins(armed.fault)}
            for armed in exchange.faults.armed
        ],
        "fired": [fired._asdict() for fired in exchange.faults.fired],
    }


def _fill(order: Order, fill: Fill) -> dict[str, object]:
    price, quantity = text(fill.price), text(fill.quantity)
    return {"id": fill.trade_id, "order": order.order_id, "price": price, "quantity": quantity}


def _plain(record: LoanRecord | InterestRecord | TransferRecord) -> dict[str, object]:
    values = asdict(record)
    return {name: text(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def _account(exchange: Exchange, account: Account) -> dict[str, object]:
    level = exchange.venue.appraiser.level(account)
    return {
        "level": None if level is None else str(level),
        "status": exchange.venue.risk.statuses.get(account.name),
        "assets": {
            asset: {
                "free": text(balance.free),
                "locked": text(balance.locked),
                "borrowed": text(balance.borrowed),
                "interest": text(balance.interest),
            }
            for asset, balance in account.balances.items()
        },
    }
