"""docs/UserFlows.md, written from the conversations the tests hold: `python -m tests.bot.flows`."""

from pathlib import Path

from tests.transcript import Entry, read

ROOT = Path(__file__).parent.parent.parent
TALKS = Path(__file__).parent / "talks"
PAGE = ROOT / "docs" / "UserFlows.md"

_PREFACE = """# Conversations

How customers talk to the bot. Every one of these is a test on a real calendar, so this is what it says today; the
page is written by `python -m tests.bot.flows`.
"""


def page() -> str:
    """The whole page: all talks in the order of their file names."""
    talks = [read(path.read_text(encoding="utf-8")) for path in sorted(TALKS.glob("*.txt"))]
    return "\n".join((_PREFACE, *(_section(title, entries) for title, entries in talks)))


def _section(title: str, entries: list[Entry]) -> str:
    return "\n".join((f"## {title}\n", *(_line(entry) for entry in entries)))


def _line(entry: Entry) -> str:
    words = "<br>".join(entry.words.replace("|", "\\|").splitlines())
    match entry.who.split():
        case ["Bot"]:
            return f"> {words}\n"
        case ["Uhr"] | ["Kanal"]:
            return f"*{entry.who}: {words}*\n"
        case ["Hört", who]:
            return f"*{who} hört vom Bot:*\n"
        case ["Standort", who]:
            return f"**{who}** teilt den Standort {words}\n"
        case ["Heißt", who]:
            return f"*{who} heißt im Messenger {words}*\n"
        case ["Tippt", who]:
            return f"**{who}** tippt auf „{words}“\n"
        case _:
            return f"**{entry.who}:** {words}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
