"""What everybody has when a scenario begins."""

from collections.abc import Mapping

from binance_margin_async.sim.errors import ScenarioError
from binance_margin_async.sim.ledger.accounts import CROSS, Account, Balance
from binance_margin_async.sim.ledger.book import Book
from binance_margin_async.sim.margin.bars import LEVERAGES
from binance_margin_async.sim.margin.valuation import Appraiser
from binance_margin_async.sim.market.pairs import Pair
from binance_margin_async.sim.scenarios import Holding, Scenario


def open_accounts(scenario: Scenario, book: Book, appraiser: Appraiser, pairs: Mapping[str, Pair]) -> None:
    """
    Fill the wallets, and open the margin accounts that the scenario begins with.

    Raises:
        ScenarioError: An account is to hold what has no price.
    """
    for wallet, sums in scenario.wallets.items():
        for asset, amount in sums.items():
            book.fund(wallet, asset, amount)
    if scenario.cross is not None:
        book.open(Account(CROSS, _balances(scenario.cross), bars=scenario.bars))
    for symbol, opening in scenario.isolated.items():
        pair = pairs[symbol]
        holdings = {pair.base: Holding(), pair.quote: Holding(), **opening.holdings}
        leverage = LEVERAGES[opening.leverage]
        book.open(Account(symbol, _balances(holdings), pair=pair, leverage=leverage, enabled=opening.enabled))
    for account in book.accounts.values():
        for asset in account.balances:
            if not appraiser.is_priced(asset):
                why = f"account {account.name} cannot hold {asset}, which has no price there"
                raise ScenarioError(f"scenario '{scenario.name}': {why}")


def _balances(holdings: Mapping[str, Holding]) -> dict[str, Balance]:
    return {asset: Balance(free=holding.free, borrowed=holding.borrowed) for asset, holding in holdings.items()}
