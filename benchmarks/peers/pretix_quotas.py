"""pretix does the job: each start that may be free is a date of an event series, with a quota of one.

Run by `benchmarks.peers` in an environment of its own. A start that a booking overlaps has an empty quota, as somebody
with a workshop on pretix would have to keep it. What is free is asked as its calendar asks it, without drawing a page.
"""

# mypy: ignore-errors
# Django is not installed where our types are checked.

import datetime as dt
import os
import sys
import tempfile
from collections import defaultdict
from zoneinfo import ZoneInfo

import django
from answering import NoMigrations, answer, database, workload
from django.conf import settings

OPEN, LENGTH = ((420, 720), (765, 1080)), 90
BERLIN = ZoneInfo("Europe/Berlin")

_folder = tempfile.TemporaryDirectory()
os.environ |= {"DATA_DIR": _folder.name, "PRETIX_CONFIG_FILE": "/dev/null"}
from pretix import settings as theirs  # noqa: E402 - It makes its folders while it is imported.

settings.configure(
    **{name: value for name, value in vars(theirs).items() if name.isupper()}
    | {"DATABASES": {"default": database(sys.argv[1])}, "MIGRATION_MODULES": NoMigrations(), "LOGGING_CONFIG": None}
)
django.setup()

from django.core.management import call_command  # noqa: E402 - Only once Django is set up.
from django_scopes import scope  # noqa: E402
from pretix.base.models import Event, Item, Organizer, Quota, SubEvent  # noqa: E402
from pretix.presale.views.organizer import add_subevents_for_days  # noqa: E402


def build(organizer, days):
    event = Event.objects.create(
        organizer=organizer, name="Werkstatt", slug="w", date_from=_at(days[0][0], 0), has_subevents=True, live=True
    )
    item = Item.objects.create(event=event, name="Inspektion", default_price=89)
    starts = [(day, minute, busy) for day, busy in days for opens, closes in OPEN for minute in _grid(opens, closes)]
    dates = SubEvent.objects.bulk_create(
        SubEvent(event=event, name="Inspektion", active=True, date_from=_at(day, minute)) for day, minute, _ in starts
    )
    quotas = Quota.objects.bulk_create(
        Quota(event=event, subevent=date, name="lift", size=int(_is_free(minute, busy)))
        for date, (_, minute, busy) in zip(dates, starts, strict=True)
    )
    sold = Quota.items.through
    sold.objects.bulk_create(sold(quota=quota, item=item) for quota in quotas)
    return event


def _grid(opens, closes):
    return range(opens, closes - LENGTH + 1, 15)


def _is_free(minute, busy):
    return all(minute + LENGTH <= start or minute >= end for start, end in busy)


def _at(day, minute):
    return dt.datetime.combine(day, dt.time(*divmod(minute, 60)), BERLIN)


def main():
    days = workload()
    call_command("migrate", verbosity=0, run_syncdb=True)
    organizer = Organizer.objects.create(name="Werkstatt", slug="w")
    with scope(organizer=organizer):
        event = build(organizer, days)
        first = _at(days[0][0], 0)

        channel = organizer.sales_channels.get(identifier="web")

        def search(number):
            found = defaultdict(list)
            after = first + dt.timedelta(days=number, microseconds=-1)
            dates = event.subevents_annotated(channel)
            add_subevents_for_days(dates, first, after, found, set(), channel, event=event)
            shown = [one["event"] for day in found.values() for one in day]
            return sum(date.best_availability_state == Quota.AVAILABILITY_OK for date in shown)

        answer(search)


main()
