"""`werkstatt chat`, `understand` and `seed-demo` as a script sees them."""

import io
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from sqlalchemy import Engine

from app.cli import main

Run = Callable[..., tuple[int, str]]
NOW = "2026-11-23T10:00:00+01:00"


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], server: str) -> Run:
    """Run a command on lines of input: its exit code and what it wrote."""

    def run(*arguments: str, lines: str | bytes = "", url: str = server, terminal: bool = False) -> tuple[int, str]:
        typed = io.BytesIO(lines if isinstance(lines, bytes) else lines.encode())
        monkeypatch.setattr(sys, "argv", ["werkstatt", *arguments])
        monkeypatch.setattr(sys, "stdin", (Terminal if terminal else io.TextIOWrapper)(typed))
        monkeypatch.setenv("DATABASE_URL", url)
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), capsys.readouterr().out

    return run


def told(*lines: dict[str, Any]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def test_a_script_books_shows_moves_and_cancels(run: Run) -> None:
    lines = told(
        {"text": "Ölwechsel nächsten Dienstag vormittag in 50667"},
        {"text": "1"},
        {"text": "Max Müller, K-AB 123"},
        {"text": "ja"},
        {"text": "Welche Termine habe ich?"},
        {"text": "bitte auf Donnerstag verschieben"},
        {"text": "1"},
        {"text": "Termin absagen"},
        {"text": "ja"},
    )
    code, out = run("chat", "--fresh", "--jsonl", "--now", NOW, lines=lines)
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [answer["expects"] for answer in answers] == [
        "slot", "name", "confirm", "nothing", "nothing", "slot", "nothing", "confirm_cancel", "nothing",
    ]  # fmt: skip
    booked = answers[3]["appointments"]
    assert [(one["status"], one["service"], one["services"], one["plate"]) for one in booked] == [
        ("confirmed", "oil-change", ["oil-change"], "K-AB 123")
    ]
    assert booked[0]["start"] == "2026-11-24T08:00:00+01:00"
    assert booked[0]["workshop"] == "Autowerkstatt am Dom"
    assert booked[0]["code"] in answers[4]["messages"][0]["text"]
    moved = answers[6]["appointments"][0]
    assert (moved["start"][:10], moved["id"], moved["code"]) == ("2026-11-26", booked[0]["id"], booked[0]["code"])
    assert answers[8]["appointments"][0]["status"] == "cancelled"


def test_a_choice_is_taken_by_its_id_and_the_clock_is_the_scripts(run: Run) -> None:
    def talk(*more: dict[str, Any]) -> list[dict[str, Any]]:
        lines = told({"text": "HU am Donnerstag vormittag in 50667"}, *more)
        _, out = run("chat", "--fresh", "--jsonl", "--now", NOW, "--channel", "sms", lines=lines)
        return [json.loads(line) for line in out.splitlines()]

    choice = talk()[0]["messages"][0]["choices"][1]
    held, later = talk({"choose": choice["id"]}, {"now": "2026-11-23T10:10:00+01:00"})[1:]
    assert choice["label"] in held["messages"][0]["text"]
    assert [one["status"] for one in held["appointments"]] == ["reserved"]
    [warning] = later.pop("messages")
    assert "Noch bis 10:10 Uhr" in warning["text"]
    assert later == {"expects": "name", "appointments": []}


def test_a_reminder_comes_when_the_clock_passes_it_and_is_answered(run: Run) -> None:
    booking = told({"text": "Ölwechsel am Donnerstag um 10 in 50667"}, {"text": "Max Müller, K-AB 123"}, {"text": "ja"})
    passing = told(
        {"now": "2026-11-25T09:59:59+01:00"}, {"now": "2026-11-25T15:00:00+01:00"}, {"now": "2026-11-25T15:01:00+01:00"}
    )
    lines = booking + passing + told({"text": "passt"}, {"text": "absagen"}, {"text": "ja"})
    _, out = run("chat", "--fresh", "--jsonl", "--now", NOW, "--channel", "whatsapp", lines=lines)
    early, due, nothing, promised, sure, cancelled = [json.loads(line) for line in out.splitlines()][3:]
    assert early["messages"] == nothing["messages"] == []
    [reminder] = due["messages"]
    assert "Do, 26.11., 10:00 Uhr" in reminder["text"]
    assert [choice["label"] for choice in reminder["choices"]] == ["Ja, ich komme", "Absagen", "Verschieben"]
    assert (due["expects"], promised["expects"], sure["expects"]) == ("confirm", "nothing", "confirm_cancel")
    assert cancelled["appointments"][0]["status"] == "cancelled"


@pytest.mark.parametrize(
    "line",
    ["", "ja", "[]", "{}", '{"text": 7}', '{"now": "soon"}', '{"now": "9999-12-31T23:59:59"}', "[" * 100_000, "\xff"],
)
def test_each_line_gets_one_line_even_if_it_cannot_be_read(run: Run, line: str) -> None:
    code, out = run("chat", "--fresh", "--jsonl", "--now", NOW, lines=line.encode("latin1") + b"\n")
    [answer] = [json.loads(answer) for answer in out.splitlines()]
    assert (code, answer["messages"]) == (0, [])
    assert answer["error"]


def test_halves_of_characters_and_nul_are_answered(run: Run) -> None:
    _, out = run("chat", "--fresh", "--jsonl", "--now", NOW, lines='{"text": "\\ud83d \\u0000 \\ud83d\\ude00"}\n')
    assert json.loads(out)["messages"][0]["text"]


def test_people_see_numbered_choices(run: Run) -> None:
    code, out = run("chat", "--fresh", "--now", "2026-11-23T10:00", lines="Ölwechsel morgen vormittag in 50667\n1\n")
    assert code == 0
    assert "\n2) Di, 24.11., 09:00\n" in out
    assert "ist bis 10:10 Uhr für Sie reserviert" in out


@pytest.mark.parametrize(("keys", "code"), [("Hallo\r\x04", 0), ("Hallo\r\x03", 130)])
def test_a_terminal_has_history_and_is_left_politely(run: Run, keys: str, code: int) -> None:
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        keyboard.send_text(keys)
        ended, out = run("chat", "--fresh", "--now", NOW, terminal=True)
    assert ended == code
    assert "Was dürfen wir an Ihrem Auto machen" in out


def test_a_strange_moment_is_a_usage_error(run: Run) -> None:
    assert run("chat", "--now", "gestern")[0] == 2


def test_the_demo_is_seeded_once_and_can_be_talked_to(run: Run, database: Engine) -> None:
    url = database.url.render_as_string(hide_password=False)
    assert run("seed-demo", url=url)[0] == run("seed-demo", url=url)[0] == 0
    lines = told({"text": "Inspektion in Bonn"})
    for _ in range(2):  # Without --now the clock is the database's, and without --fresh what was said is remembered.
        code, out = run("chat", "--jsonl", "--from", "lea", url=url, lines=lines)
    assert (code, json.loads(out)["expects"]) == (0, "when")


def test_understanding_is_shown_without_an_answer(run: Run) -> None:
    lines = told(
        {"id": 1, "text": "Ölwechsel am 1.12. um 10 in 50667, K-AB 123", "now": NOW},
        {"id": 2, "text": "I need new tyres", "now": "2026-11-23T10:00:00-08:00", "lang": "en"},
        {"id": 3, "text": "ja", "expecting": "confirm"},
        {"id": 4},
    )
    code, out = run("understand", "--jsonl", lines=lines + "what\n[]\n")
    first, second, third, *wrong = (json.loads(line) for line in out.splitlines())
    assert code == 0
    contract = ("id", "lang", "intents", "services", "when", "plate", "plz", "email", "phone", "name")
    assert {key: first[key] for key in contract} == {
        "id": 1, "lang": "de", "intents": ["book"], "services": ["oil-change"], "plate": "K-AB 123", "plz": "50667",
        "when": [{"start": "2026-12-01T10:00:00+01:00", "end": "2026-12-01T10:00:00+01:00", "grain": "minute"}],
        "email": None, "phone": None, "name": None,
    }  # fmt: skip
    assert (second["lang"], second["services"], second["when"]) == ("en", ["tyre-change"], None)
    assert third["intents"] == ["affirm"]
    assert all(answer["error"] for answer in wrong)


def test_it_says_which_words_made_which_part(run: Run) -> None:
    _, out = run("understand", "--explain", lines="TÜV in 50667\n")
    assert json.loads(out)["because"] == [
        {"part": "service hu-au", "words": "TÜV"},
        {"part": "plz", "words": "50667"},
    ]


def test_plain_lines_are_understood_too(run: Run) -> None:
    assert json.loads(run("understand", lines="Hallo\n")[1])["intents"] == ["greet"]
