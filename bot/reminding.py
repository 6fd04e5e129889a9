"""Words for reminders that are due, on the way by which they reach the customer."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from booking_core import customers, register, reminders
from booking_core.lead_times import Kind
from booking_core.reminders import Due, Reminder
from booking_core.tables import AppointmentRow, ChannelIdentityRow, ConversationRow, ReminderRow, UserRow, table_of
from booking_core.values import UserId
from bot import consents, memory, outbox, phrases, views
from bot.draft import Draft
from bot.facts import Booking
from bot.memory import Talk
from bot.messages import Address, Choice, InboundMessage, OutboundMessage
from bot.states import Idle, Reminded, WithPerson
from bot.step import Say, say

KIND = "reminder"
_KINDS = {Kind.DAY_BEFORE: KIND, Kind.HOURS_BEFORE: KIND, Kind.READY: "ready", Kind.NO_SHOW: "no_show"}
_MAIL = "email"


def post(session: Session, due: Due, *, channels: Collection[str], now: datetime) -> bool:
    """Write one reminder to the customer on one of these channels; whether it was ours to write.

    The conversation is locked before the reminder, in the order of a turn that cancels, so that neither waits for the
    other for ever.
    """
    who = next(_ways(session, due.user, due.channel, channels), None)
    talk = _talk(session, who, now=now)
    reminder = reminders.claim(session, due.id, now=now)
    if reminder is None:
        return False
    if who is None:
        reminders.unreachable(session, reminder)
    else:
        letter = _letter(session, reminder, who, talk, now=now)
        about = (reminder.appointment.id, reminder.appointment.ical_sequence) if reminder.kind.ahead else None
        outbox.post(session, letter, key=f"{letter.kind}:{reminder.id}", now=now, about=about)
    return True


def on_another_way(session: Session, key: str, who: Address, *, now: datetime) -> OutboundMessage:
    """The reminder with this key in the words for another channel, where its answer is expected from now on."""
    talk = _talk(session, who, now=now)
    row = session.get_one(ReminderRow, int(key.partition(":")[2]))
    [appointment] = register.fetch(session, AppointmentRow.id == row.appointment_id)
    return _letter(session, Reminder(row.id, Kind(row.kind), appointment), who, talk, now=now)


_IDENTITIES, _TALKS, _USERS = (table_of(row).c for row in (ChannelIdentityRow, ConversationRow, UserRow))
_SPOKEN = (
    select(
        _IDENTITIES.channel,
        _IDENTITIES.external_id,
        consents.withdrawn_at(_IDENTITIES.channel, _IDENTITIES.external_id),
    )
    .outerjoin_from(table_of(ChannelIdentityRow), table_of(ConversationRow), _TALKS.identity_id == _IDENTITIES.id)
    .where(_IDENTITIES.user_id == bindparam("user"), _IDENTITIES.channel != _MAIL)
    .order_by((_IDENTITIES.channel == bindparam("booked_by")).desc(), _TALKS.updated_at.desc().nulls_last())
)
_EMAIL = select(_USERS.email).where(_USERS.id == bindparam("user"))


def _ways(session: Session, user: UserId, booked_by: str, channels: Collection[str]) -> Iterator[Address]:
    """Where the customer may be written to: where they booked, else where we last talked, else by e-mail."""
    for channel, who, unwanted in session.execute(_SPOKEN, {"user": user, "booked_by": booked_by}):
        if channel in channels and not unwanted:
            yield Address(channel, who)
    email = session.scalar(_EMAIL, {"user": user}) if _MAIL in channels else None
    if email and not consents.withdrawn(session, Address(_MAIL, email)):
        yield Address(_MAIL, email)


def _talk(session: Session, who: Address | None, *, now: datetime) -> Talk | None:
    """The conversation in which the answer will come; by e-mail there is none."""
    if who is None or who.channel == _MAIL:
        return None
    return memory.open_talk(session, InboundMessage("", who), now=now)


def _letter(session: Session, reminder: Reminder, who: Address, talk: Talk | None, *, now: datetime) -> OutboundMessage:
    booking = views.booking_of(session, reminder.appointment, now=now)
    customer = customers.customer(session, reminder.appointment.user)
    spoken = (talk and talk.language) or customer.language
    language = spoken if spoken in phrases.LANGUAGES else phrases.LANGUAGES[0]

    def word(one: Say) -> str:
        return phrases.word(one, language, who.channel)

    choices: tuple[Choice, ...] = ()
    if talk and not isinstance(talk.state, WithPerson):
        _expect_answer(talk, reminder.kind, booking)
        memory.keep(session, talk, now=now)
        if isinstance(talk.state, Reminded):
            choices = tuple(Choice(one.id, phrases.label(one, language, who.channel)) for one in talk.state.choices)
    text = _text(reminder.kind, booking, answerable=bool(choices))
    return OutboundMessage(
        who,
        word(text),
        choices,
        kind=_KINDS[reminder.kind],
        subject=word(say("remind_subject", start=booking.start, shop=booking.shop)),
        variables=tuple(map(word, (say("remind_time", start=booking.start), say("remind_place", shop=booking.shop)))),
    )


def _expect_answer(talk: Talk, kind: Kind, booking: Booking) -> None:
    draft = talk.state.draft if talk.state.draft.underway else Draft(shops=(booking.shop,))
    if kind.ahead:
        talk.state = Reminded(draft, booking=booking)
    elif kind is Kind.NO_SHOW and not draft.underway:
        talk.state = Idle(Draft(services=tuple(job.code for job in booking.jobs), shops=(booking.shop,)))


def _text(kind: Kind, booking: Booking, *, answerable: bool) -> Say:
    facts = {"start": booking.start, "jobs": booking.jobs, "shop": booking.shop}
    match kind:
        case Kind.READY:
            return say("remind_ready", **facts)
        case Kind.NO_SHOW:
            return say("remind_no_show", **facts)
        case _ if not answerable:
            return say("remind_by_phone", **facts)
        case Kind.HOURS_BEFORE:
            return say("remind_hours_before", **facts)
        case Kind.DAY_BEFORE:
            return say("remind_day_before", **facts)
