"""What customers ask in between; it is looked up, said, and the thread taken up again."""

from dataclasses import replace

from bot import states
from bot.commands import ListServices, LookUp, Topic
from bot.events import Said
from bot.states.thread import Thread
from bot.step import Step, say
from bot.understanding.meaning import Intent, Question, Understanding

_OF_WORK = frozenset({Topic.PRICE, Topic.MEANING, Topic.DURATION, Topic.BRING})
"""Questions that can be asked again of other work."""

_TOPICS = {Intent.HOURS: Topic.HOURS, Intent.LOCATION: Topic.LOCATION, Intent.PRICE: Topic.PRICE}


def asked_again(state: Thread, said: Said, answered: Topic | None) -> Step | None:
    """ "And an inspection?" after the price of an oil change; None if it is no such question.

    Who asks just the same once more ("any discount?") wants to know more than we do.
    """
    meaning = said.meaning
    if answered is Topic.PRICE and meaning.intents == (Intent.PRICE,) and state.learning(meaning) == state:
        return look_up(state, meaning, Topic.SHOP)
    if answered not in _OF_WORK or not (meaning.same_question and meaning.services) or meaning.when or meaning.plz:
        return None
    if state.draft.underway and not isinstance(state, states.Idle) and "?" not in meaning.text:
        return None  # While times are looked for, "und Inspektion" wants it done.
    return look_up(state, replace(meaning, also=False, intents=()), answered)


def ask_about(state: Thread, said: Said, intent: Intent) -> Step:
    """Opening hours, the way there, or the price; how one may pay is no price, and only the workshop knows."""
    shop = intent is Intent.PRICE and said.meaning.question is Question.SHOP
    return look_up(state, said.meaning, Topic.SHOP if shop else _TOPICS[intent])


def look_up(state: Thread, said: Understanding, topic: Topic) -> Step:
    """What was asked, about the work that was named with it or else about the work that is wanted."""
    draft = state.draft.hearing(said)
    booked = state.spoken_of
    services = said.services or draft.services or tuple(job.code for job in (booked.jobs if booked else ()))
    shops = tuple(shop.id for shop in draft.shops or ((booked.shop,) if booked else ()))
    asking = state.learning(said) if topic is Topic.DANGER else state.wondering(said)
    return Step(asking, ask=LookUp(topic, services, shops, draft.plz, draft.city))


def help_out(state: Thread, said: Said) -> Step:
    """A question about a service is answered; all other helplessness gets the whole picture."""
    question, draft = said.meaning.question, state.draft
    if question is None or (question is Question.OFFER and draft.underway):
        return state.resume(say("help"))
    if question is Question.REMINDER:
        return state.resume(say("reminders_come"))
    if question is Question.OFFER:
        return Step(states.AskingService(draft), ask=ListServices())
    return look_up(state, said.meaning, Topic(question))
