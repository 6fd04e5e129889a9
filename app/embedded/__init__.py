"""PostgreSQL and Valkey from wheels: for the demo, the tests and for trying things out without installing a server.

Whoever uses a home shares its servers with everybody else who does. They start with the first user and stop with the
last one, however roughly either of them goes.
"""

from app.embedded.errors import ServerUnavailable
from app.embedded.postgres import Postgres
from app.embedded.sharing import shared, temporary_home
from app.embedded.valkey import Valkey

__all__ = ["Postgres", "ServerUnavailable", "Valkey", "shared", "temporary_home"]
