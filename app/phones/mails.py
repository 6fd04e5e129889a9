"""The mails that came, as the tray shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage


@dataclass(frozen=True)
class Shown:
    """`number` names the mail as long as the demo runs; `happening` is its calendar file's method, if it has one."""

    number: int
    to: str
    subject: str
    text: str
    happening: str | None


def shown(mails: Sequence[EmailMessage]) -> list[Shown]:
    """Newest first."""
    return [_shown(number, mail) for number, mail in reversed(list(enumerate(mails)))]


def calendar_file(mails: Sequence[EmailMessage], number: int) -> bytes | None:
    """The calendar file of a mail; None where there is none."""
    attached = _calendar(mails[number]) if 0 <= number < len(mails) else None
    content = attached.get_payload(decode=True) if attached else None
    return content if isinstance(content, bytes) else None


def _shown(number: int, mail: EmailMessage) -> Shown:
    plain, attached = mail.get_body(("plain",)), _calendar(mail)
    text = plain.get_content() if plain else ""
    happening = str(attached.get_param("method")) if attached else None
    return Shown(number, mail["To"], mail["Subject"], text, happening)


def _calendar(mail: EmailMessage) -> EmailMessage | None:
    return next((part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"), None)
