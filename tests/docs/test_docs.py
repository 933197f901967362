"""What the pages say is run: programs, commands, links, and the names of files and functions."""

import ast
import re
import shlex
import subprocess

import orjson
import pytest
from doc_pages import (
    PAGES,
    ROOT,
    blocks,
    check_shown,
    command_line,
    commands,
    environment,
    relative,
    run_command,
    run_program,
    write_files,
)

import binance_margin_async
from binance_margin_async import Config, Event
from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.sim.faults.fault import SPECS
from binance_margin_async.sim.scenarios import scenario_names

PACKAGE = ROOT / "binance_margin_async"
PROGRAMS = blocks("python")
SESSIONS = blocks("console")
# The last part of the tour takes two terminals, and a test of its own.
SERVE, DOCTOR = "binance-margin sim serve", "binance-margin doctor"


@pytest.mark.parametrize("block", PROGRAMS, ids=lambda block: block.name)
def test_a_program_runs_and_prints_what_is_shown(block, tmp_path, monkeypatch):
    """A reader copies a block as it stands; it must be whole and true."""
    write_files(block.page, tmp_path)
    monkeypatch.chdir(tmp_path)

    check_shown(block.output, run_program(block.text, block.name))


def takes_two_terminals(block):
    """Whether an exchange has to be served beside; ``test_first_position.py`` runs the other such page."""
    if block.page.name == "first_position.md":
        return True
    return block.page.name == "tour.md" and any(command in {SERVE, DOCTOR} for command, _ in commands(block))


@pytest.mark.parametrize(
    "block", [block for block in SESSIONS if not takes_two_terminals(block)], ids=lambda block: block.name
)
def test_a_command_prints_what_is_shown_and_ends_well(block, tmp_path):
    """A command whose output has changed teaches the wrong thing."""
    write_files(block.page, tmp_path)
    code, expected_code = 0, 0
    for command, shown in commands(block):
        if command == "echo $?":
            expected_code = int(shown[0])
            assert expected_code == code
            continue
        assert expected_code == code, "an exit code other than 0 must be shown"
        program, *arguments = shlex.split(command)
        assert "binance-margin" == program
        done = run_command(arguments, tmp_path)
        check_shown(shown, done.stdout.splitlines())
        code, expected_code = done.returncode, 0
    assert expected_code == code


def test_the_tour_s_test_network_serves_its_doctor(tmp_path):
    """A reader who follows it must find the exchange in order."""
    two = [block for block in SESSIONS if takes_two_terminals(block) and block.page.name == "tour.md"]
    shown = {command: lines for block in two for command, lines in commands(block)}
    assert {SERVE, DOCTOR} == set(shown)
    serve = command_line(["sim", "serve", "--port", "0"])
    with subprocess.Popen(serve, env=environment(), cwd=tmp_path, stdout=subprocess.PIPE) as exchange:  # noqa: S603
        try:
            lines = [exchange.stdout.readline().decode() for _ in range(6)]
            settings = dict(re.findall(r"^export (\w+)=(\S+)$", "".join(lines), re.MULTILINE))
            done = run_command(["doctor"], tmp_path, **settings)
        finally:
            exchange.terminate()
            exchange.stdout.close()

    check_shown(shown[DOCTOR], done.stdout.splitlines())
    assert 0 == done.returncode
    told = re.findall(r"^export (\w+)=(\S+)$", "\n".join(shown[SERVE]), re.MULTILINE)
    assert {name: re.sub(r":\d+", "", value) for name, value in told} == {
        name: re.sub(r":\d+", "", value) for name, value in settings.items() if name.startswith("BINANCE_MARGIN_")
    }


def test_readme_opens_with_the_two_commands():
    """They are the promise of the first page, and `.ci/run` takes them from there."""
    first = blocks("sh")[0]
    assert "README.md" == first.page.name
    assert [".venv/bin/binance-margin monitor --sim", ".venv/bin/python -m pytest"] == [
        line.split("&& ")[-1] for line in first.text.splitlines()
    ]


