"""The alert book, transition by transition."""

import msgspec
import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.alerts import AlertTopic, RingKind, Urgency
from binance_margin_async.models.margin import MarginState
from binance_margin_async.rules.alerts.book import AlertBook
from binance_margin_async.rules.alerts.condition import LEVELS, Condition, level_condition
from binance_margin_async.rules.alerts.kept import KeptBook
from binance_margin_async.rules.alerts.routing import Quiet, Route, Routing, Step

RAISED, REPEATED, ESCALATED, EASED, CLEARED = RingKind
NOTICE, NO_BORROW, WARN, MARGIN_CALL, CRITICAL, LIQUIDATION = LEVELS
ROUTING = Routing(
    {
        Urgency.INFO: Route(("log",)),
        Urgency.WARNING: Route(("log", "mail")),
        Urgency.URGENT: Route(("log", "phone"), repeat=900.0, escalate=(Step(300.0, ("boss",)), Step(600.0, ("all",)))),
        Urgency.CRITICAL: Route(("log", "phone", "siren"), repeat=120.0, escalate=(Step(60.0, ("boss",)),)),
    }
)
# 2026-11-25, 00:00 UTC.
MIDNIGHT = 1_795_564_800_000


class Desk:
    """A book, and a clock of which both times start at zero and midnight."""

    def __init__(self, routing=ROUTING, kept=None, now=0.0):
        self.routing = routing
        self.book = AlertBook(routing, kept or KeptBook(), **at(now))

    def level(self, state, now, account=CROSS):
        return short(self.book.on_condition(level_condition(account, state, f"{account} {state}"), **at(now)))

    def set(self, condition, now):
        return short(self.book.on_condition(condition, **at(now)))

    def time(self, now):
        return short(self.book.on_time(**at(now)))

    def restarted(self, now):
        """What a book of the next process knows, whose seconds start anew."""
        kept = msgspec.json.decode(msgspec.json.encode(self.book.export(**at(now))), type=KeptBook)
        return Desk(self.routing, kept, now)


def at(now):
    return {"now": now, "time_ms": MIDNIGHT + round(now * 1000)}


def short(rings):
    return [(ring.kind, ring.channels, ring.crossed) for ring in rings]


def trouble(rank=1, *, hold=60.0, urgency=Urgency.URGENT, key="client/clock"):
    return Condition(key=key, topic=AlertTopic.CLIENT, rank=rank, urgency=urgency, text="the clock", hold=hold)


@pytest.mark.parametrize("before", [MarginState.OK, *LEVELS[:-1]])
@pytest.mark.parametrize("after", LEVELS)
def test_a_fall_rings_once_and_names_every_bar_that_was_crossed(before, after):
    """One message, not six; and none of the six is lost."""
    if after.severity <= before.severity:
        return
    desk = Desk()
    desk.level(before, 0.0)

    (ring,) = desk.book.on_condition(level_condition(CROSS, after, "worse"), **at(1.0))

    crossed = tuple(state for state in LEVELS if before.severity < state.severity <= after.severity)
    assert (RAISED, crossed, "worse") == (ring.kind, ring.crossed, ring.text)
    assert ROUTING.route(ring.urgency).channels == ring.channels


@pytest.mark.parametrize("state", LEVELS)
def test_the_same_state_rings_once_however_often_it_is_reported(state):
    """Three witnesses see one crossing."""
    desk = Desk()

    assert 1 == len(desk.level(state, 0.0))
    assert [] == desk.level(state, 0.0) == desk.level(state, 30.0)


def test_what_eases_is_told_to_whoever_was_told_and_crossing_again_is_a_new_crossing():
    """The siren must be told that it is over for it, though the milder route does not name it."""
    desk = Desk()
    desk.level(CRITICAL, 0.0)

    assert [(EASED, ("log", "phone", "siren"), ())] == desk.level(MARGIN_CALL, 10.0)
    assert [(RAISED, ("log", "phone", "siren"), (CRITICAL,))] == desk.level(CRITICAL, 20.0)
    assert [(CLEARED, ("log", "phone", "siren"), ())] == desk.level(MarginState.OK, 30.0)
    assert [] == desk.level(MarginState.NO_DEBT, 40.0)
    assert desk.book.wake_at is None


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (WARN, []),
        (
            MARGIN_CALL,
            [
                (300.0, ESCALATED, ("boss",)),
                (600.0, ESCALATED, ("all",)),
                (1500.0, REPEATED, ("log", "phone", "boss", "all")),
                (2400.0, REPEATED, ("log", "phone", "boss", "all")),
            ],
        ),
        (
            CRITICAL,
            [
                (60.0, ESCALATED, ("boss",)),
                (180.0, REPEATED, ("log", "phone", "siren", "boss")),
                (300.0, REPEATED, ("log", "phone", "siren", "boss")),
            ],
        ),
    ],
)
def test_it_is_repeated_and_escalated_until_somebody_acknowledges(state, expected):
    """At the times of its route, and to whom the route says."""
    desk = Desk()
    desk.level(state, 0.0)

    told = []
    for _ in expected:
        now = desk.book.wake_at
        assert [] == desk.time(now - 0.1)
        told += [(now, kind, channels) for kind, channels, _ in desk.time(now)]

    assert expected == told
    assert desk.book.acknowledge("CROSS/level")
    assert desk.book.wake_at is None


