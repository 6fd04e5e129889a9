"""The public API, put together."""

from fastapi import APIRouter

from app.api import appointments, directory, slots

router = APIRouter(prefix="/api")
for part in (directory, slots, appointments):
    router.include_router(part.router)
