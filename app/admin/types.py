"""What may be sent: each type is as narrow as what the database and the calendar can take."""

import re
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

import phonenumbers
from fastapi import Query
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from app.api.requests import LARGEST_ID
from booking_core.hours import read_week
from booking_core.seasons import read_season

T = TypeVar("T")

_PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
_EARLIEST, _LATEST = 2020, 2099
_DAY = r"20[2-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_E164 = re.compile(r"\+[1-9][0-9]{4,14}")
_TIME = r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"


class Sent(BaseModel):
    """A body: with nothing in it that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Listed(BaseModel, Generic[T]):
    """A page of a list, newest first. `next` is the `after` of the page that follows, null on the last."""

    items: list[T]
    next: int | None


def _in_our_time(moment: Any) -> Any:
    if not _EARLIEST <= moment.year <= _LATEST:
        raise ValueError(f"a year from {_EARLIEST} to {_LATEST} is wanted")
    return moment


def _as_text(written: object) -> object:
    """Pydantic would also take a number of seconds, which the document does not promise."""
    if not isinstance(written, str):
        raise ValueError("a text is wanted, as in RFC 3339")
    return written


def _number(written: str) -> str:
    try:
        number = phonenumbers.parse(written, "DE")
    except phonenumbers.NumberParseException:
        raise ValueError("this is no phone number") from None
    full = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    # 110 and 115 can be dialled, but nobody can be called back there.
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    if not possible or not _E164.fullmatch(full):
        raise ValueError("this is no phone number")
    return full


def _week(written: dict[str, Any]) -> dict[str, Any]:
    read_week(written)
    return written


def _season(written: list[Any]) -> list[Any]:
    read_season(written)
    return written


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Ref = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID)]
Whole = Annotated[int, Field(strict=True)]
Truth = Annotated[bool, Field(strict=True)]
Plain = Annotated[str, StringConstraints(max_length=200, pattern=_PLAIN)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_PLAIN)]
LongWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=_PLAIN)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Plz = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]
Phone = Annotated[
    str,
    StringConstraints(max_length=30),
    AfterValidator(_number),
    WithJsonSchema({"type": "string", "format": "phone", "description": "As people write it, or in E.164"}),
]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_as_text),
    AfterValidator(_in_our_time),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": f"^{_DAY}{_TIME}$"}),
]
Day = Annotated[
    date,
    BeforeValidator(_as_text),
    AfterValidator(_in_our_time),
    WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{_DAY}$"}),
]
Evening = Annotated[str, StringConstraints(pattern=r"^(1[2-9]|2[0-3]):[0-5][0-9]$")]
Morning = Annotated[str, StringConstraints(pattern=r"^((0[4-9]|10):[0-5][0-9]|11:00)$")]
Week = Annotated[dict[str, Any], AfterValidator(_week)]
Season = Annotated[list[Any], AfterValidator(_season)]

After = Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most")]
