"""Sessions to be played: what each is made of, those that are shipped, and those of users' files."""

from binance_margin_async.sim.scenarios.scenario import Delisting, Holding, IsolatedOpening, Scenario
from binance_margin_async.sim.scenarios.scenario_file import read_scenario
from binance_margin_async.sim.scenarios.shipped import scenario_named, scenario_names

__all__ = ["Delisting", "Holding", "IsolatedOpening", "Scenario", "read_scenario", "scenario_named", "scenario_names"]
