"""The floors of the house: who may import whom, read out of every import of the package."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

import binance_margin_async
from binance_margin_async.wire.endpoints import ALL

NAME = "binance_margin_async"
PACKAGE = Path(binance_margin_async.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

FLOORS = {
    "errors": 0,
    "clock": 0,
    "money": 0,
    "printable": 0,
    "secret": 0,
    "stacks": 0,
    "models": 1,
    "config": 1,
    "tables": 1,
    "rules": 2,
    "wire": 2,
    "net": 3,
    "rest": 4,
    "streams": 4,
    "bus": 4,
    "services": 5,
    "journal": 5,
    "metrics": 5,
    "client": 6,
    "assembly": 6,
    "stream_assembly": 6,
    "monitor_assembly": 6,
    "lanes": 6,
    "bench": 6,
    "cli": 6,
    "web": 6,
    "": 6,  # the package itself: it names what is public
}
ROOF = 6
# Floors on which every room may import every other.
OPEN_FLOORS = {0, 5}
# Rooms of the other floors that may import others of the same floor; every other pair may not.
ARROWS = {
    "wire": {"rules.limits"},
    "rules.history": {"wire", "rules.limits"},
    "rules.lifecycles": {"rules.limits"},
    "rules.account": {"rules.margin"},
    "rules.protection": {"rules.margin", "rules.alerts"},
    "streams": {"rest", "bus"},
}
# Wings stand beside the house: what they may import of it. Only the roof may import them.
WINGS = {
    "sim": ("errors", "clock", "money", "secret", "models", "config", "tables", "wire.endpoints", "wire.endpoint"),
    "testing": ("errors", "clock", "money", "stacks"),
}
# What hangs between two wings: the fixtures join a client, an exchange and pytest.
BRIDGES = {"testing.pytest_plugin": ("client", "sim")}
# Libraries, besides the standard one, by floor or wing.
OTHERS = {
    0: set(),
    1: {"msgspec"},
    2: {"msgspec", "orjson", "cryptography"},
    3: {"msgspec", "aiohttp", "yarl", "websockets"},
    4: {"msgspec", "orjson"},
    5: {"msgspec", "orjson", "prometheus_client"},
    6: {"msgspec", "orjson", "cyclopts", "rich", "uvloop", "aiohttp_sse"},
    "sim": {"msgspec", "orjson", "cryptography"},
}
# Below floor 3 time comes in as an argument, and nothing waits, sends or runs beside.
NO_TIME_NO_NETWORK = (
    *("asyncio", "time", "sched", "threading", "concurrent", "multiprocessing", "signal"),
    *("socket", "selectors", "http.client", "http.server", "urllib.request", "aiohttp", "websockets", "yarl"),
)
CLOCK_CALLS = {"now", "utcnow", "today"}
NETWORK_CLIENTS = {"aiohttp": "net.http", "websockets": "net.sockets", "httptools": "net.lane_connection"}
# The server's side of the network libraries, for the simulated exchange and the monitor's page.
SERVER_SIDE = (
    "aiohttp.web",
    "websockets.asyncio.server",
    "websockets.exceptions",
    "websockets.http11",
    "websockets.datastructures",
)


class Import(NamedTuple):
    line: int
    module: str


def imports_of(tree: ast.AST) -> Iterator[Import]:
    """Yield what a module imports, wherever it does: in functions and for type checking too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield Import(node.lineno, f"{'.' * node.level}{node.module or ''}.{alias.name}")


def top(module: str) -> str:
    return module.partition(".")[0]


def room_of(module: str) -> str:
    """Return the room of a module, given without the package's name: ``"rules.limits"``, ``"wire"``, ``""``."""
    return ".".join(module.split(".")[:2]) if top(module) == "rules" else top(module)


def is_in(module: str, places: Iterable[str]) -> bool:
    """Whether *module* is one of *places* or inside of one."""
    return any(module == place or module.startswith(f"{place}.") for place in places)