def test_acknowledging_ends_reminders_of_that_crossing_only():
    """Whoever knows of the margin call does not know of the liquidation."""
    desk = Desk()
    (call,) = desk.book.on_condition(level_condition(CROSS, MARGIN_CALL, "call"), **at(0.0))
    assert desk.book.acknowledge(call.number)
    assert [] == desk.time(10_000.0)

    (worse,) = desk.book.on_condition(level_condition(CROSS, CRITICAL, "worse"), **at(10_001.0))

    assert (RAISED, (CRITICAL,)) == (worse.kind, worse.crossed)
    assert not desk.book.acknowledge(call.number)
    assert [(ESCALATED, ("boss",), ())] == desk.time(10_061.0)
    assert desk.book.acknowledge(worse.number)
    assert not desk.book.acknowledge(worse.number)


def test_an_acknowledged_alert_that_eases_stays_acknowledged():
    """It has become better: there is nothing new to know."""
    desk = Desk()
    desk.level(CRITICAL, 0.0)
    desk.book.acknowledge("CROSS/level")
    desk.level(MARGIN_CALL, 10.0)

    assert desk.book.wake_at is None


def test_each_account_has_an_alert_of_its_own():
    """Who acknowledges one has not seen the other."""
    desk = Desk()
    desk.level(MARGIN_CALL, 0.0)
    assert 1 == len(desk.level(MARGIN_CALL, 1.0, Isolated("BTCUSDT")))

    desk.book.acknowledge("BTCUSDT/level")

    assert 300.0 == desk.book.wake_at


def test_what_comes_and_goes_rings_once():
    """A condition with a hold is over only when it stayed well for so long."""
    desk = Desk()

    assert [(RAISED, ("log", "phone"), ())] == desk.set(trouble(), 0.0)
    assert [] == desk.set(trouble(0), 10.0) == desk.set(trouble(), 20.0) == desk.set(trouble(0), 30.0)
    assert 90.0 == desk.book.wake_at
    assert [] == desk.set(trouble(0), 89.0)
    assert [(CLEARED, ("log", "phone"), ())] == desk.time(90.0)
    assert 1 == len(desk.set(trouble(), 91.0))


def test_worse_trouble_rings_again():
    """A higher rank is a crossing of its own."""
    desk = Desk()
    desk.set(trouble(1, urgency=Urgency.WARNING), 0.0)

    assert [(RAISED, ("log", "phone"), ())] == desk.set(trouble(2), 5.0)
    assert [(EASED, ("log", "mail", "phone"), ())] == desk.set(trouble(1, urgency=Urgency.WARNING), 10.0)


def test_what_is_not_named_any_more_is_over():
    """A list of everything that is wrong says of the rest that it is well."""
    desk = Desk()
    desk.level(WARN, 0.0)
    both = [trouble(hold=0.0), trouble(hold=0.0, key="client/loop")]

    assert 2 == len(desk.book.on_all(AlertTopic.CLIENT, both, **at(1.0)))
    (over,) = desk.book.on_all(AlertTopic.CLIENT, both[:1], **at(2.0))

    assert (CLEARED, "client/loop") == (over.kind, over.key)
    assert [] == desk.book.on_all(AlertTopic.CLIENT, both[:1], **at(3.0))


# -- quiet hours ---------------------------------------------------------------------------------------------------

NIGHT = Quiet(begins=22 * 3600, ends=6 * 3600)
SIX = 6 * 3600.0


def test_milder_news_of_the_night_is_told_in_the_morning_and_urgent_news_at_once():
    """Nothing is lost, and nobody is woken for a notice."""
    desk = Desk(Routing(ROUTING.routes, NIGHT))

    assert [] == desk.level(WARN, 100.0)
    assert [(RAISED, ("log", "phone"), (MARGIN_CALL,))] == desk.level(MARGIN_CALL, 200.0)
    desk.book.acknowledge("CROSS/level")
    assert [] == desk.level(NOTICE, 300.0)
    assert SIX == desk.book.wake_at
    assert [] == desk.time(SIX - 1)
    assert [
        (RAISED, ("log", "mail"), (NOTICE, NO_BORROW, WARN)),
        (EASED, ("log", "mail", "phone"), ()),
    ] == desk.time(SIX)
    assert desk.book.wake_at is None


