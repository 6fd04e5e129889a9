"""All pages of staff, in the order in which their addresses are tried."""

from fastapi import APIRouter

from app.staff import booking, closings, customers, day, inbox, inventory, reports, settings, signing

router = APIRouter(include_in_schema=False)
for part in (signing, booking, closings, customers, inbox, reports, settings, inventory, day):
    router.include_router(part.router)
