"""What the README shows is what happens."""

import json
import re
import shlex
from pathlib import Path

from typer.testing import CliRunner

from app.cli import command_line

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONVERSATION, _, EXAMPLE = re.findall(r"^```(?:text)?\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_the_conversation_is_one_that_the_tests_hold() -> None:
    talk = (ROOT / "tests/bot/talks/books-in-three-messages.txt").read_text(encoding="utf-8")
    assert talk.partition("\n\n")[2].strip() == CONVERSATION.strip()


def test_the_example_holds_the_time_it_asks_for() -> None:
    told, command = EXAMPLE.split("|\n")
    line = shlex.split(told)[2]
    arguments = shlex.split(command)[1:]
    result = CliRunner().invoke(command_line(arguments), arguments, input=line + "\n")
    [answer] = result.stdout.splitlines()
    assert json.loads(answer)["appointments"][0]["start"] == "2026-11-24T09:00:00+01:00"
