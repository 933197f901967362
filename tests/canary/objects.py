"""Objects and tasks at work, as a debugger, an asyncio message or a crash dump would show them."""

import asyncio
import functools
import inspect
from collections import deque

from binance_margin_async.net.redaction import RedactingFilter
from binance_margin_async.secret import Secret
from canary.bird import CANARY, shown

# What wraps a secret, and what must know their texts to blank them in logs.
_KEEPERS = (Secret, RedactingFilter)
_BUNDLES = (list, tuple, set, frozenset, deque)


def look_at_objects(root):
    """Search the repr of everything of the package that is reachable from *root*, and every plain text in it."""
    seen, todo = {id(root)}, [(type(root).__name__, root)]
    while todo:
        path, each = todo.pop()
        if isinstance(each, str | bytes):
            CANARY.look(str(each), f"plain text, {path}")
            continue
        if _is_ours(each):
            CANARY.look(shown(each), f"the repr of {path}")
        for name, child in _children(each):
            if id(child) not in seen:
                seen.add(id(child))
                todo.append((f"{path}{name}", child))


def look_at_tasks():
    """Search what asyncio would print of each task, and the locals of the frames in which it waits."""
    for task in asyncio.all_tasks():
        where = f"the task {task.get_name()}"
        CANARY.look(shown(task), where)
        waiting = task.get_coro()
        while inspect.iscoroutine(waiting):
            if waiting.cr_frame is not None:
                CANARY.look_at_frame(waiting.cr_frame, waiting.cr_frame.f_lineno, "a waiting task")
            waiting = waiting.cr_await


# The exchange knows every secret, and the network in memory is the wire itself.
_OTHER_SIDE = ("binance_margin_async.sim", "binance_margin_async.testing")


def _is_ours(each):
    module = type(each).__module__
    return module.startswith("binance_margin_async.") and not module.startswith(_OTHER_SIDE)


def _children(each):
    if isinstance(each, dict):
        for key, value in each.items():
            yield "[key]", key
            yield f"[{key!r:.40}]", value
    elif isinstance(each, _BUNDLES):
        yield from ((f"[{place}]", value) for place, value in enumerate(each))
    if inspect.ismethod(each):
        yield ".__self__", each.__self__
    elif isinstance(each, functools.partial):
        yield from ((".func", each.func), (".args", each.args), (".keywords", each.keywords))
    elif _is_ours(each) and not isinstance(each, _KEEPERS):
        yield from ((f".{name}", value) for name, value in vars(each).items()) if hasattr(each, "__dict__") else ()
        slots = (name for kind in type(each).__mro__ for name in _slots(kind))
        yield from ((f".{name}", getattr(each, name)) for name in slots if hasattr(each, name))


def _slots(kind):
    named = vars(kind).get("__slots__", ())
    return (named,) if isinstance(named, str) else tuple(named)