def problem_inside(module: str, imported: str) -> str:
    """Say what is wrong with importing *imported*, another part of the package; "" if nothing is."""
    if top(module) in WINGS:
        allowed = (top(module), *WINGS[top(module)], *BRIDGES.get(module, ()))
        return "" if is_in(imported, allowed) else f"{top(module)} may import only {', '.join(allowed)}"
    if top(module) not in FLOORS:
        return "its place in the house is not known: add it to the table"
    if FLOORS[top(module)] == ROOF:
        return ""
    if top(imported) not in FLOORS:
        return f"only the roof may import {top(imported)}"
    return problem_between(module, imported)


def problem_between(module: str, imported: str) -> str:
    """Say what is wrong between two rooms below the roof."""
    room, other = room_of(module), room_of(imported)
    floor, other_floor = FLOORS[top(module)], FLOORS[top(imported)]
    is_neighbour = room == other or floor in OPEN_FLOORS or other in ARROWS.get(room, ())
    if other_floor < floor or (other_floor == floor and is_neighbour):
        return ""
    return f"{room} (floor {floor}) may not import {other} (floor {other_floor})"


def problem_outside(module: str, imported: str) -> str:
    """Say what is wrong with importing *imported*, no part of the package; "" if nothing is."""
    library, floor = top(imported), FLOORS.get(top(module))
    if library == "pytest" and module in BRIDGES:
        return ""
    if library in NETWORK_CLIENTS and not is_in(module, [NETWORK_CLIENTS[library]]):
        is_server = top(module) in {"sim", "web"} and imported.startswith(SERVER_SIDE)
        return "" if is_server else f"{library} is spoken to in {NETWORK_CLIENTS[library]} alone"
    if floor is not None and floor < 3 and is_in(imported, NO_TIME_NO_NETWORK):
        return f"no {library} below floor 3"
    if library in sys.stdlib_module_names or library in OTHERS.get(top(module) if floor is None else floor, ()):
        return ""
    return f"{room_of(module)} may not use {library}"


def problems_of_calls(tree: ast.AST, module: str) -> Iterator[tuple[int, str]]:
    """Yield the hidden clocks and dice below floor 3: functions of ``random`` itself, and ``datetime.now``."""
    if FLOORS.get(top(module), ROOF) >= 3:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            if node.value.id == "random" and node.attr != "Random":
                yield node.lineno, f"{name} rolls dice of its own: take a random.Random"
            if node.value.id in {"datetime", "date", "dt"} and node.attr in CLOCK_CALLS:
                yield node.lineno, f"{name} reads a clock: take the time as an argument"
        elif isinstance(node, ast.ImportFrom) and node.module == "random":
            for alias in node.names:
                if alias.name != "Random":
                    yield node.lineno, f"random.{alias.name} rolls dice of its own"


def offences(module: str, source: str) -> list[str]:
    """Return one line per broken rule of a module, given without the package's name."""
    tree = ast.parse(source)
    found = list(problems_of_calls(tree, module))
    for line, imported in imports_of(tree):
        if imported.startswith("."):
            found.append((line, "write the whole name instead of a relative one"))
        elif is_in(imported, [NAME]):
            found.append((line, problem_inside(module, imported.removeprefix(NAME).removeprefix("."))))
        else:
            found.append((line, problem_outside(module, imported)))
    return [f"{module or NAME}:{line}: {problem}" for line, problem in sorted(found) if problem]


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# -- the house -----------------------------------------------------------------------------------------------------


def test_every_import_keeps_to_the_floors():
    """A rule that imports a socket cannot be tested without one."""
    broken = [line for path in FILES for line in offences(module_of(path), path.read_text(encoding="utf-8"))]
    assert not broken, "\n" + "\n".join(broken)


