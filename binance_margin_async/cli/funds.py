"""``binance-margin borrow``, ``repay`` and ``transfer``."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from binance_margin_async.cli.changing import run_change
from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.options import PLACING, PROVING, Amount, Flag, MaybeAmount, Placing, Proving
from binance_margin_async.cli.running import complain
from binance_margin_async.cli.tables import shown
from binance_margin_async.cli.target import account_named
from binance_margin_async.client import MarginClient
from binance_margin_async.models.funds import Moved, Repayment
from binance_margin_async.models.replies import LoanReply
from binance_margin_async.models.wallets import Place, Wallet
from binance_margin_async.rules.orders.transfers import route
from binance_margin_async.services.funds import FundsChange
from binance_margin_async.services.funds.proved import still_unknown

_FIND_OUT = (
    "Find out:  binance-margin orders resolve  with that id and the same journal; without one, look at the account and "
    "its history before you send it again."
)


def borrow(asset: str, amount: Amount, /, *, change: Placing = PLACING) -> ExitCode:
    """
    Take a loan.

    For example:  borrow USDT 250 --account BTCUSDT

    Parameters
    ----------
    asset
        Such as USDT.
    amount
        In units of the asset.
    """

    async def act(client: MarginClient) -> LoanReply:
        account = account_named(change.account)
        return _told(await client.funds.borrow(asset, amount, account=account, patience=change.patience))

    return run_change(
        change,
        act,
        what=f"borrow {shown(amount)} {asset}; account {change.account}",
        tell=lambda reply: f"borrowed {shown(amount)} {asset} in {change.account}, transaction {reply.transaction_id}",
        if_unknown=_FIND_OUT,
    )


def repay(
    asset: str,
    amount: MaybeAmount = None,
    /,
    *,
    everything: Annotated[Flag, Parameter(name="--all")] = False,
    change: Placing = PLACING,
) -> ExitCode:
    """
    Pay a loan back, interest first.

    For example:  repay USDT --all --account BTCUSDT

    Parameters
    ----------
    asset
        Such as USDT.
    amount
        In units of the asset.
    everything
        Instead of an amount: all that is owed, interest included, as far as the free balance reaches.
    """
    if (amount is None) != everything:
        return complain(ValueError("say how much: an amount, or --all"))

    async def act(client: MarginClient) -> LoanReply | Repayment:
        account = account_named(change.account)
        if amount is None:
            return await client.funds.repay_all(asset, account=account, patience=change.patience)
        return _told(await client.funds.repay(asset, amount, account=account, patience=change.patience))

    def tell(reply: LoanReply | Repayment) -> str:
        if isinstance(reply, Repayment):
            return _repayment_text(reply)
        return f"paid {shown(amount)} {asset} back in {change.account}, transaction {reply.transaction_id}"

    what = f"pay {'everything owed' if amount is None else shown(amount)} in {asset} back; account {change.account}"
    return run_change(change, act, what=what, tell=tell, if_unknown=_FIND_OUT)


def transfer(
    asset: str,
    amount: Amount,
    /,
    *,
    source: Annotated[str, Parameter(name="--from")],
    to: str,
    deed: Proving = PROVING,
) -> ExitCode:
    """
    Move money between wallets and margin accounts, in two steps where there is no direct way.

    A place is SPOT, FUNDING, UM_FUTURES, CM_FUTURES, OPTIONS, PORTFOLIO_MARGIN, CROSS, or a pair for its isolated
    account. For example:  transfer USDT 100 --from SPOT --to BTCUSDT

    Parameters
    ----------
    asset
        Such as USDT.
    amount
        In units of the asset.
    source
        Place where it is.
    to
        Place where it shall go.
    """
    try:
        start, end = place_named(source), place_named(to)
        steps = route(start, end)
    except ValueError as problem:
        return complain(problem)

    async def act(client: MarginClient) -> Moved:
        if deed.dry_run and len(steps) > 1:
            print(f"A second transfer would follow, from {steps[1].from_} to {steps[1].to}.", file=sys.stderr)
        return await client.funds.move(asset, amount, from_=start, to=end, patience=deed.patience)

    way = " and ".join(f"from {step.from_} to {step.to}" for step in steps)
    return run_change(
        deed,
        act,
        what=f"move {shown(amount)} {asset} {way}",
        tell=_move_text,
        if_unknown=_FIND_OUT,
    )


def place_named(name: str) -> Place:
    """
    Return the place that *name* stands for.

    Raises:
        ValueError: It is no wallet, nor written like a pair.
    """
    return Wallet(name) if name in set(Wallet) else account_named(name)


def _told(change: FundsChange) -> LoanReply:
    if change.transaction_id is None:
        raise still_unknown(change)
    return LoanReply(transaction_id=change.transaction_id)


def _repayment_text(reply: Repayment) -> str:
    if not reply.owed:
        return f"no {reply.asset} is owed in {reply.account}"
    text = f"paid {shown(reply.repaid)} of {shown(reply.owed)} {reply.asset} back in {reply.account}"
    if reply.transaction_id is not None:
        text += f", transaction {reply.transaction_id}"
    return text if reply.is_complete else f"{text}; {shown(reply.left)} is left, as no more was free"


def _move_text(reply: Moved) -> str:
    done = ", then ".join(f"{step.from_} to {step.to} (transaction {step.transaction_id})" for step in reply.transfers)
    return f"moved {shown(reply.amount)} {reply.asset}: {done}"
