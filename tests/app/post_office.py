"""Letters and messages in a database, and channels that put what is sent on a board."""

import threading
from datetime import timedelta
from typing import ClassVar

from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from app import mailroom
from app.clock import database_now
from app.database import session_factory
from booking_core.tables import InboxRow, OutboxRow
from bot import inbox, outbox
from bot.messages import Address, InboundMessage, OutboundMessage
from channels.channel import Absent, Channel, Receipt, Sent, Unknown

TO_PETRA = OutboundMessage(Address("telegram", "77"), "Ihr Auto ist fertig", kind="ready")


class Board(Channel):
    """A channel that puts what is sent on a board, or answers as it was told."""

    name: ClassVar[str] = "telegram"
    doubt = timedelta()

    def __init__(self, *answers: Receipt, found: Receipt | Absent | None = None) -> None:
        super().__init__()
        self.answers, self.found = list(answers), found
        self.shown: list[OutboundMessage] = []
        self._lock = threading.Lock()

    def send(self, message: OutboundMessage) -> Receipt:
        with self._lock:
            self.shown.append(message)
            return self.answers.pop(0) if self.answers else Sent(f"{self.name}-{len(self.shown)}")

    def look_up(self, message: OutboundMessage, *, since: object, others: object) -> Receipt | Absent:
        return self.found or Unknown("no list")


class Phone(Board):
    name: ClassVar[str] = "sms"


def rows(engine: Engine) -> list[OutboxRow]:
    with Session(engine) as session:
        return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def post(engine: Engine, *messages: OutboundMessage) -> None:
    with Session(engine) as session, session.begin():
        for number, message in enumerate(messages):
            key = f"{message.kind}:{message.recipient}:{number}"
            outbox.post(session, message, key=key, now=database_now(session))


def pass_time(engine: Engine, minutes: int) -> None:
    """For all that waits, as if that much time had passed."""
    by = timedelta(minutes=minutes)
    letters = {"next_at": OutboxRow.next_at - by, "lease_until": OutboxRow.lease_until - by}
    with engine.begin() as connection:
        connection.execute(update(OutboxRow).values({**letters, "check_at": OutboxRow.check_at - by}))
        connection.execute(update(InboxRow).values(received_at=InboxRow.received_at - by))


def met_on_both(engine: Engine) -> None:
    """Petra wrote by Telegram and by SMS, and we know that it is her."""
    with Session(engine) as session, session.begin():
        mailroom_message = InboundMessage("1", TO_PETRA.recipient, "hallo")
        inbox.store(session, mailroom_message, now=database_now(session))
    mailroom.answer(session_factory(engine), TO_PETRA.recipient)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO channel_identities (user_id, channel, external_id) SELECT id, 'sms', '+491511' FROM users"
            )
        )
        connection.execute(text("DELETE FROM outbox"))
