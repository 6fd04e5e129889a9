"""What the commands about keys and accounts share."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking_core.values import WorkshopId


class Role(StrEnum):
    """As in `app.access.caller`, which is too heavy to be loaded for a page of help."""

    OWNER = "owner"
    ADVISER = "adviser"
    MECHANIC = "mechanic"


Workshop = Annotated[int | None, typer.Option(help="The only workshop it is for; without, all of them.")]


@contextmanager
def opened() -> "Iterator[Session]":
    """A transaction on the database of the settings, migrated if that is ours."""
    from sqlalchemy.orm import Session

    from app.database import engine_for
    from app.migrating import migrate
    from app.servers import database_server
    from app.settings import Settings

    settings = Settings()
    with database_server(settings) as url, engine_for(url) as engine:
        if settings.database_url is None:
            migrate(engine)
        with Session(engine) as session, session.begin():
            yield session


def place(session: "Session", workshop: int | None) -> "WorkshopId | None":
    """The workshop of this number, if there is one."""
    from booking_core import directory
    from booking_core.errors import UnknownWorkshop
    from booking_core.values import WorkshopId

    try:
        return None if workshop is None else directory.workshop(session, WorkshopId(workshop)).id
    except UnknownWorkshop as error:
        raise typer.BadParameter(str(error), param_hint="--workshop") from None
