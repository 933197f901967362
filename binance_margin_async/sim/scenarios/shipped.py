"""The scenarios that come with the package, by name, and others by their file."""

from collections.abc import Sequence
from pathlib import Path

from binance_margin_async.sim.errors import ScenarioError
from binance_margin_async.sim.scenarios.scenario import Scenario
from binance_margin_async.sim.scenarios.scenario_file import read_scenario

_FOLDER = Path(__file__).parent


def scenario_names() -> Sequence[str]:
    """Return the names of the shipped scenarios, in alphabetical order."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def scenario_named(name: str) -> Scenario:
    """
    Return the shipped scenario called *name*, or the one in the file that *name* leads to.

    A name that ends with ``.toml`` or holds a slash is a path.

    Raises:
        ScenarioError: There is none, in which case the message lists those there are, or its file cannot be used.
    """
    if name.endswith(".toml") or Path(name).name != name:
        return read_scenario(name)
    names = scenario_names()
    if name not in names:
        raise ScenarioError(f"there is no scenario '{name}'; choose one of {', '.join(names)}, or give a .toml file")
    return read_scenario(_FOLDER / f"{name}.toml")
