"""Several hands carry from one bag, and what has been in it for too long is not carried any more."""

from contextlib import ExitStack
from threading import Thread

from app.bag import EACH, FRESH, Bag


class Pile:
    """Numbers to be carried, and how many were asked for each time."""

    def __init__(self, size: int) -> None:
        self.left, self.asked, self.now = list(range(size)), list[int](), 0.0

    def fill(self, wanted: int) -> list[int]:
        self.asked.append(wanted)
        taken, self.left = self.left[:wanted], self.left[wanted:]
        return taken


def test_all_that_is_found_is_carried_in_order_and_nobody_asks_once_more_than_needed() -> None:
    pile = Pile(EACH + 1)
    bag = Bag(pile.fill)
    with bag.at_hand():
        assert [bag.take() for _ in range(EACH + 2)] == [*range(EACH + 1), None]
    assert pile.asked == [EACH, EACH]


def test_the_more_hands_there_are_the_more_is_asked_for() -> None:
    pile = Pile(2 * EACH)
    bag = Bag(pile.fill)
    with ExitStack() as hands:
        for _ in range(3):
            hands.enter_context(bag.at_hand())
        bag.take()
    assert pile.asked == [3 * EACH]


def test_help_is_wanted_while_something_is_left_in_the_bag() -> None:
    calls: list[str] = []
    bag = Bag(Pile(2).fill, help_wanted=lambda: calls.append("help"))
    with bag.at_hand():
        bag.take()
        assert calls == ["help"]
        bag.take()
    assert calls == ["help"]


def test_nobody_looks_again_before_there_may_be_more() -> None:
    pile = Pile(1)
    bag = Bag(pile.fill)
    with bag.at_hand():
        assert (bag.take(), bag.take()) == (0, None)
        pile.left.append(7)
        assert bag.take() is None
        bag.look_again()
        assert bag.take() == 7
    assert pile.asked == [EACH, EACH]


def test_whoever_knows_of_more_while_it_is_being_filled_is_heard() -> None:
    pile, callers = Pile(1), list[Thread]()

    def fill(wanted: int) -> list[int]:
        callers.append(Thread(target=bag.look_again))
        callers[-1].start()
        return pile.fill(wanted)

    bag = Bag(fill)
    with bag.at_hand():
        assert bag.take() == 0
        callers[0].join()
        pile.left.append(7)
        assert bag.take() == 7


def test_what_has_been_in_the_bag_for_long_is_left_to_others() -> None:
    pile = Pile(3)
    bag = Bag(pile.fill, clock=lambda: pile.now)
    with bag.at_hand():
        assert bag.take() == 0
    pile.now = FRESH
    with bag.at_hand():
        assert bag.take() == 1
        pile.now += 1
        assert bag.take() is None
