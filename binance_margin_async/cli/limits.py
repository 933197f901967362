"""``binance-margin limits``: what the exchange lets this address and account do, and what is used of it."""

from __future__ import annotations

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.options import ONE_ACCOUNT, OneAccount
from binance_margin_async.cli.running import quiet_logging, run_command
from binance_margin_async.cli.tables import print_json, print_table
from binance_margin_async.cli.target import account_named
from binance_margin_async.client import MarginClient
from binance_margin_async.models.trades import OrderRateLimit
from binance_margin_async.rules.limits import BucketStatistics, LimiterStatistics

_HINT = """\
Every call of /sapi has a budget of its own; shown are those that this command makes.
Each way to place orders has 180,000 a minute per account: an order costs 6, one that may borrow 1,500."""


def limits(*, where: OneAccount = ONE_ACCOUNT) -> ExitCode:
    """Show used and allowed request weights and order counts."""
    quiet_logging(verbose=False)
    return run_command(_limits(where))


async def _limits(where: OneAccount) -> ExitCode:
    account = account_named(where.account)
    client, _ = where.target(where.account).client()
    async with client:
        counts = await client.trade.rate_limit_order(account=account)
        await (client.account.cross() if account.symbol is None else client.account.isolated([account.symbol]))
        buckets = _statistics(client).buckets
    if where.json:
        print_json({"account": account, "weights": [*map(_weight, buckets)], "orders": [*map(_count, counts)]})
        return ExitCode.DONE
    print_table(
        ("request weight of", "per", "used", "a minute"),
        ((each.endpoint, each.scope, "?" if each.used is None else str(each.used), f"{each.cap}") for each in buckets),
        amounts=("used", "a minute"),
    )
    print_table(
        ("orders of", "in", "used", "allowed"),
        ((str(account), _window(each), str(each.count), str(each.limit)) for each in counts),
        amounts=("used", "allowed"),
    )
    print(_HINT)
    return ExitCode.DONE


def _statistics(client: MarginClient) -> LimiterStatistics:
    statistics = client.statistics()["limits"]
    assert isinstance(statistics, LimiterStatistics)  # noqa: S101  # for type checkers
    return statistics


def _weight(bucket: BucketStatistics) -> dict[str, object]:
    return {"endpoint": bucket.endpoint, "scope": bucket.scope, "used": bucket.used, "allowed": bucket.cap}


def _count(count: OrderRateLimit) -> dict[str, object]:
    return {"interval": _window(count), "used": count.count, "allowed": count.limit}


def _window(count: OrderRateLimit) -> str:
    return f"{count.interval_num} {count.interval}"
