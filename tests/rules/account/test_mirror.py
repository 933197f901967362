"""The local copy of balances."""

import itertools
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.account import CROSS, Account, Isolated
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import AssetBalance
from binance_margin_async.models.stream_events import AccountPosition, PositionBalance
from binance_margin_async.rules.account import BalanceMirror

BTC = Isolated("BTCUSDT")


def position(
    version: int, *, at: float = 0.0, account: Account = CROSS, event_ms: int | None = None, **free: int
) -> AccountPosition:
    return AccountPosition(
        account=account,
        origin=Origin.STREAM,
        received_at=at,
        event_time_ms=version if event_ms is None else event_ms,
        update_time_ms=version,
        balances=tuple(
            PositionBalance(asset=asset, free=Decimal(amount), locked=Decimal(0)) for asset, amount in free.items()
        ),
    )


def read(mirror: BalanceMirror, *, asked: float = 0.0, account: Account = CROSS, **free: int) -> list[AssetBalance]:
    balances = [(asset, Decimal(amount), Decimal(0)) for asset, amount in free.items()]
    return mirror.on_snapshot(account, balances, asked_at=asked, received_at=asked + 1)


def amounts(balances: list[AssetBalance]) -> dict[str, int]:
    return {balance.asset: int(balance.free) for balance in balances}


def state(mirror: BalanceMirror, account: Account = CROSS) -> dict[str, int]:
    return amounts(list(mirror.balances(account).values()))


def test_a_position_is_told_with_its_version_and_stamps():
    """The subscriber sees whose balance it is and how new."""
    mirror = BalanceMirror()
    (balance,) = mirror.on_position(position(7, at=3.0, account=BTC, USDT=5))

    assert AssetBalance(asset="USDT", free=Decimal(5), locked=Decimal(0), update_time_ms=7) == balance
    assert (BTC, Origin.STREAM, 3.0) == (balance.account, balance.origin, balance.received_at)
    assert {"USDT": balance} == mirror.balances(BTC)
    assert "<BalanceMirror BTCUSDT: 1 assets>" == repr(mirror)


def test_only_what_changed_is_told():
    """The exchange lists assets that *may* have changed."""
    mirror = BalanceMirror()
    mirror.on_position(position(1, BTC=1, USDT=5))

    assert {"USDT": 4} == amounts(mirror.on_position(position(2, BTC=1, USDT=4)))
    assert [] == mirror.on_position(position(3, BTC=1, USDT=4))


def test_locked_amounts_count_as_change_too():
    """An order that is placed moves balance from free to locked."""
    mirror = BalanceMirror()
    mirror.on_snapshot(CROSS, [("USDT", Decimal(5), Decimal(0))], asked_at=0.0, received_at=1.0)

    (told,) = mirror.on_snapshot(CROSS, [("USDT", Decimal(5), Decimal(2))], asked_at=1.0, received_at=2.0)

    assert (Decimal(5), Decimal(2)) == (told.free, told.locked)


def test_an_older_position_never_turns_a_balance_back():
    """Each asset has its own version, because each position lists only some assets."""
    mirror = BalanceMirror()
    mirror.on_position(position(2, USDT=5))
    mirror.on_position(position(3, BTC=1))

    assert {"BNB": 2} == amounts(mirror.on_position(position(1, BTC=9, USDT=9, BNB=2)))
    assert {"USDT": 5, "BTC": 1, "BNB": 2} == state(mirror)


def test_of_two_positions_in_one_millisecond_the_later_event_counts():
    """The version has only milliseconds; the event time decides, and after that the order on the connection."""
    mirror = BalanceMirror()
    mirror.on_position(position(1, event_ms=2, USDT=5))

    assert {"USDT": 6} == amounts(mirror.on_position(position(1, event_ms=2, USDT=6)))
    assert [] == mirror.on_position(position(1, event_ms=1, USDT=7))


def test_a_reading_is_told_as_such():
    """It has no version of the exchange."""
    (balance,) = read(BalanceMirror(), asked=4.0, account=BTC, USDT=5)

    assert AssetBalance(asset="USDT", free=Decimal(5), locked=Decimal(0), update_time_ms=None) == balance
    assert (BTC, Origin.REST, 5.0) == (balance.account, balance.origin, balance.received_at)


def test_the_same_balance_seen_both_ways_is_told_once():
    """Whichever way was first."""
    mirror = BalanceMirror()
    mirror.on_position(position(1, at=0.0, USDT=5))
    assert [] == read(mirror, asked=1.0, USDT=5)
    read(mirror, asked=2.0, USDT=6)

    assert [] == mirror.on_position(position(2, at=4.0, USDT=6))


