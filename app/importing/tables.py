"""Files as lines, and what is wrong with which of them."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from booking_core.errors import BookingError
from booking_core.hours import BadHours

R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True)
class Trouble:
    """What is wrong; `line` is that of the file, as an editor counts."""

    line: int
    words: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.words}"


class Unfit(ValueError):
    """A line that reads well cannot be taken over; the text says why."""


class Unreadable(Exception):
    """The file as a whole cannot be read; the text says why."""


@dataclass(frozen=True)
class Line:
    """A line by the names of its columns; empty cells are left out."""

    number: int
    cells: Mapping[str, Any]


def csv_lines(path: Path) -> list[Line]:
    """A table in UTF-8 whose first line names the columns; commas or semicolons between them. Raises Unreadable."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{path} is not in UTF-8; save it as CSV UTF-8") from None
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from None
    head = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(keepends=True), delimiter=";" if head.count(";") > head.count(",") else ",")
    return list(_lines(reader))


def _lines(reader: "csv.DictReader[str]") -> Iterator[Line]:
    reader.restkey = "beyond the last column"
    for row in reader:
        filled = {name.strip(): str(cell).strip() for name, cell in row.items() if cell and str(cell).strip()}
        if filled:
            yield Line(reader.line_num, filled)


def read_lines(lines: Iterable[Line], model: type[R]) -> tuple[list[tuple[int, R]], list[Trouble]]:
    """What could be read of the lines, and what is wrong with the others."""
    read, troubles = [], []
    for line in lines:
        try:
            read.append((line.number, model.model_validate(line.cells)))
        except ValidationError as error:
            troubles += [Trouble(line.number, _told(one)) for one in error.errors()]
    return read, troubles


def _told(one: Mapping[str, Any]) -> str:
    where = ".".join(map(str, one["loc"])) or "line"
    return f"{where}: {one['msg'].removeprefix('Value error, ')}"


def attempt(read: Iterable[tuple[int, R]], do: Callable[[R], None]) -> list[Trouble]:
    """Do it with each line; what went wrong with which."""
    troubles = []
    for number, row in read:
        try:
            do(row)
        except (BookingError, BadHours, Unfit) as error:
            troubles.append(Trouble(number, str(error)))
    return troubles
