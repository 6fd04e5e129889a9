"""The limit for a webhook: a FastAPI endpoint that stores a call and thanks, and nothing else."""

import sys
from typing import Annotated

import uvicorn
from fastapi import Body, FastAPI
from sqlalchemy import text

from app.database import engine_for

STORE = text("INSERT INTO calls (body) VALUES (:body)")


def main() -> None:
    """The arguments are the database's URL and the port."""
    with engine_for(sys.argv[1]) as engine:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE IF NOT EXISTS calls (body text)"))
        app = FastAPI()

        @app.get("/readyz")
        def ready() -> str:
            return "ready"

        @app.post("/")
        def store(body: Annotated[bytes, Body()]) -> str:
            with engine.begin() as connection:
                connection.execute(STORE, {"body": body.decode()})
            return "thanks"

        uvicorn.run(app, port=int(sys.argv[2]), log_level="warning", access_log=False)
