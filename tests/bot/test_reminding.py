"""A reminder finds its customer, and its answer does the right thing, however it is put."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import appointments, directory, register, reminders
from booking_core.register import Appointment
from booking_core.reservations import hold_slot
from booking_core.slots import find_slots
from booking_core.tables import AppointmentRow, ChannelIdentityRow, OutboxRow, ReminderRow, UserRow
from booking_core.values import Period
from bot import leases, memory, outbox, reminding, rerouting
from bot.messages import Address, InboundMessage, OutboundMessage
from bot.states import AskingNewTime, ChoosingNewTime, ConfirmingCancel, Idle, Reminded, WithPerson
from tests.booking_core.builders import berlin
from tests.transcript import Stage

CHANNELS = ("sms", "whatsapp", "telegram")
THURSDAY = berlin("2026-11-26 10:00")
THE_DAY_BEFORE = berlin("2026-11-25 10:00")

COMING = """JA|ja bitte|passt|Passt!|passt so, danke|ok|alles klar|geht klar|ich komme|wir kommen|bin da
Bin pünktlich da|Ja, bis Donnerstag|ja bis morgen um 10|1|👍|jo|gerne|Termin bestätigt|bestätige|in Ordnung
bis dann!|Ja, ich komme|yes|yes, see you tomorrow|I'll be there|confirmed|we will be there"""
NOT_COMING = """absagen|Absage|2|bitte absagen|kann nicht
Ich kann leider nicht|kann morgen nicht
ich kann doch nicht kommen|schaffe es nicht|Muss leider absagen|Termin stornieren|nein, ich komme nicht|wird nichts
geht leider nicht|bin krank|sorry, muss absagen|I have to cancel|can't make it|we can't come|I can't come tomorrow
sold the car"""
ANOTHER_TIME = """verschieben|3|bitte verschieben|lieber Freitag|lieber am Freitag um 14 Uhr|Freitag wäre besser
geht auch Freitag?|Kann ich auf Montag verschieben?|anderer Termin bitte|geht es auch später?|umbuchen|nächste Woche
kann nicht, lieber nächste Woche|ja, aber lieber Freitag|Um 14 Uhr wäre mir lieber
move it to Friday|can we reschedule"""
UNSUITABLE = "nein|no|nö|passt nicht|morgen passt mir nicht"


def booked(session: Session, channel: str) -> Appointment:
    """Petra has talked to us, and has an appointment on Thursday at ten."""
    stage = Stage(session, now=berlin("2026-11-23 09:00"), channel=channel)
    stage.say("petra", "hallo")
    user = session.scalars(select(ChannelIdentityRow.user_id).where(ChannelIdentityRow.external_id == "petra")).one()
    [place, *_] = directory.nearest_workshops(session, "50667")
    window = Period(THURSDAY, THURSDAY + timedelta(minutes=15))
    [slot] = find_slots(session, ["oil-change"], workshops=[place.id], windows=[window], now=stage.now).slots
    hold = hold_slot(session, slot, user, channel=channel, now=stage.now)
    return appointments.confirm(session, hold.id, user, now=stage.now)


def remind(session: Session, channel: str, *, now: datetime = THE_DAY_BEFORE) -> Stage:
    """Petra's phone, with whatever was due shown on it."""
    for due in reminders.due(session, now=now):
        reminding.post(session, due, channels={*CHANNELS, "email"}, now=now)
    stage = Stage(session, now=now + timedelta(minutes=5), channel=channel, said=99)
    stage.listen("petra")
    return stage


def appointment(session: Session) -> Appointment:
    [one] = register.fetch(session)
    return one


def answered(session: Session, channel: str, table: str) -> Iterator[tuple[str, Appointment, object, str]]:
    """For each phrasing: what became of the appointment and of the talk, and the answer; then all is as before."""
    booked(session, channel)
    stage = remind(session, channel)
    for words in (phrase for line in table.splitlines() for phrase in line.split("|")):
        with session.begin_nested() as attempt:
            answer = stage.say("petra", words)
            yield words, appointment(session), memory.state_of(session, Address(channel, "petra")), answer.text
            attempt.rollback()


@pytest.mark.parametrize("channel", CHANNELS)
def test_who_says_yes_in_any_words_has_promised_to_come(workshops: Session, channel: str) -> None:
    for words, one, state, answer in answered(workshops, channel, COMING):
        assert one.promised_at is not None, words
        assert "10:00" in answer, words
        assert isinstance(state, Idle), words


@pytest.mark.parametrize("channel", CHANNELS)
def test_who_cannot_come_frees_the_time_at_once(workshops: Session, channel: str) -> None:
    for words, one, _, _ in answered(workshops, channel, NOT_COMING):
        assert one.status == "cancelled", words


