"""The public API: workshops, services, free times, and appointments for whoever can prove that they are theirs."""

from fastapi import APIRouter

from app.api import appointments, directory, slots

router = APIRouter(prefix="/api")
for part in (directory, slots, appointments):
    router.include_router(part.router)
