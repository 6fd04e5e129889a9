"""Telegram's errors, and what each means for the message it is about."""

import logging
from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from channels.calls import never_sent
from channels.channel import Later, Receipt, Refused, Unknown

log = logging.getLogger(__name__)

SOON, WRONG_TOKEN = timedelta(seconds=5), timedelta(minutes=10)


def receipt_for(error: Exception) -> Receipt:
    """BadRequest is a kind of NetworkError to the library, so the order matters."""
    match error:
        case RetryAfter(retry_after=after):
            return Later(after if isinstance(after, timedelta) else timedelta(seconds=after), "too many requests")
        case Forbidden():
            return Refused(error.message, unreachable=True)
        case InvalidToken():
            log.error("Telegram does not know our token")
            return Later(WRONG_TOKEN, "Telegram does not know our token", down=True)
        case BadRequest() | ChatMigrated():
            return Refused(error.message, unreachable="chat not found" in error.message.lower())
        case NetworkError() if never_sent(error.__cause__):
            return Later(SOON, "Telegram cannot be reached", down=True)
        case NetworkError() if error.__cause__ is None:
            return Later(SOON, "Telegram has an error of its own", down=True)
        case TelegramError():
            return Unknown(type(error.__cause__ or error).__name__)
        case _:
            return Unknown(type(error).__name__)
