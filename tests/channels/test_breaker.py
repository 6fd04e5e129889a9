"""A provider that is down is left alone, and found again."""

from datetime import timedelta

from channels.breaker import Breaker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def a_breaker() -> tuple[Breaker, Clock]:
    clock = Clock()
    return Breaker(failures=3, pause=timedelta(seconds=30), clock=clock), clock


def fails(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        assert breaker.admit()
        breaker.note(well=False)


def test_a_bad_moment_is_no_reason_to_stop() -> None:
    breaker, _ = a_breaker()
    fails(breaker, 2)
    breaker.note(well=True)
    fails(breaker, 2)
    assert breaker.closed
    assert breaker.rest == timedelta()


def test_after_some_failures_in_a_row_nobody_calls_for_a_while() -> None:
    breaker, clock = a_breaker()
    fails(breaker, 3)
    assert not breaker.admit()
    assert breaker.rest == timedelta(seconds=30)
    clock.now = 29.9
    assert not breaker.admit()


def test_afterwards_one_call_finds_out_for_all() -> None:
    breaker, clock = a_breaker()
    fails(breaker, 3)
    clock.now = 30
    assert breaker.rest == timedelta()
    assert [breaker.admit() for _ in range(3)] == [True, False, False]
    breaker.note(well=False)
    assert breaker.rest == timedelta(seconds=30)
    clock.now = 60
    assert breaker.admit()
    breaker.note(well=True)
    assert breaker.closed
    assert [breaker.admit() for _ in range(3)] == [True, True, True]


def test_whoever_was_to_find_out_and_died_holds_up_nobody_for_ever() -> None:
    breaker, clock = a_breaker()
    fails(breaker, 3)
    clock.now = 30
    assert breaker.admit()
    clock.now = 60
    assert breaker.admit()
