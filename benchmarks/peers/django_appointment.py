"""django-appointment does the job: one member of staff, days of 07-18, a break that is an unavailability, bookings.

Run by `benchmarks.peers` in an environment of its own. It asks, day by day, what its page asks for a day.
"""

# mypy: ignore-errors
# Django is not installed where our types are checked.

import datetime as dt
import sys
from decimal import Decimal

import django
from answering import NoMigrations, answer, database, workload
from django.conf import settings

settings.configure(
    DATABASES={"default": database(sys.argv[1])},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "appointment"],
    MIGRATION_MODULES=NoMigrations(),
    USE_TZ=True,
    TIME_ZONE="Europe/Berlin",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    SECRET_KEY="of no use",  # noqa: S106 - Nobody can log in.
    LOGGING_CONFIG=None,
    ROOT_URLCONF="appointment.urls",
)
django.setup()

from appointment.models import (  # noqa: E402 - Only once Django is set up.
    Appointment,
    AppointmentRequest,
    Config,
    Service,
    StaffMember,
    Unavailability,
    WorkingHours,
)
from appointment.services import get_available_slots_for_staff  # noqa: E402
from appointment.utils.date_time import get_weekday_num  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402


def build(days):
    call_command("migrate", verbosity=0, run_syncdb=True)
    Config.objects.create(slot_duration=15, lead_time=dt.time(7), finish_time=dt.time(18), appointment_buffer_time=0)
    user = get_user_model().objects.create_user("lift")
    service = Service.objects.create(name="Inspektion", duration=dt.timedelta(minutes=90), price=Decimal(89))
    staff = StaffMember.objects.create(user=user, slot_duration=15, appointment_buffer_time=0)
    staff.services_offered.add(service)
    for day in range(7):
        WorkingHours.objects.create(staff_member=staff, day_of_week=day, start_time=dt.time(7), end_time=dt.time(18))
    Unavailability.objects.bulk_create(
        Unavailability(staff_member=staff, date=day, start_time=dt.time(12), end_time=dt.time(12, 45))
        for day, _ in days
    )
    requests = AppointmentRequest.objects.bulk_create(
        AppointmentRequest(
            date=day, start_time=_at(start), end_time=_at(end), service=service, staff_member=staff, id_request=str(n)
        )
        for n, (day, start, end) in enumerate((day, *busy) for day, taken in days for busy in taken)
    )
    Appointment.objects.bulk_create(
        Appointment(client=user, appointment_request=request, id_request=request.id_request) for request in requests
    )
    return staff, service


def _at(minute):
    return dt.time(*divmod(minute, 60))


def main():
    days = workload()
    staff, service = build(days)

    def search(number):
        return sum(
            len(get_available_slots_for_staff(day, staff, get_weekday_num(f"{day:%A}"), service))
            for day, _ in days[:number]
        )

    answer(search)


main()
