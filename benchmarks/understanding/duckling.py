"""Duckling, by the jars that PyPI's `duckling` brings, in a Java machine inside this process."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_LENGTHS = {
    "second": timedelta(),
    "minute": timedelta(),
    "hour": timedelta(),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
    "quarter": timedelta(days=91),
    "year": timedelta(days=365),
}
_CLOCKS = ("second", "minute", "hour")
Stretch = tuple[datetime | None, datetime | None]


class Duckling:
    """The parser, loaded for German and English, which takes it half a minute; ImportError where it cannot be."""

    def __init__(self, now: datetime) -> None:
        jpype = import_module("jpype")
        package = find_spec("duckling")
        if package is None or package.origin is None:
            raise ImportError("No module named 'duckling'")
        jars = sorted(str(jar) for jar in (Path(package.origin).parent / "jars").glob("*.jar"))
        try:
            jpype.startJVM(classpath=jars)
        except jpype.JVMNotFoundException as error:
            raise ImportError("no Java machine here") from error
        self._clojure = jpype.JClass("clojure.java.api.Clojure")
        self._clojure.var("clojure.core", "require").invoke(self._clojure.read("duckling.core"))
        self._clojure.var("duckling.core", "load!").invoke(self._clojure.read('{:languages ("de" "en")}'))
        self._parse: Callable[..., Any] = self._clojure.var("duckling.core", "parse").invoke
        self._kinds = self._clojure.read("[:time]")
        offset = now.utcoffset() or timedelta()
        moment = self._clojure.var("duckling.time.obj", "t").invoke(
            offset // timedelta(hours=1), now.year, now.month, now.day, now.hour, now.minute, now.second
        )
        keyword = self._clojure.read(":reference-time")
        self._context = self._clojure.var("clojure.core", "hash-map").invoke(keyword, moment)

    def stretches(self, text: str, language: str) -> list[Stretch]:
        """What it found, in local time, half-open; a day and a clock time found apart are one."""
        found = list(self._found(text, language))
        days = [start for start, _, grain in found if grain == "day"]
        clocks = [start for start, _, grain in found if grain in _CLOCKS]
        if len(found) == 2 and len(days) == len(clocks) == 1 and days[0] and clocks[0]:
            moment = datetime.combine(days[0], clocks[0].time())
            return [(moment, moment)]
        return [(start, end) for start, end, _ in found]

    def _found(self, text: str, language: str) -> Iterator[tuple[datetime | None, datetime | None, str]]:
        for entry in self._parse(f"{language}$core", text, self._kinds, self._context).iterator():
            value = self._of(entry, "value")
            if self._of(entry, "latent") or value is None:
                continue
            grain = str(self._of(value, "grain") or "").lstrip(":")
            start = _local(self._of(value, "value"))
            if start is not None:
                yield from _directed(start, grain, str(self._of(value, "direction") or ""))
                continue
            first, last = self._of(value, "from"), self._of(value, "to")
            ends = [_local(self._of(end, "value")) if end is not None else None for end in (first, last)]
            if any(ends):
                yield ends[0], ends[1], "interval"

    def _of(self, map_: Any, key: str) -> Any:
        return self._clojure.read(f":{key}").invoke(map_)


def _directed(start: datetime, grain: str, direction: str) -> Iterator[tuple[datetime | None, datetime | None, str]]:
    """ "ab 14 Uhr" is a moment with a direction."""
    if "before" in direction:
        yield None, start, "bound"
    elif "after" in direction:
        yield start, None, "bound"
    else:
        yield start, start + _LENGTHS.get(grain, timedelta()), grain


def _local(moment: Any) -> datetime | None:
    return datetime.fromisoformat(str(moment)).replace(tzinfo=None) if moment is not None else None
