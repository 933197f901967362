"""
Write ``docs/reference/calls.md`` from the endpoint rows: ``python docs/reference/make_calls.py``.

The page is kept in the repository; a test compares it with what this writes.
"""

import inspect
import re
from pathlib import Path

from binance_margin_async import MarginClient
from binance_margin_async.rest.group import EndpointGroup
from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.endpoints import ALL

PAGE = Path(__file__).parent / "calls.md"
HEAD = """# Calls

Every call of the client, with the exchange's own path beside it. Written from the rows in
`binance_margin_async/wire/endpoints` by `docs/reference/make_calls.py`.

*Weight* is the request weight, counted per IP address or per account (UID); a second figure is what the call costs
with, or without, the parameter named. *Orders* is what it adds to the order counts. A signed call carries a timestamp
and a signature; `NONE` needs no key at all. *Source* tells where the facts were read, and when.
"""


def methods() -> dict[str, list[tuple[str, str]]]:
    """Return group and method of each route, by the route that stands in the method's docstring."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, member in inspect.getmembers(MarginClient, lambda member: isinstance(member, property)):
        group = inspect.signature(member.fget, eval_str=True).return_annotation
        if not (inspect.isclass(group) and issubclass(group, EndpointGroup)):
            continue
        for method, function in inspect.getmembers(group, inspect.iscoroutinefunction):
            for route in re.findall(r"``((?:GET|POST|PUT|DELETE) /\S+)``", inspect.getdoc(function) or ""):
                found.setdefault(route, []).append((name, method))
    return found


def weight(row: Endpoint[object]) -> str:
    """Return the price of *row* in words."""
    told = f"{row.cost.weight:,} {row.cost.scope}"
    for rule in row.cost.dearer:
        when = f"without `{rule.parameter}`" if rule.values is None else f"`{rule.parameter}` {', '.join(rule.values)}"
        told += f"; {rule.weight:,} {when}"
    return told


def page() -> str:
    """Return the whole page."""
    found = methods()
    groups: dict[str, list[str]] = {}
    for row in ALL:
        for group, method in found[row.route]:
            security = f"{row.security.value}{', signed' if row.is_signed else ''}"
            cells = (f"`{method}`", f"`{row.route}`", security, weight(row), str(row.cost.orders or ""), row.source)
            groups.setdefault(group, []).append(f"| {' | '.join(cells)} |")
    parts = [HEAD]
    for group, lines in sorted(groups.items()):
        parts.append(f"## `client.{group}`\n")
        parts.append("| method | call | security | weight | orders | source |\n|---|---|---|---|---|---|")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