def test_a_reading_does_not_overwrite_what_the_stream_said_after_it_was_asked_for():
    """The exchange may have answered before that change; assets the stream was silent about are taken."""
    mirror = BalanceMirror()
    mirror.on_position(position(1, at=2.0, USDT=5))

    assert {"BTC": 1} == amounts(read(mirror, asked=1.0, USDT=9, BTC=1))
    assert {"USDT": 5, "BTC": 1} == state(mirror)


def test_a_reading_asked_for_after_the_last_position_is_believed():
    """That is how a change the stream lost is found."""
    mirror = BalanceMirror()
    mirror.on_position(position(1, at=2.0, USDT=5))

    assert {"USDT": 9} == amounts(read(mirror, asked=2.0, USDT=9))


def test_a_position_that_changed_nothing_still_protects_from_an_older_reading():
    """It said that the balance stands."""
    mirror = BalanceMirror()
    mirror.on_position(position(1, at=0.0, USDT=5))
    mirror.on_position(position(2, at=3.0, USDT=5))

    assert [] == read(mirror, asked=2.0, USDT=9)


def test_a_known_asset_that_a_reading_does_not_name_is_zero():
    """A full reading names everything there is; a loss in silence would be believed to be money."""
    mirror = BalanceMirror()
    mirror.on_position(position(1, at=0.0, USDT=5))
    mirror.on_position(position(2, at=2.0, BNB=1))

    assert {"USDT": 0, "BTC": 1} == amounts(read(mirror, asked=1.0, BTC=1))
    assert {"USDT": 0, "BNB": 1, "BTC": 1} == state(mirror)
    assert [] == read(mirror, asked=1.5, BTC=1)


def test_an_asset_never_owned_is_no_change():
    """The cross account's reading lists hundreds of them."""
    mirror = BalanceMirror()

    assert {"USDT": 5} == amounts(read(mirror, BTC=0, USDT=5))
    assert {"USDT": 5} == state(mirror)


def test_a_position_with_nothing_left_is_told_although_the_asset_was_unknown():
    """The exchange says that it changed: it must have been there before."""
    assert {"BTC": 0} == amounts(BalanceMirror().on_position(position(1, BTC=0)))


def test_a_reading_asked_for_before_one_that_is_known_is_ignored():
    """Two polls overlap and the slower answer comes last."""
    mirror = BalanceMirror()
    read(mirror, asked=5.0, USDT=5)

    assert [] == read(mirror, asked=4.0, USDT=4)
    assert {"USDT": 5} == state(mirror)


def test_accounts_have_their_own_copies():
    """Also their own versions and times of reading."""
    mirror = BalanceMirror()
    mirror.on_position(position(9, at=9.0, USDT=1))
    read(mirror, asked=9.0, BTC=1)
    mirror.on_position(position(1, at=1.0, account=BTC, USDT=2))

    assert {"BTC": 3} == amounts(read(mirror, asked=0.5, account=BTC, BTC=3))
    assert ({"USDT": 0, "BTC": 1}, {"USDT": 2, "BTC": 3}) == (state(mirror), state(mirror, BTC))
    assert {} == mirror.balances(Isolated("ETHUSDT"))


def test_the_balances_returned_are_a_copy():
    """A strategy that iterates over them must not stumble over the next event."""
    mirror = BalanceMirror()
    mirror.on_position(position(1, USDT=5))
    before = mirror.balances(CROSS)
    mirror.on_position(position(2, BTC=1))

    assert ["USDT"] == list(before)


versions = st.lists(st.tuples(st.sampled_from(["BTC", "USDT"]), st.integers(0, 3)), min_size=1, max_size=8)


@given(versions.flatmap(lambda truth: st.permutations(2 * list(enumerate(truth)))))
def test_positions_in_any_order_end_in_the_newest_state(heard):
    """Shuffled and repeated: each told balance is a change, and the last one of each asset is the truth."""
    mirror = BalanceMirror()
    told: list[AssetBalance] = []
    for version, (asset, amount) in heard:
        told += mirror.on_position(position(version, **{asset: amount}))

    truth = {asset: amount for _, (asset, amount) in sorted(heard)}
    assert truth == state(mirror)
    for asset in truth:
        mine = [balance for balance in told if balance.asset == asset]
        assert all(a.free != b.free for a, b in itertools.pairwise(mine))
        assert sorted(b.update_time_ms or 0 for b in mine) == [b.update_time_ms or 0 for b in mine]
