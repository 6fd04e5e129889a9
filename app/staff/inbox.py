"""The conversations, sorted by who has the word, and one's own place in them."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Response

from app.admin import conversations as counter
from app.admin.conversations import Answer, ConversationShown, TakeOver
from app.admin.types import Id
from app.admin.writing import Repeatable
from app.staff.desk import AtDesk, Desk, StaffRoute
from booking_core.errors import Unknown
from bot import correspondence
from bot.correspondence import Keeper

router = APIRouter(prefix="/staff/{workshop_id}/inbox", route_class=StaffRoute)

HOURS = 2
"""How long a conversation stays with whoever takes it, unless it is released before."""


@router.get("", name="list_conversations")
def show_inbox(desk: AtDesk) -> Response:
    return desk.show("inbox.html", tab="inbox", talks=_talks(desk), open=None, keepers=Keeper)


@router.get("/list", name="list_conversations")
def show_list(desk: AtDesk, open: int | None = None) -> Response:
    return desk.show("inbox_list.html", talks=_talks(desk), open=open, keepers=Keeper)


@router.get("/asking", name="list_conversations")
def show_asking(desk: AtDesk) -> Response:
    return desk.show("asking.html")


@router.get("/{conversation_id}", name="read_conversation")
def show_talk(desk: AtDesk, conversation_id: Id) -> Response:
    talks = _talks(desk)
    talk = _talk(talks, conversation_id)
    return desk.show("inbox.html", tab="inbox", talks=talks, open=talk, keepers=Keeper, **_lines(desk, talk))


@router.get("/{conversation_id}/lines", name="read_conversation")
def show_lines(desk: AtDesk, conversation_id: Id) -> Response:
    talk = _talk(_talks(desk), conversation_id)
    return desk.show("talk.html", open=talk, keepers=Keeper, **_lines(desk, talk))


@router.post("/{conversation_id}/take-over", name="take_over")
def take_over(desk: AtDesk, conversation_id: Id) -> Response:
    counter.take_over(desk.at, conversation_id, TakeOver(minutes=HOURS * 60))
    return show_lines(desk, conversation_id)


@router.post("/{conversation_id}/answers", name="answer")
def answer(
    desk: AtDesk, conversation_id: Id, text: Annotated[str, Form()], key: Annotated[str, Form(min_length=16)]
) -> Response:
    counter.answer(desk.at, conversation_id, Answer(text=text, minutes=HOURS * 60), Repeatable(key))
    return show_lines(desk, conversation_id)


@router.post("/{conversation_id}/release", name="release")
def release(desk: AtDesk, conversation_id: Id) -> Response:
    counter.release(desk.at, conversation_id)
    return show_lines(desk, conversation_id)


def _talks(desk: Desk) -> list[ConversationShown]:
    found = desk.at(lambda session, now: correspondence.conversations(session, desk.at.workshop, now=now))
    return [counter.shown(one) for one in found.items]


def _talk(talks: list[ConversationShown], conversation: int) -> ConversationShown:
    found = next((talk for talk in talks if talk.id == conversation), None)
    if found is None:
        raise Unknown(conversation=conversation)
    return found


def _lines(desk: Desk, talk: ConversationShown) -> dict[str, object]:
    locked = talk.open_until is not None and talk.open_until <= desk.now
    return {"lines": counter.read_conversation(desk.at, talk.id), "locked": locked, "key": secrets.token_hex(16)}
