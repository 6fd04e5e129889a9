"""One turn: a message in, an answer out, all in the caller's transaction."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking_core import links, postcodes
from booking_core.values import WorkshopId
from booking_core.witnesses import MISS, tell
from bot import inbox, memory, outbox, phrases, privacy
from bot.commands import ReleaseHolds
from bot.desk import Desk
from bot.draft import Draft
from bot.events import Said
from bot.jargon import Jargon, jargon
from bot.memory import Talk
from bot.messages import Choice, InboundMessage, OutboundMessage
from bot.picking import is_over, picked
from bot.step import Say, State, converse, say
from bot.understanding import understand
from bot.understanding.meaning import Pronoun

HOME = ZoneInfo("Europe/Berlin")
"""Where "morgen um 10" is meant, whatever workshop it will be."""

NOWHERE = "00000"
"""A postcode that is none, for whoever is abroad: we do not know our way there."""

UNDERSTOOD = 1_000
"""Characters we try to understand; whoever writes more is told."""


def take_turn(session: Session, message: InboundMessage, *, now: datetime) -> Collection[WorkshopId]:
    """Answer a message; one that was answered before is left alone."""
    return answer(session, message, now=now) if inbox.hear(session, message, now=now) else ()


def answer(session: Session, message: InboundMessage, *, now: datetime) -> Collection[WorkshopId]:
    """Answer a message that the caller has taken from the inbox.

    Returns the workshops where a time became free. Others who wait for one are told in a transaction after this one:
    here we hold this conversation, and two turns that each hold one and want the other's would stop each other.
    """
    talk = memory.open_talk(session, message, now=now)
    if message.token:
        linked = links.redeem_token(session, message.token, talk.user, now=now)
        talk = memory.open_talk(session, message, now=now)  # Whoever they are one with may have said more of it.
        talk.linked = linked
    desk = Desk(session, talk.user, message.sender.channel, now)
    said = _hear(talk, message, jargon(session, now=now), now=now)
    if not privacy.may_answer(session, talk, message, said, now=now):
        return ()
    before = talk.state
    talk.state, says = converse(before, said, desk.answer)
    if _is_given_up(before.draft, talk.state.draft):
        desk.answer(ReleaseHolds())
    if talk.state.misses > before.misses or any(one.key == "not_understood_at_all" for one in says):
        tell(MISS, type(before).__name__)
    memory.keep(session, talk, now=now)
    if says:
        notice = privacy.notice(session, talk, message.sender.channel, now=now)
        reply = _word(talk, message, (*_preface(talk, message), *says, *notice))
        outbox.post(session, reply, key=f"reply:{message.sender.channel}:{message.id}", now=now)
    return desk.freed


def _is_given_up(before: Draft, after: Draft) -> bool:
    """Whether a time is still kept for work that is wanted no more; others may have it."""
    was_kept, is_kept = (draft.held or draft.spare for draft in (before, after))
    return bool(was_kept and not is_kept) and after.underway and set(after.services) != set(before.services)


def _hear(talk: Talk, message: InboundMessage, own: Jargon, *, now: datetime) -> Said:
    """What was said, in `own` words of workshops, too; from now on we speak the language it was said in."""
    meaning = understand(
        message.text[:UNDERSTOOD],
        now=now.astimezone(HOME),
        language=talk.language,
        expecting=talk.state.expecting,
        words=own,
    )
    choices = _choices(talk.state, talk.language or meaning.language, message.sender.channel)
    choice = picked(message, meaning, choices)
    if talk.language is None or (message.text and choice is None):  # A label that is read back to us is in our words.
        talk.language = _spoken(meaning.wanted_language or meaning.language, meaning.pronoun, talk)
    if message.place is not None:
        meaning = replace(meaning, plz=postcodes.nearest((message.place.lat, message.place.lng)) or NOWHERE)
    past = is_over(meaning, now=now.astimezone(HOME))
    return Said(replace(meaning, when=None) if past else meaning, choice, past)


def _spoken(language: str, wish: Pronoun | None, talk: Talk) -> str:
    """The language we answer in; whoever wants to be on familiar terms stays so until they want it otherwise."""
    if language == phrases.FAMILIAR.partition("-")[0]:
        familiar = wish is Pronoun.DU or (wish is None and (talk.familiar or talk.language == phrases.FAMILIAR))
        return phrases.FAMILIAR if familiar else language
    return language if language in phrases.LANGUAGES else phrases.LANGUAGES[-1]


def _preface(talk: Talk, message: InboundMessage) -> tuple[Say, ...]:
    lost = (say("lost_thread"),) if talk.lost else (say("here_again"),) if talk.returned else ()
    linked = () if talk.linked is None else (say("linked"),) if talk.linked else (say("link_too_old"),)
    return (*linked, *lost, say("too_long")) if len(message.text) > UNDERSTOOD else (*linked, *lost)


def _word(talk: Talk, message: InboundMessage, says: tuple[Say, ...]) -> OutboundMessage:
    language, channel = phrases.spoken(talk.language), message.sender.channel
    text = "\n".join(phrases.word(one, language, channel) for one in says)
    return OutboundMessage(message.sender, text, _choices(talk.state, language, channel))


def _choices(state: State, language: str, channel: str) -> tuple[Choice, ...]:
    return tuple(Choice(option.id, phrases.label(option, language, channel)) for option in state.choices)
