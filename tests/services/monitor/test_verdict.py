"""The judge of rings: fed with what was told, and with a ledger."""

from decimal import Decimal

import pytest
from verdict import Account, Message, Told, judge_repeats, told_by_messages

from binance_margin_async.models.margin import MarginState

CALL, OK = MarginState.MARGIN_CALL, MarginState.OK
BARS = {CALL: Decimal("1.3")}
FALLS = [(0.0, Decimal("1.6")), (20.0, Decimal("1.2"))]
READ = [0.5, 20.6, 22.6, 30.0, 40.0, 50.0]


def ring(at):
    return Told(at, (CALL,), CALL)


def rules(line, told, read=READ):
    account = Account("CROSS", line, read, told, end=60.0)
    account.judge("phone", told, BARS, lambda at: at + 1.0)
    account.judge_sight("phone", told)
    return [rule for rule, _ in account.problems]


@pytest.mark.parametrize(
    ("line", "told", "broken"),
    [
        (FALLS, [ring(20.5)], []),
        (FALLS, [], ["missed"]),
        (FALLS, [ring(22.0)], ["missed"]),
        (FALLS, [ring(20.5), ring(40.0)], ["twice"]),
        (FALLS[:1], [ring(20.5)], ["false"]),
    ],
    ids=["in time", "missing", "late", "twice", "without reason"],
)
def test_a_ring_belongs_to_a_crossing_and_each_crossing_has_one(line, told, broken):
    """At the bar and under it, by the second after."""
    assert broken == rules(line, told)


@pytest.mark.parametrize(
    ("told", "broken"),
    [
        ([ring(20.5), Told(37.0, (), None), Told(55.0, (), CALL)], []),
        ([ring(20.5)], ["blind"]),
        ([ring(20.5), Told(38.1, (), None)], ["blind"]),
        ([ring(20.5), Told(30.0, (), None), Told(31.0, (), CALL), Told(37.0, (), None)], ["sees"]),
    ],
    ids=["in time", "never", "late", "too early"],
)
def test_being_blind_is_told_in_its_time(told, broken):
    """In a margin call 15 s after the last reading, which came at 22 s."""
    assert broken == rules(FALLS, told, read=[0.5, 20.6, 22.0, 55.0])


def message(at, kind, *, number=1, urgency="urgent", key="CROSS/level", crossed=(), state=CALL):
    text = f"CROSS is {state}: told for a test"
    row = {"key": key, "kind": kind, "number": number, "urgency": urgency, "crossed": list(crossed), "text": text}
    return Message(at, row)


@pytest.mark.parametrize(
    ("messages", "broken"),
    [
        ([message(0, "raised"), message(40, "repeated"), message(80, "cleared")], []),
        (
            [message(0, "raised"), message(0.1, "raised"), message(40.1, "repeated"), message(80, "cleared")],
            ["doubled"],
        ),
        ([message(0, "raised"), message(39, "repeated"), message(75, "cleared")], ["doubled"]),
        ([message(0, "raised"), message(42, "repeated"), message(80, "cleared")], ["forgotten"]),
        ([message(0, "raised"), message(40, "repeated")], ["forgotten"]),
        ([message(0, "raised"), message(2, "raised", number=2), message(42, "repeated", number=2)], ["forgotten"]),
        ([message(0, "raised"), message(20, "eased", urgency="warning")], []),
    ],
    ids=["in time", "twice", "early", "late", "never again", "worse, and again", "nobody reminds of this"],
)
def test_reminders_come_in_their_time_and_nothing_comes_twice(messages, broken):
    """Every 40 s of what is urgent, and of nothing else."""
    assert broken == [rule for rule, _ in judge_repeats("phone", messages, {"urgent": 40.0}, end=100.0)]


def test_messages_say_what_state_an_account_is_in():
    """As sentences do; and while it cannot be seen, whatever else is known."""
    messages = [
        message(1, "raised", crossed=(CALL,)),
        message(2, "raised", key="CROSS/blind"),
        message(3, "cleared", key="BTCUSDT/level", state=OK),
        message(4, "cleared", key="CROSS/blind"),
        message(5, "cleared", state=OK),
    ]
    told = told_by_messages("CROSS", messages)

    assert [(1, CALL), (2, None), (4, CALL), (5, OK)] == [(each.at, each.state) for each in told]
    assert [(CALL,), (), (), ()] == [each.raised for each in told]
