"""The tutorial's commands, word for word, against an exchange that is served beside."""

import re
import shlex
import subprocess

import pytest
from doc_pages import blocks, check_shown, command_line, commands, environment, run_command

SESSION = [each for block in blocks("console") if block.page.name == "first_position.md" for each in commands(block)]
(SERVE,) = [block.text.strip() for block in blocks("sh") if block.page.name == "first_position.md"]


@pytest.fixture
def settings(tmp_path):
    """What the first terminal prints for the second."""
    serve = [*command_line(shlex.split(SERVE)[1:]), "--port", "0"]
    with subprocess.Popen(serve, env=environment(), cwd=tmp_path, stdout=subprocess.PIPE) as exchange:  # noqa: S603
        try:
            lines = [exchange.stdout.readline().decode() for _ in range(6)]
            yield dict(re.findall(r"^export (\w+)=(\S+)$", "".join(lines), re.MULTILINE))
        finally:
            exchange.terminate()
            exchange.stdout.close()


# Seventeen processes one after the other, and the doctor waits for a stream that cannot start.
@pytest.mark.timeout(240)
def test_the_tutorial_goes_from_nothing_to_nothing(settings, tmp_path):
    """Each line that the page shows is printed, in its order."""
    assert len(SESSION) > 12
    for command, shown in SESSION:
        program, *arguments = shlex.split(command)
        assert "binance-margin" == program
        done = run_command(arguments, tmp_path, patience=60, **settings)
        check_shown(shown, done.stdout.splitlines())
        assert (arguments[0] == "doctor") == bool(done.returncode), done.stdout
