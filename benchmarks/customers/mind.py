"""What a customer has in mind, and how they put it into words."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.customers.goals import Goal, Kind
from benchmarks.customers.hearing import Heard
from benchmarks.customers.manners import Manners
from benchmarks.customers.slips import slipped, without_umlauts
from benchmarks.customers.wishes import Wish, another_wish
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
class Mind:
    """`wish` is what they want by now, `chosen` the time they believe to be theirs, `places` where they would go."""

    goal: Goal
    manners: Manners
    wording: Wording
    now: datetime
    display_names: dict[str, tuple[str, str]]
    wish: Wish = field(init=False)
    wished_at: datetime = field(init=False)
    places: frozenset[str] = field(init=False)
    errand: Kind = Kind.BOOK
    chosen: datetime | None = None
    starts: list[datetime] = field(default_factory=list)
    compromised: bool = False
    heard_reason: bool = False
    declined: bool = False
    wants_out: bool = False
    gave_up: str = ""
    restated: int = 0
    told_before: str = ""
    invited: bool = False
    introduced: bool = False

    def __post_init__(self) -> None:
        self.places = self.goal.place.workshops
        self.want(self.goal.wish)

    def want(self, wish: Wish) -> None:
        """From now on this is what they want."""
        self.wish, self.wished_at, self.chosen, self.compromised = wish, self.now, None, False
        self.heard_reason = False

    @property
    def facts(self) -> dict[str, str]:
        """What the phrases are filled with."""
        return self.manners.facts(self.goal, self.wording, self.wish)

    def typed(self, text: str, *, after: timedelta | None = None, aside: bool = False) -> Told:
        """The words as this person types them."""
        dice, manners = self.wording.dice, self.manners
        person = self.goal.person
        if dice.random() < manners.sloppy:
            text = slipped(text, dice, [person.name, person.email or "", person.plate or "", person.car or ""])
        if manners.plain_letters:
            text = without_umlauts(text)
        if manners.lower_case:
            text = text.lower()
        return Told(text, after=after or manners.pause(dice), aside=aside)

    def takes(self, choice: Choice, heard: Heard) -> Told:
        """A choice of the screen, by tap, by its label or by its number."""
        if self.manners.taps:
            return Told(choice=choice)
        return Told(self.wording.one_of([choice.label, str(heard.choices.index(choice) + 1)]))

    def yes(self) -> str:
        return self.wording.say("yes")

    def declines(self) -> Told:
        self.declined = self.wants_out = True
        return self.typed(self.wording.say("decline"))

    def changes_mind(self, key: str) -> Told:
        """Want another time, of the week that was spoken of if it has any left."""
        before = self.wish.days or (frozenset({self.chosen.date()}) if self.chosen else frozenset())
        self.want(another_wish(self.wording, self.now, before))
        if self.errand is Kind.BOOK:
            self.places = self.goal.place.workshops
        return self.typed(self.wording.say(key, when=self.wish.words))

    def introduction(self, heard: Heard) -> str:
        """Name and car for those who add at once what they are told to be welcome."""
        person = self.goal.person
        self.invited = self.invited or heard.invites_name
        if self.introduced or not (self.manners.forthcoming and self.invited):
            return ""
        self.introduced = True
        return ", ".join(filter(None, [person.name, person.plate and self.plate_as_typed()]))

    def plate_as_typed(self) -> str:
        plate = self.goal.person.plate or ""
        return self.wording.one_of([plate, plate, plate.replace("-", " "), plate.lower()])
