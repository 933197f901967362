"""Policy files: what they may say, and that what is wrong is named with its line."""

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.alerts import Urgency
from binance_margin_async.rules.alerts.routing import Quiet, Route, Step
from binance_margin_async.rules.margin.policy import AlertPolicy
from binance_margin_async.rules.margin.thresholds import Measure, Threshold
from binance_margin_async.services.alerts.policy import Announcements
from binance_margin_async.services.alerts.policy_file import PolicyFileError, read_policy

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "alerts.md"
WHOLE = """\
accounts = ["CROSS", "BTCUSDT"]
journal = "monitor.journal"

[patience]
clear_share = 1.02
clear_hold = 60

[[threshold]]
name = "half way"
level = 1.4

[[threshold]]
name = "close"
distance = 0.05
urgency = "urgent"
accounts = ["BTCUSDT"]

[[threshold]]
name = "crash"
fall_per_minute = 0.03

[channel.log]
kind = "log"

[channel.hook]
kind = "webhook"
url = "env:HOOK_URL"
secret = "env:HOOK_SECRET"
fallback = "log"

[channel.siren]
kind = "command"
argv = ["/usr/local/bin/siren", "--loud"]

[route.info]
channels = ["log"]

[route.urgent]
channels = ["log", "hook"]

[[route.urgent.escalate]]
after = 300
channels = ["siren"]

[route.critical]
channels = ["log", "hook", "siren"]
repeat = 60

[quiet]
begins = "22:30"
ends = "06:00"
below = "warning"

[announcements]
restrictions = false
inventory = { USDT = 100000.5 }
"""
ENVIRON = {"HOOK_URL": "https://example.org/T0KEN", "HOOK_SECRET": "T0KEN"}


@pytest.fixture
def policy(tmp_path):
    """Return a reader of policies: ``policy(text)``."""

    def read(text, mode=0o600, environ=ENVIRON):
        path = tmp_path / "policy.toml"
        path.write_text(text)
        path.chmod(mode)
        return read_policy(path, environ=environ)

    return read


def test_everything_that_a_file_may_say(policy, tmp_path):
    """Amounts are exact, and what is left out has its usual value."""
    read = policy(WHOLE)

    assert (CROSS, Isolated("BTCUSDT")) == read.accounts
    assert str(tmp_path / "monitor.journal") == read.journal_path
    assert AlertPolicy(clear_share=Decimal("1.02"), clear_hold=60.0) == read.patience
    assert (
        Threshold(name="half way", measure=Measure.LEVEL, value=Decimal("1.4")),
        Threshold(
            name="close",
            measure=Measure.DISTANCE,
            value=Decimal("0.05"),
            urgency=Urgency.URGENT,
            accounts=(Isolated("BTCUSDT"),),
        ),
        Threshold(name="crash", measure=Measure.FALL, value=Decimal("0.03")),
    ) == read.thresholds
    assert ["<LogChannel log>", "<WebhookChannel hook https://example.org/***>", "<CommandChannel siren "] == [
        repr(channel).split("/usr")[0] for channel in read.channels
    ]
    assert [None, "log", None] == [channel.fallback for channel in read.channels]
    assert {
        Urgency.INFO: Route(("log",)),
        Urgency.WARNING: Route(("log",)),
        Urgency.URGENT: Route(("log", "hook"), 900.0, (Step(300.0, ("siren",)),)),
        Urgency.CRITICAL: Route(("log", "hook", "siren"), 60.0),
    } == read.routing.routes
    assert Quiet(22 * 3600 + 1800, 6 * 3600, Urgency.WARNING) == read.routing.quiet
    assert Announcements(restrictions=False, inventory={"USDT": Decimal("100000.5")}) == read.announcements


SMALL = '[channel.log]\nkind = "log"\n[route.urgent]\nchannels = ["log"]\n'


def test_the_smallest_policy_tells_the_worse_to_whoever_hears_of_the_milder(policy):
    """A forgotten table must not silence a liquidation."""
    read = policy(SMALL)

    assert [(), (), ("log",), ("log",)] == [read.routing.route(urgency).channels for urgency in Urgency]
    assert AlertPolicy() == read.patience
    assert Announcements() == read.announcements


