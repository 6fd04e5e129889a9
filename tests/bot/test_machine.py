"""Whatever the customer says, and however the desk answers, the bot has an answer."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import phrases, states
from bot.commands import Command, ListServices, LookUp
from bot.events import DeskEvent, LookedUp, Said, ServicesListed
from bot.facts import Job
from bot.step import State, converse
from bot.understanding.meaning import Expecting, Intent, Understanding
from tests.bot.strategies import answers, utterances

TURNS = 12


@settings(max_examples=200)
@given(data=st.data())
def test_whatever_the_customer_says_the_bot_has_an_answer(data: st.DataObject) -> None:
    state: State = states.Idle()
    for _ in range(TURNS):
        said = data.draw(utterances(state), label="customer")
        state, says = converse(state, said, lambda command: data.draw(answers(command), label="desk"))
        assert says or isinstance(state, states.WithPerson)
        for language in phrases.LANGUAGES:
            for channel in ("telegram", "sms"):
                assert all(phrases.word(say, language, channel) for say in says)
                labels = [phrases.label(option, language, channel) for option in state.choices]
                assert all(labels)
        assert len({option.id for option in state.choices}) == len(state.choices)


@settings(max_examples=100)
@given(data=st.data(), wish=st.sampled_from([Intent.RESTART, Intent.HUMAN]))
def test_a_new_start_and_a_person_are_always_one_message_away(data: st.DataObject, wish: Intent) -> None:
    state: State = states.Idle()

    def ask(command: Command) -> DeskEvent:
        return data.draw(answers(command))

    for _ in range(data.draw(st.integers(0, 8))):
        state, _ = converse(state, data.draw(utterances(state)), ask)
    state, _ = converse(state, Said(Understanding("", "de", intents=(wish,))), ask)
    assert isinstance(state, states.AskingService if wish is Intent.RESTART else states.WithPerson)


def test_nobody_is_asked_the_same_thing_more_than_three_times() -> None:
    state: State = states.AskingService()
    nonsense = Said(Understanding("xyz", "de"))
    asked = 0
    while state.expecting is Expecting.SERVICE:
        state, _ = converse(state, nonsense, _calm_desk)
        asked += 1
    assert asked == 3
    assert isinstance(state, states.WithPerson)


def _calm_desk(command: Command) -> DeskEvent:
    match command:
        case ListServices():
            return ServicesListed((Job("oil-change", "Ölwechsel", "Oil change", 8900),))
        case LookUp(topic=topic):
            return LookedUp(topic)
        case _:
            raise AssertionError(command)
