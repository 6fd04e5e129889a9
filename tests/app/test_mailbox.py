"""The page behind the link of a first mail."""

import httpx
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.web import create_app
from booking_core import customers, mailboxes
from booking_core.tables import UserRow
from tests.app.serving import open_port, serving
from tests.booking_core.builders import a_customer


def test_only_the_button_proves_anything_and_a_link_that_is_no_longer_good_says_so(database: Engine) -> None:
    with Session(database) as session, session.begin():
        petra = a_customer(session)
        customers.learn(session, petra, email="petra@example.de")
        secret = mailboxes.ask(session, petra)

    def proved() -> bool:
        with Session(database) as session:
            return session.scalars(select(UserRow.email_proved_at)).one() is not None

    with open_port() as (port, url), serving(create_app(database, {}), port), httpx.Client(base_url=url) as browser:
        asked = browser.get(f"/mailbox/{secret}", headers={"Accept-Language": "de"})
        assert "Ja, bestätigen" in asked.text
        assert not proved()
        refused = browser.post("/mailbox/guessed")
        assert (refused.status_code, proved()) == (404, False)
        assert "gilt nicht mehr" in refused.text
        assert "Danke" in browser.post(f"/mailbox/{secret}").text
        assert proved()
