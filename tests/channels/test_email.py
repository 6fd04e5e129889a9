"""Mail as a mailbox takes it, and as it does not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from app.providers.mail import Mailbox
from app.settings import Settings
from bot.messages import Address, CalendarEntry, Happening, Link, OutboundMessage
from channels import open_channels
from channels.channel import Channel, Later, Misconfigured, Refused, Sent, Unknown
from tests.channels.accounts import our_channels

PETRA = Address("email", "petra@example.de")
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ENTRY = CalendarEntry(
    uid="ABCD@werkstatt-bot",
    sequence=0,
    happening=Happening.BOOKED,
    start=START,
    end=START + timedelta(hours=1),
    title="Ölwechsel; bei Muster, Köln",
    place="Musterstraße 1",
    details="Termincode ABCD\nEND:VEVENT",
)
LETTER = OutboundMessage(PETRA, "Guten Tag <Petra>,\n\nbis bald!", subject="Ihr Termin", entry=ENTRY, reference="12")


@pytest.fixture(scope="module")
def box() -> Iterator[Mailbox]:
    with Mailbox().running() as box:
        yield box


@pytest.fixture(scope="module")
def mail(box: Mailbox) -> Iterator[Channel]:
    with our_channels(mail=box.url) as channels:
        yield channels["email"]


def test_a_mail_has_text_html_and_a_calendar_file(mail: Channel, box: Mailbox) -> None:
    assert mail.send(LETTER) == Sent("<letter-12@example.de>")
    got = box.mails[-1]
    text, page = got.get_body(("plain",)), got.get_body(("html",))
    assert text is not None
    assert page is not None
    assert text.get_content().splitlines() == ["Guten Tag <Petra>,", "", "bis bald!"]
    assert "<p>Guten Tag &lt;Petra&gt;,</p><p>bis bald!" in page.get_content()
    assert (got["From"], got["Subject"]) == ("Werkstatt Muster <termin@example.de>", "Ihr Termin")
    [file] = got.iter_attachments()
    content = file.get_payload(decode=True)
    assert isinstance(content, bytes)
    [event] = Calendar.from_ical(content).walk("VEVENT")
    assert (event["SUMMARY"], event.decoded("DTSTART")) == (ENTRY.title, START)
    assert max(map(len, content.splitlines())) <= 75


def test_a_cancellation_takes_the_entry_out(mail: Channel, box: Mailbox) -> None:
    mail.send(replace(LETTER, entry=replace(ENTRY, sequence=1, happening=Happening.CANCELLED)))
    [file] = box.mails[-1].iter_attachments()
    assert file.get_param("method") == "CANCEL"
    assert b"STATUS:CANCELLED" in file.get_payload(decode=True)


def test_a_name_cannot_become_a_header(mail: Channel, box: Mailbox) -> None:
    mail.send(replace(LETTER, subject="Ihr Termin\r\nBcc: all@example.de"))
    assert box.mails[-1]["Bcc"] is None


def test_an_address_that_is_none_is_refused(mail: Channel, box: Mailbox) -> None:
    box.refused.add("nobody@example.de")
    for address in ("nobody@example.de", "nonsense", "a@b\r\nRCPT TO:<c@d>", ""):
        receipt = mail.send(replace(LETTER, recipient=Address("email", address)))
        assert isinstance(receipt, Refused)
        assert receipt.unreachable


def test_when_the_server_hangs_up_after_the_last_dot_nobody_knows(mail: Channel, box: Mailbox) -> None:
    box.losing = 1
    assert isinstance(mail.send(LETTER), Unknown)
    assert isinstance(mail.send(LETTER), Sent)


@pytest.mark.parametrize(
    ("url", "sender"),
    [("http://mail.example.de", "a@example.de"), ("smtp://mail.example.de", ""), ("smtps://", "a@example.de")],
)
def test_an_account_that_lacks_something_does_not_start(url: str, sender: str) -> None:
    with pytest.raises(Misconfigured), open_channels(Settings(smtp_url=url, mail_from=sender)):
        pass


def test_a_server_on_another_machine_must_encrypt(box: Mailbox) -> None:
    """Under this name we do not know it for ourselves, and it has no certificate."""
    before = len(box.mails)
    with our_channels(mail=box.url.replace("127.0.0.1", "127.1")) as channels:
        assert isinstance(channels["email"].send(LETTER), Later)
    assert len(box.mails) == before


def test_a_link_is_shown_where_our_address_is_known(mail: Channel, box: Mailbox) -> None:
    linked = replace(LETTER, link=Link("Adresse bestätigen", "/mailbox/abc"))
    mail.send(linked)
    text, page = box.mails[-1].get_body(("plain",)), box.mails[-1].get_body(("html",))
    assert text is not None
    assert page is not None
    assert "Adresse bestätigen: https://termin.example.de/mailbox/abc" in text.get_content()
    assert '<a href="https://termin.example.de/mailbox/abc">Adresse bestätigen</a>' in page.get_content()
    with open_channels(Settings(smtp_url=box.url, mail_from="termin@example.de")) as channels:
        channels["email"].send(linked)
    assert "mailbox" not in box.mails[-1].as_string()
