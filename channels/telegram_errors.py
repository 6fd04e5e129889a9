"""Telegram's errors, and what each means for the message it is about."""

import logging
from datetime import timedelta

from channels.bot_api import TelegramError
from channels.calls import never_sent
from channels.channel import Later, Receipt, Refused, Unknown

log = logging.getLogger(__name__)

SOON, WRONG_TOKEN = timedelta(seconds=5), timedelta(minutes=10)


def receipt_for(error: Exception) -> Receipt:
    match error:
        case TelegramError(wait=timedelta() as wait):
            return Later(wait, "too many requests")
        case TelegramError(status=400, description=why):
            return Refused(why, unreachable="chat not found" in why.lower())
        case TelegramError(status=403, description=why):
            return Refused(why, unreachable=True)
        case TelegramError(status=401 | 404):
            log.error("Telegram does not know our token")
            return Later(WRONG_TOKEN, "Telegram does not know our token", down=True)
        case TelegramError():
            return Later(SOON, "Telegram has an error of its own", down=True)
        case _ if never_sent(error):
            return Later(SOON, "Telegram cannot be reached", down=True)
        case _:
            return Unknown(type(error).__name__)
