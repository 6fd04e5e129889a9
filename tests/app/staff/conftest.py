"""A house, and its pages as somebody who is signed in there sees them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from app.access import sessions
from app.access.caller import Role
from app.clock import real_now
from app.database import engine_for
from app.throwaway import throwaway_database
from tests.app.access.people import a_colleague
from tests.app.admin.house import House, Side, a_house


@dataclass(frozen=True)
class Visit:
    """Somebody's browser. `get` and `press` give what is to be read; `press` sends what our own forms send."""

    house: House
    cookie: str
    token: str

    @property
    def ours(self) -> Side:
        return self.house.ours

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Below our workshop's pages where the path does not begin with a slash."""
        headers = {"Cookie": f"werkstatt={self.cookie}", "Accept-Language": "en", **request.pop("headers", {})}
        where = path if path.startswith("/") else f"/staff/{self.ours.workshop}/{path}".rstrip("/")
        return self.house.client.request(method, where, headers=headers, **request)

    def get(self, path: str = "", **query: Any) -> str:
        answer = self.ask("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return unescape(answer.text)

    def press(self, path: str, **fields: Any) -> httpx.Response:
        return self.ask("POST", path, data=fields, headers={"HX-Request": "true", "X-Form-Token": self.token})


@pytest.fixture(scope="module")
def house(server: str, template: str) -> Iterator[House]:
    with throwaway_database(server, template) as url, engine_for(url, pool_size=20) as engine, a_house(engine) as house:
        house.client.timeout = httpx.Timeout(60)
        yield house


@pytest.fixture(scope="module")
def sign_in(house: House) -> Callable[[Role], Visit]:
    """Somebody with this role in our workshop, signed in."""

    @cache
    def sign_in(role: Role) -> Visit:
        with Session(house.engine) as session, session.begin():
            now = real_now(session)
            colleague = a_colleague(session, role, email=f"{role}@example.de", workshop=house.ours.workshop, now=now)
            cookie = sessions.begin(session, colleague.id, now=now)
        return Visit(house, cookie, sessions.form_token(cookie))

    return sign_in


@pytest.fixture(scope="module")
def owner(sign_in: Callable[[Role], Visit]) -> Visit:
    return sign_in(Role.OWNER)


def version_in(page: str) -> str:
    """The version that the forms of an appointment send along."""
    return str(re.findall(r'name="version" value="(\d+)"', page)[0])
