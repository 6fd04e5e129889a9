"""One conversation from the first word to the verdict."""

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.chat import Chat
from benchmarks.customers.calendar import FIRST_DAY, untouched
from benchmarks.customers.customer import Customer
from benchmarks.customers.goals import SHARES, Kind, a_goal
from benchmarks.customers.hearing import Heard
from benchmarks.customers.judging import Outcome, judge
from benchmarks.customers.manners import some_manners
from benchmarks.customers.mind import Told
from benchmarks.customers.wishes import BERLIN
from benchmarks.customers.wording import Wording
from booking_core.tables import ServiceRow
from bot.messages import Address

PATIENCE = 20
"""Messages after which anybody would pick up the phone."""

SEASON = 28
GERMAN = 0.85


@dataclass
class Talk:
    """What was said, and how it ended."""

    seed: int
    channel: str
    language: str
    kind: Kind
    outcome: Outcome = Outcome.UNFINISHED
    why: str = ""
    lines: list[str] = field(default_factory=list)
    messages: int = 0
    errands: int = 1
    asked: int = 0
    """How often the most repeated question was asked in a row, not counting what the customer put in between."""

    def note(self, who: str, words: str) -> None:
        self.lines.append(f"{who}: {words}")

    @property
    def transcript(self) -> str:
        head = f"--- seed {self.seed}, {self.channel}, {self.language}, {self.kind}: {self.outcome} ({self.why})"
        return "\n".join([head, *self.lines])


def talk(engine: Engine, seed: int, channels: Sequence[str]) -> Talk:
    """The conversation of this seed; the same on the same channels whatever came before."""
    dice = Random(seed)
    channel = channels[seed % len(channels)]
    wording = Wording("de" if dice.random() < GERMAN else "en", dice)
    kind = dice.choices(list(SHARES), list(SHARES.values()))[0]
    now = datetime.combine(FIRST_DAY, time(dice.randint(7, 20), dice.randint(0, 59)), BERLIN)
    now += timedelta(days=dice.randrange(SEASON))
    held = Talk(seed, channel, wording.language, kind)
    with untouched(engine) as sessions:
        customer = Customer(
            a_goal(kind, wording, now), some_manners(dice, channel), wording, now, _display_names(sessions)
        )
        chat = Chat(sessions, Address(channel, f"+49155{seed:07}"), now)
        held.note("Goal", str(customer.goal))
        try:
            heard = _converse(held, chat, customer)
        except Exception:
            held.outcome, held.why = Outcome.CRASH, traceback.format_exc()
            return held
        held.outcome, held.why = judge(sessions, chat.who, customer, heard, held.messages >= PATIENCE)
    return held


def _display_names(sessions: Callable[[], Session]) -> dict[str, tuple[str, str]]:
    """What the workshops call their services, as on their price list."""
    with sessions() as session:
        rows = session.execute(select(ServiceRow.code, ServiceRow.name, ServiceRow.name_en))
        return {code: (name, english) for code, name, english in rows}


def _converse(held: Talk, chat: Chat, customer: Customer) -> Heard:
    told: Told | None = customer.opens()
    before, repeats = "", 0
    question = ""
    while True:
        assert told is not None
        assert chat.clock is not None
        chat.clock += told.after
        held.messages += 1
        held.note(
            f"{chat.clock:%a %d.%m. %H:%M} Customer", told.text or f"[{told.choice.label if told.choice else ''}]"
        )
        heard = _say(chat, told)
        choices = " ".join(f"[{choice.label}]" for choice in heard.choices)
        held.note("Bot", f"{heard.text} {choices}".strip())
        # A question that comes with a new reason answers a new wish.
        same = heard.question == question and not (heard.reason and heard.text != before)
        repeats = repeats + (not told.aside) if same else 1
        before, question = heard.text, heard.question
        held.asked = max(held.asked, repeats)
        told = customer.replies(heard, chat.clock)
        held.errands = customer.errands
        if told is None or held.messages >= PATIENCE:
            return heard


def _say(chat: Chat, told: Told) -> Heard:
    messages = chat.say(text=told.text, choice=told.choice.id if told.choice else None)
    text = "\n".join(message.text for message in messages)
    assert text, "the bot said nothing"
    return Heard(text, messages[-1].choices, chat.expects, chat.appointments())
