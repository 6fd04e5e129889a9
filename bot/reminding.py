"""Words for reminders that are due, on the way by which they reach the customer."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, any_, bindparam, select
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
    """Write one reminder to the customer on one of these channels; whether it was ours to write."""
    return post_all(session, [due], channels=channels, now=now) == 1


def post_all(session: Session, due: Sequence[Due], *, channels: Collection[str], now: datetime) -> int:
    """Write several, looking up once what they share; how many were ours to write.

    The conversations are locked before the reminders, in the order of a turn that cancels, so that neither waits for
    the other for ever.
    """
    ways = _ways(session, due, channels)
    talks = memory.open_talks(session, {who for who in ways.values() if who and who.channel != _MAIL}, now=now)
    claimed = reminders.claim(session, [one.id for one in due], now=now)
    bookings = views.bookings_of(session, [one.appointment for one in claimed], now=now) if claimed else []
    posts = []
    for reminder, booking in zip(claimed, bookings, strict=True):
        if who := ways[reminder.id]:
            letter = _letter(session, reminder, booking, who, talks.get(who))
            about = (reminder.appointment.id, reminder.appointment.ical_sequence) if reminder.kind.ahead else None
            posts.append(outbox.Post(letter, f"{letter.kind}:{reminder.id}", about))
        else:
            reminders.unreachable(session, reminder)
    told = {post.message.recipient for post in posts}
    memory.keep_all(session, [talk for who, talk in talks.items() if who in told and _is_ours(talk)], now=now)
    outbox.post_all(session, posts, now=now)
    return len(claimed)


def on_another_way(session: Session, key: str, who: Address, *, now: datetime) -> OutboundMessage:
    """The reminder with this key in the words for another channel, where its answer is expected from now on."""
    talk = None if who.channel == _MAIL else memory.open_talk(session, InboundMessage("", who), now=now)
    row = session.get_one(ReminderRow, int(key.partition(":")[2]))
    [appointment] = register.fetch(session, AppointmentRow.id == row.appointment_id)
    booking = views.booking_of(session, appointment, now=now)
    letter = _letter(session, Reminder(row.id, Kind(row.kind), appointment), booking, who, talk)
    if talk and _is_ours(talk):
        memory.keep(session, talk, now=now)
    return letter


_IDENTITIES, _TALKS, _USERS = (table_of(row).c for row in (ChannelIdentityRow, ConversationRow, UserRow))
_SPOKEN = (
    select(
        _IDENTITIES.user_id,
        _IDENTITIES.channel,
        _IDENTITIES.external_id,
        consents.withdrawn_at(_IDENTITIES.channel, _IDENTITIES.external_id).label("unwanted"),
    )
    .outerjoin_from(table_of(ChannelIdentityRow), table_of(ConversationRow), _TALKS.identity_id == _IDENTITIES.id)
    .where(_IDENTITIES.user_id == any_(bindparam("users", type_=ARRAY(BigInteger))), _IDENTITIES.channel != _MAIL)
    .order_by(_TALKS.updated_at.desc().nulls_last())
)
_EMAIL = select(_USERS.email).where(_USERS.id == bindparam("user"))


def _ways(session: Session, due: Sequence[Due], channels: Collection[str]) -> dict[int, Address | None]:
    """For each reminder where to write to: where they booked, else where we last talked, else by e-mail."""
    spoken: dict[UserId, list[Address]] = {one.user: [] for one in due}
    for row in session.execute(_SPOKEN, {"users": list(spoken)}):
        if row.channel in channels and not row.unwanted:
            spoken[row.user_id].append(Address(row.channel, row.external_id))
    ways: dict[int, Address | None] = {}
    for one in due:
        there = sorted(spoken[one.user], key=lambda who: who.channel != one.channel)
        ways[one.id] = there[0] if there else _mailbox(session, one.user) if _MAIL in channels else None
    return ways


def _mailbox(session: Session, user: UserId) -> Address | None:
    email = session.scalar(_EMAIL, {"user": user})
    there = Address(_MAIL, email) if email else None
    return None if there is None or consents.withdrawn(session, there) else there


def _is_ours(talk: Talk) -> bool:
    """Whether no person has it."""
    return not isinstance(talk.state, WithPerson)


def _letter(session: Session, reminder: Reminder, booking: Booking, who: Address, talk: Talk | None) -> OutboundMessage:
    """The words, for which the conversation in which the answer will come is made ready; by e-mail there is none."""
    user = reminder.appointment.user
    spoken = (talk.language or talk.known_language) if talk else customers.customer(session, user).language
    language = phrases.spoken(spoken)

    def word(one: Say) -> str:
        return phrases.word(one, language, who.channel)

    choices: tuple[Choice, ...] = ()
    if talk and _is_ours(talk):
        _expect_answer(talk, reminder.kind, booking)
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
