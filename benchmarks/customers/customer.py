"""A customer: wants something, answers what is asked, and is only human."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.customers.goals import Goal, Kind
from benchmarks.customers.hearing import Heard, moments
from benchmarks.customers.manners import Manners
from benchmarks.customers.slips import plain, slipped, without_umlauts
from benchmarks.customers.wishes import Wish, a_wish, another_wish
from benchmarks.customers.wording import Wording
from bot.messages import Choice

AGAIN = 2
"""How often somebody says their wish anew before they lose interest."""


@dataclass(frozen=True)
class Told:
    """What a customer does next: write or tap, after a while."""

    text: str = ""
    choice: Choice | None = None
    after: timedelta = timedelta(seconds=40)
    aside: bool = False


@dataclass
class Customer:
    """One person in one conversation. `wish` is what they want by now, `chosen` the time they believe to be theirs."""

    goal: Goal
    manners: Manners
    wording: Wording
    now: datetime
    display_names: dict[str, tuple[str, str]]
    wish: Wish = field(init=False)
    wished_at: datetime = field(init=False)
    chosen: datetime | None = None
    compromised: bool = False
    heard_reason: bool = False
    declined: bool = False
    wants_out: bool = False
    gave_up: str = ""
    asked: int = 0
    restated: int = 0
    opened: int = 0
    had: int = 0
    errands: int = 1
    told_before: str = ""
    places: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.places = self.goal.place.workshops
        self._want(self.goal.wish)

    def _want(self, wish: Wish) -> None:
        self.wish, self.wished_at, self.chosen, self.compromised = wish, self.now, None, False
        self.heard_reason = False

    def opens(self) -> Told:
        """The first message."""
        self.opened += 1
        return self._typed(self.manners.opening(self.goal, self.wording))

    def replies(self, heard: Heard, now: datetime) -> Told | None:
        """The next message; None when there is nothing more to say."""
        self.now = now
        self.asked += 1
        if self.is_done(heard):
            return self._next_errand(heard)
        if heard.hands_over:
            self.gave_up = "handed over"
            return None
        if self.declined:
            return self._leaves(heard)
        self.heard_reason = self.heard_reason or heard.reason
        if heard.reason and heard.expects == "nothing" and self.errand in (Kind.MOVE, Kind.CANCEL):
            self.declined = True
            return None
        if aside := self._aside(heard):
            return aside
        answer = _ANSWERS.get(heard.expects)
        if answer is None:
            self.gave_up = f"did not know what to say to {heard.expects}"
            return None
        return answer(self, heard)

    def is_done(self, heard: Heard) -> bool:
        """Whether the errand of the moment has been run."""
        if self.errand is Kind.CANCEL:
            return bool(heard.appointments) and not heard.confirmed
        if self.errand is Kind.MOVE:
            starts = [datetime.fromisoformat(one["start"]) for one in heard.confirmed]
            return heard.expects == "nothing" and starts != self.starts
        return len(heard.confirmed) > self.had

    errand: Kind = Kind.BOOK
    starts: list[datetime] = field(default_factory=list)

    def _next_errand(self, heard: Heard) -> Told | None:
        if self.goal.then is None:
            return None
        self.errands += 1
        self.had = len(heard.confirmed)
        self.starts = [datetime.fromisoformat(one["start"]) for one in heard.confirmed]
        previous, self.goal = self.goal, self.goal.then
        self.errand = Kind.BOOK if self.goal.kind is Kind.AGAIN else self.goal.kind
        booked = self.chosen
        if self.errand is Kind.CANCEL:
            self.wish = previous.wish
            return self._typed(self.wording.say("cancel"), after=timedelta(minutes=25))
        self._want(self.goal.wish)
        if self.errand is Kind.BOOK:
            self.places = self.goal.place.workshops
        if self.errand is Kind.MOVE:
            if any(self.wish.suits(start) for start in self.starts):
                days = frozenset(start.date() for start in self.starts)
                self._want(a_wish(self.wording, self.now, soonest=False, without=days))
            self.chosen = booked
            return self._typed(self._moving(), after=timedelta(minutes=25))
        words = self.wording.say("again", **self.facts)
        return self._typed(words, after=timedelta(minutes=3))

    def _moving(self) -> str:
        if self.wording.dice.random() < 0.5:
            return self.wording.say("move")
        return self.wording.say("move_to", when=self.wish.words)

    @property
    def facts(self) -> dict[str, str]:
        return self.manners.facts(self.goal, self.wording, self.wish)

    def _leaves(self, heard: Heard) -> Told | None:
        if heard.expects == "nothing":
            return None
        if self.restated > AGAIN + 1:
            self.gave_up = "could not get out"
            return None
        self.restated = AGAIN + 2
        return Told(self.wording.say("leave"))

    def _aside(self, heard: Heard) -> Told | None:
        """What comes in between: a question, an impatient word, a change of mind."""
        topic = self.manners.aside_at(self.asked) if heard.expects not in ("nothing", "confirm_cancel") else None
        if topic:
            return self._typed(self.wording.say(topic), aside=True)
        ready = heard.expects in ("slot", "name", "confirm", "vehicle") and self.errand is not Kind.CANCEL
        if ready and self.goal.kind is not Kind.CANNOT_BE and self.manners.changes_mind_at(self.asked):
            return self._changes_mind("change_of_mind")
        return None

    def _changes_mind(self, key: str) -> Told:
        before = self.wish.days or (frozenset({self.chosen.date()}) if self.chosen else frozenset())
        self._want(another_wish(self.wording, self.now, before))
        if self.errand is Kind.BOOK:
            self.places = self.goal.place.workshops
        return self._typed(self.wording.say(key, when=self.wish.words))

    def _typed(self, text: str, *, after: timedelta | None = None, aside: bool = False) -> Told:
        dice, manners = self.wording.dice, self.manners
        person = self.goal.person
        if dice.random() < manners.sloppy:
            text = slipped(text, dice, [person.name, person.email or "", person.plate or "", person.car or ""])
        if manners.plain_letters:
            text = without_umlauts(text)
        if manners.lower_case:
            text = text.lower()
        return Told(text, after=after or manners.pause(dice), aside=aside)

    # What to say when something is expected.

    def _nothing(self, heard: Heard) -> Told | None:
        self.opened += 1
        if self.opened > AGAIN + 1:
            self.gave_up = "was not heard"
            return None
        if self.errand in (Kind.MOVE, Kind.CANCEL):
            return self._typed(self._moving() if self.errand is Kind.MOVE else self.wording.say("cancel"))
        return self._typed(self.wording.one_of(self.wording.list("openers")).format(**self.facts))

    def _service(self, heard: Heard) -> Told:
        names = {name for code in self.goal.services for name in self.display_names[code]}
        fitting = [choice for choice in heard.choices if choice.label in names]
        if fitting and len(self.goal.services) == 1:
            return self._takes(fitting[0], heard)
        return self._typed(self.wording.say("service", **self.facts))

    def _place(self, heard: Heard) -> Told:
        return self._typed(self.wording.say("place", place=self.goal.place.words))

    def _workshop(self, heard: Heard) -> Told:
        if self.goal.place.far and not self.manners.flexible:
            return self._declines()
        fitting = [one for one in heard.choices if any(name in one.label for name in self.places)]
        if not fitting:
            return self._place(heard)
        choice = self.wording.dice.choice(fitting)
        self.places = frozenset(name for name in self.places if name in choice.label)
        part = choice.label.split(",")[0]
        number = heard.choices.index(choice) + 1
        if self.manners.taps:
            return Told(choice=choice)
        return self._typed(self.wording.say("workshop", label=choice.label, part=part, number=number))

    def _when(self, heard: Heard) -> Told:
        if heard.reason and not self.manners.flexible:
            return self._declines()
        return self._typed(self.wording.say("when", when=self.wish.words))

    def _slot(self, heard: Heard) -> Told:
        times = [(choice, each[0]) for choice in heard.choices if (each := moments(choice.label, self.now))]
        offers = [(choice, at) for choice, at in times if at not in self.starts and self._is_here(choice.label)]
        fitting = [offer for offer in offers if self.wish.suits(offer[1])]
        if fitting:
            return self._takes_time(*self.wording.dice.choice(fitting), heard)
        if not self.heard_reason and self.restated < AGAIN:
            self.restated += 1
            if any(self.wish.suits(at) for _, at in times):
                return self._typed(self.wording.say("wrong_place", place=self.goal.place.words))
            return self._typed(self.wording.say("wish_again", when=self.wish.words))
        if not self.heard_reason or not self.manners.flexible:
            return self._declines()
        same_again, self.told_before = heard.text == self.told_before, heard.text
        if self.manners.bargains and self.restated < AGAIN and not same_again:
            self.restated += 1
            return self._changes_mind("wish_again")
        if not offers:
            return self._declines()
        self.compromised = True
        return self._takes_time(*min(offers, key=lambda offer: self._distance(offer[1])), heard)

    def _is_here(self, label: str) -> bool:
        """Whether a time is at a workshop that would do; where only one comes into question it is not named."""
        _, _, shop = label.partition(":")
        return "," not in shop or any(name.split()[-1] in shop for name in self.places)

    def _distance(self, moment: datetime) -> timedelta:
        return min((abs(moment.date() - day) for day in self.wish.days), default=timedelta())

    def _declines(self) -> Told:
        self.declined = self.wants_out = True
        return self._typed(self.wording.say("decline"))

    def _takes_time(self, choice: Choice, moment: datetime, heard: Heard) -> Told:
        self.chosen = moment
        named = frozenset(name for name in self.places if name.split()[-1] in choice.label)
        self.places = named or self.places
        alike = [one for one in heard.choices if moments(one.label, self.now)[:1] == [moment]]
        if self.manners.taps or len(alike) > 1:
            return self._takes(choice, heard)
        number = heard.choices.index(choice)
        offered = [each[0] for one in heard.choices if (each := moments(one.label, self.now))]
        keys = ["take_number", "take_number", "take_label", "take_day_and_time"]
        keys += ["take_ordinal"] * (number < len(self.wording.list("ordinals")))
        keys += ["take_time"] * (sum(one.time() == moment.time() for one in offered) == 1)
        words = self.wording.one_of(self.wording.list(self.wording.dice.choice(keys)))
        return self._typed(
            words.format(
                number=number + 1,
                label=choice.label,
                ordinal=self.wording.list("ordinals")[min(number, 3)],
                clock=self._clock(moment, words),
                weekday=self.wording.list("weekdays")[moment.weekday()],
                date=f"{moment.day}.{moment.month}.",
            )
        )

    def _clock(self, moment: datetime, words: str) -> str:
        if moment.minute == 0 and "Uhr" in words:
            return str(moment.hour)
        return f"{moment.hour}:{moment.minute:02}"

    def _takes(self, choice: Choice, heard: Heard) -> Told:
        if self.manners.taps:
            return Told(choice=choice)
        return Told(self.wording.one_of([choice.label, str(heard.choices.index(choice) + 1)]))

    def _name(self, heard: Heard) -> Told:
        person, asks = self.goal.person, heard.text.casefold()
        facts = {"name": person.name, "plate": self._plate_as_typed(), "car": person.car}
        asks_for_car = any(word in asks for word in ("kennzeichen", "registration", "plate"))
        key = "name"
        if asks_for_car and self.manners.forthcoming:
            key = "name_and_plate" if person.plate else "name_and_car" if person.car else "name"
        words = self.wording.say(key, **facts)
        if "mail" in asks and person.email and self.manners.forthcoming:
            words = f"{words}, {person.email}"
        return self._typed(words)

    def _plate_as_typed(self) -> str:
        plate = self.goal.person.plate or ""
        return self.wording.one_of([plate, plate, plate.replace("-", " "), plate.lower()])

    def _vehicle(self, heard: Heard) -> Told:
        person = self.goal.person
        mine = person.plate or person.car
        if mine and (fitting := [choice for choice in heard.choices if mine in choice.label]):
            return self._takes(fitting[0], heard)
        key = "plate" if person.plate else "car" if person.car else "no_plate"
        return self._typed(self.wording.say(key, plate=self._plate_as_typed(), car=person.car))

    def _email(self, heard: Heard) -> Told:
        email = self.goal.person.email
        return self._typed(self.wording.say("email", email=email) if email else self.wording.say("no_email"))

    def _confirm(self, heard: Heard) -> Told:
        read = moments(heard.text, self.now)
        if self.manners.attentive and (objection := self._objection(heard, read)):
            self.restated += 1
            return self._typed(objection)
        if read:
            self.chosen = read[0]
        yes = heard.choices[0] if heard.choices and self.manners.taps else None
        return Told(choice=yes, after=self.manners.thinks) if yes else Told(self._yes(), after=self.manners.thinks)

    def _yes(self) -> str:
        return self.wording.say("yes")

    def _objection(self, heard: Heard, read: list[datetime]) -> str | None:
        """What somebody who reads it finds wrong."""
        if self.restated > AGAIN:
            return None
        others = {
            name for code, names in self.display_names.items() if code not in self.goal.services for name in names
        }
        mine = [self.display_names[code] for code in self.goal.services]
        if any(f"{name} " in heard.text for name in others) or not all(
            any(name in heard.text for name in names) for names in mine
        ):
            return self.wording.say("wrong_service", **self.facts)
        if read and not (self.wish.suits(read[0]) or (self.compromised and read[0] == self.chosen)):
            return self.wording.say("wish_again", when=self.wish.words)
        if not any(name in heard.text for name in self.places):
            return self.wording.say("wrong_place", place=self.goal.place.words)
        if plain(self.goal.person.name) not in plain(heard.text):
            return self.wording.say("wrong_name", name=self.goal.person.name)
        plate = self.goal.person.plate
        if plate and plate not in heard.text:
            return self.wording.say("wrong_plate", plate=plate)
        return None

    def _which_appointment(self, heard: Heard) -> Told | None:
        fitting = [choice for choice in heard.choices if self.chosen in moments(choice.label, self.now)]
        if not fitting:
            self.gave_up = "did not find the appointment"
            return None
        return self._takes(fitting[0], heard)

    def _confirm_cancel(self, heard: Heard) -> Told:
        yes, *_, no = heard.choices
        choice = yes if self.errand is Kind.CANCEL else no
        if self.manners.taps:
            return Told(choice=choice)
        return Told(self._yes() if self.errand is Kind.CANCEL else self.wording.say("no"))


Answer = Callable[[Customer, Heard], Told | None]

_ANSWERS: dict[str, Answer] = {
    "nothing": Customer._nothing,
    "service": Customer._service,
    "place": Customer._place,
    "workshop": Customer._workshop,
    "when": Customer._when,
    "slot": Customer._slot,
    "name": Customer._name,
    "vehicle": Customer._vehicle,
    "email": Customer._email,
    "confirm": Customer._confirm,
    "which_appointment": Customer._which_appointment,
    "confirm_cancel": Customer._confirm_cancel,
}
