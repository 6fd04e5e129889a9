"""Whether a customer got what they came for."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.customers.customer import Customer
from benchmarks.customers.goals import Kind
from benchmarks.customers.hearing import Heard
from benchmarks.customers.slips import plain
from booking_core.directory import all_workshops
from booking_core.slots import find_slots
from booking_core.tables import ChannelIdentityRow, UserRow
from booking_core.values import AppointmentId
from bot.messages import Address


class Outcome(StrEnum):
    """How a conversation may end."""

    BOOKED = "as wished"
    ALTERNATIVE = "another time, with a reason"
    REFUSED = "refused, with a reason"
    WRONG = "wrong booking"
    MISSED = "refused what was free"
    UNEXPLAINED = "refused without a reason"
    PERSON = "handed over"
    UNFINISHED = "not finished"
    CRASH = "crash"

    @property
    def good(self) -> bool:
        return self in (Outcome.BOOKED, Outcome.ALTERNATIVE, Outcome.REFUSED)


Verdict = tuple[Outcome, str]


def judge(
    sessions: Callable[[], Session], who: Address, customer: Customer, heard: Heard, out_of_patience: bool
) -> Verdict:
    """The verdict, and a word on what is wrong."""
    if customer.gave_up == "handed over":
        # So short before the appointment only a person may change it, and the bot said so.
        return (Outcome.REFUSED if customer.heard_reason else Outcome.PERSON), customer.gave_up
    unfinished = customer.goal.then and not customer.declined
    if customer.gave_up or unfinished or (out_of_patience and not customer.is_done(heard)):
        return Outcome.UNFINISHED, customer.gave_up or "took too many messages"
    with sessions() as session:
        if customer.declined:
            return _refusal(session, customer, heard)
        if customer.errand is Kind.CANCEL:
            return Outcome.BOOKED, "cancelled"
        name = session.scalar(
            select(UserRow.name)
            .join(ChannelIdentityRow, ChannelIdentityRow.user_id == UserRow.id)
            .where(ChannelIdentityRow.channel == who.channel, ChannelIdentityRow.external_id == who.id)
        )
        return _booking(session, customer, heard, name)


def _refusal(session: Session, customer: Customer, heard: Heard) -> Verdict:
    expected = 0 if customer.errand is Kind.BOOK and not customer.had else 1
    if len(heard.confirmed) != expected:
        return Outcome.WRONG, "booked for somebody who said no"
    if not customer.heard_reason:
        return Outcome.UNEXPLAINED, "heard no reason"
    too_late = customer.errand is not Kind.BOOK and heard.expects == "nothing" and not customer.wants_out
    if not too_late and not customer.goal.place.far and _was_free(session, customer, heard):
        return Outcome.MISSED, "the wish was free"
    return Outcome.REFUSED, ""


def _booking(session: Session, customer: Customer, heard: Heard, name: str | None) -> Verdict:
    booked = max(heard.confirmed, key=_id)
    expected = 2 if customer.goal.kind is Kind.AGAIN else 1
    if len(heard.confirmed) != expected:
        return Outcome.WRONG, f"{len(heard.confirmed)} appointments"
    if wrong := _differences(customer, booked, name):
        return Outcome.WRONG, wrong
    start = datetime.fromisoformat(booked["start"])
    if customer.wish.suits(start):
        return Outcome.BOOKED, ""
    if not (customer.compromised and customer.chosen == start):
        return Outcome.WRONG, f"{start} was not wished for"
    if not customer.goal.place.far and _was_free(session, customer, heard):
        return Outcome.MISSED, "the wish was free, another time was taken"
    return Outcome.ALTERNATIVE, ""


def _differences(customer: Customer, booked: dict[str, Any], name: str | None) -> str:
    goal = customer.goal
    facts = {
        "services": (set(booked["services"]), set(goal.services)),
        "workshop": (booked["workshop"] in customer.places, True),
        "plate": (booked["plate"], goal.person.plate),
        "name": (plain(name or ""), plain(goal.person.name)),
    }
    return ", ".join(f"{what}: {is_} for {meant}" for what, (is_, meant) in facts.items() if is_ != meant)


def _was_free(session: Session, customer: Customer, heard: Heard) -> bool:
    """Whether the calendar had what was wished for, when it was wished for."""
    shops = [shop.id for shop in all_workshops(session) if shop.name in customer.places]
    mine = [AppointmentId(_id(one)) for one in heard.appointments]
    windows = list(customer.wish.windows(customer.wished_at))
    found = find_slots(
        session, customer.goal.services, workshops=shops, windows=windows, now=customer.now, ignoring=mine
    )
    return bool(found.slots)


def _id(appointment: dict[str, Any]) -> int:
    return int(appointment["id"])
