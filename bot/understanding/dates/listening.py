"""From the phrases of a message to its wishes: alternatives, refusals, corrections, absences."""

from dataclasses import replace

from bot.understanding.dates.listener import Listener
from bot.understanding.dates.sentence import Sentence
from bot.understanding.dates.wishes import Mood, Wishes, in_context, shared_with_neighbours


def wishes_of(s: Sentence, *, asked: bool = False) -> Wishes:
    """All that the message says about time. `asked` says that it answers when the customer would like to come."""
    listener = Listener(s)
    listener.listen()
    wishes = [wish for wish in listener.wishes if wish.mood is not Mood.DROPPED]
    other_wish = listener.soonest or listener.anytime or any(wish.mood is Mood.WISHED for wish in wishes)
    away = Mood.REFUSED if asked or other_wish or listener.speaks_of_more else Mood.WISHED
    wishes = [replace(wish, mood=away) if wish.mood is Mood.AWAY else wish for wish in wishes]
    wished = tuple(wish.said for wish in wishes if wish.mood is Mood.WISHED)
    refused = tuple(in_context(wish.said, wished) for wish in wishes if wish.mood is Mood.REFUSED)
    shared = tuple(shared_with_neighbours(wished, place) for place in range(len(wished)))
    return Wishes(shared, refused, listener.soonest, listener.anytime, tuple(listener.spans))
