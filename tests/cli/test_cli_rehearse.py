"""``binance-margin rehearse``: a policy of one's own, a scenario, and what would have come of it."""

import orjson
import pytest

POLICY = """\
journal = "monitor.journal"
channel.phone = { kind = "command", argv = ["false"] }
route.urgent.channels = ["phone"]

[[protection]]
name = "sell"
action = "reduce"
accounts = ["BTCUSDT"]
level = 1.25
symbol = "BTCUSDT"
most = 0.4
most_per_day = 0.4
dry_run = true

[[protection]]
name = "bring in"
action = "transfer_in"
accounts = ["CROSS"]
level = 1.5
asset = "USDT"
most = 10000
most_per_day = 15000
dry_run = false
"""


@pytest.fixture
def policy(tmp_path):
    """Return the path of a policy that protects both accounts of the flash crash."""
    path = tmp_path / "policy.toml"
    path.write_text(POLICY, encoding="utf-8")
    return str(path)


def test_the_same_seed_prints_the_same_report_to_the_byte(command, policy):
    """In two processes that hash differently; nobody is told."""
    first, second = (
        command("rehearse", "--policy", policy, "--seed", "7", mode=[], patience=120, env={"PYTHONHASHSEED": hash_seed})
        for hash_seed in ("1", "2")
    )

    assert 0 == first.code
    assert "flash-crash, seed 7" in first.out
    assert first.out == second.out


def test_the_report_says_what_happened_when_and_what_it_saved(within, policy):
    """The isolated account is liquidated in the crash, and is not when it was reduced in time."""
    rows = within("rehearse", "--policy", policy, "--json").rows

    begun, done = (
        [row for row in rows if row["type"] == "action" and row["stage"] == stage] for stage in ("begun", "done")
    )
    assert ["sell", "bring in"] == [row["rule"] for row in begun] == [row["rule"] for row in done]
    assert all(first["at"] < last["at"] for first, last in zip(begun, done, strict=True))
    assert ["sell"] == rows[0]["dry_runs"]
    fates = {row["account"]: row for row in rows if row["type"] == "account"}
    assert 11 < fates["BTCUSDT"]["without"]["liquidated_at"] < 12
    assert fates["BTCUSDT"]["with"]["liquidated_at"] is None
    assert float(fates["CROSS"]["with"]["lowest"]) > float(fates["CROSS"]["without"]["lowest"])
    assert float(rows[-1]["saved"]) > 0
    assert any(row["type"] == "ring" and ["phone"] == row["channels"] for row in rows)


def test_a_policy_without_actions_saves_nothing(within):
    """It only rings, as without a policy."""
    rows = within("rehearse", "--json").rows

    assert "0.00" == rows[-1]["saved"]
    assert not any(row["type"] == "action" for row in rows)
    assert any(row["type"] == "ring" for row in rows)


def test_prices_of_a_file_are_played_instead(within, policy, tmp_path):
    """As long as the file lasts."""
    path = tmp_path / "prices.csv"
    lines = [f"{1_700_000_000_000 + minute * 60_000},60000,60000,60000,60000,1" for minute in range(3)]
    path.write_text("open_time,open,high,low,close,volume\n" + "\n".join(lines) + "\n", encoding="utf-8")

    told = within("rehearse", "--policy", policy, "--prices", str(path)).out

    assert "BTCUSDT without its actions: never liquidated, lowest level 1.2000" in told


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("--scenario", "flashcrash"), 2, "there is no scenario 'flashcrash'"),
        (("--scenario", "bank-run"), 2, "needs prices for BTCUSDT"),
        (("--policy", "none.toml"), 3, "cannot be read"),
        (("--account", "ETHUSDT"), 4, "this isolated pair) is not open yet"),
        (("--duration", "0"), 2, "--duration must be a number of seconds above 0"),
        (("--prices", "none.csv"), 2, "none.csv"),
    ],
)
def test_what_cannot_be_played_is_said_in_one_line(within, arguments, code, complaint):
    """With what to do."""
    ended = within("rehearse", *arguments)

    assert complaint in ended.complaint
    assert code == ended.code


def test_the_report_is_json_line_by_line(within):
    """Nothing else is on stdout."""
    out = within("rehearse", "--duration", "5", "--json").out
    assert ["rehearsal", "account", "account", "worth"] == [
        row["type"] for row in map(orjson.loads, out.splitlines()) if row["type"] != "ring"
    ]
