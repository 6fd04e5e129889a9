"""Which of the offered times a customer takes, and what they say instead."""

from datetime import datetime, timedelta

from benchmarks.customers.hearing import Heard, moments
from benchmarks.customers.mind import AGAIN, Mind, Told
from bot.messages import Choice

Offer = tuple[Choice, datetime]


def when(mind: Mind, heard: Heard) -> Told:
    """Asked for a time with the next ones on the table."""
    if heard.reason and not mind.manners.flexible:
        return mind.declines()
    if fitting := _fitting(mind, _offers(mind, heard)):
        return _takes_time(mind, *mind.wording.dice.choice(fitting), heard)
    return mind.typed(mind.wording.say("when", when=mind.wish.words))


def slot(mind: Mind, heard: Heard) -> Told:
    """Asked to pick one of several times."""
    times = _times(mind, heard)
    offers = _offers(mind, heard)
    if fitting := _fitting(mind, offers):
        return _takes_time(mind, *mind.wording.dice.choice(fitting), heard)
    if not mind.heard_reason and mind.restated < AGAIN:
        mind.restated += 1
        if any(mind.wish.suits(at) for _, at in times):
            return mind.typed(mind.wording.say("wrong_place", place=mind.goal.place.words))
        return mind.typed(mind.wording.say("wish_again", when=mind.wish.words))
    if not mind.heard_reason or not mind.manners.flexible:
        return mind.declines()
    same_again, mind.told_before = heard.text == mind.told_before, heard.text
    if mind.manners.bargains and mind.restated < AGAIN and not same_again:
        mind.restated += 1
        return mind.changes_mind("wish_again")
    if not offers:
        return mind.declines()
    mind.compromised = True
    return _takes_time(mind, *min(offers, key=lambda offer: _distance(mind, offer[1])), heard)


def _times(mind: Mind, heard: Heard) -> list[Offer]:
    return [(choice, each[0]) for choice in heard.choices if (each := moments(choice.label, mind.now))]


def _offers(mind: Mind, heard: Heard) -> list[Offer]:
    return [(choice, at) for choice, at in _times(mind, heard) if at not in mind.starts and _is_here(mind, choice)]


def _fitting(mind: Mind, offers: list[Offer]) -> list[Offer]:
    return [offer for offer in offers if mind.wish.suits(offer[1])]


def _is_here(mind: Mind, choice: Choice) -> bool:
    """Whether a time is at a workshop that would do; where only one comes into question it is not named."""
    _, _, shop = choice.label.partition(":")
    return "," not in shop or any(name.split()[-1] in shop for name in mind.places)


def _distance(mind: Mind, moment: datetime) -> timedelta:
    return min((abs(moment.date() - day) for day in mind.wish.days), default=timedelta())


def _takes_time(mind: Mind, choice: Choice, moment: datetime, heard: Heard) -> Told:
    mind.chosen = moment
    named = frozenset(name for name in mind.places if name.split()[-1] in choice.label)
    mind.places = named or mind.places
    alike = [one for one in heard.choices if moments(one.label, mind.now)[:1] == [moment]]
    if mind.manners.taps or len(alike) > 1:
        return mind.takes(choice, heard)
    words = _words_for(mind, choice, moment, heard)
    introduction = mind.introduction(heard)
    return mind.typed(f"{words}, {introduction}" if introduction else words)


def _words_for(mind: Mind, choice: Choice, moment: datetime, heard: Heard) -> str:
    wording, number = mind.wording, heard.choices.index(choice)
    offered = [at for _, at in _times(mind, heard)]
    keys = ["take_number", "take_number", "take_label", "take_day_and_time"]
    keys += ["take_ordinal"] * (number < len(wording.list("ordinals")))
    keys += ["take_time"] * (sum(one.time() == moment.time() for one in offered) == 1)
    words = wording.one_of(wording.list(wording.dice.choice(keys)))
    return words.format(
        number=number + 1,
        label=choice.label,
        ordinal=wording.list("ordinals")[min(number, 3)],
        clock=_clock(moment, words),
        weekday=wording.list("weekdays")[moment.weekday()],
        date=f"{moment.day}.{moment.month}.",
    )


def _clock(moment: datetime, words: str) -> str:
    if moment.minute == 0 and "Uhr" in words:
        return str(moment.hour)
    return f"{moment.hour}:{moment.minute:02}"
