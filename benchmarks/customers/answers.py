"""What a customer says when something is expected of them."""

from collections.abc import Callable, Mapping

from benchmarks.customers import choosing
from benchmarks.customers.goals import Kind
from benchmarks.customers.hearing import Heard, moments
from benchmarks.customers.mind import Mind, Told
from benchmarks.customers.objecting import objection

Answer = Callable[[Mind, Heard], Told | None]


def _service(mind: Mind, heard: Heard) -> Told:
    names = {name for code in mind.goal.services for name in mind.display_names[code]}
    fitting = [choice for choice in heard.choices if choice.label in names]
    if fitting and len(mind.goal.services) == 1:
        return mind.takes(fitting[0], heard)
    if mind.manners.forthcoming and heard.asks_when:
        return mind.typed(mind.wording.say("service_place_when", **mind.facts))
    return mind.typed(mind.wording.say("service", **mind.facts))


def _place(mind: Mind, heard: Heard) -> Told:
    if mind.manners.forthcoming and heard.asks_when:
        return mind.typed(mind.wording.say("place_and_when", **mind.facts))
    return mind.typed(mind.wording.say("place", place=mind.goal.place.words))


def _workshop(mind: Mind, heard: Heard) -> Told:
    if mind.goal.place.far and not mind.manners.flexible:
        return mind.declines()
    fitting = [one for one in heard.choices if any(name in one.label for name in mind.places)]
    if not fitting:
        return _place(mind, heard)
    choice = mind.wording.dice.choice(fitting)
    mind.places = frozenset(name for name in mind.places if name in choice.label)
    if mind.manners.taps:
        return Told(choice=choice)
    part, number = choice.label.split(",")[0], heard.choices.index(choice) + 1
    return mind.typed(mind.wording.say("workshop", label=choice.label, part=part, number=number))


def _name(mind: Mind, heard: Heard) -> Told:
    person, asks = mind.goal.person, heard.text.casefold()
    facts = {"name": person.name, "plate": mind.plate_as_typed(), "car": person.car}
    key = "name"
    if heard.asks_for_car and mind.manners.forthcoming:
        key = "name_and_plate" if person.plate else "name_and_car" if person.car else "name"
    words = mind.wording.say(key, **facts)
    if "mail" in asks and person.email and mind.manners.forthcoming:
        words = f"{words}, {person.email}"
    return mind.typed(words)


def _vehicle(mind: Mind, heard: Heard) -> Told:
    person = mind.goal.person
    mine = person.plate or person.car
    if mine and (fitting := [choice for choice in heard.choices if mine in choice.label]):
        return mind.takes(fitting[0], heard)
    key = "plate" if person.plate else "car" if person.car else "no_plate"
    return mind.typed(mind.wording.say(key, plate=mind.plate_as_typed(), car=person.car))


def _confirm(mind: Mind, heard: Heard) -> Told:
    read = moments(heard.text, mind.now)
    if mind.manners.attentive and (complaint := objection(mind, heard, read)):
        mind.restated += 1
        return mind.typed(complaint)
    if read:
        mind.chosen = read[0]
    after = mind.manners.thinks
    if heard.choices and mind.manners.taps:
        return Told(choice=heard.choices[0], after=after)
    return Told(mind.yes(), after=after)


def _which_appointment(mind: Mind, heard: Heard) -> Told | None:
    fitting = [choice for choice in heard.choices if mind.chosen in moments(choice.label, mind.now)]
    if not fitting:
        mind.gave_up = "did not find the appointment"
        return None
    return mind.takes(fitting[0], heard)


def _confirm_cancel(mind: Mind, heard: Heard) -> Told:
    yes, *_, no = heard.choices
    choice = yes if mind.errand is Kind.CANCEL else no
    if mind.manners.taps:
        return Told(choice=choice)
    return Told(mind.yes() if mind.errand is Kind.CANCEL else mind.wording.say("no"))


ANSWERS: Mapping[str, Answer] = {
    "service": _service,
    "place": _place,
    "workshop": _workshop,
    "when": choosing.when,
    "slot": choosing.slot,
    "name": _name,
    "vehicle": _vehicle,
    "confirm": _confirm,
    "which_appointment": _which_appointment,
    "confirm_cancel": _confirm_cancel,
}
