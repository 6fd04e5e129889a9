"""Customers who may say anything, and a desk that may answer anything."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from booking_core.status import AppointmentStatus
from booking_core.values import AppointmentId, ServiceId, Slot, WorkshopId
from bot.commands import (
    AddServices,
    Book,
    CancelBooking,
    ClaimBooking,
    Command,
    EraseData,
    FindBookings,
    FindShops,
    FindSlots,
    FindStatus,
    FindUsualShop,
    HoldSlot,
    JoinWaitlist,
    LeaveWaitlist,
    ListServices,
    LookUp,
    MoveBooking,
    NoteLate,
    NoteReason,
    NoteStay,
    PromiseVisit,
    ProveCode,
    ReleaseHolds,
    Remember,
    TellData,
)
from bot.events import (
    Booked,
    BookingsFound,
    Cancelled,
    CodeSent,
    DataTold,
    DeskEvent,
    Done,
    Erased,
    Extended,
    Joined,
    LateNoted,
    ListLeft,
    LookedUp,
    Moved,
    NothingFree,
    Promised,
    Refused,
    Said,
    ServicesListed,
    ShopsFound,
    SlotHeld,
    SlotsFound,
    StatusFound,
)
from bot.facts import Booking, Client, Held, Job, Offer, Shop
from bot.step import State
from bot.understanding.meaning import Intent, Pronoun, Shift, Understanding, Vehicle, When, Window

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
WEEK = ((("07:30", "17:00"),),) * 5 + ((("08:00", "12:00"),), ())

jobs = st.sampled_from(
    [Job("oil-change", "Ölwechsel", "Oil change", 8900), Job("hu-au", "HU/AU", "MOT", 14900)],
)
shops = st.builds(
    Shop,
    id=st.integers(1, 4).map(WorkshopId),
    name=st.sampled_from(["Werkstatt am Dom", "Südhof"]),
    address=st.just("Domstr. 1"),
    plz=st.just("50667"),
    city=st.just("Köln"),
    phone=st.just("+49221555010"),
    hours=st.just(WEEK),
    km=st.none() | st.floats(0, 500),
)
moments = st.integers(-96, 4_000).map(lambda quarters: NOON + quarters * timedelta(minutes=15))
slots = moments.map(
    lambda start: Slot(WorkshopId(1), (ServiceId(1),), start, start + timedelta(minutes=45)),
)
offers = slots.map(lambda slot: Offer(slot, slot.start, "Werkstatt am Dom"))
cars = st.builds(Vehicle, plate=st.none() | st.just("K-AB 123"), make=st.just("VW"))
mentioned = cars | st.just(Vehicle())


def _lists_of_offers(least: int, most: int) -> SearchStrategy[tuple[Offer, ...]]:
    return st.lists(offers, min_size=least, max_size=most, unique_by=lambda offer: offer.token).map(tuple)


clients = st.builds(
    Client,
    name=st.none() | st.just("Max"),
    cars=st.lists(cars, max_size=2, unique=True).map(tuple),
    returning=st.booleans(),
)
held = st.builds(
    Held,
    appointment=st.integers(1, 9).map(AppointmentId),
    start=moments,
    until=moments,
    shop=shops,
    jobs=st.tuples(jobs),
)
bookings = st.builds(
    Booking,
    id=st.integers(1, 9).map(AppointmentId),
    code=st.sampled_from(["ABC234", "XYZ789"]),
    start=moments,
    shop=shops,
    jobs=st.tuples(jobs),
    changeable=st.booleans(),
)
_windows = st.one_of(
    moments.map(lambda start: Window(start, start)),
    moments.map(lambda start: Window(start, start + timedelta(days=1))),
    moments.map(lambda start: Window(start, None)),
)
whens = st.builds(
    When,
    windows=st.lists(_windows, max_size=2).map(tuple),
    weekdays=st.frozensets(st.integers(1, 7), max_size=2),
    times=st.sampled_from([(), ((time(8), time(12)),)]),
    soonest=st.booleans(),
)
meanings = st.builds(
    Understanding,
    text=st.text(max_size=20),
    language=st.sampled_from(["de", "en"]),
    intents=st.lists(st.sampled_from(list(Intent)), max_size=2, unique=True).map(tuple),
    services=st.sampled_from([(), (), ("oil-change",), ("oil-change", "hu-au")]),
    danger=st.sampled_from([False] * 9 + [True]),
    when=st.none() | whens,
    number=st.none() | st.integers(-1, 9),
    clock=st.none() | st.just(time(13)),
    plz=st.sampled_from([None, None, "50667", "99999"]),
    city=st.sampled_from([None, None, "Köln"]),
    plate_candidates=st.sampled_from([(), (), ("B-AB 1234", "BA-B 1234")]),
    vehicle=mentioned,
    name=st.sampled_from([None, "Max Muster"]),
    email=st.sampled_from([None, "max@example.org"]),
    code=st.sampled_from([None, "ABC234"]),
    skipped=st.booleans(),
    waiting_list=st.sampled_from([False] * 9 + [True]),
    off_list=st.sampled_from([False] * 9 + [True]),
    to_booking=st.sampled_from([False] * 9 + [True]),
    also=st.booleans(),
    shift=st.none() | st.sampled_from(list(Shift)),
    unwanted=st.sampled_from([(), (), ("hu-au",)]),
    pronoun=st.none() | st.sampled_from(list(Pronoun)),
)
nothing_said = st.builds(Understanding, text=st.just("xyz"), language=st.just("de"))


def utterances(state: State) -> SearchStrategy[Said]:
    """Anything at all, a pick from the screen, or a button of long ago."""
    on_screen = [option.id for option in state.choices]
    picks = st.none() | st.just("0123456789ab") | (st.sampled_from(on_screen) if on_screen else st.none())
    return st.builds(Said, meanings, st.none(), st.booleans()) | st.builds(Said, nothing_said, picks)


_refusals = st.sampled_from(
    [
        *("slot_taken", "not_bookable", "unknown_service", "too_late", "too_many_appointments", "too_many_holds"),
        *("wrong_status", "refused"),
    ]
).map(Refused)
_slots_found = st.builds(SlotsFound, _lists_of_offers(1, 5), st.tuples(jobs), exact=st.booleans())
_nothing_free = st.builds(
    NothingFree,
    reason=st.sampled_from(
        ["past", "notice", "holiday", "closed", "full", "not_that_day", "not_offered", "something new"]
    ),
    shop=shops,
    jobs=st.tuples(jobs),
    day=st.none() | st.just(date(2026, 12, 25)),
    detail=st.none() | st.just("Weihnachten"),
    hours=st.sampled_from([(), WEEK]),
    alternatives=_lists_of_offers(0, 3),
)


_joined = st.builds(Joined, st.lists(bookings, max_size=2, unique_by=lambda one: one.id).map(tuple))


def answers(command: Command) -> SearchStrategy[DeskEvent]:
    """All that a desk might say to this."""
    match command:
        case ListServices():
            return st.builds(ServicesListed, st.lists(jobs, min_size=1, unique=True).map(tuple))
        case FindShops() | FindUsualShop():
            return st.builds(ShopsFound, st.lists(shops, max_size=3, unique_by=lambda shop: shop.id).map(tuple))
        case FindSlots():
            return _slots_found | _nothing_free | _refusals
        case HoldSlot():
            return st.builds(SlotHeld, held, clients) | _refusals
        case Book():
            return st.builds(Booked, bookings) | _refusals
        case FindBookings():
            return st.builds(BookingsFound, st.lists(bookings, max_size=3, unique_by=lambda one: one.id).map(tuple))
        case CancelBooking():
            return st.builds(Cancelled, bookings) | _refusals
        case MoveBooking():
            return st.builds(Moved, bookings) | _refusals
        case PromiseVisit():
            return st.builds(Promised, bookings) | _refusals
        case AddServices():
            return st.builds(Extended, bookings) | _refusals
        case LookUp(topic=topic):
            return st.builds(
                LookedUp, st.just(topic), st.lists(shops, max_size=2).map(tuple), st.lists(jobs, max_size=2).map(tuple)
            )
        case NoteLate():
            return st.builds(LateNoted, st.none() | bookings)
        case FindStatus():
            return st.builds(StatusFound, st.none() | bookings, st.sampled_from(AppointmentStatus), st.booleans())
        case TellData():
            return st.builds(DataTold, clients, st.integers(0, 9))
        case EraseData():
            return st.builds(Erased, st.none() | st.just(2034)) | st.just(Refused("still_booked"))
        case ClaimBooking():
            return st.builds(CodeSent, st.sampled_from(["sms", "email", "telegram", "whatsapp"])) | _joined | _refusals
        case ProveCode():
            return _joined | _refusals
        case LeaveWaitlist():
            return st.builds(ListLeft, st.booleans())
        case ReleaseHolds() | Remember() | JoinWaitlist() | NoteReason() | NoteStay():
            return st.just(Done())
