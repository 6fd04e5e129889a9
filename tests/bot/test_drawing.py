"""The drawing in docs/dialog.md shows the dialog as it is."""

import re
from pathlib import Path

from sqlalchemy.orm import Session

from bot import memory
from bot.messages import Address
from tests.transcript import Stage, customers_lines

ROOT = Path(__file__).parent.parent.parent
TALKS = sorted((Path(__file__).parent / "talks").glob("*.txt"))


def drawing() -> str:
    return (ROOT / "docs" / "dialog.md").read_text(encoding="utf-8").split("```mermaid")[1].split("```")[0]


def groups() -> dict[str, str]:
    """The group of each state that is drawn inside of one."""
    boxes = re.findall(r"state (\w+) \{(.*?)\}", drawing(), re.DOTALL)
    return {name: group for group, inside in boxes for name in re.findall(r"\b[A-Z]\w+", re.sub(r":.*", "", inside))}


def test_every_state_is_drawn_and_nothing_else() -> None:
    names = set(re.findall(r"\b[A-Z]\w+", re.sub(r":.*", "", drawing())))
    assert names - set(groups().values()) == set(memory.PAGES)


def test_every_way_a_conversation_went_is_an_arrow(workshops: Session) -> None:
    arrows = set(re.findall(r"(\w+) --> (\w+)", drawing()))
    grouped = groups()
    for before, after in ways(workshops):
        drawn = {(start, end) for start in (before, grouped.get(before)) for end in (after, grouped.get(after))}
        assert drawn & arrows, f"{before} --> {after}"


def ways(session: Session) -> set[tuple[str, str]]:
    """From which state to which the customers of all talks came with one message."""
    taken = set()
    for talk in TALKS:
        with session.begin_nested() as attempt:
            stage = Stage(session)
            for who, words in customers_lines(talk.read_text(encoding="utf-8")):
                before = memory.state_of(session, Address(stage.channel, who.lower()))
                stage.say(who, words)
                after = memory.state_of(session, Address(stage.channel, who.lower()))
                taken.add((type(before).__name__, type(after).__name__))
            attempt.rollback()
    return {(before, after) for before, after in taken if before != after}
