"""The staff's API, put together. Nothing of it is open but signing in and the secret links."""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.admin import (
    access,
    appointments,
    changes,
    closings,
    conversations,
    customers,
    exports,
    privacy,
    reports,
    settings,
    signing,
    workshops,
)

PREFIX = "/api/admin"


def _name(route: APIRoute) -> str:
    return route.name


router = APIRouter(prefix=PREFIX, generate_unique_id_function=_name)
for part in (signing.router, workshops.router, exports.open_router):
    router.include_router(part)
for part in (
    exports.router,
    appointments.router,
    changes.router,
    customers.router,
    privacy.router,
    closings.router,
    settings.router,
    conversations.router,
    reports.router,
    access.router,
):
    router.include_router(part, prefix="/workshops/{workshop_id}")