def test_there_is_something_to_read():
    """An empty search would find nothing wrong."""
    modules = {module_of(path) for path in FILES}
    assert {"", "errors", "rules.limits.limiter", "wire.endpoints.trade", "net.http", "sim.server"} <= modules


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("errors", "import msgspec"),
        ("money", f"from {NAME}.models.account import CROSS"),
        ("models.account", f"from {NAME}.rules.limits import Limiter"),
        ("models.account", "import orjson"),
        ("config", f"from {NAME}.wire import requests"),
        ("rules.limits.bucket", "import asyncio"),
        ("rules.limits.bucket", "def late():\n    import time"),
        ("rules.limits.bucket", "from time import monotonic"),
        ("rules.limits.bucket", f"from {NAME}.wire.endpoint import Endpoint"),
        ("rules.lifecycles.connection", "import random\nrandom.random()"),
        ("rules.lifecycles.connection", "from random import uniform"),
        ("rules.timing", f"from {NAME}.rules.limits import Limiter"),
        ("rules.orders.updates", f"from {NAME}.rules.account import BalanceMirror"),
        ("rules.margin.level", f"from {NAME}.rules.account.mirror import BalanceMirror"),
        ("rules.account.mirror", f"if TYPE_CHECKING:\n    from {NAME}.rest.executor import Call"),
        ("wire.replies", f"from {NAME}.rules.lifecycles import connection"),
        ("wire.replies", f"from {NAME} import net"),
        ("wire.ws_api", "import datetime as dt\nnow = dt.datetime\ndatetime.now()"),
        ("wire.requests", "from aiohttp import web"),
        ("net.http", "import websockets"),
        ("net.sockets.direct", "import aiohttp"),
        ("net.http", f"from {NAME}.rest.executor import Transport"),
        ("rest.executor", f"from {NAME}.bus import Bus"),
        ("rest.executor", f"from {NAME}.streams.trade import TradeStream"),
        ("bus.bus", f"from {NAME}.rest.executor import Call"),
        ("bus.bus", f"from {NAME}.streams.health import HealthBoard"),
        ("streams.trade", "import websockets"),
        ("streams.trade", f"from {NAME}.services.intake import Intake"),
        ("services.intake", f"from {NAME}.client import MarginClient"),
        ("services.intake", f"from {NAME} import MarginClient"),
        ("services.intake", f"from {NAME}.sim import SimulatedExchange"),
        ("services.intake", f"from {NAME}.testing import virtual"),
        ("services.monitor.monitor", "import rich"),
        ("services.monitor.monitor", "from ...sim import SimulatedExchange"),
        ("services.picture.painter", f"from {NAME}.web.gallery import Gallery"),
        ("web.page", "import aiohttp\naiohttp.ClientSession"),
        ("models.picture", "import prometheus_client"),
        ("sim.venue", f"from {NAME}.rules.limits import Limiter"),
        ("sim.venue", f"from {NAME}.wire.signing import HmacSigner"),
        ("sim.venue", f"from {NAME}.rest.executor import Executor"),
        ("sim.server", f"from {NAME}.testing import VirtualLoop"),
        ("sim.shell.rest_face", "import aiohttp\naiohttp.ClientSession"),
        ("sim.shell.socket_face", "from websockets.asyncio.client import connect"),
        ("testing.loop", f"from {NAME}.models.account import CROSS"),
        ("testing.loop", "import aiohttp"),
        ("testing.loop", "import pytest"),
        ("sim.server", "import pytest"),
        ("brand_new", f"from {NAME}.errors import MarginError"),
    ],
)
def test_a_planted_import_is_found(module, source):
    """The search itself must fail when a rule is broken."""
    assert offences(module, source)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("wire.endpoint", f"from {NAME}.rules.limits import Cost"),
        ("rules.history.plan", f"from {NAME}.wire.endpoint import Endpoint"),
        ("rules.account.mirror", f"from {NAME}.rules.margin.level import margin_level"),
        ("rules.lifecycles.connection", "import random\ndef f(chance: random.Random): ..."),
        ("streams.trade", f"from {NAME}.rest.user_stream import UserStreamCalls"),
        ("streams.trade", f"from {NAME}.bus import Bus"),
        ("net.sockets.direct", "from websockets.client import ClientProtocol"),
        ("sim.shell.rest_face", "from aiohttp import web"),
        ("web.page", "from aiohttp import web\nfrom aiohttp_sse import sse_response"),
        ("metrics", "from prometheus_client import generate_latest"),
        ("sim.venue", f"from {NAME}.wire.endpoints import ALL"),
        ("client", f"from {NAME}.sim import SimulatedExchange"),
        ("cli.app", "import cyclopts"),
        ("testing.pytest_plugin", f"import pytest\nfrom {NAME}.client import MarginClient"),
    ],
)
def test_an_allowed_import_is_not_found(module, source):
    """A search that finds everything is switched off by the first who meets it."""
    assert [] == offences(module, source)