@pytest.mark.parametrize(
    ("old", "new", "place", "complaint"),
    [
        ("accounts = [", "account = [", (1, "account"), "did you mean `accounts`"),
        ('"BTCUSDT"]\njournal', '"btc usdt"]\njournal', (1, "accounts[1]"), "an account is CROSS or a pair"),
        ("clear_share = 1.02", "clear_share = 0.9", (5, "patience.clear_share"), "at least 1"),
        ("clear_hold = 60", "clear_hold = 0", (6, "patience.clear_hold"), "above 0"),
        ("clear_hold = 60", "clear_hodl = 60", (6, "patience.clear_hodl"), "did you mean `clear_hold`"),
        ("level = 1.4", "level = 0.4", (10, "threshold[0].level"), "above 1"),
        ("level = 1.4", "levl = 1.4", (10, "threshold[0].levl"), "did you mean `level`"),
        ("level = 1.4", "level = 1.4\ndistance = 0.1", (8, "threshold[0]"), "exactly one of level, distance"),
        ("distance = 0.05", "distance = 5", (14, "threshold[1].distance"), "0.05 is 5 %"),
        ('urgency = "urgent"', 'urgency = "high"', (15, "threshold[1].urgency"), "high"),
        ('kind = "log"', 'kind = "logg"', (23, "channel.log.kind"), "one of log, terminal, webhook, command, apprise"),
        ('kind = "webhook"', 'kind = "webhook"\nuri = ""', (27, "channel.hook.uri"), "did you mean `url`"),
        ('"env:HOOK_URL"', '"env:HOOK"', (25, "channel.hook"), "variable HOOK is not set"),
        ('"env:HOOK_URL"', '"http://example.org/T0KEN"', (25, "channel.hook"), "must use https"),
        ("argv = [", "args = [", (33, "channel.siren.args"), "did you mean `argv`"),
        (
            'channels = ["log", "hook"]',
            'channels = ["log", "phone"]',
            (39, "route.urgent.channels"),
            "there are log, hook",
        ),
        ("after = 300", "after = -1", (38, "route.urgent"), "above 0"),
        ('channels = ["siren"]', 'channels = ["hook"]', (38, "route.urgent"), "would ring twice"),
        ('channels = ["siren"]', 'channels = ["x"]', (43, "route.urgent.escalate[0].channels"), "no channel 'x'"),
        ("[route.info]", "[route.low]", (35, "route.low"), "there are info, warning, urgent, critical"),
        ('begins = "22:30"', 'begins = "24:00"', (50, "quiet.begins"), "time of day"),
        ('ends = "06:00"', 'ends = "22:30"', (49, "quiet"), "one time"),
        ("100000.5", "-1", (56, "announcements.inventory.USDT"), "above 0"),
        ("[quiet]", "[quiet", (49, None), "is not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_what_is_allowed(policy, old, new, place, complaint):
    """Nobody reads a policy for the first time when it matters."""
    assert old in WHOLE

    with pytest.raises(PolicyFileError) as caught:
        policy(WHOLE.replace(old, new, 1))

    assert complaint in str(caught.value)
    assert "T0KEN" not in str(caught.value)
    assert place == (caught.value.line, caught.value.field)


def test_a_policy_that_tells_nobody_of_a_margin_call_is_refused(policy):
    """It would be silent for months."""
    with pytest.raises(PolicyFileError, match="nobody would be told of a margin call"):
        policy('[channel.log]\nkind = "log"\n')


def test_fallbacks_are_checked_when_the_file_is_read(policy):
    """Not when a channel is down."""
    with pytest.raises(PolicyFileError, match="falls back on 'mail', which is none of log"):
        policy(SMALL.replace('"log"\n', '"log"\nfallback = "mail"\n', 1))


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_a_file_that_holds_a_secret_must_be_private(policy):
    """One that only names environment variables may be read by all."""
    held = WHOLE.replace("env:HOOK_SECRET", "T0KEN")

    assert policy(WHOLE, mode=0o644)
    assert policy(held, mode=0o600)
    with pytest.raises(PolicyFileError, match="chmod 600") as caught:
        policy(held, mode=0o640)
    assert "T0KEN" not in str(caught.value)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of Apprise's plug-ins
def test_the_policies_of_the_guide_can_be_used(policy):
    """They are where everybody begins."""
    pytest.importorskip("apprise", reason="the extra alerts is not installed")
    texts = re.findall(r"^```toml$(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

    read = [policy(text, environ=ENVIRON | {"PHONE_URL": "ntfys://topic"}) for text in texts]

    names = [[channel.name for channel in each.channels] for each in read]
    assert [["log", "phone"], ["log", "phone", "hook", "siren"]] == names


def test_a_file_that_is_not_there_is_told(tmp_path):
    """In one sentence."""
    with pytest.raises(PolicyFileError, match="cannot be read"):
        read_policy(tmp_path / "none.toml")
