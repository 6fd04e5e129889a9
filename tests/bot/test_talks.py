"""Whole conversations on the real calendar, as written down in `talks/`."""

import os
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.text import GSM, segments
from tests.transcript import Stage, customers_lines, matches, play, rewritten

TALKS = sorted((Path(__file__).parent / "talks").glob("*.txt"))
every_talk = pytest.mark.parametrize("talk", TALKS, ids=lambda path: path.stem)


@every_talk
def test_talk(talk: Path, workshops: Session) -> None:
    """REWRITE_TALKS=1 writes down what the bot says now, to be read with the diff in hand."""
    text = talk.read_text(encoding="utf-8")
    if os.environ.get("REWRITE_TALKS"):
        talk.write_text(rewritten(workshops, text), encoding="utf-8")
        return
    for entry, heard in play(workshops, text):
        assert heard is None or matches(entry.words, heard), heard


@every_talk
def test_every_answer_fits_into_two_sms(talk: Path, workshops: Session) -> None:
    stage = Stage(workshops, channel="sms")
    for who, words in customers_lines(talk.read_text(encoding="utf-8")):
        stage.say(who, words)
        for answer in (message.numbered for message in stage.last):
            assert set(answer) <= GSM, set(answer) - GSM
            assert segments(answer) <= 2, (segments(answer), answer)
