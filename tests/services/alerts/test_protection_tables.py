"""The protective rules of a policy file."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from binance_margin_async.models.account import CROSS
from binance_margin_async.models.protection import ActionKind
from binance_margin_async.rules.protection.rule import ProtectionRule
from binance_margin_async.services.alerts.policy_file import PolicyFileError, read_policy

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "protection.md"
WHOLE = """\
journal = "monitor.journal"
channel.log.kind = "log"
route.urgent.channels = ["log"]

[[protection]]
name = "pay back"
action = "repay"
accounts = ["CROSS"]
level = 1.35
asset = "USDT"
most = 5000.5
most_per_day = 20000
cool_down = 300
target = 1.5
on_estimate = true
dry_run = false
"""


@pytest.fixture
def policy(tmp_path):
    """Return a reader of policies: ``policy(text)``."""

    def read(text):
        path = tmp_path / "policy.toml"
        path.write_text(text, encoding="utf-8")
        return read_policy(path)

    return read


def test_a_rule_is_read_as_it_is_written(policy):
    """Amounts exactly."""
    expected = ProtectionRule(
        name="pay back",
        kind=ActionKind.REPAY,
        accounts=(CROSS,),
        level=Decimal("1.35"),
        asset="USDT",
        most=Decimal("5000.5"),
        most_per_day=Decimal(20_000),
        cool_down=300.0,
        target=Decimal("1.5"),
        on_estimate=True,
        dry_run=False,
    )
    assert (expected,) == policy(WHOLE).protection


@pytest.mark.parametrize(
    ("old", "new", "place", "complaint"),
    [
        ('"repay"', '"sell"', (7, "protection[0].action"), "sell"),
        ("dry_run = false", "", (5, "protection[0].dry_run"), "missing required field `dry_run`"),
        ("dry_run = false", "dryrun = false", (16, "protection[0].dryrun"), "did you mean `dry_run`"),
        ('"CROSS"', '"btc usdt"', (8, "protection[0].accounts"), "an account is CROSS or a pair"),
        ("most = 5000.5", "", (5, "protection[0]"), "without a cap nothing is done"),
        ("level = 1.35", "", (5, "protection[0]"), "exactly one of level, distance and urgency"),
        ('journal = "monitor.journal"', "", (5, "protection[0]"), "needs a journal"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(policy, old, new, place, complaint):
    """Nobody should learn in a crash what a rule does not do."""
    assert old in WHOLE
    with pytest.raises(PolicyFileError) as caught:
        policy(WHOLE.replace(old, new, 1))

    assert complaint in str(caught.value)
    assert place == (caught.value.line, caught.value.field)


def test_a_rule_that_only_pretends_needs_no_journal(policy):
    """There is nothing that could be done twice."""
    assert policy(WHOLE.replace('journal = "monitor.journal"', "").replace("= false", "= true")).protection[0].dry_run


def test_two_rules_of_one_name_are_refused(policy):
    """What is kept of them goes by the name."""
    with pytest.raises(PolicyFileError, match="two protective rules have one name: pay back, pay back"):
        policy(WHOLE + WHOLE[WHOLE.index("[[protection]]") :])


def test_the_policy_of_the_guide_can_be_used(policy):
    """It is where everybody begins."""
    (text,) = re.findall(r"^```toml$(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert list(ActionKind) == sorted((each.kind for each in policy(text).protection), key=list(ActionKind).index)