# -- what must not be there ----------------------------------------------------------------------------------------


# The calls that send money to somebody else: to an address, or to another user.
SENDS_AWAY = re.compile(r"/\S*(withdraw|/pay/|internal-?transfer|sub-?account|/broker/)", re.IGNORECASE)


def text_of(constant):
    return constant.value.decode("utf-8", "replace") if isinstance(constant.value, bytes) else constant.value


def test_there_is_no_path_that_could_withdraw():
    """The package has no such call, so no key and no bug can make one."""
    found = [
        f"{module_of(path)}:{node.lineno}: {text_of(node)!r}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        # A path, whole or as the end of one that is put together.
        if SENDS_AWAY.search(text_of(node))
    ]
    assert not found, "\n" + "\n".join(found)


def test_no_row_could_send_money_away():
    """Wherever a row's path comes from: transfers are between one's own wallets alone."""
    assert [] == [row.route for row in ALL if SENDS_AWAY.search(row.path)]
    assert ["POST /sapi/v1/asset/transfer"] == [
        row.route for row in ALL if not row.is_read and re.search(r"transfer|capital", row.path)
    ]


@pytest.mark.parametrize("path", ["/sapi/v1/capital/withdraw/apply", "/sapi/v1/sub-account/transfer/subToMaster"])
def test_a_path_that_sends_money_away_would_be_found(path):
    """A search that cannot find anything proves nothing."""
    assert SENDS_AWAY.search(path)


# -- the front door ------------------------------------------------------------------------------------------------


def test_the_lazy_names_are_those_that_type_checkers_see():
    """A name in one list only would exist for people or for tools, not for both."""
    stub = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
    seen = {
        alias.asname or alias.name: node.module.removeprefix(f"{NAME}.")
        for node in ast.walk(stub)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert binance_margin_async._HOMES == seen


@pytest.mark.parametrize("name", sorted(binance_margin_async._HOMES))
def test_every_public_name_is_where_it_is_said_to_be(name):
    """And is the same object there."""
    home = import_module(f"{NAME}.{binance_margin_async._HOMES[name]}")
    assert getattr(home, name) is getattr(binance_margin_async, name)


def test_the_front_door_lists_its_names_and_knows_no_others():
    """For completion, and for whoever mistypes one."""
    assert sorted(["__version__", *binance_margin_async._HOMES]) == dir(binance_margin_async)
    with pytest.raises(AttributeError, match="has no attribute 'MarginKlient'"):
        binance_margin_async.MarginKlient  # noqa: B018  # looking is the test


def python(code: str) -> str:
    """Run *code* in a fresh interpreter with warnings as errors, and return what it wrote."""
    ran = subprocess.run(  # noqa: S603  # this interpreter, code of this file
        [sys.executable, "-W", "error", "-c", code],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    return ran.stdout


def test_importing_the_package_imports_no_library_and_prints_nothing():
    """It costs next to nothing until something is used."""
    loaded = python(f"import sys, {NAME}; print(sorted({{name.split('.')[0] for name in sys.modules}}))")
    names = set(ast.literal_eval(loaded))
    assert set() == names & {"aiohttp", "websockets", "msgspec", "orjson", "asyncio", "rich", "cyclopts"}
    assert "" == python(f"import {NAME}")


def test_importing_every_module_prints_nothing_and_touches_no_logger():
    """A library that speaks on import spoils the caller's output."""
    modules = [f"{NAME}.{module}".rstrip(".") for path in FILES if not (module := module_of(path)).endswith("__main__")]
    code = f"""
import importlib, logging
for name in {modules!r}:
    importlib.import_module(name)
assert not logging.getLogger().handlers, logging.getLogger().handlers
assert logging.getLogger({NAME!r}).level == logging.NOTSET
"""
    assert "" == python(code)


def test_no_two_files_of_tests_have_the_same_name():
    """They are no packages: pytest would take the second for the first, and stop."""
    names = [path.name for path in Path(__file__).parent.rglob("test_*.py")]
    assert sorted(set(names)) == sorted(names)
