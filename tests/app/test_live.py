"""Open pages hear of what was committed."""

import asyncio

from sqlalchemy import Engine, text

from app.live import EVERY, Watch

VISIBLE = text("select pg_visible_in_snapshot(cast(:xid as xid8), cast(:mark as pg_snapshot))")


def test_a_page_hears_of_a_commit_at_the_next_look(database: Engine) -> None:
    def shows(xid: str, mark: str) -> bool:
        with database.connect() as connection:
            return bool(connection.scalar(VISIBLE, {"xid": xid, "mark": mark}))

    async def follow() -> None:
        marks = Watch(database).changes(every=0.001)
        with database.begin() as connection:
            xid = connection.scalar(text("select pg_current_xact_id()::text"))
            assert not shows(xid, await anext(marks))
        while not shows(xid, await anext(marks)):
            pass

    asyncio.run(asyncio.wait_for(follow(), timeout=30))


def test_the_looks_are_close_enough_to_show_it_within_a_second() -> None:
    assert EVERY <= 0.25
