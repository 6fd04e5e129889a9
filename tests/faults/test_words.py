"""Two thousand messages of any kind over HTTP: each is thanked for, stored and answered, and none breaks us."""

import json
import random

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking_core.tables import InboxRow
from tests.app.eventually import eventually
from tests.faults.house import House

MESSAGES = 2_000
PHRASES = (
    "Ölwechsel morgen um 10 in 50667",
    "ja",
    "absagen",
    "2",
    "kann nicht, lieber Freitag",
    "brakes squeak",
    "wo seid ihr?",
)
NASTY = (
    "\0",
    "\ud83d",
    "\u200b\u200d",
    "\u202everkehrt",
    "👩‍👩‍👧‍👦",
    "a" * 5_000,
    "'; DROP TABLE users; --",
    "<b>",
    "{{7*7}}",
    "٣",
    "9" * 400,
    "31.02.2027",
    "\r\nBcc: x@example.de",
    "%s%n",
    "\x1b[31m",
    "\ufeff",
    "\n" * 50,
    "NaN",
    "99999-12-31 25:61",
)


def words(dice: random.Random) -> str:
    """Something a customer might write, with something nobody would."""
    said = dice.choice(PHRASES)
    for _ in range(dice.randrange(4)):
        place = dice.randrange(len(said) + 1)
        said = said[:place] + dice.choice(NASTY) + said[place:]
    return said


@pytest.mark.long
def test_whatever_is_written_is_thanked_for_and_answered(house: House) -> None:
    house.serve()
    dice, statuses = random.Random(3), set()
    with Session(house.engine) as session:
        before = session.scalar(select(func.max(InboxRow.id))) or 0
    with httpx.Client(base_url=house.url, timeout=30) as telegram:
        for number in range(MESSAGES):
            update = house.telegram.text_update(str(50_000 + number // 5), words(dice))
            body = json.dumps(update).encode()  # With a half emoji as an escape, as JSON allows it.
            statuses.add(telegram.post("/webhooks/telegram", content=body, headers=house.telegram.headers).status_code)
    assert statuses == {200}

    def waiting() -> int:
        with Session(house.engine) as session:
            open_ones = select(func.count()).where(InboxRow.id > before, InboxRow.processed_at.is_(None))
            return session.scalar(open_ones) or 0

    eventually(lambda: waiting() == 0, seconds=300)
    with Session(house.engine) as session:
        asked = select(func.count(), func.count(InboxRow.error)).where(InboxRow.id > before)
        stored, broken = session.execute(asked).one()
    assert (stored, broken) == (MESSAGES, 0)
