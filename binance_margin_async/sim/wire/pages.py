"""Answers for people, not for programs: what stands before the exchange writes HTML."""

import re
from urllib.parse import unquote_plus

from binance_margin_async.sim.messages import HttpReply

HTML = {"Content-Type": "text/html"}

# Text that looks like SQL may be taken for an attack (spot REST general information, read 2026-11-22); which
# patterns do is not documented.
_ATTACK = re.compile(r"\bunion\s+select\b|\bdrop\s+table\b|'\s*or\s+'?\d", re.IGNORECASE)


def page(status: int, title: str) -> HttpReply:
    """Return a page that says *title*."""
    heading = f"{status} {title}"
    lines = (
        "<html>",
        f"<head><title>{heading}</title></head>",
        "<body>",
        f"<center><h1>{heading}</h1></center>",
        "<hr><center>nginx</center>",
        "</body>",
        "</html>",
        "",
    )
    return HttpReply(status, HTML, "\r\n".join(lines).encode())


def looks_like_attack(query: str, body: str) -> bool:
    """Tell whether the firewall would stop a request."""
    return _ATTACK.search(f"{unquote_plus(query)}&{unquote_plus(body)}") is not None
