"""``binance-margin sim scenarios``."""

from binance_margin_async.sim.scenarios import scenario_names


def test_every_shipped_scenario_is_listed_with_what_happens(command):
    """In words for people."""
    ended = command("sim", "scenarios")
    lines = ended.out.splitlines()
    assert 0 == ended.code
    assert ["scenario", *scenario_names()] == [line.split()[0] for line in lines if not line.startswith(" ")]
    assert any(line.startswith("slow-bleed") and "8 h" in line and "Bitcoin loses a quarter" in line for line in lines)


def test_the_list_is_json_too(command):
    """For programs that choose one."""
    rows = command("sim", "scenarios", "--json").rows
    assert list(scenario_names()) == [row["scenario"] for row in rows]
    bank_run = next(row for row in rows if row["scenario"] == "bank-run")
    assert (None, ["BTCUSDT"], ["BTCUSDT"]) == (bank_run["duration_s"], bank_run["pairs"], bank_run["needs_prices"])
