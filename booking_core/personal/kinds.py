"""Kinds of data by what they are for, why we may have them, and how long."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`personal` is whether an erasure concerns it. All words are for docs/Privacy.md."""

    name: str
    what: str
    purpose: str
    basis: str
    kept: str
    personal: bool = True


CONTACT = Kind(
    "contact",
    "Name, phone, e-mail, names on channels",
    "To know and to reach whoever booked",
    "Art. 6(1)(b)",
    "until erased; without any visit 30 days after the last message; else 3 years after the last visit",
)
CAR = Kind(
    "car",
    "Number plate, make, model, year",
    "To prepare the work and to know the car in the yard",
    "Art. 6(1)(b), afterwards (c)",
    "with the visit it came for",
)
VISIT = Kind(
    "visit",
    "What was booked, when, at what price, and what became of it",
    "To do the work; afterwards as a record of it",
    "Art. 6(1)(b), afterwards (c): § 147 AO, § 257 HGB",
    "to the end of the eighth year after, without name and contact once those are erased",
)
HEARD = Kind(
    "heard",
    "What customers wrote, and where the conversation stands",
    "To answer",
    "Art. 6(1)(b)",
    "30 days",
)
SAID = Kind("said", "What we wrote", "To tell and to prove what was told", "Art. 6(1)(b), (f)", "90 days")
NOTE = Kind(
    "note",
    "What staff noted, why somebody cancelled",
    "To do the work well",
    "Art. 6(1)(b), (f)",
    "until erased; else with the visit",
)
CONSENT = Kind(
    "consent",
    "What was agreed to, taken back or told, and in which words",
    "To prove it, and to keep to it",
    "Art. 6(1)(c), Art. 7(1)",
    "until erased; a STOP stays with its address, so that it is kept to",
)
DEMAND = Kind(
    "demand",
    "What somebody waits for or could not have",
    "To offer it when it is free; to plan",
    "Art. 6(1)(b), (f)",
    "30 days with the customer's name, afterwards without",
)
REQUEST = Kind(
    "request",
    "Who asked for their data or its erasure, and when it was answered",
    "To answer in time, to prove it, and to erase again after a restore",
    "Art. 6(1)(c), Art. 12(3)",
    "3 years",
)
TRACE = Kind(
    "trace",
    "States, counts, times and providers' numbers of messages",
    "To lose no message and to send none twice",
    "Art. 6(1)(f)",
    "400 days; tries to sign in 15 minutes",
)
SECRET = Kind(
    "secret",
    "Hashes of secrets that prove something",
    "To check a proof",
    "Art. 6(1)(f)",
    "until used, changed or erased",
)
AUDIT = Kind(
    "audit",
    "Who changed what, without names and contacts",
    "To answer who did what, and to notice forgery",
    "Art. 6(1)(f), Art. 32",
    "as long as the system: it can only be added to",
    personal=False,
)
REFERENCE = Kind(
    "reference",
    "Numbers by which rows find each other",
    "To keep together what belongs together",
    "as its row",
    "as its row",
    personal=False,
)
STAFF = Kind(
    "staff",
    "Accounts, keys and sessions of staff",
    "To let in whoever may",
    "Art. 6(1)(b), (f), § 26 BDSG",
    "while employed; sessions 12 hours, tries to sign in 15 minutes",
    personal=False,
)
HOUSE = Kind(
    "house",
    "The workshop's own facts, about nobody",
    "To run it",
    "not personal",
    "as long as they are true",
    personal=False,
)

KINDS = (
    *(CONTACT, CAR, VISIT, HEARD, SAID, NOTE, CONSENT, DEMAND, REQUEST, TRACE, SECRET),
    *(AUDIT, REFERENCE, STAFF, HOUSE),
)
