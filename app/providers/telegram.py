"""A Telegram of our own: the methods a bot uses, private chats one can write in, and its known caprices."""

import argparse
import itertools
import json
import re
import threading
import urllib.parse
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.providers.server import Mood, Provider, Reply, Request, call, call_until_taken

TOKEN = "4711:AAHfakefakefakefakefakefakefakefakefa"  # noqa: S105 - of a bot that does not exist.
SECRET = "a-secret-of-32-letters-at-the-least"  # noqa: S105
MOMENT = datetime.fromtimestamp(1_795_000_000, UTC)


@dataclass
class Shown:
    """A message in a chat as the customer sees it."""

    id: int
    text: str
    buttons: list[tuple[str, str]] = field(default_factory=list)
    at: datetime = MOMENT


class Telegram(Provider):
    """`webhook` and `secret` as `setWebhook` would set them; updates are counted from `first` on."""

    def __init__(self, *, webhook: str = "", secret: str = SECRET, mood: Mood | None = None, first: int = 1) -> None:
        super().__init__(mood)
        self.webhook, self.secret = webhook, secret
        self.chats: dict[str, list[Shown]] = {}
        self.blocked: set[str] = set()
        self.answered: list[str] = []
        self.waiting: list[dict[str, Any]] = []
        self.menus: dict[str, list[tuple[str, str]]] = {}
        self._ids = itertools.count(100)
        self._updates = itertools.count(first)

    # What a customer does.

    def write(self, chat: str, text: str) -> int:
        """Write a message; the status of the webhook's answer."""
        return self.deliver(self.text_update(chat, text))

    def press(self, chat: str, label: str, nth: int = 0) -> int:
        """Press a button of the last message that has any, the nth of those labelled so."""
        with self.lock:
            shown = next(one for one in reversed(self.chats[chat]) if one.buttons)
            data = [data for text, data in shown.buttons if label in text][nth]
        return self.deliver(self.press_update(chat, data, shown.id))

    def block(self, chat: str, *, blocked: bool = True) -> int:
        (self.blocked.add if blocked else self.blocked.discard)(chat)
        return self.deliver(self.update(my_chat_member=_membership(chat, "kicked" if blocked else "member")))

    # Updates, and how they travel.

    def text_update(self, chat: str, text: str, **more: Any) -> dict[str, Any]:
        self.chats.setdefault(chat, [])
        return self.update(message=_message(next(self._ids), chat, text=text, **more))

    def press_update(self, chat: str, data: str, message_id: int) -> dict[str, Any]:
        query = {
            "id": f"query-{next(self._ids)}",
            "from": _person(chat),
            "chat_instance": "1",
            "data": data,
            "message": _message(message_id, chat, text="…"),
        }
        return self.update(callback_query=query)

    def update(self, **what: Any) -> dict[str, Any]:
        with self.lock:
            return {"update_id": next(self._updates), **what}

    def deliver(self, update: dict[str, Any], *, once: bool = False) -> int:
        if not self.webhook:
            self.waiting.append(update)
            return 0
        send = call if once else call_until_taken
        return send(self.webhook, json.dumps(update).encode(), self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": self.secret}

    # What a bot asks for.

    def sends(self, request: Request) -> bool:
        return request.path.endswith("/sendMessage")

    def busy(self) -> Reply:
        told = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
        return Reply(429, told | {"parameters": {"retry_after": 1}})

    def handle(self, request: Request) -> Reply:
        if request.path.startswith("/_/"):
            return self._control(request.path.removeprefix("/_/"), request)
        bot, _, method = request.path.lstrip("/").partition("/")
        if bot != f"bot{TOKEN}":
            return _no(401, "Unauthorized")
        asked = dict(urllib.parse.parse_qsl(request.body.decode()))
        with self.lock:
            answer = getattr(self, f"_{method}", None)
            return answer(asked) if answer else _no(404, "Not Found")

    def _getMe(self, asked: dict[str, str]) -> Reply:
        return _yes({"id": 4711, "is_bot": True, "first_name": "Werkstatt", "username": "werkstatt_bot"})

    def _sendMessage(self, asked: dict[str, str]) -> Reply:
        chat, text = asked["chat_id"], asked.get("text", "")
        if chat not in self.chats:
            return _no(400, "Bad Request: chat not found")
        if chat in self.blocked:
            return _no(403, "Forbidden: bot was blocked by the user")
        if not 1 <= len(text.encode("utf-16-le")) // 2 <= 4096:
            return _no(400, "Bad Request: message is too long" if text else "Bad Request: message text is empty")
        rows = json.loads(asked.get("reply_markup", "{}")).get("inline_keyboard", [])
        buttons = [(button["text"], button["callback_data"]) for row in rows for button in row]
        if not all(1 <= len(data.encode()) <= 64 for _, data in buttons):
            return _no(400, "Bad Request: BUTTON_DATA_INVALID")
        shown = Shown(next(self._ids), text, buttons, self.clock())
        self.chats[chat].append(shown)
        return _yes(_message(shown.id, chat, text=text))

    def _editMessageReplyMarkup(self, asked: dict[str, str]) -> Reply:
        found = [one for one in self.chats[asked["chat_id"]] if one.id == int(asked["message_id"])]
        if not found or not found[0].buttons:
            return _no(400, "Bad Request: message is not modified")
        found[0].buttons = []
        return _yes(_message(found[0].id, asked["chat_id"], text=found[0].text))

    def _answerCallbackQuery(self, asked: dict[str, str]) -> Reply:
        if asked["callback_query_id"] in self.answered:
            return _no(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.answered.append(asked["callback_query_id"])
        return _yes(True)

    def _setWebhook(self, asked: dict[str, str]) -> Reply:
        self.webhook, self.secret = asked["url"], asked.get("secret_token", "")
        return _yes(True)

    def _deleteWebhook(self, asked: dict[str, str]) -> Reply:
        self.webhook = ""
        return _yes(True)

    def _setMyCommands(self, asked: dict[str, str]) -> Reply:
        commands = [(one["command"], one["description"]) for one in json.loads(asked["commands"])]
        if not all(re.fullmatch(r"[a-z0-9_]{1,32}", name) and 1 <= len(told) <= 256 for name, told in commands):
            return _no(400, "Bad Request: BOT_COMMAND_INVALID")
        self.menus[asked.get("language_code", "")] = commands
        return _yes(True)

    def _getUpdates(self, asked: dict[str, str]) -> Reply:
        if self.webhook:
            return _no(409, "Conflict: can't use getUpdates method while webhook is active")
        self.waiting = [one for one in self.waiting if one["update_id"] >= int(asked.get("offset", 0))]
        return _yes(list(self.waiting))

    def _control(self, wanted: str, request: Request) -> Reply:
        """For those who play the customer over HTTP."""
        asked = json.loads(request.body or b"{}")
        match wanted:
            case "write":
                return Reply(200, {"status": self.write(asked["chat"], asked["text"])})
            case "press":
                return Reply(200, {"status": self.press(asked["chat"], asked["label"])})
            case "chats":
                return Reply(200, {chat: [_told(one) for one in shown] for chat, shown in self.chats.items()})
            case _:
                return Reply(404)


def _told(shown: Shown) -> dict[str, Any]:
    return vars(shown) | {"at": shown.at.isoformat()}


def _person(chat: str) -> dict[str, Any]:
    return {"id": int(chat), "is_bot": False, "first_name": "Petra", "last_name": "Müller", "language_code": "de"}


def _message(id: int, chat: str, **content: Any) -> dict[str, Any]:
    place = {"id": int(chat), "type": "private", "first_name": "Petra"}
    return {"message_id": id, "from": _person(chat), "chat": place, "date": int(MOMENT.timestamp()), **content}


def _membership(chat: str, status: str) -> dict[str, Any]:
    bot = {"id": 4711, "is_bot": True, "first_name": "Werkstatt", "username": "werkstatt_bot"}
    member = {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})
    return {
        "chat": {"id": int(chat), "type": "private", "first_name": "Petra"},
        "from": _person(chat),
        "date": int(MOMENT.timestamp()),
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": member,
    }


def _yes(result: object) -> Reply:
    return Reply(200, {"ok": True, "result": result})


def _no(code: int, description: str) -> Reply:
    return Reply(code, {"ok": False, "error_code": code, "description": description})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--webhook", default="")
    parser.add_argument("--faults", type=float, default=0.0, help="the part of sends that go wrong")
    arguments = parser.parse_args()
    with Telegram(webhook=arguments.webhook, mood=Mood(arguments.faults)).running(arguments.port):
        threading.Event().wait()


if __name__ == "__main__":
    main()