def test_a_reminder_is_not_kept_for_the_morning():
    """Twenty reminders of one thing tell no more than the last."""
    routes = {Urgency.WARNING: Route(("mail",), repeat=600.0)}
    desk = Desk(Routing(routes, NIGHT))
    desk.level(WARN, 0.0)

    for _ in range(40):
        told = desk.time(desk.book.wake_at)
        if told:
            break

    assert [RAISED, REPEATED] == [kind for kind, _, _ in told]


def test_news_of_the_night_survives_a_restart():
    """The morning may belong to another process."""
    desk = Desk(Routing(ROUTING.routes, NIGHT))
    desk.level(WARN, 100.0)

    desk = desk.restarted(200.0)

    assert [] == desk.time(200.0)
    assert SIX == desk.book.wake_at
    assert [(RAISED, ("log", "mail"), (NOTICE, NO_BORROW, WARN))] == desk.time(SIX)


# -- restarts ------------------------------------------------------------------------------------------------------


def test_a_restart_rings_no_crossing_a_second_time_and_repeats_it_in_time():
    """Whoever was told last at 600 s is reminded at 1500 s, whoever runs then."""
    desk = Desk()
    desk.level(MARGIN_CALL, 0.0)
    desk.time(300.0)

    desk = desk.restarted(500.0)

    assert [] == desk.level(MARGIN_CALL, 501.0)
    assert [(ESCALATED, ("all",), ())] == desk.time(600.0)
    assert [(REPEATED, ("log", "phone", "boss", "all"), ())] == desk.time(1500.0)
    assert [(CLEARED, ("log", "phone", "boss", "all"), ())] == desk.level(MarginState.OK, 1501.0)


def test_what_became_worse_while_nothing_ran_rings_with_what_was_crossed():
    """A restart is no excuse for a missed crossing."""
    desk = Desk()
    desk.level(WARN, 0.0)

    assert [(RAISED, ("log", "phone", "siren"), (MARGIN_CALL, CRITICAL))] == desk.restarted(60.0).level(CRITICAL, 61.0)


def test_acknowledgements_and_numbers_survive_a_restart():
    """A number that was used again would acknowledge something else."""
    desk = Desk()
    desk.level(MARGIN_CALL, 0.0)
    desk.book.acknowledge(1)

    desk = desk.restarted(500.0)

    assert desk.book.wake_at is None
    (worse,) = desk.book.on_condition(level_condition(CROSS, CRITICAL, "worse"), **at(501.0))
    assert 2 == worse.number


def test_the_wait_until_it_is_over_survives_a_restart():
    """Or each restart would hold it up."""
    desk = Desk()
    desk.set(trouble(), 0.0)
    desk.set(trouble(0), 10.0)

    desk = desk.restarted(30.0)

    assert 70.0 == desk.book.wake_at
    assert [(CLEARED, ("log", "phone"), ())] == desk.time(70.0)


def test_alerts_of_accounts_that_are_not_watched_any_more_can_be_forgotten():
    """Nobody would ever clear them."""
    desk = Desk()
    desk.level(MARGIN_CALL, 0.0)
    desk.level(MARGIN_CALL, 0.0, Isolated("BTCUSDT"))

    desk.book.forget(lambda kept: kept.account != CROSS, **at(1.0))

    assert ["CROSS/level"] == [kept.key for kept in desk.book.export(**at(1.0)).alerts]


def test_a_book_says_what_it_holds():
    """A log line must say more than an address."""
    desk = Desk()
    desk.level(MARGIN_CALL, 0.0)

    assert "AlertBook(CROSS/level; wake_at=300.0)" == repr(desk.book)
    assert "AlertBook(nothing; wake_at=None)" == repr(Desk().book)


def test_the_next_time_follows_every_change():
    """A caller who asked before must not sleep past what has come since: it is asked after each step here."""
    desk, seen = Desk(), []

    def step(_):
        seen.append(desk.book.wake_at)

    step(None)
    step(desk.set(trouble(2), 0.0))
    step(desk.set(trouble(0), 10.0))  # well, if it stays so for a minute
    step(desk.set(trouble(2), 20.0))
    step(desk.set(trouble(1, urgency=Urgency.CRITICAL), 30.0))
    step(desk.book.acknowledge("client/clock"))
    step(desk.level(CRITICAL, 50.0))
    step(desk.book.forget(lambda kept: kept.key == "CROSS/level", **at(60.0)))

    assert [None, 300.0, 70.0, 300.0, 90.0, None, 110.0, None] == seen
