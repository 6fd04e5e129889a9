"""The conversations, sorted by who has the word, and one's own place in them."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Response

from app.admin import conversations as counter
from app.admin.conversations import Answer, TakeOver
from app.admin.types import After, Id
from app.admin.writing import Repeatable
from app.staff.desk import AtDesk, Desk, StaffRoute
from bot import correspondence
from bot.correspondence import Keeper

router = APIRouter(prefix="/staff/{workshop_id}/inbox", route_class=StaffRoute)

HOURS = 2
"""How long a conversation stays with whoever takes it, unless it is released before."""


@router.get("", name="list_conversations")
def show_inbox(desk: AtDesk, after: After = None) -> Response:
    return desk.show("inbox.html", tab="inbox", open=None, **_list(desk, after))


@router.get("/list", name="list_conversations")
def show_list(desk: AtDesk, open: int | None = None, after: After = None) -> Response:
    return desk.show("inbox_list.html", open=open, **_list(desk, after))


@router.get("/asking", name="list_conversations")
def show_asking(desk: AtDesk) -> Response:
    return desk.show("asking.html")


@router.get("/{conversation_id}", name="read_conversation")
def show_talk(desk: AtDesk, conversation_id: Id, after: After = None) -> Response:
    return desk.show("inbox.html", tab="inbox", **_list(desk, after), **_talk(desk, conversation_id))


@router.get("/{conversation_id}/lines", name="read_conversation")
def show_lines(desk: AtDesk, conversation_id: Id) -> Response:
    return desk.show("talk.html", keepers=Keeper, **_talk(desk, conversation_id))


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


def _list(desk: Desk, after: int | None) -> dict[str, object]:
    """A page of them, `after` a place in the list; `earlier` is where the next one begins."""
    found = desk.at(lambda session, now: correspondence.conversations(session, desk.at.workshop, now=now, after=after))
    talks = [counter.shown(one) for one in found.items]
    return {"talks": talks, "after": after, "earlier": found.after, "keepers": Keeper}


def _talk(desk: Desk, conversation: int) -> dict[str, object]:
    talk = counter.shown(
        desk.at(lambda session, now: correspondence.conversation(session, desk.at.workshop, conversation, now=now))
    )
    locked = talk.open_until is not None and talk.open_until <= desk.now
    lines = counter.read_conversation(desk.at, talk.id)
    return {"open": talk, "lines": lines, "locked": locked, "key": secrets.token_hex(16)}
