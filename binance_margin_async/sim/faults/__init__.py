"""Misbehaviour on demand: what may go wrong, when, how often, and what has."""

from binance_margin_async.sim.faults.fault import Fault, FaultKind
from binance_margin_async.sim.faults.fault_file import read_faults
from binance_margin_async.sim.faults.plan import FaultPlan
from binance_margin_async.sim.faults.schedule import Fired

__all__ = ["Fault", "FaultKind", "FaultPlan", "Fired", "read_faults"]
