"""The pages, and how their blocks are run."""

import contextlib
import io
import os
import re
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block, and the block that follows it at once, if that shows output."""

    page: Path
    number: int
    language: str
    text: str
    output: list[str]

    @property
    def name(self):
        return f"{self.page.stem}-{self.number}"


def blocks(language):
    """Return every block of *language* in all pages."""
    found = []
    for page in PAGES:
        content = page.read_text(encoding="utf-8")
        fences = list(_FENCE.finditer(content))
        for number, (fence, following) in enumerate(zip_longest(fences, fences[1:]), 1):
            if fence[1] != language:
                continue
            shows = following and following[1] == "text" and not content[fence.end() : following.start()].strip()
            found.append(Block(page, number, language, fence[2], following[2].splitlines() if shows else []))
    return found


def relative(page):
    return page.relative_to(ROOT).as_posix()


def write_files(page, folder):
    """Write the files that *page* tells its reader to save."""
    for name, text in _FILE.findall(page.read_text(encoding="utf-8")):
        (folder / name).write_text(text, encoding="utf-8")


def environment(**settings):
    """Return the process's environment without the developer's keys, for output of one width without colours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BINANCE_")}
    return {**kept, "NO_COLOR": "1", "COLUMNS": "200", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **settings}


def command_line(arguments):
    """Return what starts ``binance-margin`` with this very Python."""
    return [sys.executable, "-m", "binance_margin_async.cli", *arguments]


def commands(block):
    """Return each command of a console block, with the lines shown below it."""
    found = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def run_command(arguments, folder, *, patience=30, **settings):
    return subprocess.run(  # noqa: S603  # commands of our own pages
        command_line(arguments),
        cwd=folder,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=patience,
        check=False,
    )


def run_program(text, name):
    """Run a whole program in this process and return what it printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(text, name, "exec"), {"__name__": "__main__"})  # noqa: S102  # programs of our own pages
    return out.getvalue().splitlines()


def check_shown(expected, printed):
    """
    Assert that the lines a page shows come in that order.

    ``...`` allows any lines between; lines before the first and after the last shown one are always allowed. ``…``
    stands for anything within a line.
    """
    position, gap = 0, True
    for line in expected:
        if line == "...":
            gap = True
            continue
        reach = range(position, len(printed)) if gap else range(position, min(position + 1, len(printed)))
        found = next((at for at in reach if _matches(line, printed[at])), None)
        assert found is not None, f"not shown {'' if gap else 'here '}any more:\n{line}\nin\n" + "\n".join(printed)
        position, gap = found + 1, False


def _matches(shown, printed):
    return re.fullmatch(".*".join(map(re.escape, shown.split("…"))), printed) is not None
