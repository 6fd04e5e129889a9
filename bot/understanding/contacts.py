"""Ways to reach the customer: e-mail address and phone number."""

import re

import phonenumbers

_HOME = "DE"
_DOMAIN = r"((?:[\w-]{1,63}\.){1,4}[^\W\d_]{2,24})(?![\w@])"
_DOT = r"(?:\.|\s(?:punkt|dot|nokta)\s)"
_MAILBOX = r"(?<![\w.+%-])(\w[\w.+%-]{0,63})"
_EMAIL = re.compile(_MAILBOX + r"\s?(?:@|\(at\)|\[at\]|\{at\})\s?" + _DOMAIN, re.IGNORECASE)
_DICTATED_EMAIL = re.compile(
    rf"(?<![\w.+%-])(\w[\w+%-]{{0,63}}(?:{_DOT}[\w+%-]{{1,63}}){{0,4}})(?:\s?@\s?|\s?\(at\)\s?|\s(?:at|ät)\s)"
    rf"((?:[\w-]{{1,63}}{_DOT}){{1,4}}[^\W\d_]{{2,24}})(?![\w@])",
    re.IGNORECASE,
)
_DICTATED_DOT = re.compile(r"\s(?:punkt|dot|nokta)\s", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w+/.,-])(?:\+\s?|\(?0)\d[\d ()/.\-]{4,22}\d(?!\w)")
_BARE_PHONE = re.compile(r"(?<![\w+/.,-])[1-9][\d ()/.\-]{4,18}\d(?!\w)")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]|\d{1,2}\.?\s?-\s?\d{1,2}\b")
_FEWEST_DIGITS = 7

Found = tuple[str, tuple[int, int]]


def read_email(text: str, *, asked: bool) -> Found | None:
    """The first e-mail address in lower case, and where it stands.

    "petra at web.de" counts only if we `asked` for one, "petra at web dot de" always.
    """
    match = _EMAIL.search(text)
    if match is None:
        match = _DICTATED_EMAIL.search(text)
        if match is None or not (asked or _DICTATED_DOT.search(match[0])):
            return None
    mailbox, domain = (_DICTATED_DOT.sub(".", part) for part in match.groups())
    return f"{mailbox}@{domain}".lower(), match.span()


def read_phone(text: str, *, asked: bool) -> Found | None:
    """The first phone number as E.164, German unless it says otherwise, and where it stands.

    A number without its leading zero counts only if we `asked` for one.
    """
    for pattern in (_PHONE, _BARE_PHONE) if asked else (_PHONE,):
        for match in pattern.finditer(text):
            written = match[0].replace("(0)", "")
            if sum(map(str.isdigit, written)) < _FEWEST_DIGITS or _DATE.match(written):
                continue
            try:
                number = phonenumbers.parse(written, _HOME)
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_valid_number(number):
                return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), match.span()
    return None
