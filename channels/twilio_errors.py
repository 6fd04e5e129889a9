"""Twilio's error codes, and what each means for the message it is about."""

import logging
from datetime import timedelta

from channels.channel import Later, Receipt, Refused, Unknown

log = logging.getLogger(__name__)

BUSY = timedelta(seconds=5)
MINUTES, QUARTER, HOUR = timedelta(minutes=10), timedelta(minutes=15), timedelta(hours=1)

# What it is about -> the codes that say so.
UNREACHABLE = {
    "the number cannot receive this": (21211, 21614, 21635, 30005, 30006, 63003, 63024),
    "the recipient wants no messages": (21610, 63014),
}
REFUSED = {
    "our account cannot reach this number": (21408, 21606, 21608, 21612, 63015),
    "the text is not what Twilio takes": (21617, 21654, 21656, 63021, 63027, 63028),
    "the template is not approved now": (63041, 63042),
    "filtered on the way": (14107, 30004, 30007, 30450),
    "too late": (30036,),
    "the network did not answer in time": (30410,),
}
WINDOW_CLOSED = 63016
LATER = {20429: BUSY, 21611: HOUR, 30001: HOUR, 63018: HOUR}
AGAIN = {30003: QUARTER, 30008: QUARTER, 30001: HOUR, 63018: HOUR}
"""Failures after which the same message may be sent once more."""

_UNREACHABLE = {code: reason for reason, codes in UNREACHABLE.items() for code in codes}
_REFUSED = {code: reason for reason, codes in REFUSED.items() for code in codes}


def receipt_for(status: int, code: int | None) -> Receipt:
    """What an error of the API means: the code decides, then the HTTP status."""
    if refusal := _refusal(code):
        return refusal
    if code in LATER or status == 429:
        return Later(LATER.get(code or 0, BUSY), "Twilio is busy")
    if code == 20003 or status in (401, 403):
        log.error("Twilio does not accept our credentials")
        return Later(MINUTES, "Twilio does not accept our credentials", down=True)
    return Refused(f"Twilio error {code or status}") if 400 <= status < 500 else Unknown(f"Twilio error {status}")


def failure_for(code: int | None) -> Refused | Later:
    """What it means that a message failed after it was accepted; meanings may change, so the unknown is a refusal."""
    if code in AGAIN:
        return Later(AGAIN[code], "the phone could not be reached")
    return _refusal(code) or Refused(f"Twilio error {code}")


def _refusal(code: int | None) -> Refused | None:
    if code == WINDOW_CLOSED:
        return Refused("outside of the 24 hours WhatsApp allows", formal=True)
    if code in _UNREACHABLE:
        return Refused(_UNREACHABLE[code], unreachable=True)
    return Refused(_REFUSED[code]) if code in _REFUSED else None
