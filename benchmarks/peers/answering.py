"""What the peers' scripts share; it needs nothing but Python, for each runs in an environment of its own.

A script is started with the URL of an empty database. On stdin it gets the workload, one JSON line of `[day, [[start,
end], …]]` with minutes from midnight, and then numbers of days; for each it says how many free starts it found in so
many days, and the milliseconds that took.
"""

# mypy: ignore-errors
# Plain scripts, as their peers' are.

import datetime as dt
import json
import sys
from time import perf_counter
from urllib.parse import parse_qs, urlsplit


def database(url):
    """The settings of Django for a URL such as `postgresql://user@/name?host=/folder`."""
    parts = urlsplit(url)
    [folder] = parse_qs(parts.query)["host"]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username,
        "HOST": folder,
        "CONN_MAX_AGE": None,
    }


class NoMigrations:
    """For MIGRATION_MODULES: tables come straight from the models, to which all migrations would come in the end."""

    def __contains__(self, _):
        return True

    def __getitem__(self, _):
        return None


def workload():
    return [(dt.date.fromisoformat(day), busy) for day, busy in json.loads(sys.stdin.readline())]


def answer(search):
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        begun = perf_counter()
        found = search(int(line))
        print(json.dumps([found, (perf_counter() - begun) * 1000]), flush=True)
