"""A relay of our own, as small as one can be: it passes on what is written, and keeps what we say.

On a terminal it is a chat with a `werkstatt serve` that has the same RELAY_SECRET:

    python -m app.providers.relay --port 9004 --webhook http://127.0.0.1:8000/webhooks/relay
"""

import argparse
import json
import os
import secrets
import sys
from collections.abc import Callable
from typing import Any

from app.providers.server import Mood, Provider, Reply, Request, call
from channels.channel import Forged, WebhookCall
from channels.signing import keys_of, proved, signed


class Relay(Provider):
    """Every copy of a message is in `arrived`; whoever writes sees in `chats` only what was not there before."""

    def __init__(
        self, secret: str, *, webhook: str = "", mood: Mood | None = None, show: Callable[[str], object] = str
    ) -> None:
        super().__init__(mood)
        self.webhook, self._keys, self._show = webhook, keys_of(secret), show
        self.arrived: list[str] = []
        self.chats: dict[str, list[dict[str, Any]]] = {}

    def write(self, sender: str, text: str, **more: object) -> int:
        """Write a message; the status of the webhook's answer."""
        return self.deliver({"sender": sender, "text": text, **more})

    def press(self, sender: str, label: str, nth: int = 0) -> int:
        """Tap a choice of the last message, the nth of those labelled so."""
        choices = self.chats[sender][-1]["choices"]
        return self.deliver({"sender": sender, "choice": [one["id"] for one in choices if label in one["label"]][nth]})

    def deliver(self, told: object) -> int:
        body, id = json.dumps(told).encode(), f"relay-{secrets.token_hex(8)}"
        headers = {"Content-Type": "application/json", **signed(self._keys[0], id, body, now=self.clock())}
        return call(self.webhook, body, headers)

    def handle(self, request: Request) -> Reply:
        try:
            posted = WebhookCall(request.path, request.body, tuple(request.headers.items()))
            id = proved(posted, self._keys, now=self.clock())
        except Forged:
            return Reply(401)
        letter = json.loads(request.body)
        with self.lock:
            if id not in self.arrived:
                self.chats.setdefault(letter["recipient"], []).append(letter)
                self._show(letter["text"] + "".join(f"\n  [{choice['label']}]" for choice in letter["choices"]))
            self.arrived.append(id)
        return Reply(204, b"")

    def sends(self, request: Request) -> bool:
        return True

    def busy(self) -> Reply:
        return Reply(429, headers=(("Retry-After", "1"),))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--webhook", required=True)
    parser.add_argument("--sender", default="anna-17")
    arguments = parser.parse_args()
    relay = Relay(os.environ["RELAY_SECRET"], webhook=arguments.webhook, show=lambda text: print(text, flush=True))  # noqa: T201
    with relay.running(arguments.port):
        for line in sys.stdin:
            relay.write(arguments.sender, line.rstrip("\n"))


if __name__ == "__main__":
    main()
