"""The same booking on every chat channel: webhook in, provider's API out, appointment in PostgreSQL, mail."""

import re
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from booking_core.tables import AppointmentRow, OutboxRow, UserRow
from tests.app.eventually import eventually
from tests.app.town import CUSTOMERS, Customer, Town, a_town, answer_to


def book(customer: Customer) -> str:
    """A booking from the first word to the last; what the workshop says in the end."""
    answer_to(customer, "Moin, Ölwechsel in 50667 bitte, so bald wie möglich")
    said = answer_to(customer, choose=":")
    for _ in range(5):
        if "buchen?" in said:
            return answer_to(customer, choose="Ja, buchen")
        said = answer_to(customer, "Petra Müller, K-AB 1234, petra@example.de")
    raise AssertionError(customer.heard)


def event_in(mail: EmailMessage) -> dict[str, Any]:
    """The calendar's method, and what it is about."""
    [attached] = mail.iter_attachments()
    content = attached.get_payload(decode=True)
    assert isinstance(content, bytes)
    calendar = Calendar.from_ical(content)
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == calendar["METHOD"]
    [event] = calendar.walk("VEVENT")
    return {**event, "METHOD": calendar["METHOD"], "START": event.decoded("DTSTART")}


def confirm(town: Town, mail: str) -> None:
    """Open the link of the first mail; the mailbox's own scanner may have done so before, which proves nothing."""
    [link] = re.findall(rf"{town.url}/mailbox/[A-Za-z0-9_-]+", mail)
    assert httpx.get(link).status_code == 200
    with Session(town.engine) as session:
        assert session.scalars(select(UserRow.email_proved_at)).all() == [None]
    assert httpx.post(link).status_code == 200


def appointment(town: Town) -> AppointmentRow:
    with Session(town.engine) as session:
        return session.scalars(select(AppointmentRow).where(AppointmentRow.status != "expired")).one()


@pytest.mark.parametrize("channel", CUSTOMERS)
def test_a_customer_books_moves_and_cancels(database: Engine, channel: str) -> None:
    with a_town(database) as town:
        customer = CUSTOMERS[channel](town)
        assert "Gebucht" in book(customer)
        booked = appointment(town)
        assert (booked.status, booked.channel) == ("confirmed", channel)
        with Session(town.engine) as session:
            assert session.scalars(select(UserRow.email)).one() == "petra@example.de"

        eventually(lambda: set(town.telegram.menus) == {"", "de", "en"})
        eventually(lambda: len(town.mailbox.mails) == 1)
        mail = town.mailbox.mails[0]
        event = event_in(mail)
        assert (event["METHOD"], event["SEQUENCE"], event["START"]) == ("PUBLISH", 0, booked.start_time)
        plain = mail.get_body(("plain",))
        assert mail["To"] == "petra@example.de"
        assert plain is not None
        assert booked.public_code in plain.get_content()
        confirm(town, plain.get_content())

        answer_to(customer, "Ich möchte den Termin verschieben")
        answer_to(customer, "so bald wie möglich")
        answer_to(customer, choose=":", nth=-1)
        moved = appointment(town)
        assert moved.start_time != booked.start_time
        eventually(lambda: len(town.mailbox.mails) == 2)
        again = event_in(town.mailbox.mails[1])
        assert (again["METHOD"], again["SEQUENCE"], again["START"]) == ("PUBLISH", 1, moved.start_time)
        assert again["UID"] == event["UID"]

        answer_to(customer, "Den Termin bitte absagen")
        if appointment(town).status != "cancelled":
            answer_to(customer, "ja")
        assert appointment(town).status == "cancelled"
        eventually(lambda: len(town.mailbox.mails) == 3)
        last = event_in(town.mailbox.mails[2])
        assert (last["METHOD"], last["SEQUENCE"], last["STATUS"], last["UID"]) == (
            "CANCEL",
            2,
            "CANCELLED",
            event["UID"],
        )

        with Session(town.engine) as session:
            eventually(lambda: set(session.scalars(select(OutboxRow.state))) == {"sent"})