@pytest.mark.parametrize("channel", CHANNELS)
def test_who_wants_another_time_is_offered_some(workshops: Session, channel: str) -> None:
    for words, one, state, _ in answered(workshops, channel, ANOTHER_TIME):
        assert isinstance(state, AskingNewTime | ChoosingNewTime), words
        assert (state.booking.id, one.status) == (one.id, "confirmed"), words


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_mere_no_is_asked_about_before_the_time_is_gone(workshops: Session, channel: str) -> None:
    for words, _, state, _ in answered(workshops, channel, UNSUITABLE):
        assert isinstance(state, ConfirmingCancel), words


@pytest.mark.parametrize(
    ("words", "answer"),
    [("Wo ist das?", "Lindengasse 12"), ("Was kostet das?", "Ölwechsel ab 89,00"), ("Wann macht ihr auf?", "07:30"),
     ("danke", "Gern"), ("lalala", "absagen"), ("welche Termine habe ich?", "Do, 26.11.")],
)  # fmt: skip
def test_a_question_is_answered_about_that_appointment(workshops: Session, words: str, answer: str) -> None:
    booked(workshops, "telegram")
    stage = remind(workshops, "telegram")
    assert answer in stage.say("petra", words).text
    assert "10:00" in stage.say("petra", "ja").text or words.startswith("welche")


def test_more_work_is_done_at_that_appointment_or_at_the_time_that_was_named(workshops: Session) -> None:
    booked(workshops, "telegram")
    stage = remind(workshops, "telegram")
    with workshops.begin_nested() as attempt:
        answer = stage.say("petra", "und noch die Bremsen prüfen bitte").text
        assert "Brems" in answer
        assert "Do, 26.11., 10:00" in answer
        attempt.rollback()
    assert "Do, 03.12." in stage.say("petra", "Bremsen prüfen am 3.12. um 10 in 50667").text


def test_a_button_does_what_it_says(workshops: Session) -> None:
    booked(workshops, "telegram")
    stage = remind(workshops, "telegram")
    assert [choice.label for choice in stage.shown["petra"]] == ["Ja, ich komme", "Absagen", "Verschieben"]
    stage.tap("petra", "Absagen")
    assert appointment(workshops).status == "cancelled"
    assert "Auswahl" in stage.tap("petra", "Ja, ich komme").text


def test_an_answer_may_take_until_the_next_morning_but_not_longer_than_the_appointment(workshops: Session) -> None:
    booked(workshops, "sms")
    stage = remind(workshops, "sms")
    stage.now = berlin("2026-11-26 07:00")
    stage.say("petra", "ok")
    assert appointment(workshops).promised_at == stage.now


def test_a_yes_after_the_appointment_is_not_a_promise(workshops: Session) -> None:
    booked(workshops, "sms")
    stage = remind(workshops, "sms")
    stage.now = berlin("2026-11-26 12:00")
    stage.say("petra", "ok")
    assert appointment(workshops).promised_at is None


def test_an_appointment_that_was_changed_meanwhile_is_shown_as_it_is(workshops: Session) -> None:
    before = booked(workshops, "sms")
    stage = remind(workshops, "sms")
    appointments.cancel(workshops, before.id, before.user, now=stage.now)
    assert "keinen offenen Termin" in stage.say("petra", "ja").text


def test_long_after_the_question_and_inside_the_cut_off_only_a_person_can_help(workshops: Session) -> None:
    booked(workshops, "sms")
    stage = remind(workshops, "sms")
    stage.now = berlin("2026-11-26 09:00")
    assert "schon zu nah" in stage.say("petra", "absagen").text


def test_a_booking_that_was_under_way_is_gone_on_with(workshops: Session) -> None:
    booked(workshops, "telegram")
    Stage(workshops, now=berlin("2026-11-25 09:50"), said=9).say("petra", "Bremsen prüfen in 50667")
    answer = remind(workshops, "telegram").say("petra", "passt")
    assert "Danke, dann bis Do, 26.11., 10:00" in answer.text
    assert "Wann" in answer.text


def test_an_sms_reminder_fits_into_two_segments(workshops: Session) -> None:
    booked(workshops, "sms")
    for due in reminders.due(workshops, now=THE_DAY_BEFORE):
        reminding.post(workshops, due, channels=CHANNELS, now=THE_DAY_BEFORE)
    [letter] = leases.claim(workshops, now=THE_DAY_BEFORE)
    assert len(letter.message.numbered) <= 306
    assert letter.message.variables == ("Do, 26.11., 10:00 Uhr", "Autowerkstatt am Dom")


