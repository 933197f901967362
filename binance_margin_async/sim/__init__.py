"""
The simulated exchange: the margin testnet that Binance does not offer.

It shares no formula, signature or limit table with the client, so each can find the other's mistakes.
"""

from binance_margin_async.sim import scenarios
from binance_margin_async.sim.errors import (
    FaultFileError,
    PriceFileError,
    ScenarioError,
    ScenarioFileError,
)
from binance_margin_async.sim.exchange import Exchange
from binance_margin_async.sim.faults import Fault, FaultKind, FaultPlan, Fired, read_faults
from binance_margin_async.sim.margin.bars import Bars
from binance_margin_async.sim.margin.risk import LevelRecord
from binance_margin_async.sim.margin.terms import LoanTerms
from binance_margin_async.sim.market.price_files import KlineCsv
from binance_margin_async.sim.market.prices import ConstantPrice, PricePath, PriceStep, RandomWalk, ScriptedPrice
from binance_margin_async.sim.messages import Close, HttpReply, HttpRequest, Send
from binance_margin_async.sim.scenarios import Delisting, Holding, IsolatedOpening, Scenario
from binance_margin_async.sim.server import SimulatedExchange
from binance_margin_async.tables import InputFileError

__all__ = [
    "Bars",
    "Close",
    "ConstantPrice",
    "Delisting",
    "Exchange",
    "Fault",
    "FaultFileError",
    "FaultKind",
    "FaultPlan",
    "Fired",
    "Holding",
    "HttpReply",
    "HttpRequest",
    "InputFileError",
    "IsolatedOpening",
    "KlineCsv",
    "LevelRecord",
    "LoanTerms",
    "PriceFileError",
    "PricePath",
    "PriceStep",
    "RandomWalk",
    "Scenario",
    "ScenarioError",
    "ScenarioFileError",
    "ScriptedPrice",
    "Send",
    "SimulatedExchange",
    "read_faults",
    "scenarios",
]
