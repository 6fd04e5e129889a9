"""E-mail by SMTP: text and HTML, and a calendar file that adds, moves or takes out the appointment."""

import html
import logging
import smtplib
import ssl
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import ClassVar
from urllib.parse import SplitResult, unquote, urlsplit

from icalendar import Calendar, Event, vCalAddress

from bot.messages import CalendarEntry, Happening, OutboundMessage
from channels.channel import Accounts, Channel, Later, Misconfigured, Receipt, Refused, Sent, Unknown

log = logging.getLogger(__name__)

ANSWER = 15.0
"""Seconds a mail server may take for each step."""

SOON, WRONG_ACCOUNT = timedelta(minutes=1), timedelta(minutes=10)


class Email(Channel):
    """A mailbox's way out; nobody writes to us here."""

    name: ClassVar[str] = "email"
    doubt = timedelta(minutes=5)

    def __init__(self, server: SplitResult, sender: str) -> None:
        super().__init__()
        self._server = server
        self._sender_name, self._sender = parseaddr(sender)

    def linked(self, message: OutboundMessage) -> OutboundMessage:
        """As it is: a mail has a better way to show it."""
        return message

    def send(self, message: OutboundMessage) -> Receipt:
        try:
            mail = self._written(message)
        except (ValueError, IndexError):
            return Refused("this is no e-mail address", unreachable=True)
        try:
            smtp = self._connected()
        except smtplib.SMTPAuthenticationError:
            log.error("the mail server does not accept our credentials")
            return Later(WRONG_ACCOUNT, "the mail server does not accept our credentials", down=True)
        except (OSError, smtplib.SMTPException) as error:
            return Later(SOON, f"the mail server cannot be reached: {type(error).__name__}", down=True)
        with smtp:
            return self._hand_over(smtp, mail, message.recipient.id)

    def _connected(self) -> smtplib.SMTP:
        """Encrypted, unless the server is on this machine and cannot."""
        host, port, tls = self._server.hostname or "", self._server.port, ssl.create_default_context()
        if self._server.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=ANSWER, context=tls)
        else:
            smtp = smtplib.SMTP(host, port or 587, timeout=ANSWER)
        with ExitStack() as unless_we_are_let_in:
            unless_we_are_let_in.callback(smtp.close)
            if self._server.scheme != "smtps":
                smtp.ehlo()
                if host not in {"127.0.0.1", "localhost", "::1"} or smtp.has_extn("starttls"):
                    smtp.starttls(context=tls)
            if self._server.username:
                smtp.login(unquote(self._server.username), unquote(self._server.password or ""))
            unless_we_are_let_in.pop_all()
        return smtp

    def _hand_over(self, smtp: smtplib.SMTP, mail: EmailMessage, recipient: str) -> Receipt:
        """Up to the last dot nothing was sent; after it only the server knows."""
        try:
            smtp.ehlo_or_helo_if_needed()
            code, words = smtp.mail(self._sender)
            if code >= 400:
                return Later(WRONG_ACCOUNT, f"our sender is refused: {code}", down=True)
            code, words = smtp.rcpt(recipient)
            if code >= 400:
                return _refusal(code, words, unreachable=True)
        except (OSError, smtplib.SMTPException) as error:
            return Later(SOON, type(error).__name__, down=True)
        try:
            code, words = smtp.data(mail.as_bytes())
        except smtplib.SMTPDataError as error:
            return _refusal(error.smtp_code, error.smtp_error, unreachable=False)
        except (OSError, smtplib.SMTPException) as error:
            return Unknown(type(error).__name__)
        return Sent(mail["Message-ID"]) if code < 400 else _refusal(code, words, unreachable=False)

    def _written(self, message: OutboundMessage) -> EmailMessage:
        mail = EmailMessage()
        domain = self._sender.rpartition("@")[2]
        mail["Subject"] = " ".join(message.subject.split()) or self._sender_name
        mail["From"] = MailAddress(self._sender_name, addr_spec=self._sender)
        mail["To"] = MailAddress(addr_spec=message.recipient.id)
        mail["Date"] = format_datetime(self.clock())
        # The same name for a second copy: some mailboxes show it only once.
        mail["Message-ID"] = f"<letter-{message.reference}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        text = message.numbered if message.choices else message.text
        page = _html(message.text)
        if message.link and self.public_url:
            label, url = message.link.label, self.public_url + message.link.path
            text += f"\n\n{label}: {url}"
            page += f'<p><a href="{html.escape(url)}">{html.escape(label)}</a></p>'
        mail.set_content(text, cte="quoted-printable")
        mail.add_alternative(_page(page), subtype="html", cte="quoted-printable")
        if message.entry:
            method = method_of(message.entry)
            mail.add_attachment(
                calendar(message.entry, self._sender, now=self.clock()),
                maintype="text",
                subtype="calendar",
                filename="termin.ics",
                params={"method": method, "charset": "utf-8"},
            )
        return mail


def open_channel(accounts: Accounts) -> Email | None:
    """Raises Misconfigured where the sender is missing, or the server's address makes no sense."""
    if not accounts.smtp_url:
        return None
    server = urlsplit(accounts.smtp_url)
    if server.scheme not in {"smtp", "smtps"} or not server.hostname:
        raise Misconfigured("SMTP_URL must look like smtp://user:password@mail.example.de:587 or smtps://…")
    if "@" not in parseaddr(accounts.mail_from or "")[1]:
        raise Misconfigured("MAIL_FROM must be an address, as in Werkstatt <termin@example.de>")
    return Email(server, accounts.mail_from or "")


def method_of(entry: CalendarEntry) -> str:
    """PUBLISH asks for no answer: nobody reads what calendars reply to us."""
    return "CANCEL" if entry.happening is Happening.CANCELLED else "PUBLISH"


def calendar(entry: CalendarEntry, organizer: str, *, now: datetime) -> bytes:
    """The calendar file. The same `uid` with a higher `sequence` replaces what the customer's calendar has."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", entry.start.astimezone(UTC))
    event.add("dtend", entry.end.astimezone(UTC))
    event.add("summary", entry.title)
    event.add("location", entry.place)
    event.add("description", entry.details)
    event.add("organizer", vCalAddress(f"mailto:{organizer}"))
    event.add("status", "CANCELLED" if entry.happening is Happening.CANCELLED else "CONFIRMED")
    file = Calendar()
    file.add("prodid", "-//werkstatt-bot//DE")
    file.add("version", "2.0")
    file.add("method", method_of(entry))
    file.add_component(event)
    return bytes(file.to_ical())


def _html(text: str) -> str:
    return "".join(f"<p>{html.escape(one).replace(chr(10), '<br>')}</p>" for one in text.split("\n\n"))


def _page(paragraphs: str) -> str:
    return f'<!doctype html><html><body style="font-family: sans-serif">{paragraphs}</body></html>'


def _refusal(code: int, words: bytes | str, *, unreachable: bool) -> Receipt:
    """4xx is "not now", 5xx is "never"."""
    reason = f"{code} {words.decode('ascii', 'replace') if isinstance(words, bytes) else words}"[:200]
    return Later(SOON * 5, reason) if code < 500 else Refused(reason, unreachable)