def test_a_person_in_the_talk_is_not_interrupted(workshops: Session) -> None:
    booked(workshops, "telegram")
    Stage(workshops, now=berlin("2026-11-25 09:50"), said=9).say("petra", "Ich möchte einen Menschen sprechen")
    stage = remind(workshops, "telegram")
    assert isinstance(memory.state_of(workshops, Address("telegram", "petra")), WithPerson)
    assert "rufen Sie bitte an" in stage.last[-1].text
    assert stage.last[-1].choices == ()


@pytest.mark.parametrize("kind", ["ready", "no_show"])
def test_a_finished_car_and_a_missed_appointment_are_told(workshops: Session, kind: str) -> None:
    one = booked(workshops, "telegram")
    if kind == "ready":
        appointments.complete(workshops, one.id, actor="staff:1", now=THURSDAY)
    else:
        appointments.no_show(workshops, one.id, actor="staff:1", now=THURSDAY)
    stage = remind(workshops, "telegram", now=THURSDAY + timedelta(hours=1))
    assert ("fertig" if kind == "ready" else "vermisst") in stage.last[-1].text
    if kind == "no_show":
        assert "Fr, 27.11., 09:00 Uhr" in stage.say("petra", "morgen um 9").text


def letter_on(session: Session, channels: set[str]) -> OutboundMessage | None:
    [due] = reminders.due(session, now=THE_DAY_BEFORE)
    reminding.post(session, due, channels=channels, now=THE_DAY_BEFORE)
    return next((letter.message for letter in leases.claim(session, now=THE_DAY_BEFORE)), None)


def test_without_a_way_on_the_channel_it_goes_by_mail(workshops: Session) -> None:
    booked(workshops, "sms")
    workshops.execute(UserRow.__table__.update().values(email="petra@example.org"))  # type: ignore[attr-defined]
    letter = letter_on(workshops, {"telegram", "email"})
    assert letter is not None
    assert letter.recipient == Address("email", "petra@example.org")
    assert (letter.choices, letter.subject) == ((), "Erinnerung an Ihren Termin am Do, 26.11., 10:00 Uhr")


def test_who_cannot_be_reached_at_all_stands_out(workshops: Session) -> None:
    booked(workshops, "sms")
    assert letter_on(workshops, {"telegram"}) is None
    assert workshops.scalars(select(ReminderRow.state)).all() == ["unreachable"]


@pytest.mark.parametrize("refused_as", ["", rerouting.FORMAL], ids=["plain", "template"])
def test_a_reminder_that_is_refused_goes_round_and_is_answered_there(workshops: Session, refused_as: str) -> None:
    one = booked(workshops, "whatsapp")
    phone = memory.open_talk(workshops, InboundMessage("", Address("sms", "+491511")), now=THE_DAY_BEFORE)
    identity = select(ChannelIdentityRow.id).where(ChannelIdentityRow.external_id == "+491511")
    workshops.get_one(ChannelIdentityRow, workshops.scalars(identity).one()).user_id = one.user
    workshops.flush()
    assert phone.id
    letter = letter_on(workshops, {"whatsapp", "sms"})
    assert letter is not None
    assert letter.recipient.channel == "whatsapp"
    [key] = workshops.scalars(select(OutboxRow.dedupe_key).where(OutboxRow.kind == "reminder"))
    if refused_as:
        rerouting.formalise(workshops, key, letter, now=THE_DAY_BEFORE)
    key += refused_as
    there = rerouting.reroute(workshops, key, letter, channels={"sms", "whatsapp"}, now=THE_DAY_BEFORE)
    assert there == Address("sms", "+491511")
    stage = Stage(workshops, now=THE_DAY_BEFORE, channel="sms")
    assert isinstance(memory.state_of(workshops, there), Reminded)
    stage.say("+491511", "2")
    assert appointment(workshops).status == "cancelled"
    assert rerouting.reroute(workshops, key, letter, channels={"sms", "whatsapp"}, now=THE_DAY_BEFORE) is None


def test_a_reminder_of_a_time_that_changed_is_not_sent_any_more(workshops: Session) -> None:
    one = booked(workshops, "sms")
    letter_on(workshops, {"sms"})
    [key] = workshops.scalars(select(OutboxRow.dedupe_key).where(OutboxRow.kind == "reminder"))
    appointments.promise(workshops, one.id, one.user, start=one.start, now=THE_DAY_BEFORE)
    assert not outbox.outdated(workshops, key)
    appointments.cancel(workshops, one.id, one.user, now=THE_DAY_BEFORE)
    assert outbox.outdated(workshops, key)
    assert workshops.scalar(select(AppointmentRow.status)) == "cancelled"
