"""What a customer's message can mean: the words are gone, only facts are left."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum


class Intent(StrEnum):
    """What the customer wants of us. A message may hold several, in the order they were said."""

    BOOK = "book"
    AVAILABILITY = "availability"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    SHOW = "show"
    HOURS = "hours"
    LOCATION = "location"
    PRICE = "price"
    HUMAN = "human"
    AFFIRM = "affirm"
    DENY = "deny"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    GREET = "greet"
    HELP = "help"
    BACK = "back"
    RESTART = "restart"
    ABORT = "abort"
    ERASE = "erase"
    EXPORT = "export"
    LANGUAGE = "language"
    LATE = "late"
    STATUS = "status"
    STOP = "stop"
    START = "start"


class Expecting(StrEnum):
    """What the bot has just asked for. The same words mean different things after different questions."""

    NOTHING = "nothing"
    SERVICE = "service"
    PLACE = "place"
    WORKSHOP = "workshop"
    WHEN = "when"
    SLOT = "slot"
    VEHICLE = "vehicle"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    CONFIRM = "confirm"
    WHICH_APPOINTMENT = "which_appointment"
    CONFIRM_CANCEL = "confirm_cancel"
    VISIT = "visit"
    CODE = "code"


class Shift(StrEnum):
    """How the times or the workshop wanted differ from those just shown."""

    EARLIER = "earlier"
    LATER = "later"
    EARLIER_THAT_DAY = "earlier_that_day"
    LATER_THAT_DAY = "later_that_day"
    OTHER_TIME = "other_time"
    OTHER_DAY = "other_day"
    OTHER_WORKSHOP = "other_workshop"


THAT_DAY = frozenset({Shift.EARLIER_THAT_DAY, Shift.LATER_THAT_DAY})


class Stay(StrEnum):
    """Whether the customer stays with the car while it is worked on."""

    WAITS = "waits"
    DROPS_OFF = "drops_off"


class Pronoun(StrEnum):
    """How the customer wishes to be spoken to in German."""

    DU = "du"
    SIE = "sie"


class Question(StrEnum):
    """What a question of the customer is about that is no wish."""

    MEANING = "meaning"
    DURATION = "duration"
    BRING = "bring"
    SHOP = "shop"
    OFFER = "offer"
    REMINDER = "reminder"


class Channel(StrEnum):
    """The way by which the customer says to have booked before."""

    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    EMAIL = "email"
    PHONE = "phone"


class Grain(StrEnum):
    """How exactly a moment was named."""

    MINUTE = "minute"
    PART_OF_DAY = "part-of-day"
    DAY = "day"
    WEEKEND = "weekend"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Window:
    """A stretch of time the customer named: aware, half-open; `None` is an open side.

    A clock time ("um 10") has grain MINUTE and `start == end`.
    """

    start: datetime | None
    end: datetime | None
    grain: Grain = Grain.DAY


@dataclass(frozen=True)
class When:
    """When the customer would like to come: windows, narrowed by what holds on every day.

    `windows` empty means any day from now on. `weekdays` are ISO (1 = Monday), empty means every day.
    `times` are local times of day, half-open, empty means all day; `time.max` stands for midnight at the end. Twice the
    same time is a start at exactly that time ("um 10").
    `without` are windows and `without_weekdays` the ISO weekdays the customer ruled out.
    `soonest` says that the earliest offer is the best one. `loose` says that the windows were named by the weekday
    alone (WEEK) or the day of the month alone (MONTH), so that an earlier or later wish may set the week or month.
    """

    windows: tuple[Window, ...] = ()
    weekdays: frozenset[int] = frozenset()
    times: tuple[tuple[time, time], ...] = ()
    without: tuple[Window, ...] = ()
    without_weekdays: frozenset[int] = frozenset()
    soonest: bool = False
    loose: Grain | None = None


@dataclass(frozen=True)
class Vehicle:
    """What the customer said of the car; every part may be missing."""

    plate: str | None = None
    make: str | None = None
    model: str | None = None
    year: int | None = None


@dataclass(frozen=True)
class Understanding:
    """One message, understood. Everything is optional: silence is right where nothing was said.

    `services` are service codes ("oil-change"), `unwanted` those expressly not wanted ("keine Inspektion").
    `number` is a bare ordinal choice ("die zweite", "2", "the last one" = -1), counted from 1. `plate_candidates` holds
    the readings of an ambiguous plate ("BAB1234"), to be asked.
    `symptoms` are the customer's problems as symptom keys to be said back; `danger` is set when driving on is unsafe.
    `skipped` says the customer does not want to give what was asked ("hab ich nicht", "egal", "weiter").
    `also` says that the services come on top of those wanted before ("und noch die Bremsen"); `to_booking` that they
    are to join an appointment that is booked already ("zu meinem Termin noch einen Ölwechsel").
    `offset` is how much later, negative if earlier, than what we speak of ("eine Stunde später"); if there is nothing
    to speak of, `when` has the same seen from now.
    `waiting_list`: wants to be told when a time becomes free; `off_list`: no longer. `ponders`: has to think it over.
    `booked`: says to have an appointment; `booked_by` names the channel. `returning`: says to be a customer already.
    `bygone`: speaks of yesterday; `year_named`: the date was said with its year. `question`: asks about a service, or
    something that only the people of the workshop know; `same_question`: of something else what was asked before.
    `same_time`: at the time of day we speak of. `cars`: so many are to come.
    """

    text: str
    language: str
    intents: tuple[Intent, ...] = ()
    services: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    danger: bool = False
    when: When | None = None
    number: int | None = None
    clock: time | None = None
    plz: str | None = None
    city: str | None = None
    plate_candidates: tuple[str, ...] = ()
    vehicle: Vehicle = field(default_factory=Vehicle)
    mileage: int | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    code: str | None = None
    wanted_language: str | None = None
    skipped: bool = False
    also: bool = False
    to_booking: bool = False
    shift: Shift | None = None
    offset: timedelta | None = None
    waiting_list: bool = False
    off_list: bool = False
    ponders: bool = False
    stay: Stay | None = None
    pronoun: Pronoun | None = None
    returning: bool = False
    booked: bool = False
    booked_by: Channel | None = None
    bygone: bool = False
    year_named: bool = False
    question: Question | None = None
    same_question: bool = False
    same_time: bool = False
    cars: int | None = None
