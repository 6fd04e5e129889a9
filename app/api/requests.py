"""What callers send."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)
from pydantic_core import PydanticCustomError

from booking_core.values import ServiceId, WorkshopId

_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
LARGEST_ID = 2**53 - 1
"""JSON's numbers are exact no further."""


def _written_as(pattern: re.Pattern[str], wanted: str) -> Callable[[object], object]:
    """Pydantic would also take seconds since 1970, which the schema does not promise."""

    def check(value: object) -> object:
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        raise PydanticCustomError("not_rfc_3339", "Input should be {wanted}", {"wanted": wanted})

    return check


def _number(value: object) -> object:
    """Pydantic would also take "1" and true for 1; that 1.0 is an integer even JSON Schema says."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("int_type", "Input should be a valid integer")
    return value


def _different(ids: list[ServiceId]) -> list[ServiceId]:
    if len(set(ids)) < len(ids):
        raise PydanticCustomError("not_unique", "Each service may be named once")
    return ids


Text = Annotated[str, Field(min_length=1, max_length=100, pattern=_NO_CONTROLS)]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(
        _written_as(_MOMENT, "a date and a time with an offset (RFC 3339)"), json_schema_input_type=datetime
    ),
]
Day = Annotated[
    date,
    BeforeValidator(_written_as(_DAY, "a date as in 2026-11-24"), json_schema_input_type=date),
    Field(description="The first day, in the workshop's time zone; today if none is named"),
]
Whole = BeforeValidator(_number)
Workshop = Annotated[WorkshopId, Field(ge=1, le=LARGEST_ID), Whole]
Service = Annotated[ServiceId, Field(ge=1, le=LARGEST_ID), Whole]
Services = Annotated[
    list[Service],
    Field(
        min_length=1,
        max_length=5,
        description="Done in one visit, one after the other",
        json_schema_extra={"uniqueItems": True},
    ),
    AfterValidator(_different),
]
Code = Annotated[str, Field(min_length=1, max_length=32, description="The public code of a hold or an appointment")]
Email = Annotated[
    str,
    StringConstraints(to_lower=True),
    Field(
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$",
    ),
]
Phone = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$", description="E.164")]


class Body(BaseModel):
    """Whatever is not named here is refused, so that a slip of the pen is noticed."""

    model_config = ConfigDict(extra="forbid")


class Guest(Body):
    """Who comes; confirmations and reminders go to the e-mail address."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["email"]}, {"required": ["phone"]}]})

    name: Text
    email: Email = Field(default_factory=str)
    phone: Phone = Field(default_factory=str)
    language: Literal["de", "en"] = "de"

    def model_post_init(self, context: Any, /) -> None:
        """Somebody whom nobody could call back is no customer."""
        if not (self.email or self.phone):
            raise PydanticCustomError("contact_missing", "An e-mail address or a phone number is needed")


class GuestCar(Body):
    """The car that comes, as far as it is known."""

    plate: Annotated[str, Field(max_length=15, pattern=r"^[A-Za-zÄÖÜäöü0-9][A-Za-zÄÖÜäöü0-9 -]*$")] = Field(
        default_factory=str
    )
    make: Text = Field(default_factory=str)
    model: Text = Field(default_factory=str)
    year: Annotated[int, Field(ge=1886, le=2100), Whole] | None = None


class NewHold(Body):
    """A time to keep for ten minutes."""

    workshop_id: Workshop
    service_ids: Services
    start: Moment


class NewAppointment(NewHold):
    """A time to book in one go."""

    customer: Guest
    vehicle: GuestCar | None = None


class HoldToConfirm(Body):
    """A hold to make an appointment of; its proof comes in the header."""

    hold: Code
    customer: Guest
    vehicle: GuestCar | None = None


def _kind(body: object) -> str:
    return "confirm" if isinstance(body, HoldToConfirm) or (isinstance(body, dict) and "hold" in body) else "book"


Booking = Annotated[
    Annotated[HoldToConfirm, Tag("confirm")] | Annotated[NewAppointment, Tag("book")], Discriminator(_kind)
]


class NewTime(Body):
    """Another time in the same workshop."""

    start: Moment


class Question(BaseModel):
    """The parameters of a query; one that we do not know is refused."""

    model_config = ConfigDict(extra="forbid")


class WorkshopsWanted(Question):
    plz: Annotated[str, Field(pattern="^[0-9]{5}$", description="A German postcode; the nearest come first")] | None = (
        None
    )
    city: Annotated[Text, Field(description="A town, however it is spelt")] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    after: (
        Annotated[WorkshopId, Field(ge=1, le=LARGEST_ID, description="The last workshop of the page before")] | None
    ) = None


class ServicesWanted(Question):
    workshop_id: Annotated[WorkshopId, Field(ge=1, le=LARGEST_ID)]


class SlotsWanted(Question):
    workshop_id: Annotated[WorkshopId, Field(ge=1, le=LARGEST_ID)]
    service_id: Annotated[
        list[Annotated[ServiceId, Field(ge=1, le=LARGEST_ID)]],
        Field(min_length=1, max_length=5, description="Repeated for several services in one visit"),
    ]
    date: Day | None = None
    days: Annotated[int, Field(ge=1, le=60, description="How many days")] = 1
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[Moment, Field(description="The start of the last slot of the page before")] | None = None