def test_json_rows_have_the_keys_that_the_reference_lists(tmp_path):
    """Programs are written against that list."""
    page = (ROOT / "docs" / "reference" / "command_line.md").read_text()
    listed = {}
    for kind, section in re.findall(r'^`"type": "(\w+)"`.*?$(.*?)(?=^`|\Z)', page, re.MULTILINE | re.DOTALL):
        first_cells = re.findall(r"^\| (`.*?`) \|", section, re.MULTILINE)
        listed[kind] = {"type", *re.findall(r"`(\w+)`", " ".join(first_cells))}
    done = run_command(["monitor", "--sim", "--speed", "1000", "--duration", "20", "--json"], tmp_path)
    rows = [orjson.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    assert listed == {row["type"]: set(row) for row in rows}


def test_the_guide_lists_every_event():
    """Nobody subscribes to what nobody told of."""
    guide = (ROOT / "docs" / "guides" / "subscribe.md").read_text(encoding="utf-8")
    public = (getattr(binance_margin_async, name) for name in binance_margin_async.__all__)
    events = [kind.__name__ for kind in public if isinstance(kind, type) and issubclass(kind, Event)]
    assert not [name for name in events if f"`{name}`" not in guide]


def test_the_guide_lists_every_fault_with_its_arguments():
    """What is not listed is not rehearsed."""
    guide = (ROOT / "docs" / "guides" / "simulator.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in guide.splitlines() if line.startswith("| `")]
    listed = {kind: set(re.findall(r"`(\w+)`", row[1])) for row in rows for kind in re.findall(r"`(\w+)`", row[0])}
    for kind, spec in SPECS.items():
        assert kind in listed
        assert set(spec.takes) <= listed[kind], kind


def test_the_reference_lists_every_scenario():
    """With what happens in it."""
    page = (ROOT / "docs" / "reference" / "command_line.md").read_text(encoding="utf-8")
    assert not [name for name in scenario_names() if f"\n| `{name}` | " not in page]


def test_the_guide_lists_every_setting():
    """A setting that is not written down is found by reading the code."""
    guide = (ROOT / "docs" / "guides" / "settings.md").read_text(encoding="utf-8")
    assert not [name for name in Config.__struct_fields__ if f"| `{name}`" not in guide]


def test_the_pages_list_every_exit_code():
    """Scripts branch on them."""
    for page in ("README.md", "docs/reference/command_line.md"):
        rows = re.findall(r"^\| (\d[\d, ]*) \|", (ROOT / page).read_text(), re.MULTILINE)
        assert {int(code) for row in rows for code in row.split(",")} == {int(code) for code in ExitCode}, page


def _anchor(heading):
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower().replace("`", ""))
    return kept.replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_relative_links_lead_somewhere(page):
    """A dead link is worse than none."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.is_file(), f"{relative(page)} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in map(_anchor, headings), f"{relative(page)} links to {target}"


@pytest.mark.parametrize("page", [page for page in PAGES if "explanation" in page.parts], ids=relative)
def test_named_files_and_functions_exist(page):
    """A map that names what is gone leads astray."""
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:binance_margin_async/)?[\w/]+\.py)`", text):
        assert any((base / name).is_file() for base in (PACKAGE, ROOT)), name
    for file, function in re.findall(r"`([\w/]+\.py)` `([\w.]+)`", text):
        assert function in _functions(PACKAGE / file), f"{file} {function}"


def _functions(path):
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            names |= {node.name} | {f"{node.name}.{each.name}" for each in node.body if hasattr(each, "name")}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
    return names


def test_every_page_can_be_reached():
    """A page that no other page links to is not read."""
    linked = set()
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            linked.add((page.parent / target).resolve())
    missed = [relative(page) for page in PAGES if page.name != "README.md" and page not in linked]
    assert not missed, "link it from docs/index.md, or from docs/changelog.md"


def test_fragments_of_the_changelog_say_what_kind_of_change_they_are():
    """A release is put together by these names."""
    for fragment in (ROOT / "docs" / "changes").iterdir():
        assert re.fullmatch(r"[a-z0-9-]+\.(added|changed|fixed|removed|security)\.md", fragment.name)
