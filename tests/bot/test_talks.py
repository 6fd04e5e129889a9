"""Whole conversations on the real calendar, as written down in `talks/`."""

import os
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.transcript import all_in, matches, play, rewritten

TALKS = all_in(Path(__file__).parent / "talks")


@pytest.mark.parametrize("talk", TALKS, ids=lambda path: path.stem)
def test_talk(talk: Path, workshops: Session) -> None:
    """REWRITE_TALKS=1 writes down what the bot says now, to be read with the diff in hand."""
    text = talk.read_text(encoding="utf-8")
    if os.environ.get("REWRITE_TALKS"):
        talk.write_text(rewritten(workshops, text), encoding="utf-8")
        return
    for entry, heard in play(workshops, text):
        assert heard is None or matches(entry.words, heard), heard
