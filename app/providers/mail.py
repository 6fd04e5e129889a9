"""A mailbox of our own: takes whatever comes by SMTP and keeps it."""

import argparse
import email
import email.policy
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Self


class Mailbox:
    """`refused` addresses answer as if they did not exist; `losing` so many mails are taken without saying so."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.losing = 0
        self.url = ""

    @contextmanager
    def running(self, port: int = 0) -> Iterator[Self]:
        with _Server(("127.0.0.1", port), _handler(self)) as server:
            self.url = f"smtp://127.0.0.1:{server.server_address[1]}"
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hangs up in the middle is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _handler(box: Mailbox) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 mailbox")
            while line := self.rfile.readline():
                word = line[:4].upper().strip()
                match word:
                    case b"EHLO" | b"HELO" | b"MAIL" | b"RSET" | b"NOOP":
                        self._say("250 fine")
                    case b"RCPT":
                        known = not any(address in line.decode() for address in box.refused)
                        self._say("250 fine" if known else "550 no such person")
                    case b"DATA":
                        self._say("354 go on")
                        if not self._take():
                            return
                    case b"QUIT":
                        self._say("221 bye")
                        return
                    case _:
                        self._say("502 not here")

        def _take(self) -> bool:
            lines = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line.removeprefix(b"."))
            mail = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
            box.mails.append(mail)
            if box.losing:
                box.losing -= 1
                return False
            self._say("250 taken")
            return True

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    with Mailbox().running(parser.parse_args().port):
        threading.Event().wait()


if __name__ == "__main__":
    main()
