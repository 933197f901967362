"""Wallets and the ways between them."""

from binance_margin_async.models import wallets
from binance_margin_async.models.wallets import SPOT, TransferType, Wallet


def test_a_wallet_is_written_by_its_name():
    """In messages and on the command line."""
    assert "SPOT" == str(SPOT) == f"{Wallet('SPOT')}"
    assert [getattr(wallets, wallet.name) for wallet in Wallet] == list(Wallet)


def test_a_new_transfer_type_is_unknown_and_no_crash(caplog):
    """The exchange adds types without notice, and a history tells of them."""
    assert TransferType.UNKNOWN == TransferType("MAIN_MOON")
    assert ["unknown TransferType 'MAIN_MOON': treated as UNKNOWN"] == caplog.messages


def test_there_are_thirty_one_types():
    """As many as the exchange lists (read 2026-11-22)."""
    assert 31 == len(set(TransferType) - {TransferType.UNKNOWN})
